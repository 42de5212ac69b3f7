"""From a model's tables and samples to the Model: order, XML names and levels, nullability, key and portal id.

The rule: every inference is by a row of `rules`; a model that no sample shows keeps what its table says and is open
about the rest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from contracts.errors import Fault
from contracts.helppage import prose
from contracts.helppage.facts import because, inferred, stated, unknown
from contracts.helppage.hidden import hidden_properties
from contracts.helppage.matching import Seen
from contracts.helppage.members import Place, property_of
from contracts.helppage.nullability import fields_of, nullability
from contracts.helppage.references import numbered
from contracts.helppage.samples import Number, Xml
from contracts.helppage.tables import Table
from contracts.helppage.walk import Walk
from contracts.model import Casing, EnumMember, Fact, Model, Property, XmlName
from contracts.naming import DATA_CONTRACT, generic_contract_name, ordinal

_SETTLE_SAMPLE = "a page with a sample of this model"
_SETTLE_KEY = "whoever wrote the service: which member finds the record that a second post updates"
_SETTLE_RENAMED = "send this member alone in XML, under its own name and under the other one"
_SETTLE_CONTRACT = "whoever wrote the service: whether this class is a [DataContract]"
_INT = re.compile(r"-?\d{1,20}")


def build_models(walk: Walk, casing: Casing | None) -> dict[str, Model]:
    """Every model of the pages, by name."""
    models = {}
    for name, tables in walk.tables.by_model.items():
        table = walk.tables.of(name) or tables[0]
        models[name] = _enum(table, walk) if table.is_enum else _object(table, walk, casing)
    return models


def _description(model: str, walk: Walk) -> Fact[str]:
    page, words, own = walk.tables.descriptions.get(model, ("", None, False))
    if words is None:
        return unknown("", "the model's own page (ResourceModel)")
    if own:
        return stated(words.text, page, words)
    settle = "the model's own page (ResourceModel)"
    return inferred(words.text, "description.body", page, words.lines, words.text, settle)


def _object(table: Table, walk: Walk, casing: Casing | None) -> Model:
    views = walk.seen.get(table.model, [])
    seen = next((view for view in views if view.xml is not None and view.json is not None), views[0] if views else None)
    if seen:
        table = seen.table
    rows = [row for row in table.rows if row.name]
    if len(rows) < len(table.rows) and not views:
        lost = next(row.line for row in table.rows if row.name is None)
        what = f"a row of {table.model} lost its name, and no sample gives it back"
        walk.faults.append(Fault(table.page, lost, what, "give the page as HTML, which keeps the name"))
    names, order = _xml_names(table, seen)
    enums = {name for name, found in walk.tables.by_model.items() if found[0].is_enum}
    nullable = nullability(rows, table.page, views, enums)
    contract = _data_contract(table, seen, casing)
    fields, sure = fields_of(seen) if seen and not contract.value else (set[str](), True)
    place = Place(table.model, table.page, seen, names, nullable, casing, frozenset(fields), sure, bool(contract.value))
    properties = [property_of(row, place, walk) for row in rows]
    properties += hidden_properties(place)
    model = Model(
        name=table.model,
        kind="object",
        description=_description(table.model, walk),
        properties=tuple(properties),
        json_order=_json_order(table, seen),
        xml_order=order,
        xml_root=_xml_root(table, views, names, walk),
        data_contract=contract,
    )
    portal_id = _portal_id(model, table.page)
    return replace(model, portal_id=portal_id, key=_key(model, portal_id.value, table.page))


# A class without [DataContract] has the namespace of its CLR namespace, and members in the order of their names.
def _data_contract(table: Table, seen: Seen | None, casing: Casing | None) -> Fact[bool | None]:
    """Whether the class says itself what its contract holds; only what a page shows, else not asked for.

    Another name of the class or a member may be [ModelName]'s or [JsonProperty]'s, an order [JsonProperty]'s: they
    are no proof, but the order of XML is.
    """
    if seen is None or seen.xml is None or seen.xml.declared:
        return Fact(None)
    root = seen.xml if seen.named else None
    if numbered(seen.xml):
        return inferred(True, "model.data-contract", seen.page, (seen.xml.line,), "z:Id")
    if root is not None and not root.namespace.startswith(DATA_CONTRACT) and root.namespace:
        return inferred(True, "model.data-contract", seen.page, (root.line,), root.namespace)
    late = [seen.elements[name] for name in sorted(_displaced(table, seen)) if name in seen.elements]
    for element in late:
        before = [one for one in _behind(seen.xml, element) if ordinal(one.name) < ordinal(element.name)]
        if before:
            lines = (element.line, before[0].line)
            quote = f"<{element.name}> <{before[0].name}>"
            return inferred(True, "model.data-contract", seen.page, lines, quote, _SETTLE_CONTRACT)
    return Fact(None)


def _behind(xml: Xml, element: Xml) -> list[Xml]:
    """The elements after one, of its namespace: of its class, as far as namespaces tell."""
    at = next(i for i, child in enumerate(xml.children) if child is element)
    return [child for child in xml.children[at + 1 :] if child.namespace == element.namespace]


def _json_order(table: Table, seen: Seen | None) -> Fact[tuple[str, ...]]:
    if seen is None or seen.json is None:
        return Fact(
            tuple(row.name.text for row in table.rows if row.name),
            (because("json.order", table.page, (table.line,)),),
            _SETTLE_SAMPLE,
        )
    by_key = {key: name for name, key in seen.keys.items()}
    lines = [value.line for value in seen.json.values()]
    return inferred(tuple(by_key[key] for key in seen.json if key in by_key), "json.order", seen.page, lines)


def _displaced(table: Table, seen: Seen) -> set[str]:
    """The members that JSON writes after members which follow them in the table: they bear an explicit Order."""
    position = {row.name.text: at for at, row in enumerate(table.rows) if row.name}
    by_key = {key: name for name, key in seen.keys.items()}
    fields, _ = fields_of(seen)  # which JSON writes first, whatever their place in the table
    late, highest = set(), -1
    for name in (by_key[key] for key in seen.json or {} if by_key.get(key) in position):
        if name in fields:
            continue
        at = position[name]
        if at < highest:
            late.add(name)
        highest = max(highest, at)
    return late


def _xml_names(table: Table, seen: Seen | None) -> tuple[dict[str, Fact[XmlName | None]], Fact[tuple[str, ...]]]:
    """Each member's element with its level, and the members in the order of the sample."""
    if seen is None or seen.xml is None:
        return {}, unknown((), _SETTLE_SAMPLE)
    named = {id(element): name for name, element in seen.elements.items()}
    displaced, level, before = _displaced(table, seen), 0, None
    names: dict[str, Fact[XmlName | None]] = {}
    for element in seen.xml.children:
        name = named.get(id(element), element.name)
        if before is not None and _begins_class(before, element, name in displaced):
            level += 1
        rule = "xml.renamed" if name in seen.renamed else "xml.levels"
        settle = _SETTLE_RENAMED if name in seen.alike else ""
        written = XmlName(element.name, element.namespace, level)
        names[name] = inferred(written, rule, seen.page, (element.line,), _quote(element), settle)
        before = element
    for row in table.rows:
        if row.name and row.name.text not in names:
            by = because("xml.absent", table.page, row.name.lines, row.name.text)
            settle = _SETTLE_RENAMED if seen.extra else ""  # one of those may be its element, under another name
            names[row.name.text] = Fact(None, (by, because("xml.absent", seen.page, (seen.xml.line,))), settle)
    for name in (name for name in seen.unlisted if name not in names):
        names[name] = Fact(None, (because("xml.absent", seen.page, (seen.xml.line,), name),))
    order = tuple(named.get(id(element), element.name) for element in seen.xml.children)
    return names, inferred(order, "xml.order", seen.page, (child.line for child in seen.xml.children))


