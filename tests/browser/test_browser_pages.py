"""The pages in a real Chromium: live, by keyboard, on a phone, in the dark, without a script, with hostile clients."""

from typing import Any

import chromium
import pytest
import requests
from flask import Flask

from mockserver.journal import routes
from mockserver.server import serving

pytestmark = pytest.mark.slow
PATH = "/api/Appointments"
ROWS = "[...document.querySelectorAll('tr[data-number]')].map(row => Number(row.dataset.number))"
#: Every page that shows something of an exchange or of a record.
PAGES = ("/_portal/", "/_portal/page/exchanges/2", "/_portal/page/exchanges/3", "/_portal/page/records",
         "/_portal/page/records/Appointments", "/_portal/page/records/Appointments?find=K1", "/_portal/page/settings",
         "/_portal/page/faults", "/_portal/page/tenants", "/_portal/page/how", "/Help",
         "/Help/Api/POST-api-Appointments", "/Help/ResourceModel?modelName=AppointmentModel")  # fmt: skip
# WCAG 2.2, 1.4.3 (contrast): texts whose colour is not 4.5 times as light or dark as what they stand on.
FAINT = """(() => {
  const light = c => { c = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; };
  const parts = text => { const v = text.match(/[\\d.]+/g).map(Number); return v[3] === 0 ? null : v.slice(0, 3); };
  const under = e => { for (; e; e = e.parentElement) {
    const c = parts(getComputedStyle(e).backgroundColor); if (c) return c; } };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), faint = [];
  for (let text; (text = texts.nextNode());) {
    const e = text.parentElement;
    if (!text.data.trim() || !e.checkVisibility() || e.closest("script, .spoken, .skip, option")) continue;
    const [a, b] = [light(parts(getComputedStyle(e).color)), light(under(e) || [255, 255, 255])].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.push(`${text.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return faint;
})()"""


def record(key: str, **more: Any) -> dict[str, Any]:
    """An invented record that the shipped page takes."""
    names = ("location", "doctor", "patient", "appointmentStatus")
    told = {f"{name}ExternalId": f"TEST {name}" for name in names}
    return {**told, "patientPracticeManagementSystemId": "TEST pms", "externalId": key, **more}


def post(portal: str, key: str, **more: Any) -> requests.Response:
    return requests.post(portal + PATH, json=record(key, **more), timeout=20)


def some(portal: str) -> None:
    """1 good, 2 lossy, 3 refused."""
    post(portal, "K1")
    post(portal, "K2", room=7)
    post(portal, "K3", start="soon")


def test_a_request_shows_while_the_page_is_open_without_a_reload(page: chromium.Page, portal: str) -> None:
    post(portal, "K1")
    page.go(f"{portal}/_portal/")
    page.ask("window.mark = 1")
    page.until("document.querySelector('[data-live-word]').textContent === 'live'")
    post(portal, "K2", room=7)
    page.until(f"{ROWS}.length === 2")
    row = page.ask("document.querySelector('tr[data-number]').innerText")
    assert "POST /api/Appointments" in row and "1 lost" in row and "json.unknown" in row
    page.until("document.querySelector('[data-spoken]').textContent === '1 new exchange'")
    assert page.ask("document.querySelector('[data-spoken]').getAttribute('aria-live')") == "polite"
    for number in range(30):
        post(portal, f"L{number}")
    page.until(f"{ROWS}.length === 32")
    assert page.ask(ROWS) == list(range(32, 0, -1))
    assert (page.ask("window.mark"), page.loaded) == (1, 1)
    assert page.ask("document.querySelector('[data-count]').textContent") == "32"
    assert page.ask("document.querySelector('[data-refresh]').checkVisibility()") is False


