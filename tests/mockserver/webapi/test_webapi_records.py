"""What the store is given comes back as it was."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from invented import contract

from mockserver.webapi import records
from mockserver.webapi.dates import MAX, DateTime

MODEL = contract().models["Thing"]
_TEXT = st.text()
_RECORD = st.fixed_dictionaries(
    {
        "Text": st.none() | _TEXT, "Count": st.integers(), "Big": st.integers(), "Flag": st.booleans(),
        "Price": st.decimals(allow_nan=False, allow_infinity=False), "Ratio": st.floats(allow_nan=False),
        "When": st.builds(DateTime, st.integers(0, MAX), st.sampled_from(["unspecified", "utc", "local"])),
        "Code": st.uuids().map(str), "Maybe": st.none() | st.integers(), "Shade": st.integers(0, 1),
        "Id": st.uuids().map(str), "Key": st.none() | _TEXT,
    }
)  # fmt: skip


@given(_RECORD)
def test_a_record_survives_the_store(record: dict[str, object]) -> None:
    loaded = records.load(MODEL, records.dump(MODEL, record))
    assert loaded == record
    assert [type(value) for value in loaded.values()] == [type(record[name]) for name in loaded]


def test_a_decimals_zeros_are_kept() -> None:
    record = {prop.name: None for prop in MODEL.properties} | {"Price": Decimal("1.50")}
    assert str(records.load(MODEL, records.dump(MODEL, record))["Price"]) == "1.50"
