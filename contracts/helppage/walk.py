"""Walking a sample along its type: where each model, enumeration and item of a collection shows in JSON and in XML.

The rule: JSON and XML of one side show one object, so both are walked at once, along the tables. A member that
cannot be matched with its row, or shows what its type cannot be, is noted, and that sample proves nothing. What the
matches mean is for others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from contracts.errors import Fault
from contracts.helppage.agree import disagreement, unlike
from contracts.helppage.draft import Located, Row
from contracts.helppage.phrases import type_of
from contracts.helppage.sampled import sampled_table
from contracts.helppage.samples import Json, Xml
from contracts.helppage.tables import Table, Tables
from contracts.model import TypeRef
from contracts.naming import camel_case

_REMEDY = "table and samples of one page must fit: save the page again, or report it to the vendor"


@dataclass
class Seen:
    """One place where an object model shows: its table, the page of the sample, and JSON and XML by row.

    `named` says whether the XML element bears the model's name (a root, an item), not a member's. `extra` are elements
    that no row explains.
    """

    table: Table
    page: str
    json: dict[str, Json] | None
    xml: Xml | None
    named: bool
    keys: dict[str, str] = field(default_factory=dict)
    elements: dict[str, Xml] = field(default_factory=dict)
    renamed: frozenset[str] = frozenset()
    extra: tuple[Xml, ...] = ()


@dataclass
class Walk:
    """What the samples of all pages show, gathered while walking."""

    tables: Tables
    faults: list[Fault]
    seen: dict[str, list[Seen]] = field(default_factory=dict)
    enums: dict[str, list[tuple[str, Json | None, Xml | None]]] = field(default_factory=dict)
    items: dict[tuple[str, str], tuple[str, Xml]] = field(default_factory=dict)

    def enter(
        self, ref: TypeRef, json: Json | None, xml: Xml | None, page: str, where: str, named: bool = True
    ) -> None:
        """Walks a value of that type; `where` names it in messages."""
        if (json is None or json.value is None) and (xml is None or xml.nil):
            return
        if ref.kind == "model" and self.tables.of(ref.name, page) is None:
            made = sampled_table(ref.name, json, xml, page)
            if made is None:
                return  # neither a page nor a sample describes it, which is noted
            self.tables.by_model[ref.name] = [made]
        what = unlike(ref, json, xml, self._is_enum(ref)) or disagreement(ref, json, xml)
        if what:
            line = json.line if json else xml.line if xml else 0
            self.faults.append(Fault(page, line, f"the sample of {where} contradicts the table: {what}", _REMEDY))
        elif ref.kind == "scalar":
            if named and xml is not None:
                self.items.setdefault((page, where), (page, xml))
        elif ref.kind == "model":
            self._model(ref.name, json, xml, page, named)
        elif ref.kind == "collection" and ref.item:
            values = json.value if json and isinstance(json.value, list) else []
            children = xml.children if xml else []
            self._note_items(where, ref.item, children, page)
            for i in range(max(len(values), len(children))):
                item, element = values[i : i + 1], children[i : i + 1]
                self.enter(ref.item, item[0] if item else None, element[0] if element else None, page, where)
        elif ref.kind in ("dictionary", "pair") and ref.item:
            self._entries(ref, json, xml, page, where)

    def _entries(self, ref: TypeRef, json: Json | None, xml: Xml | None, page: str, where: str) -> None:
        if ref.kind == "pair" or ref.item is None or ref.key is None:
            return
        values = list(json.value.values()) if json and isinstance(json.value, dict) else []
        pairs = [child.children for child in xml.children] if xml else []
        for i in range(max(len(values), len(pairs))):
            pair = pairs[i] if i < len(pairs) and len(pairs[i]) == 2 else None
            value = values[i] if i < len(values) else None
            self.enter(ref.item, value, pair[1] if pair else None, page, where, named=False)
        if xml and xml.children:
            self.items.setdefault((page, where), (page, xml.children[0]))

    def _note_items(self, where: str, item: TypeRef, children: list[Xml], page: str) -> None:
        if item.kind == "scalar" and children:
            self.items.setdefault((page, where), (page, children[0]))

    def _is_enum(self, ref: TypeRef) -> bool:
        table = self.tables.of(ref.name) if ref.kind == "model" else None
        return bool(table and table.is_enum)

    def _model(self, model: str, json: Json | None, xml: Xml | None, page: str, named: bool) -> None:
        table = self.tables.of(model, page)
        if table is None:
            return
        if table.is_enum:
            self.enums.setdefault(model, []).append((page, json, xml))
            return
        seen = Seen(table, page, json.value if json else None, xml, named)
        _restore_names(seen, json, xml)
        _match(seen)
        if self._fits(seen, page, json.line if json else 0):
            self.seen.setdefault(model, []).append(seen)
        for row in table.rows:
            ref = type_of(row.phrase.text)
            if row.name is None or ref is None:
                continue
            key, element = seen.keys.get(row.name.text), seen.elements.get(row.name.text)
            value = seen.json[key] if seen.json is not None and key is not None else None
            self.enter(ref, value, element, page, f"{model}.{row.name.text}", named=False)

    def _fits(self, seen: Seen, page: str, line: int) -> bool:
        """Whether the sample shows what the table says; only then does it prove anything of the model."""
        table, before = seen.table, len(self.faults)
        if seen.json is None:
            return True
        for row in table.rows:
            if row.name and row.name.text not in seen.keys:
                what = f"the JSON sample of {table.model} lacks the member {row.name.text} of the table"
                self.faults.append(Fault(page, line, what, _REMEDY))
            elif row.name is None:
                what = f"a row of {table.model} lost its name, and no sample gives it back"
                remedy = "give the page as HTML, which keeps the name"
                self.faults.append(Fault(table.page, row.line, what, remedy))
        for key in seen.json.keys() - set(seen.keys.values()):
            what = f"the JSON sample of {table.model} has the member {key!r}, which the table lacks"
            self.faults.append(Fault(page, seen.json[key].line, what, _REMEDY))
        return len(self.faults) == before

    def known(self, ref: TypeRef) -> TypeRef:
        """The type with Object in place of every model that neither a page nor a sample describes."""
        if ref.kind == "model":
            return ref if ref.name in self.tables.by_model else TypeRef("any")
        item, key = (self.known(part) if part else None for part in (ref.item, ref.key))
        return replace(ref, item=item, key=key)


def _key(row: Row, json: dict[str, Json] | None) -> str | None:
    """The row's member in a JSON object: its name as it stands, or turned to camelCase."""
    if row.name is None or json is None:
        return None
    return next((key for key in (row.name.text, camel_case(row.name.text)) if key in json), None)


