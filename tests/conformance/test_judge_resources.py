"""Several resources at once: one that cannot be judged leaves the others judged, and what each took is told."""

import io
import json
from collections import Counter
from contextlib import contextmanager
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from judging import ROOT
from rich.console import Console
from sites import PAGES

from contracts.conformance import Settings, Target, check, print_report, requirements_of, write_report
from contracts.conformance.checks import registered
from contracts.conformance.console import broken
from contracts.conformance.parts import OTHERS, counted
from contracts.conformance.verdicts import Verdict
from contracts.conformance.wire import Passed
from contracts.errors import TargetError, UsageError
from contracts.helppage import read
from mockserver.app import create_app
from mockserver.faults import read_text
from mockserver.server import serving
from mockserver.store import open_store

SITES = ("Frames", "OrderSheets", "Vouchers")
FEW = ("accept.*", "read.stored.*")


@pytest.fixture(scope="module")
def whole():
    return read(*(PAGES / site for site in SITES))


@contextmanager
def portal(contract, *faults):
    """A portal of these resources; an answer that is said to be sent is counted by its path."""
    with (
        open_store("memory") as store,
        serving(create_app(contract, store, faults=[read_text(fault) for fault in faults])) as url,
    ):
        yield url


def judged(contract, *faults, include=FEW, timeout=30.0, budget=None, progress=None, **settings):
    with portal(contract, *faults) as url:
        target = Target(url, timeout=timeout, budget=budget)
        return check(contract, target, Settings(run_id="many", include=include, **settings), progress)


def ends(report):
    """The conclusion of each upsert's resource, by the last word of its path."""
    return {
        part.operation.rpartition("/")[2]: report.conclusion_of(part)
        for part in report.parts
        if part.operation in {f"POST api/{site}" for site in SITES}
    }


@pytest.mark.parametrize(
    ("fault", "end", "told"),
    [
        ("status=500", "does not conform", ""),
        ("status=503", "not shown", "it is not available: 503"),
        ("status=401", "not shown", "access is refused: 401"),
        ("status=429;retry_after=0", "not shown", "it wants fewer requests (429), 5 times in a row"),
        ("empty", "not shown", "no answer: closed without an answer"),
        ("garbage", "does not conform", ""),
        ("hang=3", "not shown", "no answer in time"),
        ("status=404", "does not conform", ""),
        ("status=405", "does not conform", ""),
    ],
)
def test_a_resource_that_fails_leaves_the_others_judged(whole, fault, end, told):
    report = judged(whole, f"{fault};path=/api/OrderSheets*", timeout=0.3 if "hang" in fault else 30.0)
    assert ends(report) == {"Frames": "conforms", "OrderSheets": end, "Vouchers": "conforms"}
    assert report.exit_code == {"does not conform": 1, "not shown": 3}[end]
    assert all("@OrderSheets" in finding.requirement.id for finding in report.findings)
    part = next(part for part in report.parts if part.operation == "POST api/OrderSheets")
    assert told in part.unjudged and bool(told) is bool(part.unjudged)
    assert not told or any("POST api/OrderSheets is not judged" in note and told in note for note in report.notes)


def test_a_resource_that_is_lost_on_the_way_leaves_the_others_judged(whole):
    report = judged(whole, "hang=3;path=/api/OrderSheets*;after=3", timeout=0.3)
    assert ends(report) == {"Frames": "conforms", "OrderSheets": "not shown", "Vouchers": "conforms"}
    assert report.exit_code == 3 and "ended at accept." in report.parts[1].unjudged
    left = [o for o in report.outcomes if "@OrderSheets" in o.requirement.id and o.verdict is Verdict.NOT_RUN]
    assert left and all(o.reason.startswith("not run: the judging ended at accept.") for o in left)


def test_a_record_whose_references_are_unknown_shows_no_missing_operation(whole):
    """404 to a valid record may speak of another record that it refers to; a body that cannot be read is 400 then."""
    report = judged(whole, "status=404;path=/api/OrderSheets*;contains=externalId")
    assert ends(report)["OrderSheets"] == "not shown" and report.findings == ()


def test_where_no_resource_can_be_judged_the_error_says_of_how_many(whole):
    with pytest.raises(TargetError, match="access is refused: 401") as caught:
        judged(whole, "status=401;path=/api/*")
    assert "and so for 2 more of 3 operations" in str(caught.value)


def test_a_portal_that_is_not_there_is_asked_once(whole):
    with portal(whole) as url:
        gone = Target(url)
    with pytest.raises(TargetError, match="connection refused") as caught:
        check(whole, gone, Settings(run_id="many"))
    assert "more of" not in str(caught.value)


def test_resources_in_a_row_that_do_not_answer_in_time_end_the_asking(whole):
    with pytest.raises(TargetError, match="no answer in time") as caught:
        judged(whole, "hang=3;path=/api/*", include=("accept.*", "operation.answers*"), timeout=0.2)
    assert "and so for 2 more of 5 operations" in str(caught.value) and "--timeout" in str(caught.value)


