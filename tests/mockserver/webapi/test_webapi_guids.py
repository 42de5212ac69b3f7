"""Guids in the forms of System.Guid."""

import pytest

from mockserver.webapi import guids

GUID = "1b657c92-b04c-4123-a3de-09388147d9f7"


@pytest.mark.parametrize(
    "text",
    [
        GUID,
        GUID.upper(),
        "1b657c92b04c4123a3de09388147d9f7",
        "{1b657c92-b04c-4123-a3de-09388147d9f7}",
        "(1b657c92-b04c-4123-a3de-09388147d9f7)",
        "{0x1b657c92,0xb04c,0x4123,{0xa3,0xde,0x09,0x38,0x81,0x47,0xd9,0xf7}}",
        "{ 0x1b657c92, 0xb04c, 0x4123, { 0xa3, 0xde, 0x9, 0x38, 0x81, 0x47, 0xd9, 0xf7 } }",
        f" {GUID}\n",
    ],
)
def test_five_forms_are_one_guid(text: str) -> None:
    assert guids.read(text) == GUID


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "null", GUID[:-1], GUID + "x", GUID.replace("-", "", 1), "{" + GUID, "(" + GUID + "}",
     "{1b657c92b04c4123a3de09388147d9f7}", "1b657c92-b04c-4123-a3de-09388147d9fg", "{0x1b657c92,0xb04c}",
     "1b657c92-b04c-4123-a3de_09388147d9f7", "{}", "()"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(guids.GuidError):
        guids.read(text)


def test_a_group_may_begin_with_0x_as_a_quirk_of_the_number_parser() -> None:
    assert guids.read("0x657c92-b04c-4123-a3de-09388147d9f7") == "00657c92-b04c-4123-a3de-09388147d9f7"
