"""Large and hostile input ends in a contract or a clear error; what it costs grows with its size, not faster.

Each case is large enough that a step for every pair of lines would not end; no time is measured.
"""

from __future__ import annotations

from importlib import resources

import pytest
from truth import SITES

from contracts.errors import PortalError
from contracts.helppage import read

SEED = (resources.files("schemas") / "pages" / "POST-api-Appointments.txt").read_text(encoding="utf-8")
HTML = (SITES / "Frames" / "POST-api-Frames.html").read_text(encoding="utf-8")
ROW = "<tr><td>a{}</td><td>b</td><td>string</td><td>None.</td></tr>"
MEMBER = '"locationExternalId": "sample string 1"'
PLAIN = "POST api/X\n\nD\n\nRequest Information\n\nURI Parameters\n\nNameDescriptionTypeAdditional information\n\n"
GROUP = "g\n| API | Description |\n|---|---|\n| GET api/x |\nd |\n"
CASES = {
    "open tags": "<div>" * 40_000,
    "nested tags": "<div>" * 40_000 + "</div>" * 40_000,
    "open comments": "<!--" * 40_000,
    "open attributes": '<a "' * 40_000,
    "signs": "<" * 40_000,
    "lines": "word\n" * 40_000,
    "rows": SEED[:600] + "| x | y |\n" * 20_000,
    "paragraphs": PLAIN + "x\n\n" * 20_000,
    "groups": GROUP * 10_000,
    "members": HTML.replace("<tbody>", "<tbody>" + "".join(ROW.format(i) for i in range(5_000)), 1),
    "numbers": SEED.replace(MEMBER, '"x": [' + "1,\n" * 40_000 + "1]"),
    "keys": SEED.replace("api/Appointments", "api/Appointments?" + "&".join(f"a{i}=b" for i in range(4_000)), 1),
    "media types": SEED.replace("application/json, text/json", ", ".join(["text/json"] * 4_000)),
    "brackets": SEED.replace(MEMBER, '"x": ' + "[" * 40_000),
    "headings in cells": "<h1>GET api/x</h1><table><tr><th>Name</th></tr>" + "<tr><td><h3>a</h3></td>" * 8_000,
    "cells without a table": "<td><h1>GET api/x</h1><td><h2>b</h2>" * 8_000,
    "tables in cells": "<table><tr><td>" * 10_000 + "<h1>GET api/x</h1>",
    "lists": "<ul><li>" * 20_000,
    "Markdown": "# GET api/x\n\n" + "> " * 5_000 + "\n\n" + "| a | b |\n| - | - |\n" * 1_000 + "[" * 40_000,
    "a type of types": HTML.replace("FrameMaterial", "Collection of " * 5_000),
    "ten megabytes": "x" * 10_000_000,
}


@pytest.mark.parametrize("name", CASES)
def test_large_input_ends(name):
    try:
        read(CASES[name].encode())
    except PortalError as error:
        assert str(error)


def test_what_is_larger_than_any_page_is_refused_at_once():
    with pytest.raises(PortalError, match="has 10,000,000 characters"):
        read(CASES["ten megabytes"].encode())
