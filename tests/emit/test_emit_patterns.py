"""Regular expressions of .NET: translated when they mean the same, left out when not."""

import calendar
import re

import pytest

from contracts.emit.patterns import NOT_BLANK, to_python, translate
from contracts.scalars import DATE_TIME

# the page's pattern, texts it takes, texts it refuses
SAFE = [
    (r"[A-Z]{2}\d{3}", ["AB123", ""], ["AB12", "xAB123", "AB123x"]),
    ("(female|male)", ["male", "female"], ["males", "mal"]),
    ("A|I", ["A", "I", ""], ["AI", "B", "A\n", "\n"]),
    (r"^[\w.-]+\@[\w-]+\.[a-z]{2,}$", ["a.b@c-d.ee"], ["a@b", "@b.cc"]),
    (r"(?=.*\d)(?!.*x).{3,5}", ["ab1"], ["abc", "a1x", "a1"]),
    (r"\+?[0-9 ()\-]{5,}", ["+1 (555) 01-23"], ["12"]),
    (r"[^<>&\]]*", ["a b"], ["a<b", "a]b"]),
]
UNSAFE = [
    "(?i)abc",
    "(?<name>a)",
    r"\p{L}+",
    r"\Aabc\z",
    "(?>a+)b",
    "(?<=a)b",
    "[a-z-[aeiou]]+",
    r"(a)\1",
    r"\x41",
    "(unclosed",
    "[unclosed",
    "a{2,1}",
    "*",
    "(?#note)a",
    "\\",
]


@pytest.mark.parametrize(("pattern", "takes", "refuses"), SAFE)
def test_a_safe_pattern_means_the_whole_text(pattern: str, takes: list[str], refuses: list[str]) -> None:
    translated = translate(pattern)
    assert translated is not None
    assert [text for text in takes if not re.search(to_python(translated), text)] == []
    assert [text for text in refuses if re.search(to_python(translated), text)] == []


@pytest.mark.parametrize("pattern", UNSAFE)
def test_an_unsafe_pattern_is_left_out(pattern: str) -> None:
    assert translate(pattern) is None


def test_an_escape_that_the_flag_u_forbids_is_dropped() -> None:
    assert translate(r"\@\-\ \#") == "^(?:@- #)?$"


# Char.IsWhiteSpace: every such character of Unicode, and none beside.
def test_blank_is_what_dotnet_calls_white_space() -> None:
    white = [
        9,
        10,
        11,
        12,
        13,
        0x20,
        0x85,
        0xA0,
        0x1680,
        *range(0x2000, 0x200B),
        0x2028,
        0x2029,
        0x202F,
        0x205F,
        0x3000,
    ]
    blank = [n for n in range(0x10000) if not 0xD800 <= n < 0xE000 and not re.search(NOT_BLANK, chr(n))]
    assert blank == white


def test_the_pattern_of_times_takes_the_days_that_there_are() -> None:
    """Every 28th and 29th of February, and the last day of each month, from the year 1 to 9999."""
    pattern = re.compile(DATE_TIME)
    for year in range(1, 10_000):
        assert pattern.match(f"{year:04}-02-28T00:00:00")
        assert bool(pattern.match(f"{year:04}-02-29T00:00:00")) is calendar.isleap(year), year
    for text in ("0000-01-01T00:00:00", "2031-04-31T00:00:00", "2031-13-01T00:00:00", "2031-01-01T00:00:00+14:01"):
        assert not pattern.match(text), text
    for text in ("0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999Z", "2031-01-01T00:00:00-14:00"):
        assert pattern.match(text), text
