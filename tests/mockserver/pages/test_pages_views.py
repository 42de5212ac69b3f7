"""Every page for people: answers, is well-formed, leads only where something is, and can be used by keyboard."""

import base64
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import markup
import pytest
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.control import Options
from mockserver.pages import views
from mockserver.store import open_store

PATH = "/api/Appointments"
PAGES = (
    "/", "/?losses=any", "/?contains=nothing-like-it", "/page/exchanges/1", "/page/exchanges/2", "/page/exchanges/3",
    "/page/exchanges/4", "/page/exchanges/5", "/page/exchanges/6", "/page/exchanges/7", "/page/records",
    "/page/records/Appointments", "/page/records/Appointments?find=K1", "/page/settings", "/page/faults",
    "/page/tenants", "/page/grade", "/page/how", "/page/settings?done=settings",
)  # fmt: skip
NOT_THERE = ("/page/exchanges/99", "/page/records/Nothing", "/page/records/Appointments/none", "/page/none",
             "/page/records/Appointments?find=none", "/page/exchanges/1/middle")  # fmt: skip


def page(client: FlaskClient, path: str, status: int = 200) -> markup.Document:
    answer = client.get(f"/_portal{path}")
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return markup.read(answer.get_data(as_text=True))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed_and_has_one_heading_a_language_and_a_way_past_its_head(
    used: FlaskClient, path: str
) -> None:
    document = page(used, path)
    assert not document.faults
    ids = [one.get("id") for one in document.elements if one.get("id")]
    assert len(set(ids)) == len(ids)
    assert [one.get("lang") for one in document.all("html")] == ["en"]
    assert len(document.all("h1")) == len(document.all("main")) == 1
    assert document.all("title")[0].text.endswith("Stub portal")
    first = document.all("a", "button", "input", "select")[0]
    assert (first.get("href"), first.text) == ("#main", "Skip to the content")


@pytest.mark.parametrize("path", PAGES)
def test_everything_that_can_be_used_is_a_link_or_a_control_with_a_name(used: FlaskClient, path: str) -> None:
    document = page(used, path)
    for one in document.all("a"):
        assert one.get("href") and one.text.strip(), one
    for one in document.all("button", "summary"):
        assert one.text.strip(), one
    for one in document.all("input", "select"):
        assert one.within("label"), one
        assert one.get("name"), one
    for one in document.all("button"):
        assert one.get("type") == "button" or one.within("form"), one
    for one in document.elements:
        assert not [name for name in one.attributes if name.startswith("on") or name == "style"], one
        assert int(one.get("tabindex") or 0) in (0, -1)
        for target in (one.get("aria-labelledby"), one.get("aria-describedby"), one.get("data-copy"), one.get("list")):
            assert not target or target in {other.get("id") for other in document.elements}, one
    assert document.all("style") == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_its_policy_says_so(used: FlaskClient, path: str) -> None:
    answer = used.get(f"/_portal{path}")
    policy = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    document = markup.read(answer.get_data(as_text=True))
    assert [(one.get("src"), one.text.strip()) for one in document.all("script")] == [("/_portal/static/portal.js", "")]
    loaded = [one.get("src") or one.get("href") for one in document.all("script", "link", "img", "iframe")]
    assert set(loaded) == {"/_portal/static/portal.js", "/_portal/static/portal.css", "data:,"}


def test_every_link_of_every_page_leads_somewhere(used: FlaskClient) -> None:
    used.post("/_portal/page/tenants", data={"name": "other"})
    used.get("/t/other/_portal/")
    seen, left = set(), ["/_portal/", "/t/other/_portal/"]
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = used.get(path)
        assert answer.status_code in (200, 308), path
        if answer.mimetype != "text/html" or "/grade" in path:
            continue
        document = markup.read(answer.get_data(as_text=True))
        for one in document.all("a", "link", "script"):
            where = urlsplit(urljoin(path, one.get("href") or one.get("src")))
            if where.scheme == "data":
                continue
            assert not where.netloc
            left.append(where.path + (f"?{where.query}" if where.query else ""))
    assert {"/_portal/page/exchanges/7/request", "/t/other/_portal/page/settings", "/Help"} <= seen
    assert any(path.startswith("/_portal/page/records/Appointments/") for path in seen)


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_there_is_a_page_that_says_so_and_leads_back(used: FlaskClient, path: str) -> None:
    document = page(used, path, 404)
    assert not document.faults
    assert "/_portal/" in {one.get("href") for one in document.all("a")}


