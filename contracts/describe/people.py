"""A contract printed for people: tables first, then why it is believed, then what is open.

    l. 12–13, 57    lines of the page; with several pages, [2] before them is the page's number in the list on top
    type.date       a rule of `contracts.helppage.rules`; its sentence stands under "Inferred"
    Int32?  no?     a guess; a lone ? is unknown; both are listed at the end with what would settle them

The rule: at 80 columns nothing is cut off, and without colour nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts.describe.choice import chosen, pages_behind
from contracts.describe.index import print_index, print_notes
from contracts.describe.paper import Paper
from contracts.describe.subjects import Subject, subjects
from contracts.helppage.phrases import phrase_of
from contracts.helppage.rules import RULES
from contracts.model import (
    Contract,
    Fact,
    MediaType,
    Model,
    Operation,
    Property,
    TypeRef,
    XmlName,
)

#: So many operations are shown whole; more are shown as an index.
_FEW = 3


def print_contract(contract: Contract, console: Console, only: Sequence[str] = (), everything: bool = False) -> None:
    """Prints the contract: operations, models, what was inferred by which rule, what is open and what settles it.

    A contract of many operations is printed as an index, unless `everything` is asked for or `only` names operations,
    models, groups or paths; raises UsageError for a name that nothing has.
    """
    several = len(contract.pages) > 1
    paper = Paper(console, {page.name: at for at, page in enumerate(contract.pages, 1)} if several else {})
    if len(contract.operations) > _FEW and not only and not everything:
        print_index(contract, paper)
        return
    shown = chosen(contract, only) if only else contract
    used = {page.name for page in contract.pages} if not only else pages_behind(shown)
    for at, page in enumerate(contract.pages, 1):
        if page.name not in used:
            continue
        about = f"  layout {page.layout}, sha256 {page.sha256[:12]}…"
        number = f"[{at}] " if several else "page "
        console.print(Text.assemble((number, "dim"), page.name, (about, "dim")), soft_wrap=True)
    contract = shown
    if contract.casing.value:
        casing = ("  " + paper.reference(contract.casing), "dim")
        console.print(Text.assemble(("json ", "dim"), contract.casing.value, casing))
    for operation in contract.operations:
        _print_operation(operation, contract, paper)
    for model in contract.models.values():
        _print_model(model, paper)
    _print_inferred(contract, paper)
    _print_open(contract, paper)
    print_notes(contract, paper)


def _print_operation(operation: Operation, contract: Contract, paper: Paper) -> None:
    model = contract.model_of(operation.request)
    key = model.key.value if model and operation.upsert.value else None
    paper.console.print()
    upsert = f"  upsert by {key}" if key else "  upsert" if operation.upsert.value else ""
    paper.console.print(
        Text.assemble((operation.id, "bold"), (upsert, "green"), (f"  {paper.reference(operation.method)}", "dim"))
    )
    if operation.summary.value:
        paper.put(Text.assemble(operation.summary.value, (f"  {paper.reference(operation.summary)}", "dim")))
    for parameter in operation.parameters:
        where = "path" if parameter.in_path else "query"
        default = f", default {parameter.default.value!r}" if parameter.default.value is not None else ""
        need = ", required" if parameter.required.value else ""
        said = f" ({paper.reference(parameter.phrase)})"
        words = f"{parameter.name}: {_type(parameter.type.value)}{need}{default}"
        paper.put(Text.assemble((f"{where} ", "dim"), words, (said, "dim")))
    for word, body in (("takes  ", operation.request), ("answers", operation.response)):
        kind = (
            "anything (the page does not say)"
            if body.opaque
            else _type(body.type.value)
            if body.type.value
            else "nothing"
        )
        types = ", ".join(fact.value.name for fact in body.media_types)
        lines = paper.at(evidence for fact in body.media_types for evidence in fact.evidence)
        formats = Text.assemble(f" in {types}", (f"  {lines}", "dim")) if types else Text()
        paper.put(Text.assemble((f"{word} ", "dim"), kind, formats))


def _type(ref: TypeRef) -> str:
    """A type in CLR words: "Int32", "Collection of OrderModel"."""
    if ref.kind == "scalar":
        return ref.name
    if ref.kind == "collection" and ref.item:
        return f"Collection of {_type(ref.item)}"
    if ref.key and ref.item:
        return f"{ref.kind.capitalize()} of {_type(ref.key)} to {_type(ref.item)}"
    return phrase_of(ref)


def _print_model(model: Model, paper: Paper) -> None:
    paper.console.print()
    about = f"  {model.description.value}" if model.description.value else ""
    paper.console.print(Text.assemble((model.name, "bold"), about, (f"  {paper.reference(model.description)}", "dim")))
    if model.kind == "enum":
        written = {True: "names", False: "numbers", None: "names or numbers (open)"}[model.as_string.value]
        paper.put(Text.assemble(("in JSON as ", "dim"), written))
        paper.put(Text(", ".join(f"{member.name} = {member.value}" for member in model.members)))
        return
    if model.xml_root.value:
        root = model.xml_root
        name = f"<{model.xml_root.value.name}>"
        paper.put(Text.assemble(("XML ", "dim"), name, (f"  {paper.reference(root)}", "dim")))
        paper.put(Text(model.xml_root.value.namespace), by=6)
    for word, fact in (("the client's key", model.key), ("the portal's id", model.portal_id)):
        if fact.value is None:
            continue
        paper.put(Text.assemble((f"{word} ", "dim"), fact.value, (f"  {paper.reference(fact)}", "dim")))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("member, JSON name", overflow="fold")
    table.add_column("type", overflow="fold", min_width=8)
    for heading in ("req.", "r/o", "null"):
        table.add_column(heading, no_wrap=True)
    table.add_column("lines", overflow="fold", min_width=10)
    for prop in model.properties:
        table.add_row(*_cells(prop, paper))
    paper.console.print(table)


def _cells(prop: Property, paper: Paper) -> tuple[Text, ...]:
    name = Text.assemble(prop.name, "\n", (prop.json.value or "not in JSON", "dim"))
    page: tuple[Fact[Any], ...] = (prop.description, prop.phrase, prop.json, *prop.annotations)
    lines = paper.lines(evidence for fact in page for evidence in fact.evidence)
    return (
        name,
        Text(_type(prop.type.value) + _mark(prop.type)),
        _yes(prop.required),
        _yes(prop.read_only),
        _yes(prop.nullable),
        Text(lines),
    )


def _yes(fact: Fact[bool] | Fact[bool | None]) -> Text:
    if fact.value is None:
        return Text("?", "yellow")
    return Text(("yes" if fact.value else "no") + _mark(fact), "" if fact.value else "dim")


def _mark(fact: Fact[Any]) -> str:
    """A guess is marked."""
    return "?" if fact.standing == "guessed" else ""


def _print_inferred(contract: Contract, paper: Paper) -> None:
    by_rule: dict[str, dict[tuple[str, str, str], list[Subject]]] = {}
    for subject in subjects(contract):
        for rule in {evidence.rule for evidence in subject.fact.evidence if evidence.rule}:
            if subject.fact.standing == "inferred":
                same = (subject.owner, subject.about, _show(subject.fact.value))
                by_rule.setdefault(rule, {}).setdefault(same, []).append(subject)
    if by_rule:
        paper.console.print(Text("\nInferred, by these rules", "bold"))
    for rule, groups in sorted(by_rule.items()):
        paper.put(Text.assemble((rule, "cyan"), f"  {RULES[rule].sentence}"))
        for group in groups.values():
            paper.put(Text(_group(group, paper), "dim"), by=4)


def _group(group: list[Subject], paper: Paper) -> str:
    """Subjects of one owner that share what is said of them, in one line of words."""
    first = group[0]
    items = ", ".join(dict.fromkeys(subject.item for subject in group if subject.item))
    lines = paper.at(evidence for subject in group for evidence in subject.fact.evidence)
    at = f" ({lines})" if lines else ""
    what = f"{first.owner}: {items} {first.about}" if items else f"{first.owner}: {first.about}"
    return f"{what} = {_show(first.fact.value)}{at}"


def _show(value: Any) -> str:
    if isinstance(value, TypeRef):
        return _type(value)
    if isinstance(value, XmlName):
        return f"class {value.level} in {value.namespace}"
    if isinstance(value, MediaType):
        return f"{value.name}, {value.format}"
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "nothing"}[value]
    return str(value)


def _print_open(contract: Contract, paper: Paper) -> None:
    upserted = {model.name for _, model in contract.upserts()}
    keyless = [s for s in subjects(contract) if s.about in ("key", "portal id") and s.owner not in upserted]
    opened = [subject for subject in subjects(contract) if subject.fact.settle and subject not in keyless]
    for standing, heading in (("guessed", "Guessed (? above)"), ("unknown", "Unknown")):
        found: dict[tuple[str, ...], list[Subject]] = {}
        for subject in opened:
            if subject.fact.standing == standing:
                same = (subject.fact.settle, subject.owner, subject.about, _show(subject.fact.value))
                found.setdefault(same, []).append(subject)
        if found:
            paper.console.print(Text(f"\n{heading}, and what would settle it", "bold"))
        for (settle, *_), group in found.items():
            words = _group(group, paper) if standing == "guessed" else _group(group, paper).partition(" = ")[0]
            paper.put(Text(words))
            paper.put(Text.assemble(("→ ", "yellow"), settle), by=4)
    if not opened:
        paper.console.print(Text("\nNothing is guessed and nothing unknown.", "green"))