def test_an_exchange_is_opened_and_left_by_keyboard_alone(page: chromium.Page, portal: str) -> None:
    some(portal)
    page.go(f"{portal}/_portal/")
    page.press("Tab")
    assert page.ask("document.activeElement.textContent") == "Skip to the content"
    assert page.ask("document.activeElement.getBoundingClientRect().left") >= 0
    page.press("Enter")
    page.until("document.activeElement.id === 'main'")
    page.tab_to("e.closest('tr') && e.closest('tr').dataset.number === '3'")
    shown = "getComputedStyle(document.activeElement, '::after')"
    assert page.ask(f"{shown}.outlineStyle") == "solid" and page.ask(f"parseFloat({shown}.outlineWidth)") >= 2
    page.press("Tab")
    page.follow("Enter")
    assert page.ask("location.pathname") == "/_portal/page/exchanges/2"
    assert "json.unknown" in page.ask("document.querySelector('main').innerText")
    page.tab_to("e.textContent.startsWith('Byte by byte')")
    page.press("Enter")
    assert page.ask("document.querySelector('pre.bytes').checkVisibility()") is True
    page.go(f"{portal}/_portal/page/exchanges/2")
    page.tab_to("e.textContent === 'Newer: 3'")
    page.follow("Enter")
    assert page.ask("document.querySelector('h1 .code').textContent") == "400"


def test_every_control_can_be_reached_by_tab_in_the_order_of_the_page_and_is_seen(
    page: chromium.Page, portal: str
) -> None:
    some(portal)
    for path in ("/_portal/", "/_portal/page/exchanges/2", "/_portal/page/settings", "/_portal/page/faults"):
        page.go(portal + path)
        every = "[...document.querySelectorAll('a, button, input, select, summary, pre')]"
        reached = "e => e.checkVisibility() && !(e.type === 'radio' && !e.checked)"
        count = page.ask(f"(window.order = {every}.filter({reached})).length")
        met = []
        for _ in range(count):
            page.press("Tab")
            met.append(page.ask("window.order.indexOf(document.activeElement)"))
        assert met == list(range(count)), path


def test_a_filter_is_typed_and_holds_for_what_comes_later(page: chromium.Page, portal: str) -> None:
    some(portal)
    page.go(f"{portal}/_portal/")
    page.tab_to("e.name === 'key'")
    page.type("K2")
    page.follow("Enter")
    assert page.ask(ROWS) == [2]
    page.until("document.querySelector('[data-live-word]').textContent === 'live'")
    post(portal, "K1")
    post(portal, "K2")
    page.until(f"{ROWS}.length === 2")
    assert page.ask(ROWS) == [5, 2]
    page.tab_to("e.textContent === 'Show all'")
    page.follow("Enter")
    assert page.ask(ROWS) == [5, 4, 3, 2, 1]


def test_the_mode_is_switched_on_the_page(page: chromium.Page, portal: str) -> None:
    assert post(portal, "K1", doctorExternalId="").status_code == 400
    page.go(f"{portal}/_portal/page/settings")
    page.tab_to("e.name === 'mode'")
    page.press("ArrowDown")
    page.tab_to("e.textContent === 'Change the settings'")
    page.follow("Enter")
    assert page.ask("document.querySelector('[role=status]').textContent").startswith("The settings are changed")
    assert page.ask("document.querySelector('.pill').textContent") == "lenient"
    assert post(portal, "K1", doctorExternalId="").status_code == 200


def test_a_fault_is_arranged_on_the_page_and_seen_in_the_journal(page: chromium.Page, portal: str) -> None:
    page.go(f"{portal}/_portal/page/faults")
    page.tab_to("e.name === 'text'")
    page.type("status=503;count=1")
    page.follow("Enter")
    assert page.ask("document.querySelector('tbody th').textContent") == "status=503;count=1"
    page.go(f"{portal}/_portal/")
    page.until("document.querySelector('[data-live-word]').textContent === 'live'")
    assert (post(portal, "K1").status_code, post(portal, "K1").status_code) == (503, 200)
    page.until(f"{ROWS}.length === 2")
    assert "fault: status 503" in page.ask("document.querySelector('tr[data-number=\"1\"]').innerText")


def test_the_journal_is_paused_and_goes_on_with_what_came_meanwhile(page: chromium.Page, portal: str) -> None:
    page.go(f"{portal}/_portal/")
    page.until("document.querySelector('[data-live-word]').textContent === 'live'")
    page.tab_to("e.textContent === 'Pause'")
    page.press(" ")
    assert page.ask("document.activeElement.getAttribute('aria-pressed')") == "true"
    post(portal, "K1")
    page.until("document.querySelector('[data-live-word]').textContent === 'paused'")
    assert page.ask(ROWS) == []
    page.press("Enter")
    page.until(f"{ROWS}.length === 1")
    requests.delete(f"{portal}/_portal/journal", timeout=20)
    page.until(f"{ROWS}.length === 0 && document.querySelector('[data-empty]').checkVisibility()")


