"""Whatever a client or a link sends is text on every page, never markup; and what cannot be shown breaks none."""

from urllib.parse import quote

import markup
import pytest
from flask.testing import FlaskClient
from shipped_record import record

PATH = "/api/Appointments"
EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}</pre></title>"
#: Elements that the pages have at all.
HARMLESS = frozenset(
    (
        "html", "head", "meta", "link", "script", "title", "body", "a", "header", "p", "nav", "ul", "li", "main", "div",
        "h1", "h2", "small", "span", "form", "label", "input", "select", "option", "button", "table", "thead", "tbody",
        "tr", "th", "td", "time", "details", "summary", "section", "dl", "dt", "dd", "pre", "code", "strong",
        "fieldset", "legend", "datalist", "br",
    )
)  # fmt: skip


def check(client: FlaskClient, path: str, *statuses: int) -> str:
    answer = client.get(path)
    assert answer.status_code in (statuses or (200,)), path
    text = answer.get_data(as_text=True)
    document = markup.read(text)
    assert not document.faults, path
    assert {one.tag for one in document.elements} <= HARMLESS, path
    assert len(document.all("script")) == (0 if "/rows" in path else 1)
    assert document.all("script")[0].text == "" if document.all("script") else True
    assert not [one for one in document.elements for name in one.attributes if name.startswith("on")], path
    assert "{{" in text or "7*7" not in text
    return text


def test_what_a_client_sent_is_text_wherever_it_is_shown(client: FlaskClient) -> None:
    client.post(PATH, json={**record(EVIL, EVIL), EVIL: {EVIL: [EVIL]}}, headers={"X-Evil": EVIL})
    client.post(f"{PATH}?{quote(EVIL)}={quote(EVIL)}", json={**record("K"), "start": EVIL})
    client.post(PATH, data={EVIL: EVIL, "ExternalId": EVIL}, headers={"Accept": EVIL})
    client.post(PATH, data=EVIL, headers={"Content-Type": "application/xml"})
    client.post(PATH, data=EVIL, headers={"Content-Type": f"text/{EVIL}"})
    client.post(PATH, data=f"<a><![CDATA[{EVIL}]]></a>", headers={"Content-Type": "text/xml"})
    client.open(f"/api/{quote(EVIL)}", method="PUT", data=EVIL, headers={"Referer": EVIL})
    client.post("/_portal/page/faults", data={"text": "status=503;count=1;key=<b>K</b>"})
    check(client, "/_portal/")
    check(client, "/_portal/page/rows?since=0")
    for number in range(1, 8):
        shown = check(client, f"/_portal/page/exchanges/{number}")
        assert "&lt;script&gt;" in shown or "%3Cscript%3E" in shown
    shown = check(client, f"/_portal/page/records/Appointments?find={quote(EVIL)}")
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    own = client.get("/_portal/records/Appointments").json["records"][0]["id"]
    for path in ("", f"/{own}"):
        assert "&lt;script&gt;" in check(client, f"/_portal/page/records/Appointments{path}")
    assert "&lt;b&gt;K&lt;/b&gt;" in check(client, "/_portal/page/faults")


@pytest.mark.parametrize(
    "path",
    [
        *(f"/_portal/?{name}={{}}" for name in ("contains", "operation", "key", "path", "injected", "method")),
        "/_portal/?done={}",
        "/_portal/page/settings?done={}",
        "/_portal/page/records/Appointments?offset={}",
    ],
)
def test_what_a_link_says_is_text(client: FlaskClient, path: str) -> None:
    client.post(PATH, json=record("K1"))
    check(client, path.format(quote(EVIL)))


@pytest.mark.parametrize("path", ["/_portal/?status={}", "/_portal/page/{}", "/_portal/page/records/{}",
                                  "/_portal/page/records/Appointments?find={}"])  # fmt: skip
def test_what_a_wrong_link_says_is_text(client: FlaskClient, path: str) -> None:
    check(client, path.format(quote(EVIL)), 400, 404)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings", {"mode": "strict", "zone": EVIL, "clock": EVIL, "body_limit": EVIL, "defects": EVIL}),
        ("/faults", {"text": EVIL}),
        ("/faults", {"kind": EVIL, "value": EVIL, "path": EVIL}),
        ("/tenants", {"name": EVIL}),
    ],
)
def test_a_form_that_is_refused_shows_what_was_typed_as_text(
    client: FlaskClient, path: str, form: dict[str, str]
) -> None:
    answer = client.post(f"/_portal/page{path}", data=form)
    assert answer.status_code == 400
    document = markup.read(answer.get_data(as_text=True))
    assert not document.faults
    assert {one.tag for one in document.elements} <= HARMLESS
    assert [one.text for one in document.elements if one.get("role") == "alert"]
    values = [one.get("value") for one in document.all("input")]
    assert EVIL in values or path == "/faults"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00\xd8\x00", "application/json"),
        (b'{"externalId":"\\ud800"}', "application/json"),
        (b"{" * 3000, "application/json"),
        (b"[1,", "application/json"),
        (b"<a>" * 3000, "application/xml"),
        (b"</a></b>text", "application/xml"),
        (b"%ff=%00&=&&%zz", "application/x-www-form-urlencoded"),
        (bytes(range(256)) * 1000, "application/octet-stream"),
        (b'{"externalId":"' + b"x" * 300_000 + b'"}', "application/json"),
    ],
    ids=range(9),
)
def test_no_body_breaks_its_page(client: FlaskClient, body: bytes, kind: str) -> None:
    client.post(PATH, data=body, headers={"Content-Type": kind})
    check(client, "/_portal/")
    check(client, "/_portal/page/exchanges/1")
    saved = client.get("/_portal/page/exchanges/1/request")
    assert (saved.data, saved.mimetype) == (body, "application/octet-stream")
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_a_credential_is_on_no_page(client: FlaskClient) -> None:
    headers = {"Authorization": "Bearer top-secret-token", "X-Api-Key": "top-secret-key"}
    client.post(f"{PATH}?token=top-secret-query", json=record("K1"), headers=headers)
    for path in ("/", "/page/exchanges/1", "/page/rows?since=0"):
        assert "top-secret" not in client.get(f"/_portal{path}").get_data(as_text=True)
