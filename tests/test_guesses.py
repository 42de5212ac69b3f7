"""What is guessed is marked `GUESS:` in the code, and the README shows each with what would settle it.

A line of the README's list is: - what is guessed; what would settle it (`path/of/the/file.py`). A file has as many
lines as it has marks.
"""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECTION = "### What is guessed\n"
PRODUCT = ("contracts", "mockserver", "schemas")
_LINE = re.compile(r"- (?P<said>.+?) \(`(?P<path>[^`]+)`\)\.\Z", re.DOTALL)
_SETTLES = re.compile(r"; .*\bwould (?:settle|show)\b")


def marks() -> list[tuple[str, str]]:
    """File and words of every mark in the product's code."""
    found = []
    for folder in PRODUCT:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".py", ".jinja", ".toml"):
                text = re.sub(r"\n[ ]*(?:#:?[ ])?[ ]*", " ", file.read_text(encoding="utf-8"))
                path = file.relative_to(ROOT).as_posix()
                found += [(path, words.split('"""')[0][:160].strip()) for words in text.split("GUESS:")[1:]]
    return found


def lines() -> list[str]:
    """The items of the README's list, each in one line."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^#+ ", readme.partition(SECTION)[2], maxsplit=1, flags=re.MULTILINE)[0]
    return [" ".join(item.split()) for item in re.findall(r"^- .*(?:\n  .*)*", section, re.MULTILINE)]


def listed() -> Counter[str]:
    return Counter(match["path"] for line in lines() if (match := _LINE.match(line)))


def test_the_readme_shows_every_guess_of_the_code() -> None:
    seen = listed()
    missing = []
    for path, words in marks():
        seen[path] -= 1
        if seen[path] < 0:
            missing.append(f"- {re.split(r'[.;)](?:[ ]|$)', words)[0]}; … would settle it (`{path}`).")
    assert not missing, "add to the README under 'What is guessed', in your words:\n" + "\n".join(missing)


def test_the_readme_shows_no_guess_that_is_none_any_more() -> None:
    left = listed() - Counter(path for path, _ in marks())
    assert not left, "\n".join(
        f"the README lists {count} guess(es) of `{path}` that the file does not mark any more: take out what is settled"
        for path, count in left.items()
    )


def test_every_line_says_what_is_guessed_where_and_what_would_settle_it() -> None:
    odd = [line for line in lines() if not (match := _LINE.match(line)) or not _SETTLES.search(match["said"])]
    assert not odd, "a line is: - what; … would settle it (`file`). These are not:\n" + "\n".join(odd)
    assert lines(), f"the README has no list under {SECTION!r}"
