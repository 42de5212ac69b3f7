"""The stub portal inside a test: from Python, and as the fixture of pytest."""

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import unittest
from pathlib import Path

import pytest
import requests
from shipped_record import record

from contracts.errors import UsageError
from mockserver.stub import StubPortal

pytest_plugins = ["pytester"]
PATH = "/api/Appointments"


@pytest.fixture(scope="module")
def server():
    with StubPortal() as running:
        yield running


def send(portal, key="TEST-1", **members):
    headers = {"Accept": "application/json"}
    return requests.post(portal.url + PATH, json={**record(key), **members}, headers=headers, timeout=10)


def test_what_a_client_stored_is_shown_as_the_portal_has_it(server):
    with server.tenant() as portal:
        answer = send(portal, cancelReason="rain")
        assert portal.records("appointments") == [answer.json()]
        assert portal.record("Appointments", "TEST-1")["cancelReason"] == "rain"


def test_tenants_of_one_server_see_nothing_of_each_other(server):
    with server.tenant() as one, server.tenant("another") as other:
        send(one)
        assert one.url != other.url
        assert (len(one.records("Appointments")), other.records("Appointments")) == (1, [])
        assert (len(one.journal), len(other.journal)) == (1, 0)


def test_a_tenant_is_gone_with_its_block(server):
    with server.tenant("brief") as portal:
        send(portal)
    with server.tenant("brief") as again:
        assert again.records("Appointments") == []


def test_the_journal_is_filtered_as_the_route_filters(server):
    with server.tenant() as portal:
        send(portal)
        requests.get(portal.url + "/api/Nothing", timeout=10)
        assert [one["response"]["status"] for one in portal.journal] == [200, 404]
        assert portal.journal.count(status="4xx") == 1
        assert portal.journal.find(key="TEST-1")[0]["request"]["method"] == "POST"
        portal.journal.clear()
        assert len(portal.journal) == 0


def test_settings_are_changed_for_one_tenant(server):
    with server.tenant() as portal, server.tenant() as other:
        assert send(portal, doctorExternalId=None).status_code == 400
        assert portal.settings(strict=False)["strict"] is False
        assert send(portal, doctorExternalId=None).status_code == 200
        assert other.settings()["strict"] is True


def test_records_are_seeded_all_or_none(server):
    with server.tenant() as portal:
        with pytest.raises(UsageError, match=r"Appointments 2 start: expected a date"):
            portal.seed({"Appointments": [record("A"), {**record("B"), "start": "soon"}]})
        assert portal.records("Appointments") == []
        portal.seed({"Appointments": [record("A"), record("B")]})
        assert [one["externalId"] for one in portal.records("Appointments")] == ["A", "B"]


def test_reset_brings_back_the_start(server):
    with server.tenant() as portal:
        portal.settings(strict=False)
        send(portal)
        portal.reset()
        assert portal.records("Appointments") == []
        assert portal.settings()["strict"] is True


def test_a_good_client_is_graded_clean_and_a_careless_one_is_not(server):
    with server.tenant() as good:
        send(good)
        good.assert_graded_clean()
    with server.tenant() as careless:
        send(careless, doctorExternalld="a name that is not there")
        with pytest.raises(AssertionError, match="doctorExternalld"):
            careless.assert_graded_clean()


def test_nothing_sent_is_no_clean_client(server):
    with server.tenant() as portal, pytest.raises(AssertionError, match="not shown"):
        portal.assert_graded_clean()


def test_what_is_asked_wrongly_says_what_there_is(server):
    with server.tenant() as portal:
        for ask, words in (
            (lambda: portal.records("Nothing"), "there is no resource Nothing"),
            (lambda: portal.record("Appointments", "none"), "no record with the key 'none'"),
            (lambda: portal.settings(colour="red"), "unknown setting 'colour'"),
            (lambda: portal.journal.find(colour="red"), "unknown filter colour"),
        ):
            with pytest.raises(UsageError, match=words):
                ask()


def test_another_page_is_served(tmp_path):
    from contracts import helppage

    contract = helppage.shipped()
    (tmp_path / "page.html").write_text(helppage.write(contract, "html"), encoding="utf-8", newline="")
    with StubPortal(tmp_path / "page.html", strict=False) as portal:
        assert send(portal, doctorExternalId=None).status_code == 200


