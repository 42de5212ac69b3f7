"""Clients with one bad habit each: the rule that speaks of it is broken, and no other. All data is invented."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from shipped_record import record

from contracts import helppage
from contracts.emit import Schemas
from mockserver.controllers import acting
from mockserver.grade import Grade, Verdict, grade, rules
from mockserver.journal import Journal
from mockserver.journal.reading import Reading
from mockserver.store import open_store
from mockserver.webapi import Request, Response, WebApi

CONTRACT = helppage.shipped()
SCHEMAS = Schemas(CONTRACT)
READING = Reading(CONTRACT, lambda: SCHEMAS)
PATH = "/api/Appointments"
JSON = "application/json"
BASE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models"
OWN = f"{BASE}.AppointmentsModel"


def body(key: str = "K1", **changes: Any) -> dict[str, Any]:
    """A whole record as a careful client sends it: its times bear the offset of the portal's server."""
    values = {**record(key), "start": "2031-01-02T03:04:05Z", "end": "2031-01-02T04:04:05Z", **changes}
    return {name: value for name, value in values.items() if value is not ...}


@dataclass
class Portal:
    """A stub portal without a server, and a client's hand at it; time passes only when `wait` says so."""

    handle: Callable[[Request], Response]
    journal: Journal = field(default_factory=Journal)
    now: float = 1_900_000_000.0

    def send(
        self, content: Any = None, *, method: str = "POST", target: str = PATH, kind: str | None = JSON,
        accept: str | None = JSON, headers: tuple[tuple[str, str], ...] = (), instead: Response | None = None,
        lost: bool = False,
    ) -> Response:  # fmt: skip
        """Send a request. `instead` is answered by the portal's fault, `lost` says that the answer does not arrive."""
        raw = content if isinstance(content, bytes | None) else json.dumps(content).encode()
        given = [
            *([("Content-Type", kind)] if kind and raw is not None else []),
            *([("Accept", accept)] if accept else []),
        ]
        request = Request(method, target, (*given, *headers), raw)
        response = self.handle(request) if instead is None else instead
        name = "invented" if instead is not None or lost else ""
        self.journal.add(self.now, 0.01, request, response, injected=name, answered=not lost)
        self.now += 1
        return response

    def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def portal() -> Iterator[Portal]:
    with open_store("memory") as store:
        api, act = WebApi(CONTRACT, strict=True), acting(CONTRACT, store.records())
        yield Portal(lambda request: api.handle(request, act))


def graded(portal: Portal) -> Grade:
    return grade(portal.journal.all(), READING)


def broken(portal: Portal) -> list[str]:
    return [found.rule.id for found in graded(portal).findings]


def xml(*elements: str, space: str = OWN) -> bytes:
    inner = "".join(elements)
    return f'<AppointmentModel xmlns="{space}" xmlns:b="{BASE}">{inner}</AppointmentModel>'.encode()


XML = (
    "<b:ExternalId>K7</b:ExternalId>", "<AppointmentStatusExternalId>s</AppointmentStatusExternalId>",
    "<CancelReason>moved</CancelReason>", "<DoctorExternalId>d</DoctorExternalId>", "<End>2031-01-02T04:04:05Z</End>",
    "<LocationExternalId>l</LocationExternalId>", "<PatientExternalId>p</PatientExternalId>",
    "<PatientPracticeManagementSystemId>m</PatientPracticeManagementSystemId>", "<Start>2031-01-02T03:04:05Z</Start>",
)  # fmt: skip
FORM = "application/x-www-form-urlencoded"
ERROR = Response(503, (("Retry-After", "30"),), b"")


def well_behaved(portal: Portal) -> None:
    """Creates, updates, retries and reads back as it should, in every format."""
    first = portal.send(body("K1"))
    drawn = json.loads(first.body)["id"]
    portal.send(body("K1", cancelReason="Grüße", id=drawn), kind="application/json; charset=utf-8")
    portal.send(body("K1", cancelReason=None))
    portal.send(xml(*XML), kind="application/xml", accept="application/xml")
    portal.send(
        "&".join(f"{n}={v}" for n, v in body("K8", cancelReason="moved").items()).replace(" ", "+").encode(), kind=FORM
    )
    portal.send(body("K2"), lost=True)
    portal.send(body("K2"))
    portal.send(body("K3"), instead=ERROR)
    portal.wait(30)
    portal.send(body("K3"), headers=(("Authorization", "Bearer invented"),))


def test_a_good_client_is_clean(portal: Portal) -> None:
    well_behaved(portal)
    found = graded(portal)
    assert found.findings == ()
    assert (found.conclusion, found.exit_code) == ("clean", 0)


