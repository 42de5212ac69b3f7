"""What the README says of a portal for a team: its commands parse, and its parts fit together."""

import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from mockserver.cli import main
from mockserver.store.records import EXCHANGES

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("\n## A portal for a team\n")[2].partition("\n## ")[0]
BLOCKS = dict(re.findall(r"^```(\w+)\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL))


def example(name: str) -> str:
    assert f"`tests/examples/{name}`" in SECTION
    return (ROOT / "tests" / "examples" / name).read_text(encoding="utf-8")


def unit() -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(example("portal.service"))
    return found


def parsed(words: list[str]) -> dict[str, Any]:
    """The options of a `serve` command as the program reads them; fails on one that it does not know."""
    serve = main.commands["serve"]
    return serve.make_context("serve", words, resilient_parsing=False).params


def served(line: str) -> list[str]:
    program, command, *words = shlex.split(line.replace("\\", "/"))
    assert Path(program).stem == "portal-mock"
    assert command == "serve"
    return words


def windows() -> str:
    found = re.search(r'/tr "(.*)"', BLOCKS["bat"])
    assert found is not None
    return found[1]


def test_the_units_command_parses_and_keeps_its_records_in_the_state_folder() -> None:
    service = unit()["Service"]
    options = parsed(served(service["ExecStart"]))
    assert options["store"] == f"sqlite:////var/lib/{service['StateDirectory']}/portal.db"
    assert options["workers"] == 2
    assert options["host"] == "127.0.0.1"
    assert options["control_token"] == f"env:{service['Environment'].partition('=')[0]}"
    assert service["RestartPreventExitStatus"] == "2"  # wrong usage does not get better by itself


def test_the_reverse_proxy_goes_where_the_unit_listens() -> None:
    options = parsed(served(unit()["Service"]["ExecStart"]))
    assert f"proxy_pass http://{options['host']}:{options['port']};" in example("portal.nginx")


def test_the_windows_task_parses_and_has_one_worker() -> None:
    options = parsed(served(windows()))
    assert (options["workers"], options["store"]) == (1, "sqlite:///C:/portal/portal.db")


@pytest.mark.parametrize("option", ["--stor x", "--workers 0", "--workers two"])
def test_a_command_that_is_wrong_would_be_seen(option: str) -> None:
    with pytest.raises(click.UsageError):
        parsed(shlex.split(option))


def test_the_extra_that_postgresql_needs_is_there() -> None:
    assert '".[postgres]"' in SECTION
    assert re.search(
        r"^postgres = \[\n\s+\"psycopg\[binary\]", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE
    )


def test_as_many_exchanges_are_kept_as_it_says() -> None:
    assert f"the last {EXCHANGES:,} exchanges" in SECTION
