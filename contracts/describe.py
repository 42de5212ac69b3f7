"""A contract for people (`print_contract`) and for programs (`as_json`).

The rule: nothing is left out that code acts upon, and everything shown says why it is believed: "l. 12–13" are lines
of the page, a word with a dot is the id of a rule. Nothing is read or inferred here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts.helppage.phrases import phrase_of
from contracts.helppage.rules import RULES
from contracts.model import Body, Contract, Evidence, Fact, MediaType, Model, Operation, Property, TypeRef, XmlName


def as_json(contract: Contract) -> str:
    """The whole contract as JSON, ending in a line end; the same contract gives the same text.

    Objects have the fields of `contracts.model` under their names and in their order; models are an object by name.
    A fact is {"value", "standing", "evidence", "settle"}: standing is "stated", "inferred", "guessed" or "unknown", evidence a list
    of {"page", "lines", "quote", "rule"} whose "rule" is empty where the page says it, "settle" is empty where nothing is
    open. "rules" explains every rule that the evidence cites, by its sentence and its source.
    """
    document = _plain(contract)
    used = sorted(
        {evidence.rule for subject in subjects(contract) for evidence in subject.fact.evidence if evidence.rule}
    )
    document["rules"] = {rule: {"sentence": RULES[rule].sentence, "source": RULES[rule].source} for rule in used}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Fact):
        evidence = [_plain(item) for item in value.evidence]
        return {"value": _plain(value.value), "standing": value.standing, "evidence": evidence, "settle": value.settle}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


@dataclass(frozen=True)
class Subject:
    """A fact and what it is about: an operation or model, one of its items (or none), and what of it."""

    owner: str
    item: str
    about: str
    fact: Fact[Any]


def subjects(contract: Contract) -> Iterator[Subject]:
    """Every fact of a contract."""
    yield Subject("JSON", "", "casing", contract.casing)
    for operation in contract.operations:
        yield from _facts_in(operation, operation.id, "")
    for model in contract.models.values():
        yield from _facts_in(model, model.name, "")


def _facts_in(holder: Any, owner: str, item: str) -> Iterator[Subject]:
    for field in fields(holder):
        value = getattr(holder, field.name)
        about = field.name.replace("_", " ").replace("media types", "media type")
        if isinstance(value, Fact):
            yield Subject(owner, item, about, value)
        elif isinstance(value, Body):
            yield from _facts_in(value, owner, field.name)
        for part in value if isinstance(value, tuple) else ():
            if isinstance(part, Fact):
                yield Subject(owner, item, about, part)
            elif is_dataclass(part) and hasattr(part, "name"):
                yield from _facts_in(part, owner, part.name)


def print_contract(contract: Contract, console: Console) -> None:
    """Prints the contract: operations, models, what was inferred and by which rule, what is open and what settles it."""
    for page in contract.pages:
        about = f"  layout {page.layout}, sha256 {page.sha256[:12]}…"
        console.print(Text.assemble(("page ", "dim"), page.name, (about, "dim")))
    if contract.casing.value:
        console.print(
            Text.assemble(("json ", "dim"), contract.casing.value, ("  " + reference(contract.casing), "dim"))
        )
    for operation in contract.operations:
        _print_operation(operation, contract, console)
    for model in contract.models.values():
        _print_model(model, console)
    _print_inferred(contract, console)
    _print_open(contract, console)


def reference(fact: Fact[Any]) -> str:
    """Where a fact comes from in short: its lines, and the rule if one was needed; "unknown" without either."""
    return ", ".join(_reference(evidence) for evidence in fact.evidence) or "unknown"


def _reference(evidence: Evidence) -> str:
    lines = f"l. {spans(evidence.lines)}" if evidence.lines else ""
    return f"{evidence.rule} ({lines})" if evidence.rule and lines else evidence.rule or lines


def spans(numbers: Iterable[int]) -> str:
    """Line numbers with runs joined.

    >>> spans([3, 4, 5, 9])
    '3–5, 9'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def _print_operation(operation: Operation, contract: Contract, console: Console) -> None:
    model = contract.model_of(operation.request)
    key = model.key.value if model and operation.upsert.value else None
    console.print()
    upsert = f"  upsert by {key}" if key else "  upsert" if operation.upsert.value else ""
    console.print(Text.assemble((operation.id, "bold"), (upsert, "green"), (f"  {reference(operation.method)}", "dim")))
    if operation.summary.value:
        _indented(Text.assemble(operation.summary.value, (f"  {reference(operation.summary)}", "dim")), console)
    for parameter in operation.parameters:
        where = "path" if parameter.in_path else "query"
        default = f", default {parameter.default.value!r}" if parameter.default.value is not None else ""
        need = ", required" if parameter.required.value else ""
        said = f" ({reference(parameter.phrase)})"
        _indented(
            Text.assemble(
                (f"{where} ", "dim"), f"{parameter.name}: {_type(parameter.type.value)}{need}{default}", (said, "dim")
            ),
            console,
        )
    for word, body in (("takes  ", operation.request), ("answers", operation.response)):
        kind = (
            "anything (the page does not say)"
            if body.opaque
            else _type(body.type.value)
            if body.type.value
            else "nothing"
        )
        types = ", ".join(fact.value.name for fact in body.media_types)
        lines = spans(line for fact in body.media_types for evidence in fact.evidence for line in evidence.lines)
        formats = Text.assemble(f" in {types}", (f"  l. {lines}", "dim")) if types else Text()
        _indented(Text.assemble((f"{word} ", "dim"), kind, formats), console)