def test_what_a_good_client_exercised_is_kept_and_nothing_else(portal: Portal) -> None:
    well_behaved(portal)
    verdicts = {one.rule.id: one.verdict for one in graded(portal).outcomes}
    assert verdicts.keys() == rules().keys()
    seen = {name for name, verdict in verdicts.items() if verdict is Verdict.KEPT and not name.startswith("loss.")}
    assert seen == {
        "route.path", "route.method", "route.spelling", "address.read", "secret.in-url", "accept.named",
        "accept.written", "content-type.named", "content-type.listed", "content-type.true", "charset.known",
        "request.taken", "contract.body", "members.known", "members.once", "members.spelled", "text.typed",
        "blank.kept", "xml.order", "xml.namespace", "xml.case", "time.in-portal-zone", "time.clear", "time.zone-said",
        "time.one-way", "id.own", "key.one-record", "update.whole", "update.needed", "auth.taken", "retry.same-key",
        "retry.with-key", "retry.waits",
    }  # fmt: skip


def sends_elements_out_of_order(portal: Portal) -> None:
    portal.send(xml(*XML[:2], *XML[3:], XML[2]), kind="application/xml")
    portal.send(xml(*XML[::-1]).replace(b"K7", b"K9"), kind="application/xml")


def sends_a_base_members_element_in_the_wrong_namespace(portal: Portal) -> None:
    portal.send(xml("<ExternalId>K7</ExternalId>", *XML[1:]), kind="application/xml")


def spells_elements_as_in_json(portal: Portal) -> None:
    portal.send(xml(*XML).replace(b"CancelReason", b"cancelReason"), kind="application/xml")


def sends_members_that_there_are_not(portal: Portal) -> None:
    for key in ("K1", "K2"):
        portal.send(body(key, room=7, floor="2"))


def retries_with_a_new_key(portal: Portal) -> None:
    portal.send(body("K1"), lost=True)
    portal.send(body("K2"))


def retries_with_a_new_key_after_an_error(portal: Portal) -> None:
    portal.send(body("K1"), instead=Response(500, ()))
    portal.send(body("K2"))


def repeats_what_was_refused(portal: Portal) -> None:
    for _ in range(3):
        portal.send(body("K1", start="soon"))


def leaves_out_what_is_required(portal: Portal) -> None:
    portal.send(body("K1", doctorExternalId=...))


def sends_no_key(portal: Portal) -> None:
    portal.send(body("K1", externalId=...))


def misspells_a_required_member(portal: Portal) -> None:
    portal.send({**body("K1", doctorExternalId=...), "doctorId": "d"})


def says_nothing_in_accept(portal: Portal) -> None:
    portal.send(body("K1"), accept=None)


def asks_for_what_is_not_written(portal: Portal) -> None:
    portal.send(body("K1"), accept="text/csv")


def sends_no_content_type(portal: Portal) -> None:
    portal.send(body("K1"), kind=None)


def sends_a_content_type_that_is_not_listed(portal: Portal) -> None:
    portal.send(body("K1"), kind="text/plain")


def says_json_and_sends_xml(portal: Portal) -> None:
    portal.send(xml(*XML))


def sends_latin_1_and_says_so(portal: Portal) -> None:
    portal.send(xml(*XML).replace(b"moved", "Größe".encode()), kind="application/xml; charset=windows-1252")


def sends_clock_times(portal: Portal) -> None:
    portal.send(body("K1", start="2031-01-02T03:04:05", end="2031-01-02T04:04:05"))


def sends_another_zones_times(portal: Portal) -> None:
    portal.send(body("K1", start="2031-01-02T05:04:05+02:00", end="2031-01-02T06:04:05+02:00"))


def writes_times_in_two_ways(portal: Portal) -> None:
    portal.send(body("K1"))
    portal.send(body("K2", start="2031-01-02T05:04:05+00:00"))
    portal.send(body("K3", start="2031-01-02T05:04:05"))


def invents_an_id(portal: Portal) -> None:
    portal.send(body("K1", id="00000000-0000-4000-8000-00000000abcd"))


def spells_members_as_in_code(portal: Portal) -> None:
    portal.send({name[0].upper() + name[1:]: value for name, value in body("K1").items()})


def uses_one_key_for_all(portal: Portal) -> None:
    for number in range(4):
        portal.send(
            {name: f"{value}{number}" if "Z" not in value else value for name, value in body("").items()}
            | {"externalId": "K1"}
        )


def updates_with_the_change_only(portal: Portal) -> None:
    portal.send(body("K1", cancelReason="moved"))
    portal.send(body("K1", cancelReason=..., end="2031-01-02T04:14:05Z"))


def sends_all_again_every_time(portal: Portal) -> None:
    for _ in range(3):
        portal.send(body("K1"))