def test_a_fault_of_our_own_is_told_and_costs_one_requirement(whole, monkeypatch):
    def broken_check(probe):
        raise KeyError("no such thing")

    monkeypatch.setitem(registered(), "accept.with-charset", broken_check)
    report = judged(whole, resources=("Frames",))
    outcome = next(o for o in report.outcomes if o.requirement.template.id == "accept.with-charset")
    assert outcome.verdict is Verdict.ERROR and "please report this: KeyError" in outcome.reason
    assert report.exit_code == 3 and all(o.verdict is Verdict.SATISFIED for o in report.outcomes if o is not outcome)


def test_each_request_is_counted_for_its_resource_and_operation(whole):
    seen = Counter()
    report = judged(whole, progress=lambda p: seen.update({p.operation: 1}))
    assert sum(part.requests for part in report.parts) == report.requests
    frames = report.parts[0]
    assert frames.operation == "POST api/Frames" and sum(frames.operations.values()) == frames.requests
    assert frames.operations["GET api/Frames?externalId"] == 4 == frames.operations["GET api/Frames/{id}"]
    assert set(seen) == {part.operation for part in report.parts}
    assert sum(o.requests for o in report.outcomes) <= report.requests


def test_what_each_resource_took_stands_in_every_report(whole, tmp_path):
    report = judged(whole)
    ndjson, html, junit = (path.read_text(encoding="utf-8") for path in write_report(report, tmp_path))
    schema = json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in ndjson.splitlines()]
    assert [list(Draft202012Validator(schema).iter_errors(row)) for row in rows] == [[]] * len(rows)
    told = {row["operation"]: row["requests"] for row in rows if row["type"] == "resource"}
    assert told == {part.operation: part.requests for part in report.parts}
    suites = ElementTree.fromstring(junit).findall("testsuite")
    counts = {s.get("name"): int(s.find("properties/property[@name='requests']").get("value")) for s in suites}
    assert counts == told and "4 to GET api/Frames?externalId" in html


def test_the_console_tells_resources_in_80_columns_and_leaves_out_what_is_fine(whole):
    stream = io.StringIO()
    print_report(judged(whole, "status=500;path=/api/OrderSheets*"), Console(file=stream, width=80))
    text = stream.getvalue()
    assert all(len(line) <= 80 for line in text.splitlines() if not line.startswith(("curl", "printf")))
    assert "✓  POST api/Frames" in text and "✗  POST api/OrderSheets" in text
    assert "accept.application/json@Frames" not in text and "accept.application/json@OrderSheets" in text


def test_resources_are_chosen_by_a_segment_or_by_the_whole_path(whole):
    for chosen in ("frames", "api/Frames", "Fra*"):
        report = judged(whole, include=("accept.application/json*",), resources=(chosen,))
        assert [o.requirement.id for o in report.outcomes] == ["accept.application/json@Frames"]
    with pytest.raises(UsageError, match=r"no operation is selected by Nothing(.|\n)*api/Frames"):
        judged(whole, resources=("Nothing",))


def test_a_resource_takes_no_more_than_its_share_and_says_what_was_not_run(whole):
    report = judged(whole, share=9)
    assert [part.requests for part in report.parts if part.operation.startswith("POST api/")][:3] == [9, 9, 9]
    assert report.conclusion == "not shown" and not any(o.verdict is Verdict.ERROR for o in report.outcomes)
    assert "its share of requests is spent" in report.parts[0].unjudged


def test_a_spent_budget_ends_the_run_and_every_resource_says_so(whole):
    report = judged(whole, budget=30)
    assert report.requests == 30 and report.exit_code == 3
    assert all("the budget of 30 requests is spent" in part.unjudged for part in report.parts[1:3])
    assert sum("budget" in note for note in report.notes) == len([p for p in report.parts if p.unjudged])


def test_resources_of_one_name_have_ids_of_their_own(tmp_path):
    for site, text in (("one", "api/Frames"), ("two", "api/v2/Frames")):
        (tmp_path / site).mkdir()
        for page in (PAGES / "Frames").glob("*.html"):
            copied = page.read_text(encoding="utf-8").replace("api/Frames", text)
            (tmp_path / site / page.name).write_text(copied, encoding="utf-8")
    ids = [r.id for r in requirements_of(read(tmp_path / "one", tmp_path / "two"))]
    assert len(ids) == len(set(ids)) and {"id.drawn@api/Frames", "id.drawn@v2/Frames"} <= set(ids)


def test_a_request_belongs_to_the_operation_of_its_path_and_query(whole):
    log = [
        Passed("GET", "api/Frames/search", ("name",), 0.1),
        Passed("GET", "api/Frames/7", (), 0.1),
        Passed("GET", "api/frames", ("externalId",), 0.1),
        Passed("PATCH", "api/Frames", (), None),
    ]
    assert counted(whole, log) == {
        "GET api/Frames/search?name&material&active&page&itemsPerPage": 1,
        "GET api/Frames/{id}": 1,
        "GET api/Frames?externalId": 1,
        OTHERS: 1,
    }


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("accept.application/json", ["accept.application/json"]),
        ("operation.answers@GET-api/Things", ["operation.answers@GET-", "  api/Things"]),
        ("x" * 40, ["x" * 40]),
    ],
)
def test_a_long_id_is_broken_behind_its_marks(name, lines):
    assert broken(name, 24).split("\n") == lines
