"""XML as the data contract serializer spells it: which namespace gets which prefix, and where it is declared.

The rule: an element whose namespace is in scope uses it, any other declares it as default on itself; a member
declares the namespace of what it holds as prefix d{depth}p1. Source: XmlWriter.LookupPrefix under
DataContractSerializer, and samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from contracts.naming import INSTANCE


@dataclass
class Element:
    """An element: `content` is the namespace of what it holds, `type_name` and `type_namespace` its i:type."""

    name: str
    namespace: str
    text: str = ""
    children: list[Element] = field(default_factory=list)
    content: str = ""
    type_name: str = ""
    type_namespace: str = ""


def xml_lines(root: Element) -> list[str]:
    """The element as indented lines."""
    return _lines(root, {}, 1)


def _lines(element: Element, scope: Mapping[str, str], depth: int) -> list[str]:
    """`scope` maps a namespace to its prefix, "" for the default."""
    scope = dict(scope)
    declared = ""
    if depth == 1 and (element.children or element.type_name):
        declared += f" xmlns:i={quoteattr(INSTANCE)}"
    if element.namespace not in scope and (element.namespace or "" in scope.values()):
        scope = {namespace: prefix for namespace, prefix in scope.items() if prefix} | {element.namespace: ""}
        declared += f" xmlns={quoteattr(element.namespace)}"
    for namespace in (element.content if element.children else "", element.type_namespace):
        if namespace and namespace not in scope:
            scope[namespace] = f"d{depth}p1"
            declared += f" xmlns:d{depth}p1={quoteattr(namespace)}"
    if element.type_name:
        declared += f' i:type="{scope[element.type_namespace]}:{element.type_name}"'
    prefix = scope.get(element.namespace, "")
    tag = f"{prefix}:{element.name}" if prefix else element.name
    if element.children:
        inner = [f"  {line}" for child in element.children for line in _lines(child, scope, depth + 1)]
        return [f"<{tag}{declared}>", *inner, f"</{tag}>"]
    return [f"<{tag}{declared}>{escape(element.text)}</{tag}>" if element.text else f"<{tag}{declared} />"]
