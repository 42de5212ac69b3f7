"""The grade for people: a page of the portal with a way back, and a file that may load and run nothing."""

import base64
import hashlib
import re

import markup
from flask.testing import FlaskClient


def test_the_page_leads_to_the_exchanges_that_it_speaks_of(used: FlaskClient) -> None:
    document = markup.read(used.get("/_portal/page/grade").get_data(as_text=True))
    assert document.all("h1")[0].text == "Not clean"
    links = [one.get("href") for one in document.all("a") if "/page/exchanges/" in one.get("href")]
    assert "/_portal/page/exchanges/3" in links
    (here,) = [one for one in document.all("a") if one.get("aria-current") == "page"]
    assert (here.text, here.get("href")) == ("Grade", "/_portal/page/grade")


def test_a_tenants_grade_is_of_that_tenants_journal(used: FlaskClient) -> None:
    text = used.get("/t/alone/_portal/page/grade").get_data(as_text=True)
    assert "Not shown" in text
    assert "/t/alone/_portal/page/records" in text


def test_the_file_may_load_its_own_style_and_nothing_else(used: FlaskClient) -> None:
    answer = used.get("/_portal/grade?format=html")
    text = answer.get_data(as_text=True)
    (style,) = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    wanted = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    (policy,) = [one.get("content") for one in markup.read(text).all("meta") if one.get("http-equiv")]
    assert policy == wanted
    assert answer.headers["Content-Security-Policy"] == f"{wanted}; frame-ancestors 'none'"
    assert "<script" not in text


def test_of_many_pages_the_names_are_folded_away(used: FlaskClient) -> None:
    few = used.get("/_portal/page/grade").get_data(as_text=True)
    assert "judged by POST-api-Appointments.txt</p>" in few
    assert "<summary>judged by" not in few
