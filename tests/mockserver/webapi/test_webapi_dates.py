"""Dates as .NET reads and writes them; expectations from the framework's documentation and the recording."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from mockserver.webapi import dates, liberal_dates, xsd_dates
from mockserver.webapi.dates import DateError, DateTime

NOON = 639_159_120_000_000_000  # new DateTime(2026, 6, 1, 12, 0, 0).Ticks


def test_ticks_count_hundreds_of_nanoseconds_since_year_one() -> None:
    assert dates.ticks_of(2026, 6, 1, 12) == NOON
    assert dates.ticks_of(1970, 1, 1) == 621_355_968_000_000_000
    assert dates.MAX == 3_155_378_975_999_999_999


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (DateTime(NOON), "2026-06-01T12:00:00"),
        (DateTime(NOON, "utc"), "2026-06-01T12:00:00Z"),
        (DateTime(NOON, "local"), "2026-06-01T12:00:00+00:00"),
        (DateTime(NOON + 1_000_000), "2026-06-01T12:00:00.1"),
        (DateTime(NOON + 1), "2026-06-01T12:00:00.0000001"),
        (DateTime(0), "0001-01-01T00:00:00"),
        (DateTime(dates.MAX), "9999-12-31T23:59:59.9999999"),
    ],
)
def test_a_date_is_written_by_its_kind_and_without_trailing_zeros(value: DateTime, text: str) -> None:
    assert dates.write(value, UTC) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-01T12:00:00", "2026-06-01T12:00:00"),
        ("2026-06-01T12:00:00z", "2026-06-01T12:00:00Z"),
        ("2026-06-01T12:00:00-05", "2026-06-01T17:00:00+00:00"),
        ("2026-06-01T12:00:00+0530", "2026-06-01T06:30:00+00:00"),
        ("2026-06-01T12:00:00+15:00", "2026-05-31T21:00:00+00:00"),
        # Digits eight and nine pass as minutes of an offset that is not there.
        ("2026-06-01T12:00:00.123456789", "2026-06-01T12:00:00.1234567"),
        # DateTimeParser.ParseZone: so does a colon with no digits after it.
        ("2026-06-01T12:00:00:", "2026-06-01T12:00:00"),
        ("2026-06-01T12:00:00+02:", "2026-06-01T10:00:00+00:00"),
        ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59.9999999+00:00"),
        ("/Date(1780315200000)/", "2026-06-01T12:00:00Z"),
        ("/Date(1780315200000-0700)/", "2026-06-01T12:00:00+00:00"),
        ("/Date(-62135596800000)/", "0001-01-01T00:00:00Z"),
        pytest.param(f"/Date({'0' * 5000}1780315200000)/", "2026-06-01T12:00:00Z", id="many zeros"),
    ],
)
def test_json_net_sees_a_date(text: str, expected: str) -> None:
    found = dates.read_json(text, UTC)
    assert found is not None
    assert dates.write(found, UTC) == expected


@pytest.mark.parametrize(
    "text",
    ["2026-06-01", "2026-06-01 12:00:00", "2026-06-01t12:00:00", "2026-02-29T00:00:00", "2026-06-01T24:00:00",
     "2026-06-01T12:00:00.12345678Z", "2026-06-01T12:00:00.12345678", "2026-06-01T12:00:00.", "/Date(x)/",
     "/Date()/", "Date(0)", ""],
)  # fmt: skip
def test_json_net_sees_no_date_of_its_own_accord(text: str) -> None:
    assert dates.read_json(text, UTC) is None


@pytest.mark.parametrize(
    "digits", ["9223372036854775808", "-9223372036854775809", "9" * 20, "9" * 5000, "-" + "9" * 5000]
)
def test_a_number_beyond_64_bits_is_no_microsoft_date(digits: str) -> None:
    assert dates.read_json(f"/Date({digits})/", UTC) is None


@pytest.mark.parametrize("text", ["/Date(300000000000000)/", "/Date(0+x)/", "/Date(0+1)/"])
def test_a_microsoft_date_that_cannot_be_is_an_error(text: str) -> None:
    with pytest.raises(DateError):
        dates.read_json(text, UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06/01/2026", "2026-06-01T00:00:00"),
        ("6/1/26 9:05", "2026-06-01T09:05:00"),
        ("1/2/30", "1930-01-02T00:00:00"),
        ("1/2/29", "2029-01-02T00:00:00"),
        ("2026/06/01", "2026-06-01T00:00:00"),
        ("2026-06", "2026-06-01T00:00:00"),
        ("June 2026", "2026-06-01T00:00:00"),
        ("1 June 2026", "2026-06-01T00:00:00"),
        ("Jun 1, 2026 9:05 PM", "2026-06-01T21:05:00"),
        ("1-Jun-2026 12:00 AM", "2026-06-01T00:00:00"),
        ("Monday, 01 June 2026 09:00:00", "2026-06-01T09:00:00"),
        ("Mon, 01 Jun 2026 09:00:00 GMT", "2026-06-01T09:00:00Z"),
        ("2026-06-01 09:00:00.5", "2026-06-01T09:00:00.5"),
        ("2026-06-01 09:00 -03:30", "2026-06-01T12:30:00+00:00"),
        ("9:00 6/1/2026", "2026-06-01T09:00:00"),
        ("2026-06-01t09:00z", "2026-06-01T09:00:00Z"),
        ("2026-06-01T 09 : 00", "2026-06-01T09:00:00"),
        ("#06/01/2026#", "2026-06-01T00:00:00"),
        ("06/01/2026\0\0", "2026-06-01T00:00:00"),
        ("2026-06-01T09:00:00.12345678Z", "2026-06-01T09:00:00.1234568Z"),
        ("2026-06-01T09:00:00+1", "2026-06-01T08:00:00+00:00"),
    ],
)
def test_the_liberal_parser_reads(text: str, expected: str) -> None:
    assert dates.write(liberal_dates.read(text, UTC, round_trip=True), UTC) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "2026", "0", "1780304400", "20260601T090000", "13/06/2026", "Tue, 01 Jun 2026", "1 Juno 2026", "Z",
     "2026-06-01T9:0:0", "2026-06-01T09", "2026-06-01T09:00:00.", "2026-06-01T09:00:00+15:00", "2026-152",
     "2026-W23-1", "06/01/2026 13:00 AM", "06/01/2026 06/02/2026", "2026-06-01 09:00:00 Z Z", "#06/01/2026",
     "2026-06-01T09:00:00[Europe/Paris]", "1/2/3/4", "10000-01-01", "123456789"],
)  # fmt: skip
def test_the_liberal_parser_refuses(text: str) -> None:
    with pytest.raises(DateError):
        liberal_dates.read(text, UTC, round_trip=True)


def test_without_round_trip_a_z_becomes_local_time() -> None:
    found = liberal_dates.read("2026-06-01T12:00:00Z", ZoneInfo("America/New_York"), round_trip=False)
    assert dates.write(found, ZoneInfo("America/New_York")) == "2026-06-01T08:00:00-04:00"


def test_a_local_time_follows_the_zones_summer_time() -> None:
    zone = ZoneInfo("Europe/Paris")
    winter = xsd_dates.read("2026-01-01T12:00:00+00:00", zone)
    assert dates.write(winter, zone) == "2026-01-01T13:00:00+01:00"
    summer = dates.read_json("2026-07-01T12:00:00+00:00", zone)
    assert summer is not None
    assert dates.write(summer, zone) == "2026-07-01T14:00:00+02:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-01T12:00:00", "2026-06-01T12:00:00"),
        (" 2026-06-01T12:00:00Z\n", "2026-06-01T12:00:00Z"),
        ("2026-06-01T12:00:00+15:00", "2026-05-31T21:00:00+00:00"),
        ("2026-06-01T12:00:00.12345675", "2026-06-01T12:00:00.1234568"),
        ("2026-06-01T12:00:00.12345665", "2026-06-01T12:00:00.1234566"),
        ("2026-06-01T12:00:00.123456651", "2026-06-01T12:00:00.1234567"),
        ("2026-06-01", "2026-06-01T00:00:00"),
        ("2026-06-01Z", "2026-06-01T00:00:00Z"),
        ("2026-06", "2026-06-01T00:00:00"),
        ("2026", "2026-01-01T00:00:00"),
        ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59.9999999+00:00"),
    ],
)
def test_xml_reads_the_lexical_forms_of_xsd(text: str, expected: str) -> None:
    assert dates.write(xsd_dates.read(text, UTC), UTC) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06/01/2026",
        "2026-06-01 12:00:00",
        "2026-06-01t12:00:00",
        "2026-06-01T24:00:00",
        "2026-02-29",
        "-2026",
        "2026-06-01T12:00:00+5:00",
        "2026-06-01T12:00:00+0530",
        "/Date(0)/",
        "2026-06-01T12:00",
    ],
)
def test_xml_refuses_every_other_form(text: str) -> None:
    with pytest.raises(DateError):
        xsd_dates.read(text, UTC)