def _restore_names(seen: Seen, json: Json | None, xml: Xml | None) -> None:
    """Gives lost names back, from the members of the sample that no other row explains."""
    lost = [at for at, row in enumerate(seen.table.rows) if row.name is None]
    if not lost or seen.json is None:
        return
    known = {_key(row, seen.json) for row in seen.table.rows}
    left = [key for key in seen.json if key not in known]
    if len(left) != len(lost):
        return
    elements = {camel_case(child.name): child.name for child in (xml.children if xml else [])}
    for at, key in zip(lost, left, strict=True):
        seen.table.name(at, Located(elements.get(camel_case(key), key), seen.json[key].line))


def _match(seen: Seen) -> None:
    children = {child.name: child for child in (seen.xml.children if seen.xml else [])}
    for row in seen.table.rows:
        if row.name is None:
            continue
        key = _key(row, seen.json)
        if key is not None:
            seen.keys[row.name.text] = key
        if row.name.text in children:
            seen.elements[row.name.text] = children.pop(row.name.text)
    seen.extra = tuple(children.values())
    if seen.json is None:
        return
    for element in seen.extra:  # xml.renamed: one element, one row, one value
        rows = [
            row
            for row in seen.table.rows
            if row.name and row.name.text not in seen.elements and _same(seen, row, element)
        ]
        if len(rows) == 1 and rows[0].name:
            name = rows[0].name.text
            seen.elements[name] = element
            seen.renamed |= {name}
            seen.extra = tuple(other for other in seen.extra if other is not element)


def _same(seen: Seen, row: Row, element: Xml) -> bool:
    ref = type_of(row.phrase.text)
    if seen.json is None or row.name is None or ref is None or row.name.text not in seen.keys:
        return False
    value = seen.json[seen.keys[row.name.text]]
    return ref.kind == "scalar" and not unlike(ref, value, element, False) and not disagreement(ref, value, element)