def goes_where_there_is_nothing(portal: Portal) -> None:
    portal.send(body("K1"), target="/api/Appointment")


def uses_put(portal: Portal) -> None:
    portal.send(body("K1"), method="PUT")


def spells_the_path_in_lower_case(portal: Portal) -> None:
    portal.send(body("K1"), target=PATH.lower())


def ends_the_path_with_a_slash(portal: Portal) -> None:
    portal.send(body("K1"), target=f"{PATH}/")


def puts_the_token_into_the_address(portal: Portal) -> None:
    portal.send(body("K1"), target=f"{PATH}?access_token=invented-1")


def puts_a_member_into_the_address(portal: Portal) -> None:
    portal.send(body("K1"), target=f"{PATH}?room=7")


def does_not_wait(portal: Portal) -> None:
    portal.send(body("K1"), instead=ERROR)
    portal.send(body("K1"))


def sends_numbers_for_texts(portal: Portal) -> None:
    portal.send(body("K1", doctorExternalId=5))


def sends_booleans_for_texts(portal: Portal) -> None:
    portal.send(body("K1", doctorExternalId=True))


def sends_empty_forms(portal: Portal) -> None:
    text = "&".join(f"{n}={v}" for n, v in body("K8", cancelReason="moved").items()).replace(" ", "+")
    portal.send(f"{text}&appointmentTypeExternalId=".encode(), kind=FORM)


def sends_a_member_twice(portal: Portal) -> None:
    portal.send(json.dumps(body("K1")).replace("{", '{"cancelReason": "first", ', 1).encode())


def sends_vague_times(portal: Portal) -> None:
    portal.send(body("K1", start="01/02/2031"))


HABITS: dict[Callable[[Portal], None], set[str]] = {
    sends_elements_out_of_order: {"xml.order"},
    sends_a_base_members_element_in_the_wrong_namespace: {"xml.namespace"},
    spells_elements_as_in_json: {"xml.case"},
    sends_members_that_there_are_not: {"members.known"},
    misspells_a_required_member: {"members.known"},
    retries_with_a_new_key: {"retry.same-key"},
    retries_with_a_new_key_after_an_error: {"retry.same-key"},
    repeats_what_was_refused: {"retry.changed"},
    leaves_out_what_is_required: {"request.taken"},
    sends_no_key: {"request.taken"},
    says_nothing_in_accept: {"accept.named"},
    asks_for_what_is_not_written: {"accept.written"},
    sends_no_content_type: {"content-type.named"},
    sends_a_content_type_that_is_not_listed: {"content-type.listed"},
    says_json_and_sends_xml: {"content-type.true"},
    sends_latin_1_and_says_so: {"charset.known"},
    sends_clock_times: {"time.zone-said"},
    sends_another_zones_times: {"time.in-portal-zone"},
    writes_times_in_two_ways: {"time.one-way", "time.zone-said"},
    invents_an_id: {"id.own"},
    spells_members_as_in_code: {"members.spelled"},
    uses_one_key_for_all: {"key.one-record"},
    updates_with_the_change_only: {"update.whole"},
    sends_all_again_every_time: {"update.needed"},
    goes_where_there_is_nothing: {"route.path"},
    uses_put: {"route.method"},
    spells_the_path_in_lower_case: {"route.spelling"},
    ends_the_path_with_a_slash: {"route.spelling"},
    puts_the_token_into_the_address: {"secret.in-url"},
    puts_a_member_into_the_address: {"address.read"},
    does_not_wait: {"retry.waits"},
    sends_numbers_for_texts: {"contract.body"},
    sends_booleans_for_texts: {"text.typed"},
    sends_empty_forms: {"blank.kept"},
    sends_a_member_twice: {"members.once"},
    sends_vague_times: {"time.clear"},
}


@pytest.mark.parametrize(("habit", "names"), HABITS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_bad_habit_breaks_its_rule_and_no_other(
    portal: Portal, habit: Callable[[Portal], None], names: set[str]
) -> None:
    habit(portal)
    found = graded(portal)
    assert sorted(one.rule.id for one in found.findings) == sorted(names)
    worst = min(("error", "warning", "info").index(rules()[name].level) for name in names)
    assert found.exit_code == (1 if worst < 2 else 0)


@pytest.mark.parametrize(("habit", "names"), HABITS.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_bad_habit_among_good_ones_is_seen_as_well(
    portal: Portal, habit: Callable[[Portal], None], names: set[str]
) -> None:
    portal.send(body("GOOD-1"))
    habit(portal)
    portal.send(xml(*XML).replace(b"K7", b"GOOD-2"), kind="application/xml", accept="application/xml")
    extra = {"time.one-way"} if habit is sends_clock_times else set()
    assert set(broken(portal)) == names | extra
