"""The facts of the seven sites as reflection over the compiled models tells them, beside those that the reader found.

`tests/data/sites/truth.json` was made from the models, not from the pages and not by the reader, and trimmed to what a
perfect reader can know; "open" stands where no page tells, and the reader must then say that it guesses or does not
know. `python tests/helppage/truth.py` prints how many facts were recovered by resource and layout.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from contracts.helppage import read
from contracts.model import Contract, Fact, TypeRef
from contracts.scalars import SCALARS

SITES = Path(__file__).parent.parent / "data" / "sites"
LAYOUTS = {"html": ".html", "B": ".txt", "A": ".layout-a.txt"}
TRUTH = json.loads((SITES / "truth.json").read_text(encoding="utf-8"))


def pages(resource: str, layout: str) -> list[Path]:
    """The pages of a resource in one layout."""
    found = sorted((SITES / resource).glob(f"*{LAYOUTS[layout]}"))
    return [page for page in found if layout == "A" or not page.name.endswith(LAYOUTS["A"])]


@cache
def contract(resource: str, layout: str) -> Contract:
    """What the reader makes of them."""
    return read(*pages(resource, layout))


def words(text):
    """A text without regard to its line breaks."""
    return " ".join((text or "").split())


def spoken(ref: TypeRef | None) -> str | None:
    """A type in the truth's words."""
    if ref is None:
        return None
    if ref.kind == "collection":
        return f"Collection of {spoken(ref.item)}"
    if ref.kind == "dictionary":
        return f"Dictionary of {spoken(ref.key)} to {spoken(ref.item)}"
    return ref.name or "Object"


def family(spoken_type: str) -> str:
    """The type with the page's own words for scalars, which several types may share."""
    return " ".join(SCALARS[word].phrase if word in SCALARS else word for word in spoken_type.split())


def same_type(fact: Fact[TypeRef], wanted: dict) -> bool:
    """Exact and firm where the page tells it, of the family and said to be a guess where it does not."""
    got = spoken(fact.value)
    if wanted["exact"]:
        return got == wanted["type"] and fact.standing != "guessed"
    scalar = fact.value.kind == "scalar"
    return family(got or "") == family(wanted["type"]) and (fact.standing == "guessed" or not scalar)


def open_(fact: Fact) -> bool:
    """Whether the reader says that it does not know, and what would settle it."""
    return fact.standing in ("guessed", "unknown") and bool(fact.settle)


def told(fact: Fact, wanted) -> bool:
    """The value, firmly; or an open fact where it is open."""
    return open_(fact) if wanted == "open" else fact.value == wanted and fact.standing in ("stated", "inferred")


def xml_of(prop):
    value = prop.xml.value
    return [value.name, value.namespace, value.level] if value else None


def of_operation(wanted, got):
    """Every fact of an operation: what it is, and whether it was recovered."""
    yield "verb", got.method.value == wanted["verb"]
    yield "path", got.path.value == wanted["path"].partition("?")[0]
    yield "query", [f"{k}={{{k}}}" for k in got.query] == [k for k in wanted["path"].partition("?")[2].split("&") if k]
    yield "summary", words(got.summary.value) == words(wanted["summary"])
    yield "body", spoken(got.request.type.value) == wanted["body"]
    yield "body description", words(got.request.description.value) == words(wanted["bodyDescription"])
    opaque = wanted["response"] in ("HttpResponseMessage", "IHttpActionResult")
    answer = got.response.phrase.value if got.response.opaque else spoken(got.response.type.value)
    yield "response", answer == wanted["response"] and got.response.opaque == opaque
    yield "response description", words(got.response.description.value) == words(wanted["responseDescription"])
    for side, body in (("request", got.request), ("response", got.response)):
        samples = wanted[f"{side}Samples"]
        yield f"{side} media types", [fact.value.name for fact in body.media_types] == [name for name, _ in samples]
        shown = [name for sample in body.samples for name in sample.media_types]
        yield f"{side} samples", shown == [name for name, kind in samples if kind == "text"]
    for parameter in wanted["parameters"]:
        mine = next((p for p in got.parameters if p.name == parameter["name"]), None)
        for about, found in of_parameter(parameter, mine) if mine else [("parameter", False)]:
            yield f"{parameter['name']}: {about}", found
    yield "no other parameter", len(got.parameters) == len(wanted["parameters"])


