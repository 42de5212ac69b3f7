"""No false alarm: correct portals unlike the stub are convicted of nothing, and what they do otherwise is observed."""

import pytest
from judging import contract, judge
from variants import VARIANTS

from contracts.conformance import Report, Settings, Target, check
from contracts.conformance.verdicts import Verdict
from mockserver.app import create_app
from mockserver.defects import DEFECTS
from mockserver.defects.table import Defect
from mockserver.server import serving
from mockserver.store import open_store


def judged(name: str, monkeypatch: pytest.MonkeyPatch) -> Report:
    variant = VARIANTS[name]
    if variant.layer is not None:  # put in as a defect would be, for the time of the test
        monkeypatch.setitem(DEFECTS, name, Defect(name, "", "", (), variant.layer))  # type: ignore[arg-type]
        return judge(name)
    with open_store("memory") as store:
        app = create_app(contract(), store)
        assert variant.wsgi is not None
        with serving(variant.wsgi(app)) as url:
            return check(contract(), Target(url), Settings(run_id="innocent"))


#: Those that a portal of the zoo shows in much the same way, in every run of the tests.
TWINS = {"created-201", "nulls-omitted", "extra-members", "other-order", "json-indented", "json-with-bom", "ids-upper"}
TWINS |= {"xml-prefixes", "errors-422", "errors-silent", "errors-problem", "merges", "times-in-utc", "gzip", "closing"}
TWINS |= {"keys-without-case", "long-texts-refused", "get-exists", "no-charset", "charset-quoted", "slow"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in TWINS else []) for name in VARIANTS]
)
def test_a_correct_portal_unlike_the_stub_is_cleared(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    report = judged(name, monkeypatch)
    assert [(f.requirement.id, f.expected, f.got) for f in report.findings] == []
    assert report.conclusion == "conforms"
    open_ones = {o.requirement.id for o in report.outcomes if o.verdict is not Verdict.SATISFIED}
    assert open_ones <= {"errors.readable"}  # which a portal that sends no body with an error cannot show
    told = [text for outcome in report.outcomes for text in outcome.observations]
    assert any(VARIANTS[name].observed in text for text in told) or not VARIANTS[name].observed


def test_the_stub_itself_is_cleared() -> None:
    report = judge()
    assert report.conclusion == "conforms" and not report.findings
