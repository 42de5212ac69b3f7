"""The emitted files: the same bytes every time, committed as they are, and drift is named."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from emit_zoo import zoo

from contracts.emit import emit, stale, write
from contracts.emit.names import safe, schema_names, xsd_names
from contracts.model import Contract

SEED_FILES = [
    "AppointmentModel.request.schema.json",
    "AppointmentModel.response.schema.json",
    "GlobalPortal.Api.Models.AppointmentsModel.xsd",
    "GlobalPortal.Api.Models.xsd",
    "Serialization.xsd",
    "openapi.json",
]
DIGEST = """
import hashlib
from contracts.emit import emit
from contracts.helppage import shipped
print(hashlib.sha256(repr(emit(shipped())).encode()).hexdigest())
"""


def test_the_shipped_page_gives_these_files(seed: Contract) -> None:
    assert list(emit(seed)) == SEED_FILES


def test_the_committed_schemas_are_those_of_the_shipped_page(seed: Contract, checkout: Path) -> None:
    assert stale(seed, checkout / "schemas") == []


def test_every_file_ends_with_one_line_feed_and_holds_no_carriage_return(seed: Contract) -> None:
    for contract in (seed, zoo()):
        for name, data in emit(contract).items():
            assert data.endswith(b"\n"), name
            assert not data.endswith(b"\n\n"), name
            assert b"\r" not in data, name
            data.decode("utf-8")


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_the_bytes_do_not_depend_on_the_run(seed: Contract, checkout: Path, hash_seed: str) -> None:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONUTF8": "1"}
    run = subprocess.run(
        [sys.executable, "-c", DIGEST], cwd=checkout, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == hashlib.sha256(repr(emit(seed)).encode()).hexdigest()


def test_what_was_written_is_not_stale(seed: Contract, tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    assert write(seed, folder) == SEED_FILES
    assert sorted(path.name for path in folder.iterdir()) == SEED_FILES
    assert stale(seed, folder) == []


def test_a_changed_a_missing_and_a_left_over_file_are_each_named(seed: Contract, tmp_path: Path) -> None:
    write(seed, tmp_path)
    (tmp_path / "openapi.json").write_bytes((tmp_path / "openapi.json").read_bytes().replace(b"\n", b"\r\n"))
    assert stale(seed, tmp_path) == ["openapi.json"]
    (tmp_path / "Serialization.xsd").unlink()
    assert stale(seed, tmp_path) == ["Serialization.xsd", "openapi.json"]
    (tmp_path / "Old.request.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "Old.xsd").write_text("<a/>", encoding="utf-8")
    assert stale(seed, tmp_path) == ["Old.request.schema.json", "Old.xsd", "Serialization.xsd", "openapi.json"]


def test_what_is_not_derived_is_left_alone(seed: Contract, tmp_path: Path) -> None:
    write(seed, tmp_path)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "Old.xsd").write_text("<a/>", encoding="utf-8")
    for name in ("report.schema.json", "__init__.py", "notes.txt", "other.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert stale(seed, tmp_path) == []


def test_a_folder_that_is_not_there_lacks_every_file(seed: Contract, tmp_path: Path) -> None:
    assert stale(seed, tmp_path / "nowhere") == SEED_FILES


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Plain.Name", "Plain.Name"),
        ("CON", "_CON"),
        ("aux.Models", "_aux.Models"),
        ("../../etc/passwd", "etc-passwd"),
        ("a:b*c?", "a-b-c"),
        ("Über", "ber"),
        ("...", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_file_name_is_safe_on_windows(text: str, stem: str) -> None:
    assert safe(text) == stem


def test_a_long_name_is_cut_and_stays_its_own() -> None:
    one, two = safe("a" * 300), safe("a" * 301)
    assert one != two
    assert max(len(one), len(two)) < 120


def test_names_that_differ_in_case_only_do_not_share_a_file() -> None:
    assert schema_names(["Thing", "thing", "Th?ng", "Th*ng"]) == {
        "Th*ng": "Th-ng",
        "Th?ng": "Th-ng-2",
        "Thing": "Thing",
        "thing": "thing-2",
    }


def test_a_namespace_never_takes_the_name_of_the_frameworks_own_files() -> None:
    base = "http://schemas.datacontract.org/2004/07/"
    names = xsd_names([f"{base}Arrays", f"{base}serialization", base, "", "urn:a/b"])
    assert names[f"{base}Arrays"] == "Arrays-2.xsd"
    assert names[f"{base}serialization"] == "serialization-2.xsd"
    assert names[base] == "global.xsd"
    assert names[""] == "no-namespace.xsd"
    assert names["urn:a/b"] == "urn-a-b.xsd"
