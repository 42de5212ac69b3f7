"""Requests at random to every operation of a whole site: whatever is sent, an answer comes and no fault of ours."""

import random
from functools import cache

import pytest
from replaying import SITES, body_of, site_cases

from contracts.helppage import read
from contracts.model import Contract
from mockserver.controllers import acting
from mockserver.store import open_store
from mockserver.webapi import Request, WebApi

RESOURCES = ("Coatings", "Fittings", "Frames", "OrderSheets", "StockCounts", "Suppliers", "Vouchers")
#: What stands in the way of readers, put anywhere into recorded requests.
BITS = (
    "", "&", "=", "[", "]", "[0]", "[0].Key=", "%", "%00", "%FF", "+", "{", "}", "null", "-1", "9" * 30, "1e400", "NaN",
    "é", "日", "\ud800", "a" * 300, "?", "#", "/", "..", ";", "'", '"', "<", "<!--", "0x", "true", "2026-13-45", "1,2",
    "\x00", ":", "i:nil", "$ref",
)  # fmt: skip
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "x")


@cache
def site() -> Contract:
    """The seven resources as one site."""
    pages = [page for name in RESOURCES for page in sorted((SITES / name).glob("*.html"))]
    return read(*(page for page in pages if "ResourceModel-H" not in page.name))


@cache
def recorded() -> tuple[Request, ...]:
    exchanges = [one["request"] for name in RESOURCES for case in site_cases(name) for one in case["exchanges"]]
    return tuple(Request(one["method"], one["path"], tuple(one["headers"].items()), body_of(one)) for one in exchanges)


def bent(chance: random.Random, text: str) -> str:
    for _ in range(chance.randrange(1, 4)):
        start = chance.randrange(len(text) + 1)
        text = text[:start] + chance.choice(BITS) + text[start + chance.choice((0, 0, 1, 3, 9)) :]
    return text


def drawn(chance: random.Random) -> Request:
    """A recorded request, bent at its path, its body, its verb."""
    one = chance.choice(recorded())
    target, body, kind = one.target, one.body or b"", chance.random()
    if kind < 0.4:
        target = "/" + bent(chance, target[1:])
    if kind > 0.3:
        body = bent(chance, body.decode("latin-1")).encode("utf-8", "surrogatepass")
    return Request(one.method if chance.random() < 0.9 else chance.choice(VERBS), target, one.headers, body)


def _put(seed: int, count: int) -> None:
    chance = random.Random(seed)
    portal = WebApi(site(), strict=bool(seed % 2))
    with open_store("memory") as store:
        act = acting(site(), store.records(), references=bool(seed % 3))
        for _ in range(count):
            request = drawn(chance)
            answer = portal.handle(request, act)
            # 500 is the serializer's: what XML cannot bear, as an object of no known type
            assert answer.status < 500 or "xml" in str(request.headers).lower(), request
            assert answer.status in (200, 204, 400, 404, 405, 409, 415, 500), request


@pytest.mark.parametrize("seed", range(4))
def test_no_request_brings_a_site_down(seed: int) -> None:
    _put(seed, 400)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 106))
def test_many_requests_do_not_bring_a_site_down(seed: int) -> None:
    _put(seed, 5000)
