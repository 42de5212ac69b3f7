"""The report in a terminal: a progress line, a table that fits 80 columns, each finding with its command.

The rule: what is not a terminal gets no progress and no control characters; nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from contracts.conformance.deviations import Deviation
from contracts.conformance.report import Finding, Outcome, Report
from contracts.conformance.running import Progress
from contracts.conformance.verdicts import Verdict

STYLES = {
    Verdict.NOT_RUN: ("·", "dim"),
    Verdict.SATISFIED: ("✓", "green"),
    Verdict.INCONCLUSIVE: ("?", "yellow"),
    Verdict.VIOLATED: ("✗", "bold red"),
    Verdict.ERROR: ("!", "bold magenta"),
}


@contextmanager
def progress_on(console: Console) -> Iterator[Callable[[Progress], None]]:
    """A progress display for the length of a run; silent where the console is no terminal."""
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (BarColumn(24), TextColumn("{task.fields[now]}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, now="asking the portal")

        def show(progress: Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total, now=escape(_now(progress)[:52]))

        yield show


def _now(progress: Progress) -> str:
    """Where a run is, in a line; of several resources the one at work and what it took so far."""
    if progress.resources == 1:
        return f"{progress.done}/{progress.total}  {progress.requests} requests  {progress.requirement}"
    place = f"{progress.place}/{progress.resources} {progress.operation}"
    return f"{progress.requests} requests  {place} ({progress.taken})  {progress.requirement}"


def print_report(report: Report, console: Console) -> None:
    """Print the verdict: a table of the requirements, the findings, the observations, the conclusion."""
    if len(report.parts) > 1:
        console.print(_resources(report, console))
    for part in report.parts:
        outcomes = report.of(part)
        if len(report.parts) == 1:
            console.print(_table(outcomes, console))
        elif any(o.verdict is not Verdict.SATISFIED and not o.beyond for o in outcomes):
            console.print(Text(f"\n{part.operation}", style="bold"))
            console.print(_table(outcomes, console))
    for found in report.findings:
        _print_finding(found, report.deviation_of(found), console)
    observations = [(o.requirement.id, text) for o in report.outcomes for text in o.observations]
    if observations or report.notes:
        console.print(Text("\nobserved, not judged", style="bold"))
        for name, text in [*observations, *(("", note) for note in report.notes)]:
            console.print(Padding(Text.assemble((f"{name}: " if name else "", "dim"), text), (0, 0, 0, 2)))
    _print_requests(report, console)
    console.print()
    console.print(_conclusion(report))


_MARKS = {
    "conforms": STYLES[Verdict.SATISFIED],
    "does not conform": STYLES[Verdict.VIOLATED],
    "not shown": STYLES[Verdict.INCONCLUSIVE],
}


def _resources(report: Report, console: Console) -> Table:
    """A row for each resource: what came of it, and what it took."""
    table = Table(box=None, pad_edge=False, header_style="dim", width=min(console.width, 80))
    table.add_column("")
    table.add_column("resource", ratio=1)
    table.add_column("conclusion")
    for name in ("satisfied", "requests", "s"):
        table.add_column(name, justify="right")
    for part in report.parts:
        conclusion, outcomes = report.conclusion_of(part), report.of(part)
        mark, style = _MARKS[conclusion]
        satisfied = sum(o.verdict is Verdict.SATISFIED for o in outcomes)
        label = Text(broken(part.operation, _room(console, 46)))
        if part.unjudged:
            label.append(f"\n{part.unjudged}", style="dim")
        elif outcomes and outcomes[0].requirement.subject.bare:
            label.append("\nonly its manner", style="dim")
        words, of = Text(conclusion, style=style), f"{satisfied}/{len(outcomes)}"
        table.add_row(Text(mark, style=style), label, words, of, str(part.requests), f"{part.seconds:.1f}")
    return table


def _print_requests(report: Report, console: Console) -> None:
    """How many requests went to each operation."""
    told: dict[str, int] = {}
    for part in report.parts:
        for operation, count in part.operations.items():
            told[operation] = told.get(operation, 0) + count
    if len(told) < 3:
        return
    console.print(Text("\nrequests", style="bold"))
    for operation, count in told.items():
        console.print(Padding(Text.assemble((f"{count:6}  ", "dim"), operation), (0, 0, 0, 2)))


def broken(name: str, room: int) -> str:
    """A long name in several lines, broken behind its marks, where it does not fit."""
    lines = [""]
    for piece in re.findall(r"[^.@/&?-]*[.@/&?-]?", name):
        if lines[-1] and piece and len(lines[-1]) + len(piece) > room:
            lines.append("  ")
        lines[-1] += piece
    return "\n".join(lines)


def _room(console: Console, others: int) -> int:
    """The width that is left for a name beside the other columns."""
    return max(20, min(console.width, 80) - others)


def _table(outcomes: tuple[Outcome, ...], console: Console) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", width=min(console.width, 80))
    table.add_column("")
    table.add_column("requirement", overflow="fold", ratio=1)
    table.add_column("level")
    table.add_column("verdict")
    table.add_column("witnesses", justify="right")
    for family in _families(outcomes):
        if len(family) > 1 and all(o.verdict is Verdict.SATISFIED for o in family):
            _add_family(table, family)
        else:
            for outcome in family:
                _add_row(table, outcome, _room(console, 36))
    return table


def _families(outcomes: tuple[Outcome, ...]) -> list[list[Outcome]]:
    """The outcomes by the first word of their ids, in the order in which these words first come."""
    families: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        families.setdefault(outcome.requirement.id.partition(".")[0], []).append(outcome)
    return list(families.values())


def _add_family(table: Table, family: list[Outcome]) -> None:
    """One row for a family that is wholly satisfied."""
    mark, style = STYLES[Verdict.SATISFIED]
    levels = "/".join(dict.fromkeys(o.requirement.level for o in family))
    name = Text.assemble(family[0].requirement.id.partition(".")[0], (f"  {len(family)} requirements", "dim"))
    seen = str(sum(o.witnesses for o in family))
    table.add_row(Text(mark, style=style), name, levels, Text(Verdict.SATISFIED.words, style=style), seen)


def _add_row(table: Table, outcome: Outcome, room: int) -> None:
    known = outcome.deviation is not None and outcome.verdict is Verdict.VIOLATED
    mark, style = ("~", "yellow") if known else STYLES[outcome.verdict]
    name = Text(broken(outcome.requirement.id, room))
    if outcome.reason and outcome.verdict is not Verdict.SATISFIED:
        name.append(f"\n{outcome.reason}", style="dim")
    words = Text(outcome.verdict.words, style=style)
    if known and outcome.deviation is not None:
        name.append(f"\nknown deviation: {outcome.deviation.told}", style="dim")
        words.append("\nknown")
    table.add_row(Text(mark, style=style), name, outcome.requirement.level, words, str(outcome.witnesses))


def _print_finding(found: Finding, known: Deviation | None, console: Console) -> None:
    requirement = found.requirement
    mark, style = ("~ ", "yellow") if known else ("✗ ", "bold red")
    head = Text.assemble((f"\n{mark}", style), (f"{found.id}  {requirement.id}", "bold"), f"  ({requirement.level})")
    if found.intermittent:
        head.append("  intermittent: it broke, and then held", style="yellow")
    if known:
        head.append(f"  known deviation: {known.told}", style="yellow")
    console.print(head)
    body = Table.grid(padding=(0, 1))
    body.add_column(style="dim")
    body.add_column(overflow="fold")
    body.add_row("", Text(requirement.sentence))
    for source in requirement.sources:
        body.add_row("source", Text(str(source)))
    body.add_row("expected", Text(found.expected))
    body.add_row("got", Text(found.got, style="red"))
    console.print(Padding(body, (0, 0, 0, 2)))
    console.print(Text("  repeat", style="dim"))
    # one unbroken line each, so that it can be copied
    console.print(Text(found.curl), soft_wrap=True, highlight=False)


def _conclusion(report: Report) -> Text:
    style = {"conforms": "bold green", "does not conform": "bold red"}.get(report.conclusion, "bold yellow")
    counts = ", ".join(f"{count} {words}" for words, count in report.counts().items() if count)
    counts += f", {report.deviating} of them known deviations" if report.deviating else ""
    text = Text.assemble((report.conclusion.upper(), style), f"  {report.target}\n", (counts, ""), "\n")
    least, median, most = (f"{1000 * seconds:.1f}" for seconds in report.latency)
    text.append(f"answers took {median} ms in the median, {least} at least, {most} for 99 of 100\n", style="dim")
    text.append(
        f"{report.requests} requests in {report.seconds:.1f} s, seed {report.seed}, run id {report.run_id}", style="dim"
    )
    return text
