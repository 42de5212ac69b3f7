"""`portal-contract read` on a whole site: the index first, details by name, notes with lines, overlays both ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main

SITES = Path(__file__).parent / "data" / "sites"
FRAMES = SITES / "Frames"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={"COLUMNS": "80"})


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML pages of one site alone, with its index."""
    folder = tmp_path_factory.mktemp("site")
    for page in (*FRAMES.glob("*.html"), SITES / "index-camel.html"):
        (folder / page.name).write_bytes(page.read_bytes())
    return folder


def test_a_site_is_shown_as_an_index_within_80_columns(pages: Path) -> None:
    done = run("read", pages)
    assert done.exit_code == 0, done.output
    assert max(map(len, done.stdout.split("\n"))) <= 80
    lines = done.stdout.split("\n")
    assert lines[0] == "9 pages (html), 5 operations, 3 models, JSON in camelCase"
    assert "  POST api/Frames  upsert by ExternalId" in lines
    assert "  GET api/Frames?externalId" in lines
    assert "  FrameMaterial  3 values" in lines
    assert "index-camel.html, line 38: 15 of 20 listed operations have no page" in done.stdout
    assert len(lines) < 60


def test_details_are_asked_for_by_name(pages: Path) -> None:
    done = run("read", pages, "--only", "get api/frames?externalid")
    assert done.exit_code == 0, done.output
    assert "GET api/Frames?externalId" in done.stdout
    assert "POST api/Frames " not in done.stdout
    assert "Inferred, by these rules" in done.stdout
    assert max(map(len, done.stdout.split("\n"))) <= 80
    model = run("read", pages, "--only", "FrameMaterial").stdout
    assert "in JSON as numbers" in model and "FrameModel" not in model
    everything = run("read", pages, "--all").stdout
    assert "POST api/Frames  upsert by ExternalId" in everything and "DELETE api/Frames/{id}" in everything


def test_a_name_that_nothing_has_is_an_error_with_the_nearest(pages: Path) -> None:
    done = run("read", pages, "--only", "FrameModle")
    assert done.exit_code == 2
    assert "nothing is called 'FrameModle'" in done.stderr
    assert "did you mean 'FrameModel'?" in done.stderr


def test_what_was_not_understood_is_told_and_is_no_failure(tmp_path: Path) -> None:
    page = (FRAMES / "POST-api-Frames.html").read_text(encoding="utf-8").replace(">decimal number", ">money")
    page = page.replace("                        decimal number", "                        money")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    done = run("read", tmp_path / "page.html")
    assert done.exit_code == 0, done.output
    assert "Not understood, or left out" in done.stdout
    assert "'money'" in done.stdout
    listed = run("requirements", "--page", tmp_path / "page.html")
    assert listed.stderr.startswith("note: ")
    assert f"portal-contract read {tmp_path / 'page.html'} shows what and where" in listed.stderr
    document = json.loads(run("read", tmp_path / "page.html", "--json").stdout)
    assert {"page", "line", "what", "remedy", "broken"} == set(document["notes"][0])


def test_what_many_pages_have_alike_is_told_once_and_what_needs_nothing_done_last(tmp_path: Path) -> None:
    for page in FRAMES.glob("*-api-*.html"):
        text = page.read_text(encoding="utf-8").replace("</h1>", " Try it</h1>", 1)
        (tmp_path / page.name).write_text(text, encoding="utf-8")
    notes = run("read", tmp_path).stdout.partition("Not understood, or left out (6)\n")[2].split("\n")
    said = " ".join(line.strip() for line in notes)
    assert said.startswith("GET-api-Frames-id.html, line ")
    assert "'FrameMaterial' is no type word" in said.partition("'Try it' behind")[0]
    assert said.count("'Try it' behind the path is left out (4 times more)") == 1


def test_an_overlay_is_printed_filled_in_and_given_back(tmp_path: Path, pages: Path) -> None:
    template = run("read", pages, "--settle").stdout
    assert 'author = ""' in template
    assert "[models.FrameModel.members.Stock]" in template
    overlay = tmp_path / "contract.toml"
    overlay.write_text('author = "Jo Green"\n[models.FrameModel]\nkey = "Name"\n', encoding="utf-8")
    for command in (["read", pages, "--only", "FrameModel"], ["requirements", "--page", pages]):
        done = run(*command, "--overlay", overlay)
        assert done.exit_code == 0, done.output
    shown = run("read", pages, "--only", "FrameModel", "--overlay", overlay).stdout
    assert "the client's key Name  settled by Jo Green" in shown
    model: dict[str, Any] = json.loads(run("read", pages, "--json", "--overlay", overlay).stdout)["models"][
        "FrameModel"
    ]
    assert model["key"]["value"] == "Name"
    assert model["key"]["evidence"][0]["author"] == "Jo Green"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("key = 1", "names no author"),
        ('author = "Jo"\n[models.FrameModle]', "did you mean 'FrameModel'?"),
        ('author = "Jo"\n[models', "is no TOML"),
    ],
)
def test_an_overlay_that_is_wrong_ends_in_words_and_code_2(tmp_path: Path, pages: Path, text: str, words: str) -> None:
    overlay = tmp_path / "contract.toml"
    overlay.write_text(text, encoding="utf-8")
    done = run("read", pages, "--overlay", overlay)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "what to do:" in done.stderr


def test_an_overlay_is_a_toml_file(tmp_path: Path, pages: Path) -> None:
    assert "does not end in .toml" in run("read", pages, "--overlay", tmp_path / "facts.txt").stderr
    assert "cannot read the overlay" in run("read", pages, "--overlay", tmp_path / "none.toml").stderr
