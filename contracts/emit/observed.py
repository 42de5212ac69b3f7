"""The contract names that XML samples show by themselves: of the elements of collections and of dictionaries' entries.

The rule: what a sample shows is stronger than what the serializer's naming rules would give, because a `[DataContract]`
may name anything. Only names are taken here; whether a sample fits its table is the reader's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from contracts.model import Contract, TypeRef

_DEEPEST = 50


def observed(contract: Contract) -> Mapping[TypeRef, tuple[str, str]]:
    """(namespace, local name) of each model seen as an element of a collection, and of each dictionary's entries."""
    seen: dict[TypeRef, tuple[str, str]] = {}
    for operation in contract.operations:
        for body in (operation.request, operation.response):
            for sample in body.samples:
                if body.type.value is None or "<" not in sample.text[:5] or "<!DOCTYPE" in sample.text:
                    continue
                try:
                    root = ElementTree.fromstring(sample.text)
                except (ElementTree.ParseError, ValueError):
                    continue
                _walk(contract, body.type.value, root, seen, 0)
    return seen


def _walk(
    contract: Contract,
    ref: TypeRef,
    element: ElementTree.Element,
    seen: dict[TypeRef, tuple[str, str]],
    depth: int,
) -> None:
    if depth > _DEEPEST:
        return
    if ref.kind == "collection" and ref.item is not None:
        for child in element:
            if ref.item.kind == "model":
                seen.setdefault(ref.item, _split(child.tag))
            _walk(contract, ref.item, child, seen, depth + 1)
    elif ref.kind == "dictionary":
        for child in element:
            seen.setdefault(ref, _split(child.tag))
            for part, inner in zip((ref.key, ref.item), child, strict=False):
                if part is not None:
                    _walk(contract, part, inner, seen, depth + 1)
    elif ref.kind == "model" and ref.name in contract.models:
        for prop in contract.models[ref.name].properties:
            name = prop.xml.value
            found = None if name is None else element.find(f"{{{name.namespace}}}{name.name}")
            if found is not None:
                _walk(contract, prop.type.value, found, seen, depth + 1)


def _split(tag: str) -> tuple[str, str]:
    space, _, local = tag.rpartition("}")
    return space[1:], local
