"""With which requests a fault is, and how often: matchers, counts, seeds; each tenant for itself."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from contracts.errors import UsageError
from mockserver import faults
from mockserver.app import create_app
from mockserver.faults import Faults
from mockserver.faults.kinds import CHOICES, KINDS, parameters
from mockserver.journal.search import alike
from mockserver.store import open_store
from mockserver.webapi import Request

PATH = "/api/Appointments"
CONTRACT = helppage.shipped()


def request(
    key: str = "K1", method: str = "POST", target: str = PATH, headers: tuple[tuple[str, str], ...] = ()
) -> Request:
    sent = (("Content-Type", "application/json"), *headers)
    return Request(method, target, sent, json.dumps(record(key)).encode())


def decisions(text: str, requests: list[Request]) -> str:
    """Which of the requests the fault is with: "x" for each of those, "." for the others."""
    arranged = Faults(CONTRACT, [faults.read(text)])
    return "".join("." if arranged.choose(one) is None else "x" for one in requests)


@pytest.mark.parametrize(
    ("matcher", "meant", "not_meant"),
    [
        ("method=post", request(), request(method="PUT")),
        ("path=/api/*", request(target="/API/appointments?a=1"), request(target="/other/api/x")),
        ("path=/api/Appointments", request(target=f"{PATH}?a=1"), request(target=f"{PATH}/1")),
        ("operation=post api/appointments", request(target="/api/APPOINTMENTS"), request(target="/api/none")),
        ("operation=api/Appointments", request(), request(method="GET", target="/api/none")),
        ("header=X-Client", request(headers=(("x-client", "any"),)), request()),
        ("header=X-Client: test*", request(headers=(("X-Client", "TEST-3"),)), request(headers=(("X-Client", "a"),))),
        ("contains=K1", request("K1"), request("K2")),
        ("contains=\ud800", Request("POST", PATH, (), b"\xed\xa0\x80"), request("K1")),
        ("key=K1", request("K1"), request("K11")),
        ("key=K1;method=POST", request("K1"), request("K1", method="PUT")),
    ],
)
def test_a_fault_is_with_the_requests_that_its_matchers_mean(matcher: str, meant: Request, not_meant: Request) -> None:
    assert decisions(f"empty;{matcher}", [meant, not_meant, meant]) == "x.x"


def test_the_key_is_read_in_every_format() -> None:
    as_form = Request(
        "POST", PATH, (("Content-Type", "application/x-www-form-urlencoded"),), b"ExternalId=K1&CancelReason=a"
    )
    as_xml = Request(
        "POST", PATH, (("Content-Type", "application/xml"),),
        b'<AppointmentModel xmlns="http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models.AppointmentsModel">'
        b"<ExternalId>K1</ExternalId></AppointmentModel>",
    )  # fmt: skip
    broken = Request("POST", PATH, (("Content-Type", "application/json"),), b"{")
    assert decisions("empty;key=K1", [as_form, as_xml, broken]) == "xx."


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ("count=2", "xx........"),
        ("after=3", "...xxxxxxx"),
        ("every=3", "..x..x..x."),
        ("after=2;every=2;count=3", "...x.x.x.."),
        ("probability=0", ".........."),
        ("probability=1", "xxxxxxxxxx"),
    ],
)
def test_how_often_is_counted_among_the_requests_that_fit(counts: str, expected: str) -> None:
    sent = [one for number in range(10) for one in (request(str(number)), request(method="GET"))]
    assert decisions(f"empty;method=POST;{counts}", sent)[::2] == expected


def test_the_same_seed_decides_the_same_and_another_one_otherwise() -> None:
    sent = [request(str(number)) for number in range(200)]
    first = decisions("empty;probability=0.3;seed=5", sent)
    assert first == decisions("empty;probability=0.3;seed=5", sent)
    assert first != decisions("empty;probability=0.3;seed=6", sent)
    assert 30 <= first.count("x") <= 90


def test_a_seed_decides_the_same_on_every_machine() -> None:
    # Drawn by another Python on its own: random.Random(f"1:{n}").random() < 0.5, for n from 1.
    assert decisions("empty;probability=0.5;seed=1", [request()] * 16) == ".xx.....x.xxxx.."


def test_so_many_requests_at_once_meet_so_many_faults_whatever_their_order() -> None:
    sent = [request(str(number)) for number in range(200)]
    arranged = Faults(CONTRACT, [faults.read("empty;probability=0.3;seed=5")])
    with ThreadPoolExecutor(8) as pool:
        found = [one is not None for one in pool.map(arranged.choose, sent)]
    assert found.count(True) == decisions("empty;probability=0.3;seed=5", sent).count("x")


def test_a_draw_for_the_request_does_not_look_at_the_order() -> None:
    text = "empty;probability=0.5;seed=3;draw=request"
    sent = [request(str(number)) for number in range(60)]
    forth, back = decisions(text, sent), decisions(text, sent[::-1])
    assert forth == back[::-1]
    assert "x" in forth
    again = decisions(text, [sent[0]] * 60)  # a request that is sent again has its luck again
    assert "x" in again
    assert "." in again


def test_the_first_fault_whose_turn_it_is_takes_the_request_from_those_behind_it() -> None:
    arranged = Faults(CONTRACT, [faults.read("empty;count=1"), faults.read("half;count=1")])
    found = [arranged.choose(request()) for _ in range(3)]
    assert [one.told if one else "" for one in found] == ["empty", "half 0.5", ""]
    assert [(one.matched, one.applied) for one in arranged.rules] == [(3, 1), (2, 1)]


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        begun = [faults.read("status=418;path=/begun")]
        yield create_app(CONTRACT, store, faults=begun).test_client()


def test_tenants_do_not_share_faults(client: FlaskClient) -> None:
    assert client.post("/t/a/_portal/faults", json={"kind": "status", "status": 503}).status_code == 201
    statuses = [client.post(f"{base}{PATH}", json=record()).status_code for base in ("/t/a", "/t/b", "")]
    assert statuses == [503, 200, 200]


def test_the_faults_of_the_start_are_each_tenants_and_come_back_with_a_reset(client: FlaskClient) -> None:
    for base in ("", "/t/a"):
        assert client.get(f"{base}/begun").status_code == 418
        client.delete(f"{base}/_portal/faults")
        assert client.get(f"{base}/begun").status_code == 404
        client.post(f"{base}/_portal/faults", data="status=503")
        client.post(f"{base}/_portal/reset")
        told = client.get(f"{base}/_portal/faults").json["faults"]
        assert [(one["text"], one["matched"]) for one in told] == [("status=418;path=/begun", 0)]


def test_faults_are_arranged_as_json_as_a_list_and_as_text(client: FlaskClient) -> None:
    client.delete("/_portal/faults")
    for body in ('{"kind": "reset"}', '["empty;count=1", {"kind": "half"}]', "lost;key=K 1"):
        assert client.post("/_portal/faults", data=body).status_code == 201
    told = client.get("/_portal/faults").json["faults"]
    assert [one["text"] for one in told] == ["reset", "empty;count=1", "half", "lost;key=K 1"]
    assert client.delete(f"/_portal/faults/{told[1]['number']}").status_code == 204
    assert [one["kind"] for one in client.get("/_portal/faults").json["faults"]] == ["reset", "half", "lost"]


def test_a_list_with_a_wrong_fault_arranges_nothing(client: FlaskClient) -> None:
    answer = client.post("/_portal/faults", json=[{"kind": "empty"}, {"kind": "none"}])
    assert answer.status_code == 400
    assert "unknown kind of fault 'none'" in answer.json["error"]
    assert len(client.get("/_portal/faults").json["faults"]) == 1


def test_the_journal_finds_requests_by_their_fault(client: FlaskClient) -> None:
    client.post("/_portal/faults", json=[{"kind": "latency", "seconds": 0}, {"kind": "status", "status": 503}])
    client.post(PATH, json=record())
    client.post("/_portal/reset")
    client.post("/_portal/faults", data="status=503;count=1")
    client.post(PATH, json=record())
    client.post(PATH, json=record())
    for name, count in (("any", 1), ("status", 1), ("latency", 0), ("status 503", 1)):
        assert client.get("/_portal/journal/count", query_string={"injected": name}).json["count"] == count


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "the fault is empty"),
        ("explode", "unknown kind of fault 'explode'"),
        ("status", "the fault status needs status"),
        ("status=99", "status is 99"),
        ("status=600", "status is 600"),
        ("status=soon", "status is 'soon'"),
        ("status=503;room=7", "has no parameter 'room'"),
        ("status=503;count", "'count' in the fault status has no value"),
        ("status=503;count=0", "count is 0"),
        ("status=503;count=1;count=2", "count is given twice"),
        ("status=503;headers.Content-Length=3", "headers is"),
        ("status=503;message=", "message is ''"),
        ("empty;probability=2", "probability is 2"),
        ("empty;draw=request", "draw is for what is drawn"),
        ("latency=601", "seconds is 601"),
        ("latency=nan", "seconds is nan"),
        ("latency=-1", "seconds is -1"),
        ("latency=1;jitter=1;sigma=1", "exclude each other"),
        ("length=0", "by is 0"),
        ("length=0.5", "from -1000000 to 1000000"),
        ("half=1", "part is 1"),
        ("half=1", "from 0.01 to 0.99"),
        ("status=503;path=api/*", "write /api/*, or *api/*"),
        ("lost=1", "takes no value"),
        ("reset;stored=maybe", "stored is 'maybe'"),
        ("empty;operation=GET api/None", "which the page has not"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_with_what_there_is(given: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        Faults(CONTRACT).add(faults.read(given))
    assert told in str(caught.value)
    assert "what to do" in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_may_be_given_as_data_and_as_text_and_comes_back(kind: str) -> None:
    given: dict[str, Any] = {"kind": kind}
    for name, row in parameters(kind).items():
        if name == "sigma":  # excludes jitter
            continue
        values = {"boolean": True, "integer": 250, "number": 0.5, "headers": {"X-From": "a b"}, "text": row.example}
        given[name] = row.among[-1] if row.among else values[row.type]
    given["operation"] = "POST api/Appointments"
    rule = faults.read(given)
    assert rule.as_data() == given
    assert faults.read_text(rule.as_text()) == rule


def test_a_file_holds_faults_as_tables(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(
        '[[fault]]\nkind = "status"\nstatus = 503\ncount = 2\nheaders.Retry-After = "5"\n\n[[fault]]\nkind = "lost"\n',
        encoding="utf-8",
    )
    found = [rule.as_text() for rule in faults.read_file(path)]
    assert found == ["status=503;count=2;headers.Retry-After=5", "lost"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[fault]]\nkind = 'none'", "fault 1: unknown kind"),
        ("[[faults]]\nkind = 'lost'", "has a faults"),
        ("", "has no [[fault]]"),
        ("[[fault", "it is no TOML"),
    ],
)
def test_a_file_that_makes_no_sense_is_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "faults.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        faults.read_file(path)
    assert str(path) in str(caught.value)
    assert told in str(caught.value)
    with pytest.raises(UsageError, match="cannot be read"):
        faults.read_file(tmp_path / "none.toml")


def test_processes_that_share_a_store_share_their_faults(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    with open_store(url) as one, open_store(url) as other:
        first, second = (create_app(CONTRACT, store, shared=True).test_client() for store in (one, other))
        first.post("/_portal/faults", data="status=503")
        assert second.post(PATH, json=record()).status_code == 503
        second.delete("/_portal/faults")
        assert first.post(PATH, json=record()).status_code == 200


def test_no_parameter_of_a_kind_hides_one_that_every_kind_has() -> None:
    assert not [(kind, name) for kind, row in KINDS.items() for name in row.parameters if name in CHOICES]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("", "", True),
        ("*", "", True),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("A*b*C", "aXbXbXc", True),
        ("*b*b*", "ab", False),
        ("a.c", "abc", False),
        ("*a\n*", "xa\ny", True),
        ("*ab*bc", "abc", False),
        ("*a*a*a*a*a*a*a*a*a*a*a*a*b", "a" * 20_000, False),  # a regular expression would take longer than we live
    ],
)
def test_a_star_stands_for_anything_and_costs_little(pattern: str, text: str, fits: bool) -> None:
    assert alike(pattern, text) is fits
    assert (decisions(f"empty;header=X: {pattern}", [request(headers=(("X", text),))]) == "x") is fits
