"""Where a grade's exchanges come from: journals in every format, HAR files of other portals, a running portal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import requests
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from contracts.errors import TargetError, UsageError
from mockserver.app import create_app
from mockserver.cli import main
from mockserver.grade import sources
from mockserver.server import serving
from mockserver.store import open_store

PATH = "/api/Appointments"
CONTRACT = helppage.shipped()
SITES = Path(__file__).parent.parent / "data" / "sites"
GOOD = {**record("K1"), "start": "2031-01-02T03:04:05Z", "end": "2031-01-02T04:04:05Z", "cancelReason": "moved"}
ACCEPT = {"Accept": "application/json"}


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(CONTRACT, store).test_client()


@pytest.fixture
def bad(client: FlaskClient) -> FlaskClient:
    """A portal whose client sends an unknown member, no Accept, a key in the address, and bytes that are no text."""
    client.post(PATH, json={**GOOD, "room": 7}, headers=ACCEPT)
    client.post(f"{PATH}?api_key=s3cret-1", json={**GOOD, "externalId": "K2"})
    client.post(PATH, data=b"\xff\xfe\x00", content_type="application/json", headers=ACCEPT)
    return client


def ran(*words: str, data: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["grade", *words], input=data)


def graded(data: str | bytes, *words: str) -> dict[str, Any]:
    done = ran("-", "--format", "json", *words, data=data)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == found["exit_code"]
    return found


def broken(found: dict[str, Any]) -> list[str]:
    return sorted(one["rule"] for one in found["findings"])


@pytest.mark.parametrize("form", ["json", "ndjson", "har"])
def test_the_journal_in_any_format_is_graded_as_it_is_by_the_portal_itself(bad: FlaskClient, form: str) -> None:
    here = bad.get("/_portal/grade").json
    there = graded(bad.get(f"/_portal/journal?format={form}").data)
    assert broken(here) == ["accept.named", "members.known", "request.taken", "secret.in-url"]
    for found in (here, there):
        del found["source"]
    assert there["findings"] == here["findings"]
    assert there["rules"] == here["rules"]
    assert "s3cret" not in json.dumps(there)


def entry(
    method: str = "POST", url: str = f"https://portal.example/site{PATH}", body: Any = None, status: int = 200,
    answer: Any = None, at: str = "2031-01-01T00:00:00.000Z", accept: str | None = "application/json",
) -> dict[str, Any]:  # fmt: skip
    """An entry as a browser writes it: HTTP/2's own headers, lower case, no word of the portal's."""
    headers = [{"name": ":method", "value": method}, *([{"name": "accept", "value": accept}] if accept else [])]
    posted = {"postData": {"mimeType": "application/json", "text": json.dumps(body)}} if body is not None else {}
    return {
        "startedDateTime": at,
        "time": 12.5,
        "request": {"method": method, "url": url, "httpVersion": "h2", "headers": headers, **posted},
        "response": {
            "status": status, "headers": [{"name": "content-type", "value": "application/json; charset=utf-8"}],
            "content": {"mimeType": "application/json", "text": json.dumps(answer)},
        },
    }  # fmt: skip


def har(*entries: dict[str, Any]) -> str:
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "invented", "version": "1"}, "entries": entries}})


ID = "00000000-0000-4000-8000-000000000001"


def test_of_a_har_from_elsewhere_only_the_portals_part_is_judged_and_the_rest_counted() -> None:
    found = graded(
        har(
            entry("GET", "https://cdn.example/font.woff"),
            entry(body=GOOD, answer={**GOOD, "id": ID}),
            entry("GET", "https://portal.example/site/assets/app.js"),
            entry("GET", "https://portal.example/other/api/x"),
            entry("OPTIONS"),
            entry(url="https://portal.example/site/api/Apointments", body=GOOD, status=404),
        )
    )
    assert (found["conclusion"], found["exchanges"]) == ("not clean", 2)
    assert broken(found) == ["route.path"]
    assert found["left_out"] == {
        "of another host": 1,
        "on another path": 2,
        "a browser's question before a request (OPTIONS)": 1,
    }


def test_what_another_portal_lost_is_worked_out_by_asking_the_stub() -> None:
    found = graded(har(entry(body={**GOOD, "room": 7}, answer={**GOOD, "id": ID})))
    assert broken(found) == ["members.known"]
    (finding,) = found["findings"]
    assert finding["cases"] == [{"about": "room", "sent": "7", "got": "nothing", "instead": ""}]
    assert '"externalId": "K1"' in finding["instead"] and "room" not in finding["instead"]


def test_what_is_sent_instead_is_told_for_what_it_mends_only() -> None:
    found = graded(har(entry(body={**GOOD, "start": "2031-01-02T03:04:05", "room": 7}, answer={**GOOD, "id": ID})))
    told = {one["rule"]: one["instead"] for one in found["findings"]}
    assert told["members.known"] is not None
    assert told["time.zone-said"] is None


@pytest.mark.parametrize(("sent", "rules"), [(ID, []), (ID[:-1] + "2", ["id.own"])])
def test_an_id_is_compared_with_the_one_that_the_other_portal_answered(sent: str, rules: list[str]) -> None:
    assert broken(graded(har(entry(body={**GOOD, "id": sent}, answer={**GOOD, "id": ID})))) == rules


def test_entries_are_taken_in_the_order_of_their_times() -> None:
    first = entry(body=GOOD, status=0, at="2031-01-01T00:00:00+00:00")
    second = entry(body={**GOOD, "externalId": "K2"}, answer={}, at="2031-01-01T02:00:01+02:00")
    (finding,) = graded(har(second, first))["findings"]
    assert finding["rule"] == "retry.same-key"
    assert finding["cases"][0]["sent"] == "K1, then K2"


def test_a_zone_can_be_given_for_another_portal() -> None:
    times = {"start": "2031-07-02T05:00:00+03:00", "end": "2031-07-02T06:00:00+03:00"}
    text = har(entry(body={**GOOD, **times}, answer={}))
    assert broken(graded(text)) == ["time.in-portal-zone"]
    assert broken(graded(text, "--zone", "Europe/Athens")) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no json", "it is no JSON"),
        ("", "it is no JSON"),
        ('{"number": 1}\n{"number"', "line 2 is no JSON"),
        ('{"exchanges": [{"number": 1}]}', "an exchange is not as the journal writes it"),
        ("5", "it is int, not exchanges"),
        (har({"request": {}, "response": {}}), "log.entries[0] is not as HAR 1.2 has it"),
        (har(5), "log.entries[0]"),  # type: ignore[arg-type]
        (har({**entry(), "startedDateTime": "soon"}), "entry 1"),
        ('{"log": {"entries": 5}}', "log.entries is not as HAR 1.2 has it"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_the_users_and_says_where(text: str, says: str) -> None:
    done = ran("-", data=text)
    assert done.exit_code == 2
    assert says in done.stderr
    assert "what to do" in done.stderr
    with pytest.raises(UsageError):
        sources.read(text.encode(), "a file", CONTRACT)


@pytest.mark.parametrize("words", [(), ("-", "--url", "http://127.0.0.1:9"), ("--url", "portal")])
def test_neither_or_both_inputs_are_wrong_usage(words: tuple[str, ...]) -> None:
    done = ran(*words)
    assert done.exit_code == 2
    assert "what to do" in done.stderr


def test_a_portal_that_is_not_there_is_not_shown() -> None:
    done = ran("--url", "http://127.0.0.1:9")
    assert done.exit_code == 3
    assert "start a stub portal" in done.stderr
    assert "HTTPConnection" not in done.stderr


def test_nothing_recorded_is_not_shown(client: FlaskClient) -> None:
    done = ran("-", data=client.get("/_portal/journal").data)
    assert done.exit_code == 3
    assert "NOT SHOWN" in done.stdout
    only_aside = ran("-", data=har(entry("GET", "https://cdn.example/font.woff")))
    assert only_aside.exit_code == 3
    assert "of another host" in only_aside.stdout


def test_a_running_portal_is_graded_by_its_address_and_tenant(tmp_path: Path) -> None:
    with open_store("memory") as store, serving(create_app(CONTRACT, store)) as url:
        requests.post(url + PATH, json=GOOD, headers=ACCEPT, timeout=20)
        requests.post(f"{url}/t/other{PATH}", json={**GOOD, "room": 7}, headers=ACCEPT, timeout=20)
        good, bad = ran("--url", url), ran("--url", url, "--tenant", "other", "--report", str(tmp_path))
        by_path = ran("--url", f"{url}/t/other/")
    assert (good.exit_code, bad.exit_code, by_path.exit_code) == (0, 1, 1)
    assert good.stdout.rstrip().splitlines()[-2].startswith("CLEAN")
    assert "members.known" in bad.stdout
    assert "\nS: System.Runtime.Serialization of the .NET Framework\n" in bad.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"grade.ndjson", "grade.junit.xml", "grade.html"}


def test_the_text_fits_eighty_columns_but_for_bodies_to_copy(bad: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = ran("-", data=bad.get("/_portal/journal").data).stdout
    assert max(len(line) for line in shown.splitlines() if '": "' not in line) <= 80
    assert "\x1b" not in shown


def test_the_level_that_counts_can_be_chosen(client: FlaskClient) -> None:
    client.post(PATH, json=record("K1"), headers=ACCEPT)  # times without a zone: information
    client.post(PATH, json={**GOOD, "externalId": "K2"})  # no Accept: a warning
    data = client.get("/_portal/journal").data
    codes = [ran("-", "--fail-level", level, data=data).exit_code for level in ("error", "warning", "info")]
    assert codes == [0, 1, 1]
    assert [client.get(f"/_portal/grade?fail_level={level}").json["exit_code"] for level in ("error", "info")] == [0, 1]


def test_ndjson_has_a_header_rules_findings_and_a_footer(bad: FlaskClient) -> None:
    lines = [json.loads(line) for line in bad.get("/_portal/grade?format=ndjson").get_data(as_text=True).splitlines()]
    kinds = [line["type"] for line in lines]
    assert kinds[0] == "header" and kinds[-1] == "footer"
    assert kinds == sorted(kinds, key=["header", "rule", "finding", "footer"].index)
    assert lines[0]["format"] == "portal-client-grade"
    assert lines[-1]["exit_code"] == 1
    findings = [line for line in lines if line["type"] == "finding"]
    assert all(line["evidence"] and line["exchanges"] and line["remedy"] for line in findings)


def test_junit_has_a_failure_for_what_is_broken_and_skips_what_was_not_seen(bad: FlaskClient) -> None:
    answer = bad.get("/_portal/grade?format=junit")
    assert answer.mimetype == "application/xml"
    root = ElementTree.fromstring(answer.data)
    found = {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}
    told = bad.get("/_portal/grade").json
    assert root.get("tests") == str(len(found)) == str(len(told["rules"]))
    assert {name for name, tags in found.items() if tags == ["failure"]} == {
        rule["id"] for rule in told["rules"] if rule["verdict"] == "broken"
    }
    not_seen = {rule["id"] for rule in told["rules"] if rule["verdict"] == "not seen"}
    assert not_seen and {name for name, tags in found.items() if tags == ["skipped"]} == not_seen


def test_html_is_one_file_that_fetches_nothing_and_runs_nothing(bad: FlaskClient) -> None:
    bad.post(PATH, json={**GOOD, "<script>alert(1)</script>": "<img src=x>"}, headers=ACCEPT)
    page = bad.get("/_portal/grade", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    text = page.get_data(as_text=True)
    assert "<script" not in text and "<img" not in text and "<link" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "s3cret" not in text


@pytest.mark.parametrize("query", ["format=yaml", "fail_level=none", "since=4"])
def test_a_wrong_word_in_the_query_is_400_that_says_what_there_is(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/_portal/grade?{query}")
    assert answer.status_code == 400
    assert "expected" in answer.json["error"] or "there are" in answer.json["error"]


def test_the_rules_are_listed_with_their_sources() -> None:
    done = ran("--rules")
    assert done.exit_code == 0
    assert "retry.same-key  (error)" in done.stdout
    assert done.stdout.count("source: ") == len(
        [line for line in done.stdout.splitlines() if line.endswith(("(error)", "(warning)", "(info)"))]
    )


def test_an_address_with_an_open_bracket_is_told() -> None:
    with pytest.raises(TargetError, match=r"(?s)http://\[portal.*what to do: start a stub portal"):
        sources.fetch("http://[portal", CONTRACT)


def test_a_portal_of_other_pages_is_graded_by_its_own_pages_only() -> None:
    frames = SITES / "Frames"
    with open_store("memory") as store, serving(create_app(helppage.read(frames), store)) as url:
        requests.get(f"{url}/api/Frames?externalId=F1", headers=ACCEPT, timeout=30)
        refused, done = ran("--url", url), ran("--url", url, "--page", str(frames))
    assert refused.exit_code == 2
    assert "serves what the pages at hand do not tell of: DELETE api/Frames/{id}, " in refused.stderr
    assert " and 2 more" in refused.stderr
    assert "1 exchange judged" in done.stdout


def test_a_value_of_a_uri_parameter_that_was_not_taken_is_told_by_its_name() -> None:
    contract = helppage.read(SITES / "StockCounts")
    with open_store("memory") as store:
        portal = create_app(contract, store).test_client()
        portal.get("/api/StockCounts/echo?text=a&number=x&limit=1", headers=ACCEPT)
        found = portal.get("/_portal/grade?format=json").json
    (one,) = [one for one in found["findings"] if one["rule"] == "request.taken"]
    (case,) = one["cases"]
    assert (case["about"], case["sent"]) == ("parameter number", "x")
    assert case["instead"] == "integer; The value 'x' is not valid for Int32."


def test_nothing_is_told_to_be_sent_instead_that_breaks_the_same_rule() -> None:
    contract = helppage.read(SITES / "OrderSheets")
    sheet = {"externalId": "k", "patientExternalId": "p", "delivery": {"city": "c", "street": "s"}, "items": [], "x": 1}
    with open_store("memory") as store:
        portal = create_app(contract, store).test_client()
        portal.post("/api/OrderSheets", json=sheet, headers=ACCEPT)
        found = {one["rule"]: one for one in portal.get("/_portal/grade?format=json").json["findings"]}
    assert found["contract.body"]["cases"][0]["got"] == "expected the member total, it is missing"
    assert found["contract.body"]["instead"] is None
    assert found["members.known"]["instead"] is not None