def of_parameter(wanted, got):
    yield "description", words(got.description.value) == words(wanted["description"])
    yield "type word", got.phrase.value == wanted["phrase"]
    yield "type", same_type(got.type, wanted)
    yield "null", told(got.nullable, wanted["nullable"])
    yield "required", told(got.required, wanted["required"])
    yield "default", told(got.default, wanted["default"])
    yield "place", got.in_path == wanted["inPath"]
    yield "complex", got.complex.value == wanted["complex"]
    notes = [note for note in wanted["notes"] if not note.startswith("Default")]
    yield "annotations", [note.value.text for note in got.annotations] == notes


def of_model(wanted, got, layout):
    """Every fact of a model. Layout A loses the words above a model's own table."""
    yield "kind", got.kind == wanted["kind"]
    if layout != "A":
        yield "description", words(got.description.value) == words(wanted["description"])
    if got.kind == "enum":
        yield "values", {member.name: member.value for member in got.members} == wanted["values"]
        yield "names in JSON", got.as_string.value == wanted["asString"]
        return
    if wanted["sampled"] and got.xml_root.value:
        root = got.xml_root.value
        yield "contract", [root.name, root.namespace] == wanted["xml"]
        yield "JSON order", list(got.json_order.value) == wanted["jsonOrder"]
        yield "XML order", list(got.xml_order.value) == wanted["xmlOrder"]
    yield "table", {p.name for p in got.properties if p.listed} == {m["name"] for m in wanted["members"] if "name" in m}
    yield "hidden members", len(got.properties) == len(wanted["members"])
    for member in wanted["members"]:
        if "name" not in member:
            hidden = [prop for prop in got.properties if not prop.listed and xml_of(prop) == member["xml"]]
            yield "hidden member", len(hidden) == 1 and spoken(hidden[0].type.value) == member["type"]
            continue
        mine = next((prop for prop in got.properties if prop.name == member["name"]), None)
        for about, found in of_member(member, mine) if mine else [("member", False)]:
            yield f"{member['name']}: {about}", found


def of_member(wanted, got):
    yield "description", words(got.description.value) == words(wanted["description"])
    yield "type word", got.phrase.value == wanted["phrase"]
    yield "type", same_type(got.type, wanted)
    yield "null", told(got.nullable, wanted["nullable"])
    yield "required", told(got.required, wanted["required"])
    yield "read-only", wanted["readOnly"] == "open" or told(got.read_only, wanted["readOnly"])
    yield "annotations", [note.value.text for note in got.annotations] == wanted["notes"]
    yield "JSON name", wanted["json"] == "open" or told(got.json, wanted["json"])
    yield "in XML", open_(got.xml) if wanted["xml"] == "open" else xml_of(got) == wanted["xml"]
    yield "field", bool(got.is_field.value) == wanted["field"]


def facts(resource: str, layout: str):
    """Every recoverable fact of a resource with whether the reader has it."""
    wanted, got = TRUTH[resource], contract(resource, layout)
    yield "casing", got.casing.value == wanted["casing"]
    for operation in wanted["operations"]:
        mine = [op for op in got.operations if op.method.evidence[0].page == operation["page"] + LAYOUTS[layout]]
        for about, found in of_operation(operation, mine[0]) if mine else [("operation", False)]:
            yield f"{operation['page']}: {about}", found
    for name, model in wanted["models"].items():
        mine = got.models.get(name)
        for about, found in of_model(model, mine, layout) if mine else [("model", False)]:
            yield f"{name}: {about}", found
    yield "no other model", set(got.models) - set(wanted["models"]) <= set(wanted.get("others", ["StockCountFilter"]))


def main() -> None:
    """Prints the facts recovered of those that can be."""
    for resource in TRUTH:
        for layout in LAYOUTS:
            found = list(facts(resource, layout))
            missed = [about for about, ok in found if not ok]
            print(f"{resource:12} {layout:5} {len(found) - len(missed)} of {len(found)}")
            for about in missed:
                print("    missed:", about)


if __name__ == "__main__":
    main()