def _indented(text: Text, console: Console, by: int = 2) -> None:
    for line in text.wrap(console, max(console.width - by, 20)):
        line.rstrip()
        console.print(Text(" " * by) + line, soft_wrap=True)


def _type(ref: TypeRef) -> str:
    """A type in CLR words: "Int32", "Collection of OrderModel"."""
    if ref.kind == "scalar":
        return ref.name
    if ref.kind == "collection" and ref.item:
        return f"Collection of {_type(ref.item)}"
    if ref.key and ref.item:
        return f"{ref.kind.capitalize()} of {_type(ref.key)} to {_type(ref.item)}"
    return phrase_of(ref)


def _print_model(model: Model, console: Console) -> None:
    console.print()
    about = f"  {model.description.value}" if model.description.value else ""
    console.print(Text.assemble((model.name, "bold"), about, (f"  {reference(model.description)}", "dim")))
    if model.kind == "enum":
        written = {True: "names", False: "numbers", None: "names or numbers (open)"}[model.as_string.value]
        _indented(Text.assemble(("in JSON as ", "dim"), written), console)
        _indented(Text(", ".join(f"{member.name} = {member.value}" for member in model.members)), console)
        return
    if model.xml_root.value:
        root = model.xml_root
        name = f"<{model.xml_root.value.name}>"
        _indented(Text.assemble(("XML ", "dim"), name, (f"  {reference(root)}", "dim")), console)
        _indented(Text(model.xml_root.value.namespace), console, by=6)
    for word, fact in (("the client's key", model.key), ("the portal's id", model.portal_id)):
        _indented(Text.assemble((f"{word} ", "dim"), fact.value or "unknown", (f"  {reference(fact)}", "dim")), console)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("member, JSON name", overflow="fold")
    table.add_column("type", overflow="fold", min_width=8)
    for heading in ("req.", "r/o", "null"):
        table.add_column(heading, no_wrap=True)
    table.add_column("lines", overflow="fold", min_width=10)
    for prop in model.properties:
        table.add_row(*_cells(prop))
    console.print(table)


def _cells(prop: Property) -> tuple[Text, ...]:
    name = Text.assemble(prop.name, "\n", (prop.json.value or "not in JSON", "dim"))
    page: tuple[Fact[Any], ...] = (prop.description, prop.phrase, prop.json, *prop.annotations)
    lines = spans(line for fact in page for evidence in fact.evidence for line in evidence.lines)
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


def _print_inferred(contract: Contract, console: Console) -> None:
    by_rule: dict[str, dict[tuple[str, str, str], list[Subject]]] = {}
    for subject in subjects(contract):
        for rule in {evidence.rule for evidence in subject.fact.evidence if evidence.rule}:
            if subject.fact.standing == "inferred":
                same = (subject.owner, subject.about, _show(subject.fact.value))
                by_rule.setdefault(rule, {}).setdefault(same, []).append(subject)
    if by_rule:
        console.print(Text("\nInferred, by these rules", "bold"))
    for rule, groups in sorted(by_rule.items()):
        _indented(Text.assemble((rule, "cyan"), f"  {RULES[rule].sentence}"), console)
        for group in groups.values():
            _indented(Text(_group(group), "dim"), console, by=4)


def _group(group: list[Subject]) -> str:
    """Subjects of one owner that share what is said of them, in one line of words."""
    first = group[0]
    items = ", ".join(dict.fromkeys(subject.item for subject in group if subject.item))
    lines = spans(line for subject in group for evidence in subject.fact.evidence for line in evidence.lines)
    at = f" (l. {lines})" if lines else ""
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


def _print_open(contract: Contract, console: Console) -> None:
    opened = [subject for subject in subjects(contract) if subject.fact.settle]
    for standing, heading in (("guessed", "Guessed (? above)"), ("unknown", "Unknown")):
        found: dict[tuple[str, ...], list[Subject]] = {}
        for subject in opened:
            if subject.fact.standing == standing:
                same = (subject.fact.settle, subject.owner, subject.about, _show(subject.fact.value))
                found.setdefault(same, []).append(subject)
        if found:
            console.print(Text(f"\n{heading}, and what would settle it", "bold"))
        for (settle, *_), group in found.items():
            words = _group(group) if standing == "guessed" else _group(group).partition(" = ")[0]
            _indented(Text(words), console)
            _indented(Text.assemble(("→ ", "yellow"), settle), console, by=4)
    if not opened:
        console.print(Text("\nNothing is guessed and nothing unknown.", "green"))