def test_a_file_keeps_the_records_from_one_portal_to_the_next(tmp_path):
    store = f"sqlite:///{tmp_path / 'portal.db'}"
    with StubPortal(store=store) as first:
        drawn = send(first).json()["id"]
    with StubPortal(store=store) as second:
        assert second.record("Appointments", "TEST-1")["id"] == drawn


def test_a_stopped_portal_answers_no_more_and_can_start_again():
    portal = StubPortal()
    url = portal.start().url
    with pytest.raises(UsageError, match="runs already"):
        portal.start()
    portal.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=10)
    with portal:
        assert portal.records("Appointments") == []


def test_it_serves_unittest_as_well():
    class Client(unittest.TestCase):
        def test_stores(self) -> None:
            with StubPortal() as portal:
                send(portal)
                self.assertEqual(len(portal.records("Appointments")), 1)

    result = unittest.TestResult()
    Client("test_stores").run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


def test_threads_have_tenants_with_names_of_their_own(server):
    made: list[str] = []

    def one() -> None:
        with server.tenant() as portal:
            made.append(portal.url)

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 20


TESTS = """
import requests

RECORD = {record!r}


def test_one(portal):
    assert requests.post(portal.url + "/api/Appointments", json=RECORD, timeout=10).status_code == 200
    assert len(portal.records("Appointments")) == 1


def test_two_begins_empty(portal, portal_server):
    assert portal.records("Appointments") == []
    assert portal_server.settings()["zone"] == "Europe/Athens"
"""


@pytest.fixture
def suite(pytester):
    pytester.makeconftest(
        """
import pytest


@pytest.fixture(scope="session")
def portal_options():
    return {"zone": "Europe/Athens"}
"""
    )
    pytester.makepyfile(TESTS.format(record=record()))
    return pytester


def test_the_fixture_gives_each_test_a_portal_of_its_own(suite):
    suite.runpytest_subprocess("-n0").assert_outcomes(passed=2)


@pytest.mark.slow
def test_the_fixture_works_in_several_processes(suite):
    suite.runpytest_subprocess("-n2").assert_outcomes(passed=2)


README = Path(__file__).parents[2] / "README.md"


def recipe(name: str) -> str:
    assert f"`tests/examples/{name}`" in README.read_text(encoding="utf-8")
    return (README.parent / "tests" / "examples" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["portal.test.mjs", "StubPortal.java", "StubPortal.cs"])
def test_what_a_recipe_asks_the_portal_for_is_there(server, name):
    routes = set(re.findall(r"/_portal(/health|/records/\w+)", recipe(name).replace("{resource}", "Appointments")))
    assert routes == {"/health", "/records/Appointments"}
    assert "serve" in recipe(name)
    with server.tenant() as portal:
        assert portal.call("GET", "/health")["status"] == "ok"
        assert portal.call("GET", "/records/Appointments")["total"] == 0


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine")
def test_the_recipe_for_javascript_runs(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = json.dumps([sys.executable, "-m", "mockserver.cli"])
    text = recipe("portal.test.mjs").replace("8099", port)
    text = text.replace('spawn("portal-mock", [', f"spawn({command}[0], [...{command}.slice(1), ")
    text += f"""
async function book(url, key) {{
  const headers = {{ "Content-Type": "application/json" }};
  const body = JSON.stringify({{ ...{json.dumps(record())}, externalId: key }});
  await fetch(url + "{PATH}", {{ method: "POST", headers, body }});
}}
"""
    (tmp_path / "recipe.test.mjs").write_text(text, encoding="utf-8")
    ran = subprocess.run(["node", "--test", tmp_path / "recipe.test.mjs"], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stdout


def test_the_options_of_the_readme_serve_other_pages(pytester):
    block = re.search(r"```python\n(@pytest.fixture.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
    site = Path(__file__).parents[1] / "data" / "sites" / "Frames"
    pytester.makeconftest(f"import pytest\n\n\n{block.replace('saved/help', site.as_posix())}")
    pytester.makepyfile("def test_pages(portal):\n    assert portal.records('Frames') == []\n")
    pytester.runpytest_subprocess("-n0").assert_outcomes(passed=1)
