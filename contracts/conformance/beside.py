"""What stands beside an upsert: the operations of the contract that read, replace, delete and list the same records.

    GET api/Things?key, GET api/Things/{id}      reads by "key" and by "id"
    PUT api/Things/{id}, DELETE api/Things/{id}  replace and delete, by "id" or "key"
    GET api/Things/search?name&page&size         a list, by a text that a record bears

The rule: only what the contract holds and only for the same model; where a parameter's meaning is not plain from its
name or type, the operation is left out and nothing is judged of it. No request is sent here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlencode

from contracts.model import Contract, Model, Operation, Parameter, Property

By = Literal["id", "key"]

_PAGE = ("page", "currentpage", "pagenumber", "pageindex")
_SIZE = ("itemsperpage", "itemperpage", "pagesize", "size", "limit", "take")
_TOTAL = ("totalitems", "total", "totalcount", "totalrows", "count")
_TOLD = {
    "size": ("itemsperpage", "itemperpage", "pagesize"),
    "page": ("currentpage", "pagenumber", "page"),
    "pages": ("totalpages", "pagecount", "pages"),
}
#: Types of members that a search compares as a whole, or as a bound.
_PLAIN = frozenset(
    {"String", "Boolean", "Guid", "DateTime", "Decimal", "Double", "Single", "Int32", "Int64", "Int16", "Byte"}
)


@dataclass(frozen=True)
class Named:
    """An operation on one record, which `parameter` names by its id or its key."""

    operation: Operation
    parameter: Parameter
    by: By

    def path(self, value: str) -> str:
        """The path and query for the record of this id or key."""
        path = self.operation.path.value
        if self.parameter.in_path:
            return path.replace("{" + self.parameter.name + "}", quote(value, safe=""))
        return f"{path}?{urlencode({self.parameter.key: value})}"


@dataclass(frozen=True)
class Search:
    """An operation that lists records by a text.

    `text` is the parameter and the member it is compared with; `rows` and `total` are members of the answer (`rows`
    empty: the answer is the list itself), `page` and `size` the parameters that page it (empty: it has no pages);
    `others` are parameters for other members, by the member's name; `told` members that tell of the page ("page",
    "size", "pages"); `defaults` are the page's defaults of `page` and `size`.
    """

    operation: Operation
    text: tuple[str, Property]
    rows: Property | None
    total: Property | None
    page: str = ""
    size: str = ""
    others: Mapping[str, tuple[str, Property]] = field(default_factory=dict)
    told: Mapping[str, Property] = field(default_factory=dict)
    defaults: tuple[str, str] = ("", "")

    def path(self, text: str, page: int | None = None, size: int = 0, other: tuple[str, str] | None = None) -> str:
        """The path and query for records with this text (and another parameter); no page: as the portal does itself."""
        asked = {self.text[0]: text}
        if self.page and page is not None:
            asked |= {self.page: str(page), self.size: str(size)}
        if other is not None:
            asked[other[0]] = other[1]
        return f"{self.operation.path.value}?{urlencode(asked)}"


@dataclass(frozen=True)
class Beside:
    """The operations beside an upsert; None and empty where the contract holds none that can be understood."""

    reads: Mapping[By, Named] = field(default_factory=dict)
    replace: Named | None = None
    delete: Named | None = None
    search: Search | None = None

    def listed_in(self, wire: str) -> str:
        """The media type in which a search answers in a wire format; empty where it does not."""
        if self.search is None:
            return ""
        media = (fact.value for fact in self.search.operation.response.media_types)
        return next((medium.name for medium in media if medium.format == wire), "")

    def operations(self) -> Iterator[Operation]:
        """All of them."""
        for found in (*self.reads.values(), self.replace, self.delete, self.search):
            if found is not None:
                yield found.operation


def beside(contract: Contract, upsert: Operation, model: Model, answer: Model) -> Beside:
    """What a contract holds beside an upsert."""
    here = [o for o in contract.operations if o is not upsert and _under(o, upsert)]
    reads = _named(answer, [o for o in here if _is(o, "GET") and _carries(contract, o, answer, response=True)])
    replaces = _named(answer, [o for o in here if _is(o, "PUT") and _carries(contract, o, model, response=False)])
    deletes = _named(answer, [o for o in here if _is(o, "DELETE")])
    found = (_search(contract, o, model, answer) for o in here if _is(o, "GET"))
    return Beside(
        {named.by: named for named in reversed(list(reads))},
        next(replaces, None),
        next(deletes, None),
        next((search for search in found if search is not None), None),
    )


def _fold(name: str) -> str:
    return name.replace("_", "").casefold()


def _is(operation: Operation, method: str) -> bool:
    return operation.method.value.upper() == method


def _under(operation: Operation, upsert: Operation) -> bool:
    """Whether a path is the upsert's or goes on behind it."""
    path, base = operation.path.value.casefold().strip("/"), upsert.path.value.casefold().strip("/")
    return path == base or path.startswith(base + "/")


