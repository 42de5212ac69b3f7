"""The register of rules, what is never green, and the habits that need another portal or other answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts import helppage
from contracts.emit import Schemas
from contracts.errors import UsageError
from contracts.model import Contract
from mockserver.grade import Grade, Verdict, grade, rules
from mockserver.grade.checks import CHECKS, TOLD_WITH
from mockserver.grade.history import History
from mockserver.grade.ledger import Case, Ledger
from mockserver.grade.rules import by_loss
from mockserver.journal import Exchange, Secrets, from_data, record
from mockserver.journal.reading import Reading
from mockserver.webapi import Loss, Request, Response
from mockserver.webapi.losses import REASONS

CONTRACT = helppage.shipped()
PATH = "/api/Appointments"
RECORD = {
    "locationExternalId": "l", "doctorExternalId": "d", "patientExternalId": "p",
    "patientPracticeManagementSystemId": "m", "appointmentStatusExternalId": "s", "externalId": "K1",
    "start": "2031-01-02T03:04:05Z", "end": "2031-01-02T04:04:05Z", "cancelReason": "moved",
}  # fmt: skip
JSON = (("Accept", "application/json"), ("Content-Type", "application/json"))
OK = Response(200, (("Content-Type", "application/json; charset=utf-8"),), b"{}")


def exchange(
    number: int, content: Any = RECORD, response: Response = OK, method: str = "POST", target: str = PATH,
    headers: tuple[tuple[str, str], ...] = JSON,
) -> Exchange:  # fmt: skip
    body = content if isinstance(content, bytes | None) else json.dumps(content).encode()
    return Exchange(number, 1_900_000_000.0 + number, 0.01, Request(method, target, headers, body), response)


def graded(*exchanges: Exchange, contract: Contract = CONTRACT, secrets: Secrets | None = None) -> Grade:
    return grade(exchanges, Reading(contract, lambda: Schemas(contract), secrets))


def broken(*exchanges: Exchange, contract: Contract = CONTRACT) -> list[str]:
    return [found.rule.id for found in graded(*exchanges, contract=contract).findings]


def verdict(name: str, *exchanges: Exchange) -> str:
    return next(one.verdict.words for one in graded(*exchanges).outcomes if one.rule.id == name)


def test_every_silent_loss_breaks_one_rule() -> None:
    assert set(by_loss()) == set(REASONS) - {"more"}
    named = [reason for rule in rules().values() for reason in rule.losses]
    assert len(named) == len(set(named))


def test_every_rule_says_what_whence_and_what_to_do() -> None:
    for rule in rules().values():
        assert rule.sentence.endswith(".") and rule.source and rule.remedy.endswith("."), rule.id
    assert {name for pair in TOLD_WITH.items() for name in (pair[0], *pair[1])} <= set(rules())


def test_a_journal_with_a_loss_that_nobody_knows_is_refused() -> None:
    told = record(exchange(1), Secrets())
    told["losses"] = [{"member": "a", "reason": "invented.reason", "sent": "1", "kept": None, "rule": ""}]
    with pytest.raises(UsageError, match="invented"):
        from_data(told)


def test_no_exchange_leaves_every_rule_unseen() -> None:
    found = graded()
    assert {one.verdict for one in found.outcomes} == {Verdict.NOT_SEEN}
    assert (found.conclusion, found.exit_code) == ("not shown", 3)


def test_every_rule_is_judged_by_some_check() -> None:
    """Each rule's id stands in a check's code, or the rule is a silent loss."""
    folder = Path(__file__).parents[2] / "mockserver" / "grade" / "checks"
    code = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != "__init__.py")
    assert [rule.id for rule in rules().values() if not rule.losses and f'"{rule.id}"' not in code] == []


def test_a_verdict_only_ever_worsens() -> None:
    ledger = Ledger()
    step = History.of([exchange(1)], Reading(CONTRACT, lambda: Schemas(CONTRACT))).steps[0]
    ledger.broken("route.path", [step], Case("the path"))
    ledger.kept("route.path", step)
    outcome = next(one for one in ledger.outcomes() if one.rule.id == "route.path")
    assert (outcome.verdict, outcome.witnesses) == (Verdict.BROKEN, 1)


def test_checks_find_nothing_in_nothing() -> None:
    ledger = Ledger()
    for check in CHECKS:
        check(History(CONTRACT, ()), ledger)
    assert ledger.findings(TOLD_WITH) == ()


def test_many_breaches_of_one_cause_are_one_finding_with_few_cases() -> None:
    exchanges = [exchange(n, {**RECORD, "externalId": f"K{n}"}, headers=JSON[1:]) for n in range(1, 40)]
    (found,) = graded(*exchanges).findings
    assert found.rule.id == "accept.named"
    assert len(found.steps) == 39 and len(found.shown) == 3 and len(found.cases) == 1


UNAUTHORIZED = Response(401, (("WWW-Authenticate", "Basic"),))


def test_a_challenge_that_is_met_is_none_of_the_clients_faults() -> None:
    met = exchange(2, headers=(*JSON, ("Authorization", "Basic aW52ZW50ZWQ=")))
    assert broken(exchange(1, response=UNAUTHORIZED), met) == []
    assert verdict("auth.taken", exchange(1, response=UNAUTHORIZED), met) == "kept"


def test_credentials_that_are_not_taken_are_told_once_though_they_are_tried_again() -> None:
    exchanges = [exchange(n, response=UNAUTHORIZED) for n in (1, 2, 3)]
    (found,) = graded(*exchanges).findings
    assert (found.rule.id, found.also) == ("retry.changed", ("auth.taken",))
    assert broken(exchanges[0]) == ["auth.taken"]


def test_a_refused_request_that_is_mended_is_kept() -> None:
    refused = exchange(1, {}, Response(400, (), b'{"message":"no"}'))
    assert verdict("retry.changed", refused, exchange(2)) == "kept"
    assert verdict("retry.changed", refused) == "not seen"


def test_a_record_without_a_key_that_is_sent_again_after_a_lost_answer() -> None:
    keyless = {name: value for name, value in RECORD.items() if name != "externalId"}
    exchanges = exchange(1, keyless, Response(500, ())), exchange(2, keyless)
    assert "retry.with-key" in broken(*exchanges)
    assert "retry.same-key" not in broken(*exchanges)


def test_a_member_sent_as_null_is_emptied_on_purpose() -> None:
    assert broken(exchange(1), exchange(2, {**RECORD, "cancelReason": None})) == []


def test_a_member_that_was_lost_before_is_not_missed_now() -> None:
    lost = Response(200, OK.headers, b"{}", (Loss("cancelReason", "json.respelled", "moved", None, "a rule"),))
    shorter = {name: value for name, value in RECORD.items() if name != "cancelReason"} | {
        "end": "2031-01-02T05:04:05Z"
    }
    assert broken(exchange(1), exchange(2, shorter)) == ["update.whole"]
    assert "update.whole" not in broken(exchange(1, response=lost), exchange(2, shorter))


def test_two_records_with_the_same_content_are_no_retry_where_no_answer_was_lost() -> None:
    assert broken(exchange(1), exchange(2, {**RECORD, "externalId": "K2"})) == []


def test_a_portals_fault_that_was_asked_for_is_none_of_the_clients() -> None:
    refused = exchange(1, response=Response(400, ()))
    assert broken(refused) == ["request.taken"]
    injected = Exchange(1, 0.0, 0.0, refused.request, refused.response, injected="status")
    assert broken(injected) == []


@pytest.mark.parametrize(("charset", "rules_broken"), [("", ["charset.named"]), ("; charset=utf-8", [])])
def test_text_beyond_ascii_in_a_text_type_names_its_charset(charset: str, rules_broken: list[str]) -> None:
    body = json.dumps({**RECORD, "cancelReason": "Grüße"}, ensure_ascii=False).encode()
    assert broken(exchange(1, body, headers=(JSON[0], ("Content-Type", f"text/json{charset}")))) == rules_broken


def test_a_browsers_own_requests_are_left_out_and_counted() -> None:
    found = graded(
        exchange(1), exchange(2, None, method="OPTIONS"), exchange(3, None, method="GET", target="/favicon.ico")
    )
    assert found.findings == ()
    assert found.left_out == {"a browser's question before a request (OPTIONS)": 1, "a browser's own request": 1}


def test_a_configured_name_is_a_credential_too() -> None:
    asked = exchange(1, target=f"{PATH}?shopPass=invented-1", headers=(*JSON, ("X-Shop", "invented-1")))
    found = graded(asked, secrets=Secrets.of(["shopPass", "X-Shop"]))
    assert [one.rule.id for one in found.findings] == ["secret.in-url"]
    assert graded(asked).findings == ()
    shown = found.findings[0].shown[0].shown.request
    assert shown.target == f"{PATH}?shopPass=(hidden)" and shown.first("X-Shop") == "(hidden)"


PAGES = Path(__file__).parents[1] / "data" / "sites"


@pytest.fixture(scope="module")
def frames() -> Contract:
    some = ("GET-api-Frames-search", "POST", "ResourceModel")
    return helppage.read(*(page for page in sorted((PAGES / "Frames").glob("*.html")) if page.name.startswith(some)))


SEARCH = "/api/Frames/search?name=x&material=0&active=true&page=0&itemsPerPage=5"


def test_a_query_that_the_page_names_is_no_loss_and_a_get_has_no_body(frames: Contract) -> None:
    asked = exchange(1, None, method="GET", target=SEARCH, headers=JSON[:1])
    assert broken(asked, contract=frames) == []
    assert broken(exchange(1, b"{}", method="GET", target=SEARCH), contract=frames) == ["method.body"]


def test_a_path_of_another_resource_is_explained_by_the_nearest(frames: Contract) -> None:
    (found,) = graded(
        exchange(1, None, Response(404, ()), "GET", "/api/Frame/serach", JSON[:1]), contract=frames
    ).findings
    assert found.rule.id == "route.path"
    assert found.cases[0].instead.startswith("GET api/Frames/search")
