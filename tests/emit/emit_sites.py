"""The seven recorded sites: their contracts, what the emitted schemas say of a body, and the recorded exchanges.

Bodies are judged by others' libraries with the emitted texts as they stand: JSON by the schema that the OpenAPI
document gives the operation's body, XML by libxml2 with every XSD of the site. `python tests/emit/emit_sites.py`
prints how many samples and answers of each resource are valid.
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import quoteattr

from jsonschema import Draft202012Validator, ValidationError
from lxml import etree

from contracts.emit import emit
from contracts.helppage import read
from contracts.model import Body, Contract, Operation

SITES = Path(__file__).parents[1] / "data" / "sites"
RESOURCES = ("Coatings", "Fittings", "Frames", "OrderSheets", "StockCounts", "Suppliers", "Vouchers")
#: The two hosts: index page and the resources it lists.
HOSTS = {
    "camel": ("Coatings", "Frames", "OrderSheets", "StockCounts"),
    "pascal": ("Fittings", "Suppliers", "Vouchers"),
}


@cache
def contract_of(resource: str) -> Contract:
    """The contract of one resource's pages, in HTML."""
    return read(*sorted((SITES / resource).glob("*.html")))


@cache
def host_of(name: str) -> Contract:
    """The contract of a whole host's pages, its index among them."""
    pages = [page for resource in HOSTS[name] for page in sorted((SITES / resource).glob("*.html"))]
    return read(SITES / f"index-{name}.html", *pages)


def load_xsds(files: dict[str, bytes]) -> etree.XMLSchema | None:
    """Every XSD of the files as one schema of libxml2's, None where there is none."""
    if not any(name.endswith(".xsd") for name in files):
        return None
    imports = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data in sorted(files.items()):
            if name.endswith(".xsd"):
                (Path(folder) / name).write_bytes(data)
                space = etree.fromstring(data).get("targetNamespace")
                target = f"namespace={quoteattr(space)}" if space else ""
                imports.append(f'<xs:import {target} schemaLocation="{name}"/>')
        root = Path(folder) / "all.xsd"
        text = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:all">{}</xs:schema>'
        root.write_text(text.format("".join(imports)), encoding="utf-8", newline="\n")
        return etree.XMLSchema(etree.parse(str(root)))


@dataclass(frozen=True)
class Wrong:
    """One fault: where, by which keyword, what."""

    path: str
    keyword: str
    message: str


def leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The faults inside a value that may be null as well."""
    inner = [each for each in error.context if each.validator_value != "null"] if error.validator == "anyOf" else []
    if error.instance is None or not inner:
        yield error
    for each in inner if error.instance is not None else ():
        yield from leaves(each)


@dataclass
class Judge:
    """What the emitted schemas of a contract say of bodies."""

    contract: Contract
    files: dict[str, bytes] = field(init=False)
    api: dict[str, Any] = field(init=False)
    xsd: etree.XMLSchema | None = field(init=False)
    _validators: dict[tuple[str, str], Draft202012Validator] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.files = emit(self.contract)
        self.api = json.loads(self.files["openapi.json"])
        self.xsd = load_xsds(self.files)

    def json_faults(self, operation: Operation, side: str, value: Any) -> list[Wrong]:
        """The faults of a JSON body, `side` "request" or "response"."""
        key = (operation.id, side)
        if key not in self._validators:
            schema = {**self._schema(operation, side), "components": self.api["components"]}
            self._validators[key] = Draft202012Validator(schema)
        errors = self._validators[key].iter_errors(value)
        return [Wrong(leaf.json_path, leaf.validator, leaf.message[:150]) for error in errors for leaf in leaves(error)]

    def xml_faults(self, body: bytes) -> list[Wrong]:
        """The faults of an XML body."""
        document = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
        assert self.xsd is not None
        if self.xsd.validate(document):
            return []
        return [Wrong(str(error.path), str(error.type_name), str(error.message)[:300]) for error in self.xsd.error_log]

    def _schema(self, operation: Operation, side: str) -> dict[str, Any]:
        path = "/" + re.sub(r"\{\*?([^}:?=]*)[^}]*\}", r"{\1}", operation.path.value)
        found = self.api["paths"][path][operation.method.value.lower()]
        content = (found["requestBody"] if side == "request" else found["responses"]["200"])["content"]
        schema: dict[str, Any] = content["application/json"]["schema"]
        return schema


@cache
def judge_of(resource: str) -> Judge:
    return Judge(contract_of(resource))


def samples(contract: Contract) -> Iterator[tuple[Operation, str, str, str]]:
    """Every sample of the pages: its operation, "request" or "response", "json", "xml" or "form", its text."""
    for operation in contract.operations:
        for side, body in (("request", operation.request), ("response", operation.response)):
            for sample in body.samples:
                names = " ".join(sample.media_types)
                yield operation, side, "json" if "json" in names else "xml" if "xml" in names else "form", sample.text


@dataclass(frozen=True)
class Exchange:
    """One recorded exchange: its case, what it needs, the documented operation it met (None: none), its texts."""

    case: str
    needs: tuple[str, ...]
    operation: Operation | None
    request: dict[str, Any]
    status: int
    media_type: str
    sent: bytes
    answered: bytes


@cache
def exchanges(resource: str) -> tuple[Exchange, ...]:
    """Every recorded exchange of a resource, the portal's ids filled in."""
    find = finder(contract_of(resource))
    found = []
    with gzip.open(SITES / resource / "exchanges.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            case = json.loads(line)
            for exchange in case["exchanges"]:
                request, answer = exchange["request"], exchange["lenient"]
                operation = find(request["method"], request["path"])
                name, needs = f"{case['category']}: {case['name']}", tuple(case.get("needs", ()))
                kind = answer.get("headers", {}).get("content-type", "")
                found.append(
                    Exchange(name, needs, operation, request, answer["status"], kind, _bytes(request), _bytes(answer))
                )
    return tuple(found)


def _bytes(message: dict[str, Any]) -> bytes:
    text = re.sub(r"\{id-(\d+)\}", lambda m: f"00000000-0000-4000-8000-{int(m[1]):012}", message.get("text") or "")
    return text.encode(message.get("encoding", "utf-8"), "surrogatepass")


def finder(contract: Contract) -> Callable[[str, str], Operation | None]:
    """Which operation a verb and a path meet: the one with most literal segments, then with most of the keys given.

    The template "api/{controller}/{id}" takes an id that the action has not, and none for one in the query.
    """
    table = []
    for operation in contract.operations:
        parts = re.split(r"\{[^}]*\}", operation.path.value)
        table.append((re.compile("/" + "[^/]+".join(map(re.escape, parts)) + "/?", re.IGNORECASE), parts, operation))

    def find(method: str, target: str) -> Operation | None:
        split = urlsplit(target)
        given = {name.lower() for name, _ in parse_qsl(split.query, keep_blank_values=True)}
        for path in (split.path, split.path.rpartition("/")[0], f"{split.path}/0"):
            fitting = [
                (-len(parts), sum(key.lower() in given for key in operation.query), operation.id, operation)
                for pattern, parts, operation in table
                if operation.method.value == method and pattern.fullmatch(path)
            ]
            if fitting:
                return max(fitting, key=lambda row: row[:3])[3]
        return None

    return find


def answer_faults(resource: str, exchange: Exchange) -> list[Wrong]:
    """What the schemas find wrong with a recorded answer."""
    judge = judge_of(resource)
    if "xml" in exchange.media_type:
        return judge.xml_faults(exchange.answered)
    assert exchange.operation is not None
    body: Body = exchange.operation.response
    if body.type.value is None or body.opaque:
        return []
    text = exchange.answered.decode("utf-16" if "utf-16" in exchange.media_type else "utf-8")
    return judge.json_faults(exchange.operation, "response", json.loads(text))


def sample_faults(resource: str) -> Iterator[tuple[str, str, str, list[Wrong]]]:
    """(operation, side, form, faults) of every sample of a resource's pages."""
    judge = judge_of(resource)
    for operation, side, form, text in samples(contract_of(resource)):
        if form == "json":
            yield operation.id, side, form, judge.json_faults(operation, side, json.loads(text))
        elif form == "xml":
            yield operation.id, side, form, judge.xml_faults(text.encode())


def answers(resource: str) -> Iterator[tuple[Exchange, list[Wrong]]]:
    """Every recorded answer of success with a body, and what the schemas find wrong with it."""
    for exchange in exchanges(resource):
        if 200 <= exchange.status < 300 and exchange.answered:
            yield exchange, answer_faults(resource, exchange)


def requests(resource: str) -> Iterator[tuple[Exchange, list[Wrong]]]:
    """Every recorded request with a body in JSON, and what the schemas find wrong with it."""
    for exchange in exchanges(resource):
        kinds = [v for name, v in exchange.request.get("headers", {}).items() if name.lower() == "content-type"]
        operation = exchange.operation
        if operation is None or operation.request.type.value is None or "json" not in "".join(kinds):
            continue
        try:
            value = json.loads(exchange.sent.decode("utf-8"), parse_constant=_refuse)
        except ValueError:
            continue
        yield exchange, judge_of(resource).json_faults(operation, "request", value)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _print() -> None:
    for resource in RESOURCES:
        shown, answered = list(sample_faults(resource)), list(answers(resource))
        for *where, faults in shown:
            print(*(f"  sample {where} {fault}" for fault in faults), sep="\n", end="\n" if faults else "")
        for exchange, faults in answered:
            print(*(f"  answer {exchange.case}: {fault}" for fault in faults), sep="\n", end="\n" if faults else "")
        good = sum(not faults for *_, faults in shown), sum(not faults for _, faults in answered)
        sent = [(200 <= exchange.status < 300, bool(faults)) for exchange, faults in requests(resource)]
        print(
            f"{resource:12} samples {good[0]}/{len(shown)}  answers {good[1]}/{len(answered)}  "
            f"requests taken and valid {sent.count((True, False))} of {sum(taken for taken, _ in sent)}, "
            f"refused and not valid {sent.count((False, True))} of {sum(not taken for taken, _ in sent)}"
        )


if __name__ == "__main__":
    _print()
