"""The journal as a page: what stands in its rows, what an exchange shows side by side, and how it grows."""

import json
import re
import shlex
import subprocess
from shutil import which
from typing import Any

import markup
import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from shipped_record import record

from mockserver.pages import bodies, compared
from mockserver.server import serving

PATH = "/api/Appointments"


def numbers(text: str) -> list[int]:
    return [int(one.get("data-number")) for one in markup.read(text).all("tr") if one.get("data-number")]


def cells(client: FlaskClient, number: int) -> list[list[str]]:
    """The table of what was sent and kept, each row its cells' words; a row of one cell says why."""
    text = client.get(f"/_portal/page/exchanges/{number}").get_data(as_text=True)
    table = text[text.index('<h2 id="members">') : text.index("<h2", text.index('<h2 id="members">') + 9)]
    body = re.search(r"<tbody>(.*)</tbody>", table, re.DOTALL)
    assert body
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body[1], re.DOTALL)
    return [
        [markup.read(cell).elements[0].text.strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def test_the_newest_exchange_stands_first_and_each_row_says_what_became_of_it(used: FlaskClient) -> None:
    document = markup.read(used.get("/_portal/").get_data(as_text=True))
    rows = [one for one in document.all("tr") if one.get("data-number")]
    assert [one.get("data-number") for one in rows] == ["7", "6", "5", "4", "3", "2", "1"]
    assert [one.get("class") for one in rows] == ["lossy", "refused", "refused", "refused", "refused", "lossy", "good"]
    words = [" ".join(one.text.split()) for one in rows]
    assert "form 200 1 lost form.blank" in words[0]
    assert "JSON 400 refused start" in words[4]
    assert "GET /api/Apointments?page=2 404 refused no such operation" in words[2]
    assert "JSON 200 2 lost json.unknown, time.zone-moved" in words[5]
    assert "JSON 200 all kept" in words[6]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("losses=any", [7, 2]),
        ("status=4xx", [6, 5, 4, 3]),
        ("key=K2", [2]),
        ("contains=appointmentstatusexternalid&status=200", [7, 2, 1]),
        ("operation=none", [5]),
        ("operation=&status=&losses=&key=&contains=", [7, 6, 5, 4, 3, 2, 1]),
        ("status=200&losses=none", [1]),
    ],
)
def test_a_filter_shows_what_the_journals_own_finds_and_stays_in_the_form(
    used: FlaskClient, query: str, found: list[int]
) -> None:
    text = used.get(f"/_portal/?{query}").get_data(as_text=True)
    assert numbers(text) == found
    assert numbers(used.get(f"/_portal/page/rows?{query}&since=0").get_data(as_text=True)) == found
    kept = {one.get("name"): one.get("value") for one in markup.read(text).all("input")}
    for name, _, value in (pair.partition("=") for pair in query.split("&")):
        assert name in ("operation", "losses") or kept[name] == value


def test_the_list_shows_the_newest_hundred(client: FlaskClient) -> None:
    for _ in range(103):
        client.get("/api/none")
    assert numbers(client.get("/_portal/").get_data(as_text=True)) == list(range(103, 3, -1))


def test_the_script_is_given_what_came_since_and_told_when_the_journal_was_begun_anew(used: FlaskClient) -> None:
    answer = used.get("/_portal/page/rows?since=5")
    assert numbers(answer.get_data(as_text=True)) == [7, 6]
    assert (answer.headers["Portal-Seen"], answer.headers["Portal-Anew"]) == ("7", "")
    used.delete("/_portal/journal")
    used.post(PATH, json=record("K1"))
    answer = used.get("/_portal/page/rows?since=7")
    assert numbers(answer.get_data(as_text=True)) == [1]
    assert (answer.headers["Portal-Seen"], answer.headers["Portal-Anew"]) == ("1", "yes")


def test_the_page_names_where_its_events_come_from_and_one_comes(app: Flask) -> None:
    with serving(app) as url:
        page = markup.read(requests.get(f"{url}/_portal/?losses=any", timeout=20).text)
        (table,) = [one for one in page.all("table") if "data-journal" in one.attributes]
        assert table.get("data-since") == "0"
        with requests.get(url + table.get("data-events"), stream=True, timeout=20) as stream:
            lines = stream.iter_lines(chunk_size=1, decode_unicode=True)
            assert next(lines).startswith("retry:")
            requests.post(url + PATH, json=record("K1"), timeout=20)
            requests.post(url + PATH, json={**record("K2"), "room": 1}, timeout=20)
            event = {}
            while "data" not in event:
                name, _, value = next(lines).partition(": ")
                event[name] = value
        assert (event["event"], event["id"]) == ("exchange", "2")
        rows = requests.get(f"{url}{table.get('data-rows')}0", timeout=20)
        assert numbers(rows.text) == [2]
        app.extensions["portal"].tenants.default.journal.close()


def test_an_exchange_shows_each_member_as_sent_and_kept_and_why_it_was_lost(used: FlaskClient) -> None:
    rows = cells(used, 2)
    assert rows[0] == ["Start", "2031-01-02T03:04:05+02:00", "2031-01-02T01:04:05+00:00", "changed"]
    assert rows[1][0].startswith("time.zone-moved: The moment is the same, the clock is not")
    assert "Rule: J Utilities/DateTimeUtils.cs" in rows[1][0]
    assert rows[2] == ["room", "7", "–", "lost"]
    assert rows[3][0].startswith("json.unknown: The model has no member of this name")
    assert "Use a name of the page's table" in rows[3][0]
    assert ["ExternalId", "K2", "K2", "kept"] in rows
    assert [row[3] for row in rows if row[0] == "Id"] == ["the portal's own"]


