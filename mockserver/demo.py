"""`portal-mock demo`: one page in, a portal and a judge out, seen with one's own eyes.

    stub portal on a free port ─▶ the page's sample in every format ─▶ update, create, refusal ─▶ the judge ─▶ stop

The rule: everything sent is derived from the contract (the page's own samples and its members), over HTTP, as any
client would; nothing is shown that was not answered. It must read well at 80 columns, with and without colour.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from contracts import conformance
from contracts.conformance.report import Outcome
from contracts.conformance.verdicts import Verdict
from contracts.errors import UsageError
from contracts.model import Contract, Model, Operation, Property
from mockserver.app import create_app
from mockserver.server import serving
from mockserver.store import open_store

Row = tuple[str, requests.Response, str]

_TIMEOUT = 10
#: By verdict: the mark, the mark for a console that cannot show that one, the style.
_MARKS = {
    Verdict.NOT_RUN: ("·", ".", "dim"),
    Verdict.SATISFIED: ("✓", "+", "green"),
    Verdict.INCONCLUSIVE: ("?", "?", "yellow"),
    Verdict.VIOLATED: ("✗", "x", "bold red"),
    Verdict.ERROR: ("!", "!", "bold magenta"),
}


@dataclass(frozen=True)
class Scene:
    """What the demo plays with: an upsert, its model, the page's JSON sample as data, and where the stub portal is."""

    operation: Operation
    model: Model
    sample: Mapping[str, Any]
    url: str

    @property
    def key(self) -> Property:
        """The member by which the client names a record."""
        return self.model[self.model.key.value or ""]

    def post(self, body: bytes, media_type: str) -> requests.Response:
        """Send a body to the operation; answers come in JSON, whatever was sent."""
        headers = {"Content-Type": media_type, "Accept": "application/json"}
        address = f"{self.url}/{self.operation.path.value}"
        return requests.request(self.operation.method.value, address, data=body, headers=headers, timeout=_TIMEOUT)

    def post_json(self, document: Mapping[str, Any]) -> requests.Response:
        """Send a JSON document."""
        return self.post(json.dumps(document).encode(), "application/json")

    def id_of(self, answer: requests.Response) -> str:
        """The id that the portal answered with, empty where it gave none."""
        own = self.model.portal_id.value
        name = self.model[own].json.value if own else None
        return str(answer.json().get(name, "")) if answer.ok and name else ""


def show(contract: Contract, report: Path, console: Console) -> int:
    """Play the demo and write the judge's report to the folder; 0 when the judge says conforms."""
    operation, model, sample = _subject(contract)
    pages = ", ".join(page.name for page in contract.pages)
    count = "one help page" if len(contract.pages) == 1 else f"{len(contract.pages)} help pages"
    console.print(Text.assemble((f"A portal and its judge, from {count}\n", "bold"), (pages, "dim")))
    with open_store("memory") as store, serving(create_app(contract, store)) as url:
        scene = Scene(operation, model, sample, url)
        console.print(f"\nA stub portal now answers on [bold]{url}[/bold] as the real one would.")
        _show_formats(scene, console)
        _show_records(scene, console)
        code = _show_judge(contract, url, report, console)
    console.print("\nThe stub portal is stopped. Your turn:")
    console.print("  [bold]portal-mock serve[/bold]                 keeps one running; point your client at it")
    console.print("  [bold]portal-contract check BASE_URL[/bold]    judges any portal, yours or the vendor's")
    return code


def _subject(contract: Contract) -> tuple[Operation, Model, Mapping[str, Any]]:
    """The first upsert whose page has a JSON sample."""
    for operation, model in contract.upserts():
        for sample in operation.request.samples:
            if any(media_type.endswith("json") for media_type in sample.media_types):
                document = json.loads(sample.text)
                if isinstance(document, dict):
                    return operation, model, document
    raise UsageError(
        "the pages hold no operation that creates or updates by a key and has a JSON sample, as the demo needs\n"
        "    what to do: run the demo without --page, or try these pages with: portal-mock serve --page FILE"
    )


def _show_formats(scene: Scene, console: Console) -> None:
    told = "with the page's own sample, in every format\n"
    console.print(Text.assemble(("\n1  ", "bold"), (scene.operation.id, "bold"), f" {told}"))
    rows, seen = [], set()
    for media_type, body in bodies(scene):
        answer = scene.post(body, media_type)
        seen.add(scene.id_of(answer))
        rows.append((media_type, answer, scene.id_of(answer)))
    _print_rows(console, ("sent as", "the portal's id for it"), rows)
    if len(rows) > 1 and len(seen) == 1:
        _print_dim(console, f"One {scene.key.name}, one record: its id was drawn once, by the first of them.")


def bodies(scene: Scene) -> Iterator[tuple[str, bytes]]:
    """The page's sample as each media type of the request: (media type, body), in the page's order."""
    samples = {name: sample.text for sample in scene.operation.request.samples for name in sample.media_types}
    for fact in scene.operation.request.media_types:
        media_type = fact.value
        if media_type.name in samples:
            yield media_type.name, samples[media_type.name].encode()
        elif media_type.format == "form":
            yield media_type.name, urlencode(list(_form(scene))).encode()