def test_a_wrong_verb_and_a_filter_that_makes_no_sense_are_pages_that_say_so(used: FlaskClient) -> None:
    assert used.post("/_portal/page/how").status_code == 405
    assert used.get("/_portal/page/reset").status_code == 405
    document = page(used, "/?status=soon", 400)
    assert "expected 400 or 4xx" in document.all("main")[0].text


def test_style_and_script_are_served_and_nothing_else_is(client: FlaskClient) -> None:
    for name, kind in (("portal.css", "text/css"), ("portal.js", "text/javascript")):
        answer = client.get(f"/_portal/static/{name}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert not re.search(rb"https?://|@import|url\(", answer.data)
    for name in ("help.css", "../views.py", "..%2fviews.py", "portal.js.map"):
        assert client.get(f"/_portal/static/{name}").status_code == 404


def test_a_page_of_another_origin_may_send_no_form_of_ours(used: FlaskClient) -> None:
    origin = {"Origin": "http://evil.test"}
    posts = [path for verb, path, _ in views.PAGES if verb == "POST"]
    for path in posts:
        concrete = re.sub(r"<[^>]*name>", "Appointments", path).replace("<id>", "1").replace("<int:number>", "1")
        assert used.post(f"/_portal/page{concrete}", headers=origin).status_code == 403
    assert used.get("/_portal/records").json == {"records": {"Appointments": 3}}


def test_a_tenants_pages_show_that_tenants_exchanges_and_links_only(used: FlaskClient) -> None:
    used.post(f"/t/other{PATH}", json=record("OWN"))
    shown = used.get("/t/other/_portal/").get_data(as_text=True)
    assert "tenant other" in shown
    assert shown.count("<tr class=") == 1
    links = {one.get("href") for one in markup.read(shown).all("a")}
    assert all(link.startswith(("/t/other/", "#")) for link in links)
    assert used.get("/t/other/_portal/page/exchanges/2").status_code == 404


def test_the_pages_ask_for_the_token_that_the_control_api_asks_for() -> None:
    with open_store("memory") as store:
        client = create_app(helppage.shipped(), store, options=Options(token="a-long-token")).test_client()
        basic = {"Authorization": "Basic " + base64.b64encode(b"anybody:a-long-token").decode()}
        for path in ("/_portal/", "/_portal/page/settings", "/_portal/static/portal.js"):
            refused = client.get(path)
            assert refused.status_code == 401 and "Basic" in refused.headers["WWW-Authenticate"]
            assert client.get(path, headers=basic).status_code == 200
        assert client.get("/Help").status_code == 200
        closed = create_app(helppage.shipped(), store, options=Options(off=True)).test_client()
        assert [closed.get(path).status_code for path in ("/_portal/", "/_portal/page/settings")] == [404, 404]


def test_the_readme_names_every_page_that_the_head_leads_to(client: FlaskClient) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    told = readme.partition("## In the browser\n")[2].partition("\n## ")[0]
    document = markup.read(client.get("/_portal/").get_data(as_text=True))
    (nav,) = document.all("nav")
    names = {one.text for one in document.all("a") if nav in one.around}
    assert names - {"How to use"} == set(re.findall(r"\*\*(.+?)\*\*", told))
    labels = [one.text.split()[0].casefold() for one in document.all("label")]
    assert labels == ["contains", "operation", "status", "losses", "key"]


def test_processes_that_share_a_store_show_what_each_of_them_was_sent(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with open_store(url) as one, open_store(url) as other:
        apps = [create_app(helppage.shipped(), store, keep_journal=True, shared=True) for store in (one, other)]
        here, there = (app.test_client() for app in apps)
        here.post(PATH, json=record("K1"))
        there.post(PATH, json=record("K2"))
        for client in (here, there):
            page = markup.read(client.get("/_portal/").get_data(as_text=True))
            assert "data-shared" in next(one for one in page.all("table")).attributes
            rows = client.get("/_portal/page/rows?since=1")
            assert len(markup.read(rows.get_data(as_text=True)).all("tr")) == 2
            assert rows.headers["Portal-Anew"] == "yes"
