"""Times are the same when no zone explains a difference."""

import pytest

from contracts.conformance import moments


@pytest.mark.parametrize(
    ("sent", "came"),
    [
        ("2031-03-04T09:30:15Z", "2031-03-04T09:30:15Z"),
        ("2031-03-04T09:30:15Z", "2031-03-04T09:30:15.0000000+00:00"),
        ("2031-03-04T09:30:15Z", "2031-03-04T15:00:15+05:30"),
        ("2031-03-04T09:30:15.5+05:30", "2031-03-04T04:00:15.50Z"),
        ("2031-03-04T09:30:15", "2031-03-04T09:30:15"),
        ("2031-03-04T09:30:15Z", "2031-03-04T03:30:15"),
        ("2031-03-04T09:30:15", "2031-03-03T20:45:15Z"),
    ],
)
def test_the_same_time_in_other_words_is_no_difference(sent, came):
    assert moments.difference(sent, came) == ""


@pytest.mark.parametrize(
    ("sent", "came"),
    [
        ("2031-03-04T09:30:15Z", "2031-03-04T08:30:15Z"),
        ("2031-03-04T09:30:15Z", "2031-03-04T09:30:15+01:00"),
        ("2031-03-04T09:30:15", "2031-03-04T10:30:15"),
        ("2031-03-04T09:30:15.1234567Z", "2031-03-04T09:30:15.1234560Z"),
        ("2031-03-04T09:30:15.1234567", "2031-03-04T09:30:15.123"),
        ("2031-03-04T09:30:15Z", "2031-03-04T09:30:00"),
        ("2031-03-04T09:30:15", "2031-03-06T20:30:15Z"),
        ("2031-03-04T09:30:15Z", "03/04/2031 09:30:15"),
        ("2031-03-04T09:30:15Z", None),
        ("2031-03-04T09:30:15Z", 1930383015),
    ],
)
def test_another_time_is_a_difference(sent, came):
    assert moments.difference(sent, came) != ""


@pytest.mark.parametrize("text", ["2031-03-04T09:30:15.1234567", "2031-12-31T23:59:59", "2032-02-29T00:00:00.5"])
def test_writing_undoes_reading(text):
    assert moments.write(moments.parse(text).wall) == text


def test_the_zone_that_a_bare_time_was_written_in_can_be_told():
    assert moments.implied_zone("2031-03-04T09:30:15Z", "2031-03-04T11:30:15") == 2 * 3600 * moments.TICKS
    assert moments.implied_zone("2031-03-04T09:30:15Z", "2031-03-04T11:30:15Z") is None