def test_a_member_sent_twice_has_two_rows_each_with_its_own_loss(client: FlaskClient) -> None:
    client.post(PATH, json={**record("K1"), "Start": "2031-01-02T03:04:05+02:00"})
    rows = cells(client, 1)
    assert [row[1] for row in rows if row[0] == "Start"] == ["2031-01-02T03:04:05", "2031-01-02T03:04:05+02:00"]
    assert rows[1][0].startswith("json.duplicate")
    assert rows[3][0].startswith("time.zone-moved")


def test_every_loss_of_an_exchange_is_told_once(client: FlaskClient) -> None:
    told = {
        "members": [{"member": "A", "name": "a", "sent": 1, "kept": 1, "lost": ""}],
        "losses": [
            {"member": member, "reason": reason, "sent": "x", "kept": None, "rule": "R"}
            for member, reason in (("", "json.rest"), ("a.b", "json.unknown"), ("['a b']", "json.unknown"),
                                   ("page", "query.ignored"), ("A", "json.duplicate"))
        ],
        "response": {"status": 200},
    }  # fmt: skip
    lines = compared.lines(told)
    assert sorted(why.reason for line in lines for why in line.why) == [
        "json.duplicate", "json.rest", "json.unknown", "json.unknown", "query.ignored",
    ]  # fmt: skip
    assert [(line.member, len(line.why)) for line in lines] == [("A", 2), ("the body", 1), ("['a b']", 1), ("page", 1)]


def test_a_refused_exchange_shows_what_it_was_nearest_to_and_what_the_answer_keeps_to_itself(
    used: FlaskClient,
) -> None:
    text = markup.read(used.get("/_portal/page/exchanges/3").get_data(as_text=True)).all("main")[0].text
    assert "The portal refused it: nothing was kept." in text
    assert re.search(r"What it was nearest to\s+POST api/Appointments", text)
    assert re.search(r"start\s*the portal does not take this value\s*soon", text)
    assert "Could not convert string to DateTime: soon." in text
    other = markup.read(used.get("/_portal/page/exchanges/5").get_data(as_text=True)).all("main")[0].text
    assert "the path is another" in other and "did you mean /api/Appointments?" in other


@pytest.mark.skipif(which("curl") is None, reason="there is no curl")
def test_the_command_to_copy_sends_the_same_again(app: Flask) -> None:
    with serving(app) as url:
        requests.post(url + PATH, json=record("K\u00e9'1"), timeout=20)
        page = markup.read(requests.get(f"{url}/_portal/page/exchanges/1", timeout=20).text)
        (command,) = [one.text for one in page.all("pre") if one.get("id") == "curl"]
        subprocess.run(shlex.split(command), check=True, capture_output=True)
        told = requests.get(f"{url}/_portal/journal", timeout=20).json()["exchanges"]
    assert told[0]["request"]["text"] == told[1]["request"]["text"]
    assert told[0]["response"]["text"] == told[1]["response"]["text"]


def test_a_body_is_shown_by_lines_and_byte_by_byte() -> None:
    json_type, xml_type = [("Content-Type", "application/json")], [("content-type", "text/xml; charset=utf-8")]
    assert bodies.read(json_type, b'{"a":1.0,"b":[]}').text == '{\n  "a": 1.0,\n  "b": []\n}'
    assert json.loads(bodies.read(json_type, b'{"a":{"b":"c,d"}}').text) == {"a": {"b": "c,d"}}
    assert bodies.read(xml_type, b"<a><b>1 &lt;</b><c/><d></d></a>").text == (
        "<a>\n  <b>1 &lt;</b>\n  <c/>\n  <d></d>\n</a>"
    )
    assert bodies.read(xml_type, b"<?xml version='1.0'?><a>x</a>").text == "<?xml version='1.0'?>\n<a>x</a>"
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    assert bodies.read(form, b"A=1+2&B=%26&C").text == "A = 1 2\nB = &\nC"
    shown = bodies.read([], b"\x00A\xff")
    assert (shown.kind, shown.size, shown.text) == ("", 3, "\\x00A\N{REPLACEMENT CHARACTER}")
    assert shown.dump.split() == ["000000", "00", "41", "ff", "·A·"]


def test_the_journal_is_emptied_by_a_form_that_asks_twice(used: FlaskClient) -> None:
    form = next(one for one in markup.read(used.get("/_portal/").get_data(as_text=True)).all("form")
                if one.get("action").endswith("/forget"))  # fmt: skip
    assert form.within("details") and form.get("method") == "post"
    answer = used.post(form.get("action"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/_portal/?done=forgotten")
    text = used.get(answer.headers["Location"]).get_data(as_text=True)
    assert "The journal is empty." in text and numbers(text) == []
    assert "Try it with the page's own sample" in text


def test_a_row_tells_a_fault_that_was_arranged(client: FlaskClient) -> None:
    client.post("/_portal/page/faults", data={"kind": "status", "value": "503", "count": "1"})
    client.post(PATH, json=record("K1"))
    row: Any = markup.read(client.get("/_portal/?injected=any").get_data(as_text=True)).all("tr")[1]
    assert "fault: status 503" in row.text and row.get("class") == "failed"
    shown = client.get("/_portal/page/exchanges/1").get_data(as_text=True)
    assert "The portal was told to fail here: status 503" in shown