def _form(scene: Scene) -> Iterator[tuple[str, str]]:
    # W FormDataCollectionExtensions: a nested member is `Outer.Inner`, an element of a list `Outer[0]`.
    for prop in scene.model.properties:
        if prop.json.value is not None and prop.json.value in scene.sample:
            yield from _pairs(prop.name, scene.sample[prop.json.value])


def _pairs(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for inner, part in value.items():
            yield from _pairs(f"{name}.{inner}", part)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _pairs(f"{name}[{number}]", part)
    elif value is not None:
        yield name, value if isinstance(value, str) else json.dumps(value)


def _show_records(scene: Scene, console: Console) -> None:
    console.print("\n[bold]2[/bold]  [bold]Update, create, refuse[/bold]\n")
    rows: list[Row] = []
    known = scene.id_of(scene.post_json(scene.sample))
    changing = _changing(scene)
    if changing is not None:
        name = str(changing.json.value)
        answer = scene.post_json({**scene.sample, name: "changed"})
        kept = scene.id_of(answer) == known and answer.json().get(name) == "changed"
        told = "updated: the id stays" if kept else "not as expected"
        rows.append((f"same {scene.key.name}, other {changing.name}", answer, told))
    answer = scene.post_json({**scene.sample, str(scene.key.json.value): "another"})
    created = answer.ok and scene.id_of(answer) != known
    rows.append((f"other {scene.key.name}", answer, "created: a new id" if created else "not as expected"))
    for prop in _required(scene):
        answer = scene.post_json({name: value for name, value in scene.sample.items() if name != prop.json.value})
        rows.append((f"{prop.name} left out", answer, "accepted" if answer.ok else "refused: it is required"))
    _print_rows(console, ("sent", "what happened"), rows)
    if not answer.ok:
        _print_dim(console, f"In the framework's own words: {_complaint(answer)}")


def _changing(scene: Scene) -> Property | None:
    """A text that the client may change: the last one that is neither key nor set by the portal."""
    free = [
        prop
        for prop in scene.model.properties
        if isinstance(scene.sample.get(prop.json.value or ""), str)
        and prop.type.value.name == "String"
        and not prop.read_only.value
        and prop.name != scene.key.name
    ]
    optional = [prop for prop in free if not prop.required.value]
    return next(reversed(optional or free), None)


def _required(scene: Scene) -> list[Property]:
    """One required member other than the key, where there is one."""
    return [p for p in scene.model.properties if p.required.value and p.json.value and p.name != scene.key.name][:1]


def _complaint(answer: requests.Response) -> str:
    """The innermost message of the framework's error body."""
    found: Any = answer.json()
    while isinstance(found, dict | list) and found:
        found = list(found.values())[-1] if isinstance(found, dict) else found[0]
    return str(found)


def _show_judge(contract: Contract, url: str, folder: Path, console: Console) -> int:
    console.print("\n[bold]3[/bold]  [bold]The judge[/bold] asks it for everything that the page promises\n")
    target = conformance.Target(url)
    with conformance.progress_on(console) as progress:
        report = conformance.check(contract, target, conformance.Settings(), progress)
    files = conformance.write_report(report, folder)
    groups: dict[str, list[Outcome]] = {}
    for outcome in report.outcomes:
        groups.setdefault(outcome.requirement.id.partition(".")[0], []).append(outcome)
    for group, outcomes in groups.items():
        console.print(
            Text.assemble((f"   {group:14}", "dim"), *(_mark(outcome.verdict, console) for outcome in outcomes))
        )
    for found in report.findings:
        told = f"{found.id}  {found.requirement.id}: expected {found.expected}, got {found.got}"
        console.print(Padding(Text(told), (0, 0, 0, 3), expand=False))
    legend = [(_mark(verdict, console), f" {verdict.words}") for verdict in (Verdict.SATISFIED, Verdict.VIOLATED)]
    _print_dim(console, "One mark is one requirement: " + ", ".join(mark + words for (mark, _), words in legend))
    style = "bold green" if report.exit_code == 0 else "bold red"
    counts = ", ".join(f"{count} {words}" for words, count in report.counts().items() if count)
    console.print(Text.assemble("\n   ", (report.conclusion.upper(), style), f"  {counts}"))
    _print_dim(console, f"{report.requests} requests in {report.seconds:.1f} s; the report shows each requirement:")
    for file in files:
        if file.suffix == ".html":
            console.print(Text(f"   {file}"), soft_wrap=True)
    return report.exit_code


def _mark(verdict: Verdict, console: Console) -> tuple[str, str]:
    mark, plain, style = _MARKS[verdict]
    try:
        mark.encode(console.encoding)
    except UnicodeEncodeError:
        mark = plain
    return mark, style


def _print_rows(console: Console, heads: tuple[str, str], rows: list[Row]) -> None:
    """Rows of (what was sent, the answer, what is to be seen in it), in columns."""
    wide = max(len(sent) for sent, _, _ in rows)
    console.print(Text(f"   {heads[0]:{wide}}       {heads[1]}", style="dim"))
    for sent, answer, told in rows:
        style = "green" if answer.ok else "yellow"
        console.print(Text.assemble(f"   {sent:{wide}}  ", (f"{answer.status_code}", style), f"  {told}"))


def _print_dim(console: Console, told: str) -> None:
    console.print(Padding(Text(told, style="dim"), (0, 0, 0, 3), expand=False))
