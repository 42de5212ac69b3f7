"""The journal over HTTP: found, counted, told in three formats, as it grows; no credential in any of them."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.har import read as read_har
from mockserver.store import open_store

PATH = "/api/Appointments"
JOURNAL = "/_portal/journal"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store).test_client()


@pytest.fixture
def told(client: FlaskClient) -> FlaskClient:
    """Five exchanges: kept whole; with a loss; refused; nowhere; with a loss, in XML."""
    client.post(PATH, json=record("K1"))
    client.post(PATH + "?shoe=left", json={**record("K2"), "room": 7})
    client.post(PATH, json={**record("K3"), "start": "soon"})
    client.get("/api/Nothing/At/All")
    client.post(PATH, data=b"<AppointmentModel/>", content_type="text/xml")
    return client


def found(client: FlaskClient, query: str) -> list[int]:
    return [one["number"] for one in client.get(f"{JOURNAL}?{query}").json["exchanges"]]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("operation=post+api/appointments", [1, 2, 3, 5]),
        ("operation=none", [4]),
        ("status=200", [1, 2]),
        ("status=4xx", [3, 4, 5]),
        ("status=400&status=404", [3, 4, 5]),
        ("method=get", [4]),
        ("path=/API/appointments", [1, 2, 3, 5]),
        ("path=/api/*", [1, 2, 3, 4, 5]),
        ("path=/api/n*l", [4]),
        ("since=3", [4, 5]),
        ("losses=any", [2]),
        ("losses=json", [2]),
        ("losses=json.unknown", [2]),
        ("losses=xml", []),
        ("losses=none", [1, 3, 4, 5]),
        ("faults=request", [3, 5]),
        ("faults=any", [3, 5]),
        ("faults=none&operation=POST api/Appointments", [1, 2]),
        ("faults=response", []),
        ("contains=shoe", [2]),
        ("contains=SOON", [3]),
        ("contains=no such text", []),
        ("key=K2", [2]),
        ("key=k2", []),
        ("injected=any", []),
        ("status=200&last=1", [2]),
    ],
)
def test_a_tester_finds_what_was_asked_for(told: FlaskClient, query: str, numbers: list[int]) -> None:
    assert found(told, query) == numbers


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("statos=200", "unknown filter statos: there are operation, status"),
        ("status=many", "expected 400 or 4xx"),
        ("last=x", "for example last=20"),
        ("losses=ALL", "expected any or xml"),
        ("faults=some", "expected any, none, request or response"),
        ("format=yaml", "expected json, ndjson, har"),
    ],
)
def test_a_filter_that_makes_no_sense_is_400_that_says_what_there_is(
    client: FlaskClient, query: str, says: str
) -> None:
    answer = client.get(f"{JOURNAL}?{query}")
    assert answer.status_code == 400
    assert says in answer.json["error"]
    assert "losses" in answer.json["filters"]


@pytest.mark.parametrize(
    ("query", "status", "verified"),
    [
        ("status=200", 200, True),
        ("status=200&exactly=2", 200, True),
        ("status=200&exactly=1", 409, False),
        ("status=200&at_least=2&at_most=2", 200, True),
        ("status=200&at-least=3", 409, False),
        ("status=200&at_most=1", 409, False),
    ],
)
def test_how_many_match_is_counted_and_verified(told: FlaskClient, query: str, status: int, verified: bool) -> None:
    answer = told.get(f"{JOURNAL}/count?{query}")
    assert answer.status_code == status
    assert (answer.json["count"], answer.json["verified"], answer.json["numbers"]) == (2, verified, [1, 2])


def test_a_count_of_nothing_shows_the_refused_request_that_may_have_been_meant(told: FlaskClient) -> None:
    answer = told.get(f"{JOURNAL}/count?key=K9&at_least=1").json
    assert (answer["count"], answer["wanted"]) == (0, {"at_least": 1})
    assert answer["nearest"]["number"] == 5


def test_one_exchange_is_shown_with_what_was_sent_and_kept_side_by_side(told: FlaskClient) -> None:
    one = told.get(f"{JOURNAL}/2").json
    assert (one["number"], one["operation"], one["key"], one["near"]) == (2, "POST api/Appointments", "K2", None)
    rows = {row["member"]: row for row in one["members"]}
    assert rows["room"] == {"member": "room", "name": "room", "sent": 7, "kept": None, "lost": "json.unknown"}
    assert rows["ExternalId"]["sent"] == rows["ExternalId"]["kept"] == "K2"
    assert rows["Id"]["sent"] is None and len(rows["Id"]["kept"]) == 36
    assert {loss["reason"] for loss in one["losses"]} == {"json.unknown", "query.ignored"}
    assert one["request"]["text"] == told.get(f"{JOURNAL}?last=9").json["exchanges"][1]["request"]["text"]
    assert told.get(f"{JOURNAL}/9").status_code == 404


def test_a_form_and_xml_are_decoded_alike(client: FlaskClient) -> None:
    client.post(PATH, data="externalId=K1&Model.Room=7", content_type=FORM)
    xml = b'<AppointmentModel xmlns="urn:test"><ExternalId>K2</ExternalId></AppointmentModel>'
    client.post(PATH, data=xml, content_type="application/xml")
    form, document = client.get(JOURNAL).json["exchanges"]
    assert (form["key"], document["key"]) == ("K1", "K2")
    assert [(row["name"], row["sent"]) for row in form["members"]] == [("externalId", "K1"), ("Model.Room", "7")]


def test_ndjson_is_one_exchange_a_line(told: FlaskClient) -> None:
    by_query = told.get(f"{JOURNAL}?format=ndjson")
    by_accept = told.get(JOURNAL, headers={"Accept": "application/x-ndjson"})
    assert by_query.mimetype == by_accept.mimetype == "application/x-ndjson"
    lines = by_query.get_data(as_text=True).splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2, 3, 4, 5]
    assert by_accept.data == by_query.data
    assert [json.loads(line) for line in lines] == told.get(JOURNAL).json["exchanges"]


def test_no_character_of_a_body_ends_a_line_of_ndjson(client: FlaskClient) -> None:
    text = "a\u2028b\u2029c\x85d\x0be\x1ff\rg"
    client.post(PATH, json={**record("K1"), "cancelReason": text})
    client.post(PATH, data=json.dumps({**record("K2"), "cancelReason": text}, ensure_ascii=False).encode())
    lines = client.get(f"{JOURNAL}?format=ndjson").get_data(as_text=True).splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2]


def test_a_list_in_brief_decodes_nothing(told: FlaskClient) -> None:
    brief = told.get(f"{JOURNAL}?brief&last=4").json["exchanges"][0]
    assert brief.pop("at") and brief.pop("milliseconds") >= 0
    assert brief == {
        "number": 2,
        "operation": "POST api/Appointments",
        "method": "POST",
        "target": f"{PATH}?shoe=left",
        "status": 200,
        "losses": ["json.unknown", "query.ignored"],
        "injected": "",
        "answered": True,
    }


def test_raw_exchanges_are_what_was_seen_without_what_it_means(told: FlaskClient) -> None:
    raw, whole = (told.get(f"{JOURNAL}?{query}").json["exchanges"] for query in ("raw", ""))
    assert not {"operation", "key", "members", "near"} & set(raw[1])
    for seen, meant in zip(raw, whole, strict=True):
        assert all(meant[name] == seen[name] for name in ("number", "at", "losses", "untold", "answered"))
        assert seen["request"].items() <= meant["request"].items()


def har(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{JOURNAL}?format=har{query}")
    assert answer.mimetype == "application/json"
    log = answer.json["log"]
    assert log["version"] == "1.2"
    assert set(log["creator"]) == {"name", "version"}
    entries: list[dict[str, Any]] = log["entries"]
    return entries


# Every field that HAR 1.2 asks for, and its type; names that begin with an underscore are free.
ENTRY = {
    "": {
        "startedDateTime": str, "time": (int, float), "request": dict, "response": dict, "cache": dict, "timings": dict
    },
    "request": {
        "method": str, "url": str, "httpVersion": str, "cookies": list, "headers": list, "queryString": list,
        "headersSize": int, "bodySize": int,
    },
    "response": {
        "status": int, "statusText": str, "httpVersion": str, "cookies": list, "headers": list, "content": dict,
        "redirectURL": str, "headersSize": int, "bodySize": int,
    },
    "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
}  # fmt: skip


def test_har_has_every_field_that_the_format_asks_for_and_no_other(told: FlaskClient) -> None:
    for entry in har(told):
        for part, fields in ENTRY.items():
            given = entry[part] if part else entry
            optional = {"postData"} if part == "request" else set()
            assert {name for name in given if not name.startswith("_")} - optional == set(fields), part
            for name, kind in fields.items():
                assert isinstance(given[name], kind), (part, name)
        assert entry["time"] == sum(entry["timings"].values())
        assert entry["startedDateTime"].endswith("+00:00")
        for field in (*entry["request"]["headers"], *entry["response"]["headers"], *entry["request"]["queryString"]):
            assert set(field) == {"name", "value"}
        assert set(entry["response"]["content"]) <= {"size", "mimeType", "text", "encoding"}


def test_har_bears_address_bodies_and_what_the_portal_knows(told: FlaskClient) -> None:
    entry = har(told)[1]
    assert entry["request"]["url"] == f"http://localhost{PATH}?shoe=left"
    assert entry["request"]["queryString"] == [{"name": "shoe", "value": "left"}]
    assert json.loads(entry["request"]["postData"]["text"])["room"] == 7
    assert entry["request"]["postData"]["mimeType"] == "application/json"
    assert json.loads(entry["response"]["content"]["text"])["externalId"] == "K2"
    assert [loss["reason"] for loss in entry["_portal"]["losses"]] == ["json.unknown", "query.ignored"]
    assert [one["_portal"]["number"] for one in har(told, "&losses=any")] == [2]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"\xff\xfe\x00"),
        ("application/json; charset=utf-16", b"{}"),
        ("application/json; charset=iso-8859-1", '{"a": "é"}'.encode()),
        ("application/json; charset=utf-16", '{"a": "é"}'.encode("utf-16")),
        ("application/json", b"\xef\xbb\xbf{}"),
        ("application/x-www-form-urlencoded", b"a=1&b=%C3%A9"),
        ("application/json", b""),
    ],
)
def test_the_very_bytes_come_back_from_har(client: FlaskClient, kind: str, body: bytes) -> None:
    client.post(PATH, data=body, content_type=kind)
    (entry,) = read_har(client.get(f"{JOURNAL}?format=har").json, "the journal")
    assert (entry.exchange.request.body or b"") == body
    assert entry.exchange.request.first("Content-Type") == kind
    assert entry.known and entry.base == "http://localhost"


def test_bytes_that_are_no_text_stand_in_har_in_base64(client: FlaskClient) -> None:
    client.post(PATH, data=b"\xff\xfe\x00", content_type="text/plain")
    (entry,) = har(client)
    assert base64.b64decode(entry["request"]["postData"]["_base64"]) == b"\xff\xfe\x00"


SECRET = "s3cret-Value+1"


def test_no_credential_is_in_any_format_or_echo(client: FlaskClient) -> None:
    headers = {
        "Authorization": f"Bearer {SECRET}", "X-Api-Key": SECRET, "Cookie": f"a={SECRET}",
        "Referer": f"http://u:{SECRET}@localhost/?api_key={SECRET}",
    }  # fmt: skip
    quoted = "s3cret-Value%2B1"
    client.post(f"/api/Nowhere?access_token={quoted}&b=1", json={}, headers=headers)
    client.post(f"{PATH}?Api-Key={quoted}", json=record(), headers=headers)
    for query in ("", "?format=har", "?format=ndjson", "?brief", "?contains=s3cret"):
        shown = client.get(f"{JOURNAL}{query}").get_data(as_text=True)
        assert "s3cret" not in shown, query
    one, other = client.get(JOURNAL).json["exchanges"]
    assert one["request"]["target"] == "/api/Nowhere?access_token=(hidden)&b=1"
    assert "(hidden)" in one["response"]["text"]  # the error repeats the address
    assert other["losses"] == [{**other["losses"][0], "reason": "query.ignored", "sent": "Api-Key=(hidden)"}]
    assert found(client, "contains=s3cret") == []


def test_what_a_body_says_is_shown_as_it_was_sent(client: FlaskClient) -> None:
    client.post(PATH, json={**record("K1"), "cancelReason": SECRET}, headers={"X-Api-Key": SECRET})
    (one,) = client.get(JOURNAL).json["exchanges"]
    assert SECRET in one["request"]["text"] and SECRET in one["response"]["text"]
    assert SECRET not in json.dumps(one["request"]["headers"])
