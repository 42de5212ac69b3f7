"""The vendor's help pages at /Help: where the real site has them, and saved and read they give the contract again."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import markup
import pytest
from flask.testing import FlaskClient

from contracts import helppage
from contracts.emit import Schemas
from contracts.model import Contract
from mockserver.app import create_app
from mockserver.store import open_store

HELP = (
    "/help",
    "/HELP/",
    "/Help/Index",
    "/help/api/post-api-appointments",
    "/Help/Api?apiId=POST-api-Appointments",
    "/help/resourcemodel?MODELNAME=appointmentmodel",
    "/Areas/HelpPage/HelpPage.css",
)
SITES = Path(__file__).parents[2] / "data" / "sites"


@contextmanager
def portal(contract: Contract) -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(contract, store).test_client()


def invented() -> Contract:
    """The contract of an invented site of several resources."""
    names = re.findall(r'h2 id="(\w+)"', (SITES / "index-camel.html").read_text(encoding="utf-8"))
    return helppage.read(*(page for name in names for page in sorted((SITES / name).glob("*.html"))))


def save(client: FlaskClient, folder: Path, *start: str) -> None:
    """Save these pages and all that their links lead to, named as a browser would name them."""
    seen, left = set(), list(start)
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
        text = answer.get_data(as_text=True)
        document = markup.read(text)
        assert not document.faults, path
        where = urlsplit(path)
        model = parse_qs(where.query).get("modelName")
        name = f"ResourceModel-{model[0]}" if model else unquote(where.path.rpartition("/")[2])
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
        left += [link.get("href") for link in document.all("a")]


@pytest.mark.parametrize("contract", [helppage.shipped, invented])
def test_the_pages_saved_and_read_give_the_contract_again(contract, tmp_path: Path) -> None:
    mine = contract()
    with portal(mine) as client:
        # A model that only parameters of the query are of is linked from nowhere, on the real site too.
        save(client, tmp_path, "/Help", *(f"/Help/ResourceModel?modelName={name}" for name in mine.models))
    back = helppage.read(tmp_path)
    assert back.notes == ()
    assert {one.id for one in back.operations} == {one.id for one in mine.operations}
    assert {one.title for one in back.listed} == {title_of(one) for one in mine.operations}
    assert set(back.models) == set(mine.models)
    for one in mine.operations:
        other = next(op for op in back.operations if op.id == one.id)
        assert (other.summary.value, other.query) == (one.summary.value, one.query)
        assert [p.name for p in other.parameters] == [p.name for p in one.parameters]
        for mine_body, its in ((one.request, other.request), (one.response, other.response)):
            assert (its.type.value, its.phrase.value) == (mine_body.type.value, mine_body.phrase.value)
    for name, model in mine.models.items():
        its = back.models[name]
        assert [(p.name, p.type.value) for p in its.properties] == [(p.name, p.type.value) for p in model.properties]
        assert its.members == model.members


def test_the_shipped_pages_saved_and_read_give_the_same_schemas(tmp_path: Path) -> None:
    mine = helppage.shipped()
    with portal(mine) as client:
        save(client, tmp_path, "/Help")
    files, others = Schemas(mine).files, Schemas(helppage.read(tmp_path)).files
    assert set(others) == set(files)
    for name in files:
        assert without_evidence(name, others[name]) == without_evidence(name, files[name])


def without_evidence(name: str, schema: bytes) -> object:
    """What a schema says, but for where on which page it is said."""
    if name.endswith(".xsd"):
        return re.sub(rb"<!--.*?-->| ?\([^()]* lines? (?:[^()]|\([^()]*\))*\)", b"", schema)
    if name == "openapi.json":
        return sorted(json.loads(schema)["paths"])
    document = json.loads(schema, object_hook=lambda one: {k: v for k, v in one.items() if k != "$comment"})
    return json.dumps(document, indent=1)


def title_of(operation) -> str:
    keys = operation.query or [one.key for one in operation.parameters if not one.in_path]
    query = "&".join(f"{key}={{{key}}}" for key in keys)
    return f"{operation.method.value} {operation.path.value}" + (f"?{query}" if query else "")


def test_names_count_in_any_case_and_style_is_served_and_nothing_is_journalled() -> None:
    with portal(helppage.shipped()) as client:
        for path in HELP:
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            head = client.head(path)
            assert (head.status_code, head.data) == (200, b"")
            assert head.headers["Content-Length"] == str(len(answer.data))
        assert client.get("/_portal/journal").json["seen"] == 0
        for path in ("/Help/Api/none", "/Help/ResourceModel?modelName=None", "/Help/Else", "/Helper", "/Areas/x"):
            assert client.get(path).status_code == 404, path
        assert client.post("/Help").status_code == 404


def test_a_tenants_help_pages_lead_to_that_tenants() -> None:
    with portal(helppage.shipped()) as client:
        for path in ("/t/mine/Help", "/t/mine/Help/Api/POST-api-Appointments"):
            links = [one.get("href") for one in markup.read(client.get(path).get_data(as_text=True)).all("a", "link")]
            assert links and all(link.startswith("/t/mine/") for link in links)


@pytest.mark.parametrize("path", ["help/{id}", "Help", "{tenant}/things"])
def test_where_an_operation_has_such_a_path_the_path_is_the_operations(path: str) -> None:
    contract = helppage.shipped()
    (one,) = contract.operations
    changed = replace(contract, operations=(replace(one, path=replace(one.path, value=path)),))
    with portal(changed) as client:
        assert client.get("/Help").mimetype != "text/html"
        assert "/Help" not in {one.get("href") for one in markup.read(client.get("/_portal/").text).all("a")}
