"""The picture in the README, held by code: who may import whom."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# The longest matching prefix decides. A module that matches none stands in no row, and fails.
ROWS = {
    "contracts": 0,
    "contracts.errors": 0,
    "contracts.fact": 0,
    "contracts.model": 1,
    "contracts.scalars": 1,
    "contracts.naming": 1,
    "contracts.helppage": 2,
    "contracts.emit": 2,
    "contracts.console": 3,
    "contracts.describe": 3,
    "contracts.options": 3,
    "contracts.overlay": 3,
    "contracts.loading": 4,
    "contracts.conformance": 4,
    "mockserver": 0,
    "mockserver.webapi": 4,
    "mockserver.store": 4,
    "mockserver.journal": 4,
    "mockserver.har": 4,
    "mockserver.grade": 4,
    "mockserver.grade_routes": 4,
    "mockserver.cli_grade": 5,
    "mockserver.app": 4,
    "mockserver.auth": 4,
    "mockserver.error_answers": 4,
    "mockserver.faults": 4,
    "mockserver.tls": 4,
    "mockserver.controllers": 4,
    "mockserver.clock": 4,
    "mockserver.settings": 4,
    "mockserver.tenants": 4,
    "mockserver.wire": 4,
    "mockserver.control": 4,
    "mockserver.pages": 4,
    "mockserver.defects": 4,
    "mockserver.server": 4,
    "mockserver.workers": 4,
    "mockserver.telling": 4,
    "mockserver.explain": 4,
    "contracts.cli": 5,
    "contracts.pytest_plugin": 5,
    "mockserver.cli": 5,
    "mockserver.cli_serve": 5,
    "mockserver.cli_guards": 5,
    "mockserver.assembly": 5,
    "mockserver.demo": 5,
    "mockserver.proxy": 4,
    "mockserver.cli_proxy": 5,
    "mockserver.stub": 5,
    "mockserver.pytest_plugin": 5,
    "schemas": 0,
}
EXACT = {"contracts", "mockserver"}  # the bare packages hold a docstring only; nothing below them inherits their row


def unit_of(module: str) -> str:
    """The entry of ROWS that a module belongs to."""
    parts = module.split(".")
    for size in range(len(parts), 0, -1):
        name = ".".join(parts[:size])
        if name in ROWS and not (name in EXACT and size < len(parts)):
            return name
    raise AssertionError(f"{module} stands in no row: give it one in ROWS and in the README's picture")


def modules() -> list[tuple[str, Path]]:
    found = []
    for top in ("contracts", "mockserver", "schemas"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return found


def imports_of(module: str, path: Path) -> set[str]:
    """Every module of this project that a file imports, at its head or inside a function."""
    known = {name for name, _ in modules()}
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{source}.{alias.name}" if f"{source}.{alias.name}" in known else source for alias in node.names]
        else:
            continue
        found |= {name for name in names if name.split(".")[0] in ("contracts", "mockserver", "schemas")}
    return found


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_go_to_lower_rows_only(module: str, path: Path) -> None:
    unit = unit_of(module)
    for imported in imports_of(module, path):
        other = unit_of(imported)
        if other == unit:
            continue
        assert ROWS[other] <= ROWS[unit], f"{module} (row {ROWS[unit]}) imports {imported} (row {ROWS[other]})"
        one_package = unit.startswith("mockserver") and other.startswith("mockserver")
        if ROWS[other] == ROWS[unit] and not one_package:
            raise AssertionError(f"{module} imports {imported}: packages of one row do not see each other")


def test_the_judge_never_shares_the_accuseds_code() -> None:
    for module, path in modules():
        if module.startswith("contracts") and module != "contracts.cli":
            assert not any(name.startswith("mockserver") for name in imports_of(module, path)), module


def test_the_stub_is_never_shaped_by_the_suite() -> None:
    for module, path in modules():
        if module.startswith("mockserver") and ROWS[unit_of(module)] < 5:
            assert not any(name.startswith("contracts.conformance") for name in imports_of(module, path)), module


@pytest.mark.parametrize(
    "word", ["appointment", "locationexternal", "doctorexternal", "patientexternal", "cancelreason"]
)
def test_the_product_knows_the_shipped_page_by_no_name(word: str) -> None:
    told = [name for name, path in modules() if word in path.read_text(encoding="utf-8").lower()]
    assert not told


def test_every_file_of_the_product_is_under_300_lines() -> None:
    long = {name: n for name, path in modules() if (n := len(path.read_text(encoding="utf-8").splitlines())) > 300}
    assert not long


def test_every_file_opens_with_what_it_is() -> None:
    bare = [name for name, path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not bare


def test_the_top_level_holds_the_six_agreed_names_only() -> None:
    names = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    strangers = names - {"contracts", "mockserver", "schemas", "tests", "pyproject.toml", "README.md"}
    assert not {name for name in strangers if not name.endswith(".egg-info") and name not in ("build", "dist")}
