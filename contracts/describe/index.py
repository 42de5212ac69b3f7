"""A site at one glance: its operations by group, its models, what is open, what could not be read.

The rule: one line or two for each operation, whatever the site's size; details are asked for by name.
"""

from __future__ import annotations

from rich.text import Text

from contracts.describe.paper import Paper
from contracts.describe.subjects import subjects
from contracts.errors import Fault
from contracts.helppage.phrases import phrase_of
from contracts.model import Body, Contract, Operation, TypeRef

_MANY_NOTES = 12


def print_index(contract: Contract, paper: Paper) -> None:
    """Prints the index, and how to ask for more."""
    layouts = ", ".join(dict.fromkeys(page.layout for page in contract.pages))
    casing = f", JSON in {contract.casing.value}" if contract.casing.value else ""
    counts = (
        f"{len(contract.pages)} pages ({layouts}), {len(contract.operations)} operations, {len(contract.models)} models"
    )
    paper.put(Text(counts + casing), by=0)
    group = None
    for operation in sorted(contract.operations, key=lambda operation: group_of(operation, contract).lower()):
        own = group_of(operation, contract)
        if own != group:
            paper.console.print()
            paper.put(Text(own or "(no group)", "bold"), by=0)
            group = own
        _print_line(operation, contract, paper)
    _print_models(contract, paper)
    _print_counts(contract, paper)
    print_notes(contract, paper, _MANY_NOTES)
    paper.console.print()
    paper.put(Text("One operation, model or group: --only NAME.  All: --all.  To settle what is open: --settle."), by=0)


def group_of(operation: Operation, contract: Contract) -> str:
    """The group that an index page puts an operation in, else what its path begins with."""
    title = f"{operation.method.value} {operation.path.value}".lower()
    for entry in contract.listed:
        if entry.title.partition("?")[0].lower() == title:
            return entry.group
    parts = [part for part in operation.path.value.split("/") if part]
    fixed = [part for part in parts if "{" not in part]
    return "/".join(fixed[:2]) if fixed[:1] == ["api"] else "/".join(fixed[:1])


def _print_line(operation: Operation, contract: Contract, paper: Paper) -> None:
    model = contract.model_of(operation.request)
    key = model.key.value if model and operation.upsert.value else None
    upsert = f"  upsert by {key}" if key else "  upsert" if operation.upsert.value else ""
    paper.put(Text.assemble(operation.id, (upsert, "green")))
    takes, answers = _body(operation.request), _body(operation.response)
    paper.put(Text(f"{f'{takes} ' if takes else ''}→ {answers or 'nothing'}", "dim"), by=6)


def _body(body: Body) -> str:
    if body.opaque:
        return f"{body.phrase.value or 'anything'} (says nothing)"
    if body.type.value is None:
        return "" if body.void else "?"
    return _words(body.type.value)


def _words(ref: TypeRef) -> str:
    if ref.kind == "collection" and ref.item:
        return f"{_words(ref.item)}[]"
    return phrase_of(ref)


def _print_models(contract: Contract, paper: Paper) -> None:
    paper.console.print()
    paper.put(Text("Models", "bold"), by=0)
    for model in contract.models.values():
        size = f"{len(model.properties)} members" if model.kind == "object" else f"{len(model.members)} values"
        paper.put(Text.assemble(model.name, (f"  {size}", "dim")))


def _print_counts(contract: Contract, paper: Paper) -> None:
    count = {"stated": 0, "inferred": 0, "guessed": 0, "unknown": 0}
    for subject in subjects(contract):
        count[subject.fact.standing] += 1
    paper.console.print()
    words = ", ".join(f"{number} {standing}" for standing, number in count.items())
    paper.put(Text.assemble(("Facts  ", "bold"), words), by=0)


def print_notes(contract: Contract, paper: Paper, most: int | None = None) -> None:
    """What could not be read, was left out or contradicts itself, with its page and line and what to do.

    What is alike on several pages is one note; what needs nothing done stands last. `most` notes are shown, if given.
    """
    if not contract.notes:
        return
    alike: dict[tuple[str, str], list[Fault]] = {}
    for note in sorted(contract.notes, key=lambda note: not note.matters):
        alike.setdefault((note.what, note.remedy), []).append(note)
    paper.console.print()
    paper.put(Text(f"Not understood, or left out ({len(contract.notes)})", "bold"), by=0)
    shown = list(alike.values())[:most]
    for note, *others in shown:
        where = f"{note.page}, line {note.line}" if note.line else note.page
        again = "" if not others else " (once more)" if len(others) == 1 else f" ({len(others)} times more)"
        paper.put(Text.assemble((f"{where}: ", "yellow"), note.what, again))
        paper.put(Text.assemble(("→ ", "yellow"), note.remedy), by=4)
    left = len(contract.notes) - sum(map(len, shown))
    if left:
        paper.put(Text(f"… and {left} more: --all"))