def test_a_page_comes_back_by_itself_to_a_portal_that_was_started_again(
    browser: chromium.Browser, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "BEAT", 0.2)
    journal = app.extensions["portal"].tenants.default.journal
    with browser.page() as page:
        with serving(app) as url:
            some(url)
            page.go(f"{url}/_portal/")
            page.until("document.querySelector('[data-live-word]').textContent === 'live'")
            journal.close()
        page.until("document.querySelector('[data-live-word]').textContent.startsWith('no connection')")
        journal.clear()
        with serving(app, port=int(url.rpartition(":")[2])):
            post(url, "NEW")
            page.until(f"{ROWS}.length === 1")
            page.until("document.querySelector('[data-live-word]').textContent === 'live'")
            assert page.loaded == 1
            page.go("about:blank")
            journal.close()


def test_without_a_script_the_journal_is_a_list_with_a_link_to_refresh_it(page: chromium.Page, portal: str) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    some(portal)
    page.go(f"{portal}/_portal/")
    assert page.ask(ROWS) == [3, 2, 1]
    assert page.ask("document.querySelector('[data-live-state]').checkVisibility()") is False
    post(portal, "K4")
    page.tab_to("e.textContent === 'Refresh'")
    page.follow("Enter")
    assert page.ask(ROWS) == [4, 3, 2, 1]


def test_reset_needs_two_steps_and_no_script(page: chromium.Page, portal: str) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    some(portal)
    page.go(f"{portal}/_portal/page/settings")
    page.tab_to("e.tagName === 'SUMMARY' && e.textContent.startsWith('Reset everything')")
    page.press("Enter")
    page.tab_to("e.textContent === 'Yes, reset everything'", most=2)
    page.follow("Enter")
    assert requests.get(f"{portal}/_portal/health", timeout=20).json()["records"] == 0


def test_a_command_is_copied_by_its_button(browser: chromium.Browser, page: chromium.Page, portal: str) -> None:
    post(portal, "K1")
    page.go(f"{portal}/_portal/page/exchanges/1")
    page.tab_to("e.textContent === 'Copy as curl'")
    page.press("Enter")
    page.until("document.activeElement.textContent === 'Copied'")
    page.until("document.activeElement.textContent === 'Copy as curl'")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_fits_its_width_and_can_be_read_in_light_and_dark(
    page: chromium.Page, portal: str, width: int, dark: bool
) -> None:
    some(portal)
    requests.post(f"{portal}{PATH}?{'long' * 60}", data=b"<x>" * 200, headers={"Content-Type": "text/xml"}, timeout=20)
    page.look(width, dark)
    for path in (*PAGES, "/_portal/page/exchanges/4"):
        page.go(portal + path)
        assert page.ask("document.documentElement.scrollWidth") <= width, path
        red, green, blue = page.ask("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
        assert (max(red, green, blue) < 60) if dark else (min(red, green, blue) > 240), path
        assert page.ask(FAINT) == [], path


def test_nothing_that_a_client_sent_runs(page: chromium.Page, portal: str) -> None:
    evil = "\"'><script>window.evil=1</script><img src=x onerror='window.evil=1'><svg onload=window.evil=1>"
    page.go(f"{portal}/_portal/")
    page.until("document.querySelector('[data-live-word]').textContent === 'live'")
    requests.post(f"{portal}{PATH}?{evil}", json={**record(evil), evil: evil}, headers={"X-E": evil}, timeout=20)
    requests.post(f"{portal}/api/{evil}", data=evil, headers={"Content-Type": evil}, timeout=20)
    page.until(f"{ROWS}.length === 2")
    assert page.ask("[document.querySelectorAll('main script, main img, main svg').length, typeof window.evil]") == [
        0, "undefined",
    ]  # fmt: skip
    for path in ("/page/exchanges/1", "/page/exchanges/2", "/page/records/Appointments"):
        page.go(f"{portal}/_portal{path}")
        assert page.ask("document.querySelector('main').innerText.includes('window.evil=1')") or "2" in path
        assert page.ask("[document.querySelectorAll('main script, main img').length, typeof window.evil]") == [
            0, "undefined",
        ]  # fmt: skip
