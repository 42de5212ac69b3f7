"""The report in a terminal: a progress line, a table that fits 80 columns, each finding with its command.

The rule: what is not a terminal gets no progress and no control characters; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

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
            now = f"{progress.done}/{progress.total}  {progress.requests} requests  {progress.requirement}"
            bar.update(task, completed=progress.done, total=progress.total, now=escape(now[:52]))

        yield show


def print_report(report: Report, console: Console) -> None:
    """Print the verdict: a table of the requirements, the findings, the observations, the conclusion."""
    console.print(_table(report, console))
    for found in report.findings:
        _print_finding(found, console)
    observations = [(o.requirement.id, text) for o in report.outcomes for text in o.observations]
    if observations or report.notes:
        console.print(Text("\nobserved, not judged", style="bold"))
        for name, text in [*observations, *(("", note) for note in report.notes)]:
            console.print(Padding(Text.assemble((f"{name}: " if name else "", "dim"), text), (0, 0, 0, 2)))
    console.print()
    console.print(_conclusion(report))


def _table(report: Report, console: Console) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", width=min(console.width, 80))
    table.add_column("")
    table.add_column("requirement", overflow="fold", ratio=1)
    table.add_column("level")
    table.add_column("verdict")
    table.add_column("witnesses", justify="right")
    for family in _families(report):
        if len(family) > 1 and all(o.verdict is Verdict.SATISFIED for o in family):
            _add_family(table, family)
        else:
            for outcome in family:
                _add_row(table, outcome)
    return table


def _families(report: Report) -> list[list[Outcome]]:
    """The outcomes by the first word of their ids, in the order in which these words first come."""
    families: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        families.setdefault(outcome.requirement.id.partition(".")[0], []).append(outcome)
    return list(families.values())


def _add_family(table: Table, family: list[Outcome]) -> None:
    """One row for a family that is wholly satisfied."""
    mark, style = STYLES[Verdict.SATISFIED]
    levels = "/".join(dict.fromkeys(o.requirement.level for o in family))
    name = Text.assemble(family[0].requirement.id.partition(".")[0], (f"  {len(family)} requirements", "dim"))
    seen = str(sum(o.witnesses for o in family))
    table.add_row(Text(mark, style=style), name, levels, Text(Verdict.SATISFIED.words, style=style), seen)


def _add_row(table: Table, outcome: Outcome) -> None:
    mark, style = STYLES[outcome.verdict]
    name = Text(outcome.requirement.id)
    if outcome.reason and outcome.verdict is not Verdict.SATISFIED:
        name.append(f"\n{outcome.reason}", style="dim")
    words = Text(outcome.verdict.words, style=style)
    table.add_row(Text(mark, style=style), name, outcome.requirement.level, words, str(outcome.witnesses))


def _print_finding(found: Finding, console: Console) -> None:
    requirement = found.requirement
    head = Text.assemble(("\n✗ ", "bold red"), (f"{found.id}  {requirement.id}", "bold"), f"  ({requirement.level})")
    if found.intermittent:
        head.append("  intermittent: it broke, and then held", style="yellow")
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
