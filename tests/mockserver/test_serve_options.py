"""The options of `portal-mock serve` that arrange the portal: seeds, tenants, limits, control, other origins, hints."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from portal_process import ROOT, ended, first_line, interrupt, portal_mock, url_in
from shipped_record import record

API = "/api/Appointments"


def test_a_portal_starts_as_its_options_say(tmp_path: Path) -> None:
    rows = tmp_path / "Appointments.json"
    rows.write_text(json.dumps([record("SEED-1")]), encoding="utf-8")
    options = ["--seed-records", str(rows), "--tenants", "1", "--body-limit", "1000", "--clock", "2031-05-06T07:08:09Z"]
    with portal_mock("serve", "--port", "0", *options, "--cors", "http://localhost:3000") as process:
        url = url_in(first_line(process))
        settings = requests.get(f"{url}/_portal/settings", timeout=30).json()
        assert (settings["body_limit"], settings["clock"]) == (1000, "2031-05-06T07:08:09Z")
        kept = requests.get(f"{url}/_portal/records/Appointments/by-key?key=SEED-1", timeout=30).json()
        assert kept["created"] == "2031-05-06T07:08:09.000Z"
        assert requests.post(url + API, data=b" " * 1001, timeout=30).status_code == 413
        statuses = [requests.get(f"{url}/t/{name}/_portal/health", timeout=30).status_code for name in "ab"]
        assert statuses == [200, 429]
        page = requests.get(url + API, headers={"Origin": "http://localhost:3000"}, timeout=30)
        assert page.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
        interrupt(process)
        assert process.communicate(timeout=30)[0] == ""


def test_a_token_from_the_environment_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_PORTAL_TOKEN", "s3cret")
    with portal_mock("serve", "--port", "0", "--control-token", "env:TEST_PORTAL_TOKEN") as process:
        url = url_in(first_line(process))
        assert requests.get(f"{url}/_portal/journal", timeout=30).status_code == 401
        bearing = {"Authorization": "Bearer s3cret"}
        assert requests.get(f"{url}/_portal/journal", headers=bearing, timeout=30).status_code == 200


def test_a_portal_without_its_control_api_answers_health(tmp_path: Path) -> None:
    with portal_mock("serve", "--port", "0", "--no-control") as process:
        url = url_in(first_line(process))
        assert requests.get(f"{url}/_portal/health", timeout=30).json() == {"status": "ok"}
        assert requests.get(f"{url}/_portal/", timeout=30).status_code == 404


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork on Windows")
def test_workers_have_the_same_records_and_settings(tmp_path: Path) -> None:
    rows = tmp_path / "Appointments.json"
    rows.write_text(json.dumps([record("SEED-1")]), encoding="utf-8")
    with portal_mock("serve", "--port", "0", "--workers", "2", "--seed-records", str(rows)) as process:
        url = url_in(first_line(process))
        requests.patch(f"{url}/t/a/_portal/settings", json={"strict": False}, timeout=30)
        # Each request is a connection of its own, so that both workers are asked.
        statuses = {requests.post(f"{url}/t/a{API}", json={}, timeout=30).status_code for _ in range(20)}
        versions = {requests.get(f"{url}/_portal/records", timeout=30).text for _ in range(20)}
        assert (statuses, len(versions)) == ({200}, 1)
        kept = requests.get(f"{url}/_portal/records/Appointments/by-key?key=SEED-1", timeout=30).json()
        assert kept["version"] == 1
        interrupt(process)
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--clock", "noon"], ["unknown clock 'noon'", "2030-01-07T09:00:00Z"]),
        (["--cors", "localhost"], ["no origin: 'localhost'", "http://localhost:3000"]),
        (["--control-token", "env:NO_SUCH_VARIABLE_HERE"], ["NO_SUCH_VARIABLE_HERE is not set", "env:NAME"]),
        (["--control-token", "x", "--no-control"], ["exclude each other", "leave one of them out"]),
        (["--seed-records", "no-such-file.csv"], ["no-such-file.csv cannot be read", "what to do: "]),
        (["--seed-records", "pyproject.toml"], ["no JSON", "what to do: "]),
        (["--defect", "nothing-like-it"], ["unknown defect", "portal-mock defects"]),
    ],
)
def test_an_option_that_makes_no_sense_ends_in_words_and_code_2(arguments: list[str], says: list[str]) -> None:
    code, out, err = ended("serve", "--port", "0", *arguments)
    assert (code, out) == (2, "")
    assert [words for words in says if words not in err] == []
    assert "Traceback" not in err


def test_help_is_pleasant_at_80_columns() -> None:
    code, out, _ = ended("serve", "--help")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    for option in (
        "--seed-records FILE",
        "--control-token TOKEN",
        "--no-control",
        "--cors ORIGIN",
        "--body-limit BYTES",
    ):
        assert option in out


def test_who_looks_at_the_root_is_told_once_where_to_look() -> None:
    with portal_mock("serve", "--port", "0") as process:
        url = url_in(first_line(process))
        for _ in range(3):
            assert requests.get(f"{url}/", timeout=30).status_code == 404
        interrupt(process)
        _, err = process.communicate(timeout=30)
    assert err == "INFO: / is none of the vendor's paths; this stub portal tells about itself at /_portal/\n"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise on Windows")
def test_whoever_reads_its_output_may_leave() -> None:
    """Standard output and error are one pipe, whose reader leaves after the first line; then there is much to log."""
    command = [sys.executable, "-m", "mockserver.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            assert process.stdout is not None
            url = url_in(process.stdout.readline().decode().rstrip("\n"))
            process.stdout.close()
            lossy = {**record(), "room": 7}
            assert [requests.post(url + API, json=lossy, timeout=30).status_code for _ in range(3)] == [200] * 3
            process.send_signal(2)
            assert process.wait(timeout=30) in (0, 141)
        finally:
            process.kill()


def test_a_store_in_the_home_folder_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    with portal_mock("serve", "--port", "0", "--store", "sqlite:///~/portal.db") as process:
        first_line(process)
        assert (tmp_path / "portal.db").is_file()
        interrupt(process)
        process.communicate(timeout=30)


def test_every_option_is_told_with_what_it_takes() -> None:
    _, out, _ = ended("serve", "--help")
    options = re.findall(r"^  (--[a-z-]+)", out, re.MULTILINE)
    assert len(options) == len(set(options)) >= 18


def test_of_a_whole_site_a_second_line_says_how_much_is_served_and_where_it_is_listed() -> None:
    sites = ROOT / "tests" / "data" / "sites"
    pages = ["--page", str(sites / "Frames"), "--page", str(sites / "Coatings")]
    with portal_mock("serve", "--port", "0", *pages) as process:
        url = url_in(first_line(process))
        assert first_line(process) == "8 operations on 2 resources, listed at /Help"
        assert requests.get(f"{url}/Help", timeout=30).text.count("/Help/Api/") == 8
        interrupt(process)
        assert process.communicate(timeout=30)[0] == ""


def test_a_portal_without_its_own_part_leads_nobody_there() -> None:
    with portal_mock("serve", "--port", "0", "--no-control") as process:
        assert "/_portal/" not in first_line(process)


def test_models_alone_cannot_be_served() -> None:
    page = ROOT / "tests" / "data" / "sites" / "Frames" / "ResourceModel-FrameModel.html"
    code, out, err = ended("serve", "--port", "0", "--page", str(page))
    assert (code, out) == (2, "")
    assert "describe models only" in err and "save the page of each operation as well" in err


def test_an_address_is_no_page_and_what_to_do_is_said() -> None:
    code, _, err = ended("serve", "--port", "0", "--page", "https://portal.example/Help")
    assert code == 2
    assert "https://portal.example/Help is an address" in err
    assert "open it in a browser, save the page" in err


def test_the_note_on_pages_names_the_command_that_shows_it(tmp_path: Path) -> None:
    folder = tmp_path / "saved pages"
    folder.mkdir()
    for name in ("index-camel.html", "Frames/POST-api-Frames.html", "Frames/ResourceModel-FrameMaterial.html"):
        page = ROOT / "tests" / "data" / "sites" / name
        (folder / page.name).write_bytes(page.read_bytes())
    request = tmp_path / "request.http"
    request.write_text("GET /api/Frames HTTP/1.1\n\n", encoding="utf-8")
    _, _, err = ended("explain", "--page", str(folder), str(request))
    assert f'portal-contract read "{folder}" shows what and where' in err
