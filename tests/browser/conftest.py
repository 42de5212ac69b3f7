"""A Chromium for all tests of a process, and a portal with a tab for each."""

import os
from collections.abc import Iterator

import chromium
import pytest
from flask import Flask

from contracts import helppage
from mockserver.app import create_app
from mockserver.journal import routes
from mockserver.server import serving
from mockserver.store import open_store


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Browser]:
    program = chromium.found()
    if program is None or os.name == "nt":
        told = "there is no Chromium: install one, on Debian apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    opened = chromium.Browser(program, tmp_path_factory.mktemp("profile"))
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
def app() -> Iterator[Flask]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store)


@pytest.fixture
def portal(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(routes, "BEAT", 0.2)
    with serving(app) as url:
        yield url
        app.extensions["portal"].tenants.default.journal.close()


@pytest.fixture
def page(browser: chromium.Browser, portal: str) -> Iterator[chromium.Page]:
    """A tab; in the end it must have asked nobody but the portal, and nothing may have gone wrong in it."""
    with browser.page() as opened:
        yield opened
        strangers = [url for url in opened.requests if not url.startswith((portal + "/", "data:", "about:"))]
        assert strangers == []
        assert opened.troubles == []
