"""The README's section on the control API: its commands run as they stand there, and PowerShell's say the same."""

import re
import shlex
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from contracts.helppage import shipped
from mockserver.app import create_app
from mockserver.server import serving
from mockserver.store import open_store

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Arrange states: the control API\n")[2].partition("\n## ")[0]
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL))
BASE = "http://127.0.0.1:8080"

#: What a call is: verb, URL, content type, file of the body, body.
Call = tuple[str, str, str, str, str]


def of_curl() -> list[Call]:
    found = []
    for line in BLOCKS["sh"].splitlines():
        words = shlex.split(line)
        assert words[:2] == ["curl", "-s"]
        (url,) = [word for word in words if word.startswith("http")]
        options = dict(pairwise(words))
        kind = options.get("-H", "").removeprefix("Content-Type: ")
        file, body = options.get("--data-binary", "").removeprefix("@"), options.get("-d", "")
        found.append((options.get("-X", "POST" if file or body else "GET"), url, kind, file, body))
    return found


def of_powershell() -> list[Call]:
    first, *lines = BLOCKS["powershell"].splitlines()
    portal = re.fullmatch(r'\$portal = "(\S+)"', first)
    assert portal is not None
    found = []
    for line in lines:
        url = re.match(r'Invoke-RestMethod "(\S+)"', line)
        assert url is not None
        options = dict(re.findall(r"-(\w+) ('[^']*'|\"[^\"]*\"|\S+)", line[url.end() :]))
        options = {name: value.strip("'\"") for name, value in options.items()}
        told = (options.get(name, "") for name in ("ContentType", "InFile", "Body"))
        found.append((options.get("Method", "Get").upper(), url[1].replace("$portal", portal[1]), *told))
    return found  # type: ignore[return-value]


def test_powershell_is_told_the_same_as_curl() -> None:
    assert of_powershell() == of_curl()
    assert len(of_curl()) == 7


def test_the_calls_do_what_the_section_says() -> None:
    with open_store("memory") as store, serving(create_app(shipped(), store)) as url:
        answers = []
        for verb, to, kind, file, body in of_curl():
            data = BLOCKS[file.rpartition(".")[2]] if file else body
            headers = {"Content-Type": kind} if kind else {}
            answers.append(
                requests.request(verb, to.replace(BASE, url), data=data.encode(), headers=headers, timeout=30)
            )
        tenants = requests.get(f"{url}/_portal/tenants", timeout=30).json()["tenants"]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 204, 204]
    seeded, found, kept, settings, restored, *_ = (answer.json() for answer in answers[:5])
    assert seeded["created"] == kept["records"] == restored["records"] == 1
    assert found["record"]["start"] == "2030-01-07T09:00:00"
    assert (settings["strict"], settings["clock"]) == (False, "2030-01-07T09:00:00Z")
    assert [tenant["name"] for tenant in tenants] == [""]


def test_every_setting_is_named() -> None:
    with open_store("memory") as store:
        settings = create_app(shipped(), store).test_client().get("/_portal/settings").json
    assert [name for name in settings if f"`{name}`" not in SECTION] == []


@pytest.mark.parametrize("path", sorted(set(re.findall(r"/_portal/[\w./-]+", SECTION))))
def test_every_path_is_there(path: str) -> None:
    with open_store("memory") as store:
        client = create_app(shipped(), store).test_client()
        client.put("/_portal/snapshots/before")
        client.get("/t/test-7/_portal/health")
        verbs = client.options(urlsplit(path).path).headers.get("Allow", "")
    assert verbs, path
