"""A grade in a terminal: the findings, each with what to do, then every rule in few lines, then the conclusion.

The rule: it reads well at 80 columns, in colour and plain; nothing of the client's reaches the terminal unescaped. No
verdict is made here.
"""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.text import Text

from mockserver.grade.grading import Grade
from mockserver.grade.ledger import Case, Finding, Outcome, Verdict
from mockserver.telling import letters, plain

_INDENT = 11
_LONGEST = 300
_SIGNS = {
    Verdict.NOT_SEEN: ("·", "dim"),
    Verdict.KEPT: ("✓", "green"),
    Verdict.BROKEN: ("✗", "bold red"),
}
_LEVELS = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_CONCLUSIONS = {"clean": "bold green", "not clean": "bold red", "not shown": "bold yellow"}


def show(grade: Grade, console: Console) -> None:
    """Print a grade."""
    for found in grade.findings:
        _show_finding(grade, found, console)
    told = letters(found.rule.source for found in grade.findings)
    for line in told:
        console.print(Text(line, style="dim"))
    if told:
        console.print()
    _show_rules(grade, console)
    console.print()
    _show_end(grade, console)


def _show_finding(grade: Grade, found: Finding, console: Console) -> None:
    style = _LEVELS[found.rule.level]
    head = Text.assemble((f"{found.id}  ", "dim"), (found.rule.id, "bold"), "   ", (found.rule.level, style))
    console.print(head, soft_wrap=True)
    if found.operation:
        _row("at", found.operation, console)
    _row("rule", found.rule.sentence, console)
    for case in found.cases:
        _show_case(case, console)
    if found.more:
        _row("", f"and {found.more} more", console)
    numbers = ", ".join(str(step.number) for step in found.steps[:12]) + (", …" if len(found.steps) > 12 else "")
    _row("seen in", f"{'exchange' if len(found.steps) == 1 else 'exchanges'} {numbers}", console)
    if found.also:
        _row("with it", ", ".join(found.also), console)
    _row("to do", found.rule.remedy, console)
    _row("source", found.rule.source, console)
    instead = grade.instead(found)
    if instead is not None and instead.body:
        _row("instead", f"{instead.method} {plain(instead.target)}", console)
        for line in instead.body.decode("utf-8", "replace").splitlines():
            console.print(Text(" " * _INDENT + plain(line, 2000)), soft_wrap=True)
    console.print()


def _show_case(case: Case, console: Console) -> None:
    parts = [plain(case.about, _LONGEST)]
    if case.sent:
        parts.append(f"sent {plain(case.sent, _LONGEST)}")
    if case.got:
        parts.append(f"got {plain(case.got, _LONGEST)}")
    if case.instead:
        parts.append(f"wanted {plain(case.instead, _LONGEST)}")
    _row("", "; ".join(parts), console)


def _row(title: str, text: str, console: Console) -> None:
    head, *more = textwrap.wrap(text, max(console.width - _INDENT, 20)) or [""]
    console.print(Text.assemble("   ", (title.ljust(_INDENT - 3), "dim"), head), soft_wrap=True)
    for line in more:
        console.print(Text(" " * _INDENT + line), soft_wrap=True)


def _show_rules(grade: Grade, console: Console) -> None:
    """A line for each rule that was seen, a paragraph for those that were not."""
    width = max(len(outcome.rule.id) for outcome in grade.outcomes)
    for outcome in grade.outcomes:
        if outcome.verdict is not Verdict.NOT_SEEN:
            _show_rule(grade, outcome, width, console)
    unseen = [outcome.rule.id for outcome in grade.outcomes if outcome.verdict is Verdict.NOT_SEEN]
    if unseen:
        sign, style = _SIGNS[Verdict.NOT_SEEN]
        console.print(Text.assemble((f"{sign} ", style), ("not seen, so nothing is said of them:", style)))
        for line in textwrap.wrap(", ".join(unseen), max(console.width - 2, 20), break_on_hyphens=False):
            console.print(Text(f"  {line}", style="dim"), soft_wrap=True)


def _show_rule(grade: Grade, outcome: Outcome, width: int, console: Console) -> None:
    sign, style = _SIGNS[outcome.verdict]
    said = f"kept in {outcome.witnesses}"
    if outcome.verdict is Verdict.BROKEN:
        told = [found.id for found in grade.findings if outcome.rule.id in (found.rule.id, *found.also)]
        said = f"broken: {', '.join(told)}" + (f"; {said}" if outcome.witnesses else "")
    console.print(
        Text.assemble(
            (f"{sign} ", style), outcome.rule.id.ljust(width + 2), (outcome.rule.level.ljust(9), "dim"), said
        ),
        soft_wrap=True,
    )


def _show_end(grade: Grade, console: Console) -> None:
    counts = ", ".join(f"{count} {words}" for words, count in grade.counts().items() if count)
    console.print(Text.assemble((grade.conclusion.upper(), _CONCLUSIONS[grade.conclusion]), f"  {plain(grade.source)}"))
    _paragraph(f"{len(grade.steps)} exchange{'s' * (len(grade.steps) != 1)} judged; rules: {counts}", console)
    for why, count in grade.left_out.items():
        _paragraph(f"left out: {count} ({plain(why)})", console)
    if grade.conclusion == "not shown":
        _paragraph("Nothing reached an operation of the page: send something first, or check --page.", console)


def _paragraph(text: str, console: Console) -> None:
    for line in textwrap.wrap(text, max(console.width, 20)):
        console.print(Text(line), soft_wrap=True)
