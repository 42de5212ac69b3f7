"""The register of requirements for programs, and what differs between two listings of it.

    requirements ──as_rows──▶ rows (JSON)          rows then, rows now ──differences──▶ added, gone, changed

The rule: a row says what `requirements.toml` and the contract say, in words that the report uses too; what the page
says is compared by its words, so that lines that only moved, or a page of another name, are no change. No judging here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from contracts.conformance.requirements import Requirement
from contracts.conformance.sources import Source
from contracts.errors import UsageError

Row = Mapping[str, Any]
Line = tuple[int, str]


@dataclass(frozen=True)
class Change:
    """A requirement whose row differs: `before` and `after`, what differs in words, and the page's lines that went and
    came (number, words)."""

    before: Row
    after: Row
    what: tuple[str, ...]
    went: tuple[Line, ...]
    came: tuple[Line, ...]

    @property
    def id(self) -> str:
        return str(self.after["id"])


@dataclass(frozen=True)
class Differences:
    """What differs between two listings; falsy where nothing does."""

    added: tuple[Row, ...]
    gone: tuple[Row, ...]
    changed: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def as_source(source: Source) -> dict[str, Any]:
    """A source as an object: `page`, `lines`, `quote`, `sha256` of the quote, `rule`."""
    return {
        "page": source.page,
        "lines": list(source.lines),
        "quote": source.quote,
        "sha256": source.sha256,
        "rule": source.rule,
    }


def as_rows(found: Iterable[Requirement]) -> list[dict[str, Any]]:
    """The requirements as objects with `id`, `level`, `sentence`, `sources` (see `as_source`) and `unchecked` (why no
    check stands behind it; empty where one does)."""
    return [
        {
            "id": requirement.id,
            "level": requirement.level,
            "sentence": requirement.sentence,
            "sources": [as_source(source) for source in requirement.sources],
            "unchecked": requirement.template.unchecked,
        }
        for requirement in found
    ]


def requirements_as_json(found: Iterable[Requirement]) -> str:
    """The requirements as a JSON array of `as_rows`."""
    return json.dumps(as_rows(found), indent=2, ensure_ascii=False)


def read_listing(path: Path) -> list[Row] | None:
    """The rows of an earlier listing or report; None where the file is neither. UsageError where there is no file, or
    a listing without what is compared."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"{path}: {why}\n    what to do: name a listing or a page that is there") from None
    except UnicodeDecodeError:
        return None
    rows = _rows(text)
    if rows is not None and not all(_complete(row) for row in rows):
        raise UsageError(
            f"{path}: a listing without hashes of the page's lines\n"
            "    what to do: give the earlier page itself, or a listing made by: portal-contract requirements --json"
        )
    return rows


def _rows(text: str) -> list[Row] | None:
    try:
        if text.lstrip().startswith("["):
            rows = json.loads(text)
        elif text.lstrip().startswith("{"):
            lines = [json.loads(line) for line in text.split("\n") if line.strip()]
            rows = [line for line in lines if line.get("type") == "requirement"]
        else:
            return None
    except (ValueError, AttributeError):
        return None
    return rows if isinstance(rows, list) else None


def _complete(row: Any) -> bool:
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in ("id", "level", "sentence")):
        return False
    sources = row.get("sources")
    return isinstance(sources, list) and all(
        isinstance(source, dict) and (not source.get("page") or source.get("sha256")) for source in sources
    )


def differences(then: Iterable[Row], now: Iterable[Row]) -> Differences:
    """What was added, is gone and has changed between two listings, each in its own order."""
    before, after = ({str(row["id"]): row for row in rows} for rows in (then, now))
    changes = (_change(before[name], row) for name, row in after.items() if name in before)
    return Differences(
        tuple(row for name, row in after.items() if name not in before),
        tuple(row for name, row in before.items() if name not in after),
        tuple(change for change in changes if change is not None),
    )


def _change(before: Row, after: Row) -> Change | None:
    what = [name for name in ("level", "sentence") if before[name] != after[name]]
    if _hashes(before) != _hashes(after):
        what.append("lines")
    if _rules(before) != _rules(after):
        what.append("rules")
    if not what:
        return None
    old, new = lines_of(before), lines_of(after)
    went, came = [], []
    for how, i, j, k, m in SequenceMatcher(
        None, [w for _, w in old], [w for _, w in new], autojunk=False
    ).get_opcodes():
        if how != "equal":
            went += old[i:j]
            came += new[k:m]
    return Change(before, after, tuple(what), tuple(went), tuple(came))


def _hashes(row: Row) -> list[str]:
    return [source["sha256"] for source in row["sources"] if source.get("page")]


def _rules(row: Row) -> list[str]:
    return [source.get("rule", "") for source in row["sources"] if not source.get("page")]


def lines_of(row: Row) -> list[Line]:
    """Every line that a row quotes, with its number (0 where it is not known)."""
    found: list[Line] = []
    for source in row["sources"]:
        words = str(source.get("quote", "")).split("\n") if source.get("page") else []
        numbers = source.get("lines", [])
        found += [
            (number, text)
            for number, text in zip(numbers if len(numbers) == len(words) else [0] * len(words), words, strict=True)
        ]
    return list(dict.fromkeys(found))


def differences_as_json(found: Differences) -> str:
    """The differences as an object: `added` and `gone` (rows), `changed` (objects with `id`, `what`, `went` and `came`
    as [line, words], `before` and `after` as rows)."""
    told = {
        "added": found.added,
        "gone": found.gone,
        "changed": [
            {"id": c.id, "what": c.what, "went": c.went, "came": c.came, "before": c.before, "after": c.after}
            for c in found.changed
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