def _carries(contract: Contract, operation: Operation, model: Model, *, response: bool) -> bool:
    found = contract.model_of(operation.response if response else operation.request)
    return found is not None and found.name == model.name


def _named(model: Model, operations: list[Operation]) -> Iterator[Named]:
    """The operations that name one record by its id or its key, and ask for nothing else."""
    for operation in operations:
        needed = [p for p in operation.parameters if p.required.value]
        literal = [s for s in operation.path.value.strip("/").split("/") if not s.startswith("{")]
        behind = operation.path.value.strip("/").split("/")[len(literal) :]
        by = _by(model, needed[0]) if len(needed) == 1 and not any(not s.startswith("{") for s in behind) else None
        if by is not None:
            yield Named(operation, needed[0], by)


def _by(model: Model, parameter: Parameter) -> By | None:
    """Which member a parameter means: the one it is called as; in a path, one of its type."""
    own, key = model.portal_id.value, model.key.value
    if own is not None and _fold(parameter.name) == _fold(own):
        return "id"
    if key is not None and _fold(parameter.name) == _fold(key):
        return "key"
    scalar = parameter.type.value
    if parameter.in_path and own is not None and scalar == model[own].type.value and scalar.name != "String":
        return "id"
    return None


def _search(contract: Contract, operation: Operation, model: Model, answer: Model) -> Search | None:
    ref = operation.response.type.value
    page = contract.model_of(operation.response)
    rows = next((p for p in page.properties if p.type.value.kind == "collection"), None) if page is not None else None
    item = ref.item if ref is not None and ref.kind == "collection" else rows.type.value.item if rows else None
    if item is None or item.name != answer.name or any(p.in_path for p in operation.parameters):
        return None
    texts = {_fold(p.name): p for p in model.properties if p.type.value.name == "String" and not p.read_only.value}
    filters = [p for p in operation.parameters if _fold(p.name) in texts and p.type.value.name == "String"]
    needed = [p for p in operation.parameters if p.required.value]
    if not filters or any(p is not filters[0] for p in needed):
        return None
    names = {_fold(p.name): p.key for p in operation.parameters}
    paged = _first(names, _PAGE), _first(names, _SIZE)
    totals = {_fold(p.name): p for p in page.properties} if page is not None and rows is not None else {}
    total = next((totals[word] for word in _TOTAL if word in totals), None)
    text = (filters[0].key, texts[_fold(filters[0].name)])
    pages = paged if all(paged) else ("", "")
    told = {name: totals[word] for name, words in _TOLD.items() for word in words if word in totals}
    return Search(
        operation,
        text,
        rows,
        total,
        *pages,
        _others(contract, operation, model, filters[0]),
        told,
        _defaults(operation, pages),
    )


def _defaults(operation: Operation, pages: tuple[str, ...]) -> tuple[str, str]:
    """The defaults of the parameters that page; empty where a page tells none."""
    told = {p.key: p.default.value or "" for p in operation.parameters}
    page, size = (told.get(name, "") for name in pages)
    return page, size


def _others(
    contract: Contract, operation: Operation, model: Model, text: Parameter
) -> Mapping[str, tuple[str, Property]]:
    """Parameters that are called as members of their own type, other than the text's."""
    members = {_fold(p.name): p for p in model.properties if not p.read_only.value}
    found: dict[str, tuple[str, Property]] = {}
    for parameter in operation.parameters:
        prop = members.get(_fold(parameter.name))
        if (
            parameter is text
            or prop is None
            or parameter.complex.value is not None
            or prop.type.value != parameter.type.value
        ):
            continue
        if prop.type.value.name in _PLAIN or _enum(contract, prop):
            found[prop.name] = (parameter.key, prop)
    return found


def _enum(contract: Contract, prop: Property) -> bool:
    model = contract.models.get(prop.type.value.name)
    return prop.type.value.kind == "model" and model is not None and model.kind == "enum"


def _first(names: Mapping[str, str], words: tuple[str, ...]) -> str:
    return next((names[word] for word in words if word in names), "")
