"""On other pages than the first: correct portals are cleared, every defect is convicted for what it names."""

import pytest
from judging import judge as judge_the_first
from site_variants import SITE_VARIANTS
from sites import (
    ALONE,
    FEW,
    PAGES,
    SITES,
    SURVIVING,
    cited,
    committed,
    contract,
    judge,
    pairs,
    register,
    row_of,
    with_needs,
)

from contracts.conformance import Settings, Target, check, requirements_of
from contracts.conformance.annotated import matches, matching
from contracts.conformance.subject import Bounds
from contracts.conformance.verdicts import Verdict
from contracts.helppage import read
from mockserver.app import create_app
from mockserver.defects import BESIDE, every
from mockserver.defects.table import Defect
from mockserver.server import serving
from mockserver.store import open_store

ALL = ("Coatings", "Fittings", "Frames", "OrderSheets", "Suppliers", "Vouchers")
#: One of each kind, judged in every run of the tests; the others in the slow ones.
SAMPLE = {
    ("Frames", "read-by-key-ignores-case"), ("Frames", "delete-takes-neighbour"), ("Frames", "search-repeats-a-row"),
    ("Frames", "update-writes-neighbour"), ("Suppliers", "replace-forgotten"), ("Suppliers", "range-off-by-one"),
    ("Suppliers", "pattern-unanchored"), ("Suppliers", "length-not-on-update"), ("Frames", "later-updates-lost"),
    ("Suppliers", "required-value-defaults"), ("Suppliers", "deleted-comes-back"), ("Frames", "null-for-unknown"),
    ("OrderSheets", "list-appends"), ("OrderSheets", "nested-texts-trimmed"), ("Fittings", "span-loses-days"),
    ("OrderSheets", "empty-list-null"), ("Frames", "decimal-as-double"), ("Fittings", "null-number-zero"),
}  # fmt: skip
INNOCENT = {("Frames", "absent-with-410"), ("Suppliers", "replace-creates")}


def _slow_but(sample, cases):
    return [pytest.param(*case, marks=[] if case in sample else [pytest.mark.slow]) for case in cases]


@pytest.mark.parametrize(
    "site", [pytest.param(s, marks=[pytest.mark.slow] if s in ALONE or s not in SITES else []) for s in ALL]
)
def test_the_right_stub_of_a_site_is_cleared(site: str) -> None:
    report = judge(site)
    assert [(f.requirement.id, f.expected, f.got) for f in report.findings] == []
    assert report.conclusion == "conforms"


@pytest.mark.parametrize(("site", "name"), _slow_but(SAMPLE, pairs()))
def test_a_defect_on_a_site_is_convicted_for_what_it_names(site: str, name: str) -> None:
    row = row_of(site, name, with_needs(site, cited(site, every()[name])))
    assert row["verdict"] == ("survived" if (site, name) in SURVIVING else "killed"), row


@pytest.mark.slow
@pytest.mark.parametrize(("site", "name"), [pair for pair in pairs() if pair[1] in BESIDE])
def test_the_whole_register_convicts_a_defect_on_a_site_as_written_down(site: str, name: str) -> None:
    row = row_of(site, name)
    assert row == committed()[site, name], "to write it anew: python tests/matrix.py --write --sites"
    assert len(row["convicted for"]) <= FEW


def test_the_matrix_of_sites_has_every_defect_that_they_show() -> None:
    assert list(committed()) == pairs()
    assert {pair for pair, row in committed().items() if row["verdict"] != "killed"} == set(SURVIVING)
    assert {name for _, name in pairs()} >= set(BESIDE)


def _cases():
    puts = {"replaces-silently", "replace-creates"}
    sites = ("Frames", "Suppliers")
    return [(site, name) for site in sites for name in SITE_VARIANTS if site == "Suppliers" or name not in puts]


@pytest.mark.parametrize(("site", "name"), _slow_but(INNOCENT, _cases()))
def test_a_correct_portal_of_a_site_unlike_the_stub_is_cleared(site, name, monkeypatch) -> None:
    monkeypatch.setitem(BESIDE, name, Defect(name, "", "", (), SITE_VARIANTS[name].layer))
    report = judge(site, name)
    assert [(f.requirement.id, f.expected, f.got) for f in report.findings] == []
    musts = [o for o in report.outcomes if o.requirement.level == "must" and o.verdict is not Verdict.SATISFIED]
    assert report.conclusion == "conforms" and not musts