def _begins_class(before: Xml, element: Xml, displaced: bool) -> bool:
    if element.declared:  # XmlSerializer knows no classes: members stand as they are declared
        return False
    if element.namespace != before.namespace:
        return True
    return ordinal(element.name) < ordinal(before.name) and not displaced


def _quote(element: Xml) -> str:
    return f"<{element.name}> in {element.namespace}"


def _xml_root(
    table: Table, views: Sequence[Seen], names: dict[str, Fact[XmlName | None]], walk: Walk
) -> Fact[XmlName | None]:
    levels = [fact.value.level for fact in names.values() if fact.value]
    top = max(levels, default=0)
    for view in views:
        if view.named and view.xml is not None:
            root = XmlName(view.xml.name, view.xml.namespace, top)
            return inferred(root, "xml.root", view.page, (view.xml.line,), _quote(view.xml))
    namespace = next((fact.value.namespace for fact in names.values() if fact.value and fact.value.level == top), None)
    if namespace is None:
        return unknown(None, _SETTLE_SAMPLE)
    seen = next(fact.evidence[0] for fact in names.values() if fact.value and fact.value.level == top)
    settle = "a page with an XML sample whose root or item is this model"
    generic = _generic_name(table.model, walk)
    name = XmlName(generic or table.model, namespace, top)
    rule = "xml.generic-name" if generic else "xml.contract-name"
    return inferred(name, rule, seen.page, seen.lines, seen.quote, settle)


