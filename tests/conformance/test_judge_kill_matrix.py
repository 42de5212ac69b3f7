"""Every defect of the stub is convicted, for the requirement it names, and in few findings; what is written is so."""

import pytest
from judging import DEFECTS, SURVIVING, cited, committed, row_of, with_needs
from matrix import README, table

#: More findings than this for one defect are too many for a reader.
FEW = 6


@pytest.mark.parametrize("name", [name for name in DEFECTS if name not in SURVIVING])
def test_a_defect_is_convicted_by_the_requirement_it_names(name: str) -> None:
    row = row_of(name, include=with_needs(cited(DEFECTS[name])))
    assert row.verdict == "killed", row.convicted


@pytest.mark.slow
@pytest.mark.parametrize("name", DEFECTS)
def test_the_whole_register_convicts_a_defect_as_it_is_written_down(name: str) -> None:
    row = row_of(name)
    assert row.as_data() == committed()[name], f"{name}: to write the matrix anew: python tests/matrix.py --write"
    assert row.verdict == ("survived" if name in SURVIVING else "killed")
    assert len(row.convicted) <= FEW


def test_the_matrix_has_every_defect_and_no_other() -> None:
    assert list(committed()) == list(DEFECTS)


def test_no_survivor_is_hidden() -> None:
    assert {name for name, row in committed().items() if row["verdict"] != "killed"} == set(SURVIVING)


def test_the_table_in_the_readme_is_the_matrix() -> None:
    assert table() in README.read_text(encoding="utf-8")