def test_requirements_follow_what_a_site_holds() -> None:
    frames, suppliers = register("Frames").keys(), register("Suppliers").keys()
    assert {"read.stored.by-key", "read.stored.by-id", "delete.gone", "search.pages"} <= frames
    assert not any(name.startswith(("replace.", "annotation.")) for name in frames)
    assert {"replace.keeps-id", "annotation.refused.Rating", "annotation.limit.Name", "read.stored.by-id"} <= suppliers
    assert "read.stored.by-key" not in suppliers and "annotation.refused.Email" not in suppliers


def test_a_must_of_a_site_cites_lines_of_its_pages() -> None:
    for site in SITES:
        for requirement in requirements_of(contract(site)):
            assert requirement.level != "must" or any(s.lines for s in requirement.sources), requirement.id


def test_a_page_of_one_operation_makes_no_requirement_of_storage() -> None:
    report = judge_the_first(include=("accept.*",))
    assert not any(o.requirement.id.startswith(("read.", "delete.", "replace.")) for o in report.outcomes)


def test_a_site_without_an_upsert_conforms_in_its_manner_and_says_that_its_meaning_is_not_judged() -> None:
    report = judge("StockCounts")
    assert report.findings == () and report.conclusion == "conforms" and report.exit_code == 0
    judged = {o.requirement.id for o in report.outcomes if o.verdict is Verdict.SATISFIED}
    assert {
        "operation.answers@PUT-api/StockCounts/{id}",
        "operation.parameter-required@GET-api/StockCounts/echo",
    } <= judged
    reasons = {o.reason for o in report.outcomes if o.verdict is Verdict.INCONCLUSIVE}
    assert reasons == {"no page tells a key or a read by which its effect could be seen: only its manner is judged"}
    assert report.notes[0].startswith("8 operations are judged by their manner alone: no page tells a key or a read")


def test_an_operation_beside_no_upsert_is_judged_by_its_manner_and_hinders_no_verdict() -> None:
    report = judge("OrderSheets", include=("operation.*", "accept.application/json"))
    beside = "GET-api/OrderSheets/{sheetId}/items"
    verdicts = {o.requirement.id: o.verdict for o in report.outcomes}
    assert verdicts[f"operation.answers@{beside}"] is Verdict.SATISFIED
    assert verdicts[f"operation.meaning@{beside}"] is Verdict.INCONCLUSIVE
    assert report.conclusion == "conforms" and any("its manner alone" in note for note in report.notes)


def test_several_resources_of_one_contract_are_judged_under_ids_of_their_own() -> None:
    whole = read(PAGES / "Frames", PAGES / "OrderSheets")
    with open_store("memory") as store, serving(create_app(whole, store)) as url:
        report = check(
            whole, Target(url), Settings(run_id="both", include=("read.stored.*", "accept.application/json*"))
        )
    assert report.conclusion == "conforms"
    assert [o.requirement.id for o in report.outcomes] == [
        "accept.application/json@Frames",
        "read.stored.by-key@Frames",
        "read.stored.by-id@Frames",
        "accept.application/json@OrderSheets",
        "read.stored.by-key@OrderSheets",
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "valid"),
    [("^a$", "a", True), ("a", "ba", False), ("A|AB", "AB", False), ("[0-9]{2}", "", True), ("x+", "xy", False)],
)
def test_a_pattern_matches_as_the_framework_has_it(pattern: str, text: str, valid: bool) -> None:
    """RegularExpressionAttribute takes the first match and wants it to be the whole; an empty text is valid."""
    assert matches(pattern, text) is valid


@pytest.mark.parametrize("pattern", ["[a-z-[aeiou]]+", r"\p{L}+", "(?<name>x)", "a{,3}", "[unclosed"])
def test_a_pattern_that_python_reads_otherwise_gives_no_value(pattern: str) -> None:
    assert matching(pattern, Bounds(), 1) is None


def test_a_number_that_is_missing_is_not_judged_where_the_portal_spells_names_its_own_way() -> None:
    """The framework tells Json.NET of [Required] through its own contract resolver, which camelCase replaces."""
    whole = read(PAGES / "OrderSheets", PAGES / "Suppliers")
    assert whole.casing.value == "camelCase"
    with open_store("memory") as store, serving(create_app(whole, store)) as url:
        report = check(whole, Target(url), Settings(run_id="both", include=("annotation.given.*",)))
    assert report.conclusion == "conforms" and len(report.outcomes) == 3