def _generic_name(model: str, walk: Walk) -> str:
    """The contract name of a generic model's page name ("PageOfOrder"), empty for what is none or cannot be told."""
    outer, of, argument = model.partition("Of")
    shown = [view.xml for view in walk.seen.get(argument, []) if view.xml is not None and view.named]
    if not (of and outer and shown) or not shown[0].namespace.startswith(DATA_CONTRACT):
        return ""
    return generic_contract_name(outer, [(shown[0].name, shown[0].namespace)])


def _portal_id(model: Model, page: str) -> Fact[str | None]:
    scalar = [prop for prop in model.properties if prop.type.value.kind == "scalar"]
    for wanted in (True, False):
        for prop in scalar:
            if prop.read_only.value is wanted and prose.names_own_id(prop.description.value, model.name):
                return inferred(prop.name, "id.described", page, _lines(prop), prop.description.value)
    return unknown(None, "whoever wrote the service: which member the portal draws")


def _key(model: Model, portal_id: str | None, page: str) -> Fact[str | None]:
    texts = [prop for prop in model.properties if prop.type.value.name == "String" and not prop.read_only.value]
    own = [prop for prop in texts if prose.names_own_key(prop.description.value, model.name)]
    if len(own) == 1:
        return inferred(own[0].name, "key.described", page, _lines(own[0]), own[0].description.value)
    if portal_id is not None and not own:
        base = model[portal_id].xml.value
        beside = [
            prop
            for prop in model.properties
            if base and prop.xml.value and prop.xml.value.level == base.level == 0 and prop.name != portal_id
        ]
        levels = {prop.xml.value.level for prop in model.properties if prop.xml.value}
        if len(beside) == 1 and beside[0] in texts and len(levels) > 1:
            return inferred(beside[0].name, "key.beside-id", page, beside[0].xml.evidence[0].lines, beside[0].name)
    return unknown(None, _SETTLE_KEY)


def _lines(prop: Property) -> tuple[int, ...]:
    return prop.description.evidence[0].lines if prop.description.evidence else ()


def _enum(table: Table, walk: Walk) -> Model:
    members = []
    for row in table.members:
        if _INT.fullmatch(row.value.text):
            members.append(EnumMember(row.name.text, int(row.value.text), row.description))
        else:
            what = f"the value of {row.name.text} is {row.value.text[:40]!r}, no number: it is left out"
            walk.faults.append(Fault(table.page, row.value.line, what, "save the page again, whole"))
    return Model(
        name=table.model,
        kind="enum",
        description=_description(table.model, walk),
        xml_root=_enum_name(table, walk),
        members=_written_otherwise(table, members, walk),
        as_string=_as_string(table, members, walk),
    )


# ObjectGenerator shows the first of Enum.GetValues: the lowest value, counted without sign.
def _written_otherwise(table: Table, members: list[EnumMember], walk: Walk) -> tuple[EnumMember, ...]:
    """The members, with the sample's word for the one it shows where that is not its name (EnumMember)."""
    words = [xml.text for _, _, xml in walk.enums.get(table.model, []) if xml is not None and not xml.nil and xml.text]
    words += [j.value for _, j, _ in walk.enums.get(table.model, []) if j is not None and isinstance(j.value, str)]
    if not members or not words or words[0] in {member.name for member in members}:
        return tuple(members)
    first = min(members, key=lambda member: member.value % 2**64)
    return tuple(replace(member, xml=words[0]) if member is first else member for member in members)


def _as_string(table: Table, members: list[EnumMember], walk: Walk) -> Fact[bool | None]:
    for page, json, _ in walk.enums.get(table.model, []):
        if json and isinstance(json.value, (str, Number)):
            shown = json.value.text if isinstance(json.value, Number) else f'"{json.value}"'
            return inferred(isinstance(json.value, str), "enum.json", page, (json.line,), shown)
    return unknown(None, "a page with a JSON sample of this enumeration")


def _enum_name(table: Table, walk: Walk) -> Fact[XmlName | None]:
    if table.model in walk.enum_names:  # an item or a root bears the name and the namespace of its type
        page, item = walk.enum_names[table.model]
        return inferred(XmlName(item.name, item.namespace, 0), "xml.root", page, (item.line,), _quote(item))
    for page, _, xml in walk.enums.get(table.model, []):
        if xml is not None:
            settle = "a page with an XML sample whose items are this enumeration"
            name = XmlName(table.model, xml.namespace, 0)
            return inferred(name, "xml.contract-name", page, (xml.line,), _quote(xml), settle)
    return unknown(None, _SETTLE_SAMPLE)
