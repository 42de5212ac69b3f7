"""Walking a sample along its type: where each model, enumeration and item of a collection shows in JSON and in XML.

The rule: JSON and XML of one side show one object, so both are walked at once, along the tables. A member that
cannot be matched with its row, or shows what its type cannot be, is noted, and that sample proves nothing. What the
matches mean is for others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal, TypeAlias

from contracts.errors import Fault
from contracts.helppage.agree import disagreement, unlike
from contracts.helppage.matching import Seen, match
from contracts.helppage.phrases import type_of
from contracts.helppage.references import added, numbered, plain, pointing
from contracts.helppage.sampled import sampled_table
from contracts.helppage.samples import Json, Xml
from contracts.helppage.tables import Tables
from contracts.model import TypeRef

Form: TypeAlias = Literal["", "list", "name", "number"]
_ADDED = "the portal keeps references or types of objects, which neither the schemas nor the stub portal do"
_ADDED_REMEDY = "leave such names out of what you send; expect them in what the portal answers"
_DECLARED = (
    "XmlSerializer wrote the samples in XML; the schemas and the stub portal write their names in their order, by the "
    "rules of data contracts"
)
_DECLARED_REMEDY = "prefer JSON, or ask the portal itself how it takes XML"
_UNLISTED = "the member is read from the samples, its type is a guess: settle it in an overlay"
_REMEDY = "table and samples of one page must fit: save the page again, or report it to the vendor"


@dataclass
class Walk:
    """What the samples of all pages show, gathered while walking."""

    tables: Tables
    faults: list[Fault]
    seen: dict[str, list[Seen]] = field(default_factory=dict)
    enums: dict[str, list[tuple[str, Json | None, Xml | None]]] = field(default_factory=dict)
    enum_names: dict[str, tuple[str, Xml]] = field(default_factory=dict)
    items: dict[tuple[str, str], tuple[str, Xml]] = field(default_factory=dict)
    forms: dict[tuple[str, str], Form] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def enter(
        self, ref: TypeRef, json: Json | None, xml: Xml | None, page: str, where: str, path: str, named: bool = True
    ) -> None:
        """Walks a value of that type; `where` names it in messages, `path` says where it stands (`contents`)."""
        if added(json) or numbered(xml) or pointing(None, xml):
            self._tell_added(json, xml, page)
        if xml is not None and xml.declared:
            self._tell(page, xml.line, _DECLARED, _DECLARED_REMEDY)
        if ((json is None or json.value is None) and (xml is None or xml.nil)) or pointing(json, xml):
            return
        json = plain(json)
        if ref.kind == "model" and self.tables.of(ref.name, page) is None:
            made = sampled_table(ref.name, json, xml, page)
            if made is None:
                return  # neither a page nor a sample describes it, which is noted
            self.tables.by_model[ref.name] = [made]
        what = unlike(ref, json, xml, self._is_enum(ref)) or disagreement(ref, json, xml)
        if what:
            line = json.line if json else xml.line if xml else 0
            self._tell(page, line, f"the sample of {where} contradicts the table: {what}")
        elif ref.kind == "model":
            self._model(ref.name, json, xml, page, path, named)
        elif ref.kind == "collection" and ref.item:
            values = json.value if json and isinstance(json.value, list) else []
            if values and ref.item == TypeRef("scalar", "Byte"):
                self.forms.setdefault((page, path), "list")
            children = xml.children if xml else []
            for value, child in zip_longest(values, children):
                self.enter(ref.item, value, child, page, where, f"{path}[]")
        elif ref.kind == "dictionary" and ref.item:
            self._entries(ref.item, json, xml, page, where, path)
        elif xml is not None and named:
            self.items.setdefault((page, path), (page, xml))
        if ref.kind == "pair" and ref.item and ref.key and not what:
            for part, word in ((ref.key, "key"), (ref.item, "value")):
                value, child = _part(json, word), _child(xml, word)
                self.enter(part, value, child, page, where, f"{path}.{word}", named=False)

    def _entries(self, item: TypeRef, json: Json | None, xml: Xml | None, page: str, where: str, path: str) -> None:
        values = list(json.value.values()) if json and isinstance(json.value, dict) else []
        entries = xml.children if xml else []
        for value, entry in zip_longest(values, entries):
            pair = entry.children if entry is not None and len(entry.children) == 2 else None
            self.enter(item, value, pair[1] if pair else None, page, where, f"{path}{{}}.value", named=False)
        if entries:
            self.items.setdefault((page, f"{path}{{}}"), (page, entries[0]))

    def _tell(self, page: str, line: int, what: str, remedy: str = _REMEDY) -> None:
        """Notes what a sample shows wrong, once a page: every sample of a model shows it again."""
        if (page, what) not in self._told:
            self._told.add((page, what))
            self.faults.append(Fault(page, line, what, remedy))

    def _tell_added(self, json: Json | None, xml: Xml | None, page: str) -> None:
        line = json.line if json and added(json) else xml.line if xml else 0
        name = added(json) or "z:Id and z:Ref"
        self._tell(page, line, f"the samples bear {name}, which is no member: {_ADDED}", _ADDED_REMEDY)

    def _is_enum(self, ref: TypeRef) -> bool:
        table = self.tables.of(ref.name) if ref.kind == "model" else None
        return bool(table and table.is_enum)

    def _model(self, model: str, json: Json | None, xml: Xml | None, page: str, path: str, named: bool) -> None:
        table = self.tables.of(model, page)
        if table is None:
            return
        if table.is_enum:
            self.enums.setdefault(model, []).append((page, json, xml))
            if named and xml is not None and not xml.declared:
                self.enum_names.setdefault(model, (page, xml))
            if json is not None and json.value is not None:
                self.forms.setdefault((page, path), _form(json))
            return
        seen = Seen(table, page, json.value if json else None, xml, named)
        match(seen, json, xml)
        if self._fits(seen, page, json.line if json else 0):
            self.seen.setdefault(model, []).append(seen)
        for row in table.rows:
            ref = type_of(row.phrase.text)
            if row.name is None or ref is None:
                continue
            key, element = seen.keys.get(row.name.text), seen.elements.get(row.name.text)
            value = seen.json[key] if seen.json is not None and key is not None else None
            name = f"{model}.{row.name.text}"
            self.enter(ref, value, element, page, name, name, named=False)

    def _fits(self, seen: Seen, page: str, line: int) -> bool:
        """Whether the sample shows what the table says; only then does it prove anything of the model."""
        table, fits = seen.table, True
        if seen.json is None:
            return True
        lacking = [row.name.text for row in table.rows if row.name and row.name.text not in seen.keys]
        if lacking:
            fits = False
            what = f"the member {lacking[0]}" if len(lacking) == 1 else f"the members {', '.join(lacking)}"
            self._tell(page, line, f"the JSON sample of {table.model} lacks {what} of the table")
        for row in (row for row in table.rows if row.name is None):
            fits = False
            what = f"a row of {table.model} lost its name, and no sample gives it back"
            self._tell(table.page, row.line, what, "give the page as HTML, which keeps the name")
        listed = {key for name, key in seen.keys.items() if name not in seen.unlisted}
        for key in (key for key in seen.json if key not in listed):
            what = f"the JSON sample of {table.model} has the member {key!r}, which the table lacks"
            taken = key in seen.keys.values()
            self._tell(page, seen.json[key].line, what, _UNLISTED if taken else _REMEDY)
        return fits and set(seen.json) == set(seen.keys.values())

    def formed(self, ref: TypeRef, page: str, path: str) -> TypeRef:
        """The type with the form that the samples at a path show, where that is not the usual one."""
        form = self.forms.get((page, path), "")
        if ref.kind == "model" and form:
            usual = next((_form(j) for _, j, _ in self.enums.get(ref.name, []) if j and j.value is not None), form)
            return replace(ref, form=form) if form != usual else ref
        if ref.kind == "collection" and ref.item:
            return replace(ref, item=self.formed(ref.item, page, f"{path}[]"), form=form)
        if ref.kind == "dictionary" and ref.item:
            return replace(ref, item=self.formed(ref.item, page, f"{path}{{}}.value"))
        return ref

    def known(self, ref: TypeRef) -> TypeRef:
        """The type with Object in place of every model that neither a page nor a sample describes."""
        if ref.kind == "model":
            return ref if ref.name in self.tables.by_model else TypeRef("any")
        item, key = (self.known(part) if part else None for part in (ref.item, ref.key))
        return replace(ref, item=item, key=key)


def _form(json: Json) -> Form:
    return "name" if isinstance(json.value, str) else "number"


def _part(json: Json | None, word: str) -> Json | None:
    """A pair's key or value in JSON, in either casing."""
    members = json.value if json and isinstance(json.value, dict) else {}
    return next((value for name, value in members.items() if name.lower() == word), None)


def _child(xml: Xml | None, word: str) -> Xml | None:
    return next((child for child in (xml.children if xml else []) if child.name.lower() == word), None)
