"""Which path is whose, and what the framework says of the others."""

import dataclasses

import pytest
from invented import contract

from mockserver.webapi import Request, Response, WebApi


def _handled(method: str, target: str, *headers: tuple[str, str]) -> Response:
    request = Request(method, target, [("Host", "portal.example"), *headers], b"")
    return WebApi(contract(), strict=True).handle(request, lambda operation, model, record: record)


@pytest.mark.parametrize(
    "target",
    [
        "/api/Things",
        "/API/things/",
        "/api/Things//",
        "/api/Things?x=1",
        "/api/%54hings",
        "/api/Things%20",
        "/api/Things/5",
        "/api/./Things",
        "/x/../api/Things",
        "/api%2FThings",
    ],
)
def test_these_paths_are_the_operations(target: str) -> None:
    response = _handled("PUT", target)
    assert (response.status, dict(response.headers)["Allow"]) == (405, "POST")
    assert response.body == b'{"message":"The requested resource does not support http method \'PUT\'."}'


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/", "/"),
        ("/api", "/api"),
        ("/Things", "/Things"),
        ("/api/Things;v=1", "/api/Things;v=1"),
        ("/api/Things.json", "/api/Things.json"),
        ("/api/Things/5/6?x=%20y", "/api/Things/5/6?x= y"),
        ("//api/Things", "//api/Things"),
        ("/api//Things", "/api//Things"),
        ("/api/No%C3%ABl%25%3F", "/api/Noël%25%3F"),
        ("/api/a%2Fb%3B%40%26%3D%2B%24%2C%5C%07%C2%85", "/api/a%2Fb%3B%40%26%3D%2B%24%2C%5C%07%C2%85"),
        ("/api/a%20%7Bb%7D%7E?q=%3C%2F%3E%20%26", "/api/a {b}~?q=<%2F> %26"),
        ("/api/%FF", "/api/%FF"),
    ],
)
def test_these_are_nobodys(target: str, shown: str) -> None:
    response = _handled("POST", target)
    expected = f"No HTTP resource was found that matches the request URI 'http://portal.example{shown}'."
    assert response.status == 404
    assert response.body.decode("utf-8") == f'{{"message":"{expected}"}}'


def test_head_has_the_headers_and_no_body() -> None:
    response = _handled("HEAD", "/api/Things", ("Accept", "text/xml"))
    assert (response.status, response.body) == (405, b"")
    assert dict(response.headers) == {"Allow": "POST", "Content-Type": "text/xml; charset=utf-8"}


@pytest.mark.parametrize(
    ("content_type", "message"),
    [
        ("text/plain; charset=x", "The request entity's media type 'text/plain' is not supported for this resource."),
        (None, "The request contains an entity body but no Content-Type header. "
               "The inferred media type 'application/octet-stream' is not supported for this resource."),
    ],
)  # fmt: skip
def test_a_media_type_that_nobody_reads_is_415(content_type: str | None, message: str) -> None:
    headers = [("Content-Type", content_type)] if content_type else []
    request = Request("POST", "/api/Things", headers, b"x")
    response = WebApi(contract(), strict=True).handle(request, lambda operation, model, record: record)
    assert (response.status, response.body.decode()) == (415, f'{{"message":"{message}"}}')


def test_an_operation_that_is_no_upsert_is_not_played() -> None:
    told = contract()
    (operation,) = told.operations
    other = dataclasses.replace(operation, upsert=dataclasses.replace(operation.upsert, value=False))
    request = Request("POST", "/api/Things", [("Content-Type", "application/json")], b"{}")
    portal = WebApi(dataclasses.replace(told, operations=(other,)), strict=False)
    response = portal.handle(request, lambda operation, model, record: record)
    message = "The mock plays only the operations that create or update a record."
    assert (response.status, response.body.decode()) == (501, f'{{"message":"{message}"}}')
