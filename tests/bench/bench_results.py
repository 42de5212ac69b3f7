"""What a run found: figures by case, ratios by round, and both as a table of 80 columns, Markdown and JSON.

The rule: absolute figures are this machine's and this minute's; a claim rests on ratios, each taken within one round,
where both sides ran seconds apart, and told with its range over the rounds. The machine is described in general words.
"""

from __future__ import annotations

import os
import platform
import statistics
from dataclasses import asdict, dataclass, field
from typing import Any

from bench_load import Load


@dataclass(frozen=True)
class Case:
    """One server under one format."""

    server: str
    role: str
    format: str

    @property
    def name(self) -> str:
        return f"{self.server}, {self.format}"


@dataclass
class Results:
    """Everything that one run measured; `rounds` holds each round's loads by case name."""

    settings: dict[str, Any]
    cases: list[Case]
    missing: list[str]
    rounds: list[dict[str, Load]] = field(default_factory=list)
    starts: dict[str, list[float]] = field(default_factory=dict)
    memory_at_rest: dict[str, float | None] = field(default_factory=dict)
    memory: dict[str, float | None] = field(default_factory=dict)

    def loads(self, case: Case) -> list[Load]:
        return [loads[case.name] for loads in self.rounds]

    def ratios(self) -> dict[str, list[float]]:
        """What is compared → the ratio of good answers a second, round by round."""
        found = {}
        peers = [case.name for case in self.cases if case.role == "peer"]
        for store in ("memory", "file"):
            stub, floor = f"stub, {store}, JSON", f"floor, {store}, JSON"
            found[f"stub / floor, {store}"] = [_ratio(loads[stub], [loads[floor]]) for loads in self.rounds]
            if peers:
                found[f"stub, {store} / fastest peer"] = [
                    _ratio(loads[stub], [loads[peer] for peer in peers]) for loads in self.rounds
                ]
        crews = [case for case in self.cases if case.server.startswith("stub x")]
        for case in crews:
            against = {f"{case.server} / stub, file": ["stub, file, JSON"]}
            if peers:
                against[f"{case.server} / fastest peer"] = peers
            for name, others in against.items():
                found[name] = [_ratio(loads[case.name], [loads[one] for one in others]) for loads in self.rounds]
        for wire_format in ("JSON + id", "XML", "form"):
            found[f"stub, memory: {wire_format} / JSON"] = [
                _ratio(loads[f"stub, memory, {wire_format}"], [loads["stub, memory, JSON"]]) for loads in self.rounds
            ]
        return found

    def as_data(self) -> dict[str, Any]:
        """JSON-ready data: all that was measured, the ratios beside it."""
        return {
            "machine": machine(),
            "settings": self.settings,
            "missing": self.missing,
            "rounds": [{name: asdict(load) for name, load in loads.items()} for loads in self.rounds],
            "start_seconds": self.starts,
            "memory_at_rest_mb": self.memory_at_rest,
            "memory_mb": self.memory,
            "ratios": self.ratios(),
        }

    def rows(self) -> list[tuple[str, ...]]:
        """The table, its head first: one row a case, medians over the rounds."""
        found: list[tuple[str, ...]] = [
            ("server, store, format", "req/s", "p50 ms", "p99 ms", "errors", "start s", "MB idle", "MB")
        ]
        for case in self.cases:
            loads = self.loads(case)
            starts = self.starts.get(case.server)
            found.append(
                (
                    case.name,
                    f"{statistics.median(load.rate for load in loads):.0f}",
                    f"{statistics.median(load.p50_ms for load in loads):.1f}",
                    f"{statistics.median(load.p99_ms for load in loads):.1f}",
                    str(sum(load.errors for load in loads)),
                    f"{statistics.median(starts):.2f}" if starts else "-",
                    _shown(self.memory_at_rest.get(case.server)),
                    _shown(self.memory.get(case.server)),
                )
            )
        return found

    def sentences(self) -> list[str]:
        """The ratios, and what a reader must know of the figures."""
        found = [
            f"{name}: {statistics.median(values):.2f}  ({min(values):.2f} to {max(values):.2f})"
            for name, values in self.ratios().items()
        ]
        if self.missing:
            found.append(f"not installed, so not measured: {', '.join(self.missing)}")
        return found


def _shown(memory: float | None) -> str:
    return "-" if memory is None else f"{memory:.0f}"


def _ratio(load: Load, others: list[Load]) -> float:
    fastest = max(other.rate for other in others)
    return load.rate / fastest if fastest else 0.0


def machine() -> dict[str, Any]:
    """The machine in general words."""
    return {
        "system": platform.system(),
        "cores": os.cpu_count(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def heading_of_machine() -> str:
    """The machine in one line."""
    on = machine()
    return f"{on['system']}, {on['cores']} cores, {on['python']}"


def load_average() -> float | None:
    """How many processes wanted a core during the last minute, None where the system does not count them."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _shown_load(load: float | None) -> str:
    if load is None:
        return "not known"
    busy = load > (os.cpu_count() or 1) / 4
    return f"{load:g}" + (" (busy: trust the ratios only)" if busy else "")


def heading(results: Results) -> list[str]:
    """What was measured, on what, how."""
    how = results.settings
    return [
        f"{heading_of_machine()}; load by {how['generator']}: {how['connections']} connections,",
        f"{len(results.rounds)} rounds of {how['seconds']:g} s a case, in the order of seed {how['seed']}.",
        "The load generator runs on the same cores; medians over the rounds.",
        f"The machine's load before the start: {_shown_load(how['load_before'])}.",
    ]


def as_text(results: Results) -> str:
    """For the terminal, within 80 columns."""
    rows = results.rows()
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_cell(row, column, widths) for column in range(len(row))).rstrip() for row in rows]
    return "\n".join([*heading(results), "", *lines, "", *results.sentences(), ""])


def _cell(row: tuple[str, ...], column: int, widths: list[int]) -> str:
    return row[column].rjust(widths[column]) if column else row[column].ljust(widths[column])


def as_markdown(results: Results) -> str:
    """For a page."""
    head, *rows = results.rows()
    rule = ("---", *("---:" for _ in head[1:]))
    table = ["| " + " | ".join(row) + " |" for row in (head, rule, *rows)]
    return "\n".join([*heading(results), "", *table, "", *(f"- {text}" for text in results.sentences()), ""])
