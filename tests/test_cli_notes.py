"""`--fail-on-notes`: a page that was not read in full is refused, before a command does anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from contracts.cli import main
from mockserver.cli import main as mock

FRAMES = Path(__file__).parent / "data" / "sites" / "Frames"


def run(*arguments: object, command: object = main) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], env={"COLUMNS": "80"})  # type: ignore[arg-type]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page whose model holds another, which no given page describes."""
    copy = tmp_path / "page.html"
    copy.write_bytes((FRAMES / "POST-api-Frames.html").read_bytes())
    return copy


def test_what_was_not_understood_is_exit_code_1_with_place_and_remedy(page: Path) -> None:
    done = run("read", page, "--fail-on-notes")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: 1 thing in the pages was not understood or left out\n  page.html, line ")
    assert "what to do: save the page that this word links to" in done.stderr


def test_emit_writes_nothing_then(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("emit", page, "--out", out, "--fail-on-notes").exit_code == 1
    assert not out.exists()
    assert run("emit", page, "--out", out).exit_code == 0


@pytest.mark.parametrize(
    "arguments", [("serve", "--port", "0"), ("explain", __file__), ("proxy", "--target", "http://127.0.0.1:9")]
)
def test_the_stub_portal_does_not_start_then(page: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--page", page, "--fail-on-notes", command=mock)
    assert done.exit_code == 1, done.output
    assert "1 thing in the pages was not understood" in done.stderr


def test_pages_that_were_read_in_full_pass_and_so_does_what_needs_nothing_done(tmp_path: Path) -> None:
    for name in ("POST-api-Frames.html", "ResourceModel-FrameMaterial.html"):
        (tmp_path / name).write_bytes((FRAMES / name).read_bytes())
    (tmp_path / "HelpPage.css").write_text("h1 {}", encoding="utf-8")  # noted, and nothing to do about
    done = run("read", tmp_path, "--fail-on-notes", "--only", "FrameModel")
    assert done.exit_code == 0, done.output
    assert run("requirements", "--fail-on-notes").exit_code == 0
