"""Bodies of every type have limits: depth ends, work grows as the input does, nothing makes the portal fail, and what
was read survives the store."""

import json
import sys
from collections.abc import Callable
from types import FrameType

import pytest
from every_type import ARRAYS, BOX, INSTANCE, box, every_type, read, write
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.webapi import Request, WebApi, records
from mockserver.webapi.bodies import WriteError
from mockserver.webapi.boxed import Boxed
from mockserver.webapi.dates import DateTimeOffset

NINE = 639_159_012_000_000_000  # 2026-06-01T09:00:00 in ticks


def test_a_number_beyond_64_bits_stays_what_it_is_in_object() -> None:
    found = read("json", '{"Any":99999999999999999999}')[0]
    assert '"Any":99999999999999999999' in write("json", found)
    with pytest.raises(WriteError):
        write("xml", {**found, "Side": 1})


#: Media type and a body of n parts.
GROWING: dict[str, tuple[str, Callable[[int], str]]] = {
    "errors in a list": ("json", lambda n: '{"Parts":[' + '{"Count":"x"},' * n + "{}]}"),
    "objects in Object": ("json", lambda n: '{"Any":[' + '{"a":[1.5]},' * n + "1]}"),
    "names of a dictionary": ("json", lambda n: '{"Sizes":{' + ",".join(f'"{i}":1.5' for i in range(n)) + "}}"),
    "elements of a list": (
        "xml", lambda n: box(f"<Words xmlns:p='{ARRAYS}'>" + "<p:string>a</p:string>" * n + "</Words>"),
    ),
    "elements of no list": ("xml", lambda n: box("<Words>" + "<string>a</string>" * n + "</Words>")),
    "indexes": ("form", lambda n: "&".join(f"Parts[{i}].Count={i}" for i in range(n))),
    "indexes of nothing": ("form", lambda n: "&".join(f"Parts.index={i}" for i in range(n))),
    "one name for models": ("form", lambda n: "&".join(["Parts=a"] * n)),
    "names with one beginning": ("form", lambda n: "&".join(f"Main.a{i}=1" for i in range(n))),
    "pairs": ("form", lambda n: "&".join(f"Names[{i}].Key=k{i}&Names[{i}].Value=v" for i in range(n))),
}  # fmt: skip


def calls(kind: str, body: str) -> int:
    """How many functions are called to read a body, and to write what was read."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        write("json", read(kind, body)[0])
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize("name", GROWING)
def test_work_grows_as_the_body_does(name: str) -> None:
    kind, body = GROWING[name]
    none, once, twice = (calls(kind, body(n)) for n in (1, 200, 400))
    assert twice - none < 2.3 * (once - none)


def test_depth_is_the_formatters_and_not_pythons() -> None:
    deep = '{"Parent":' * 254 + '{"Side":1}' + "}" * 254
    found, errors, _ = read("json", deep)
    assert not errors
    assert write("json", found).count('"Parent":{') == 254
    assert read("json", '{"Parent":' * 300 + "{}" + "}" * 300)[1]
    inner = "<Parent>" * 250 + "</Parent>" * 250
    assert not read("xml", box(inner))[1]
    assert not read("form", "Parent." * 250 + "Key=a")[1]
    assert read("form", "Parent." * 100_000 + "Key=a")[1] == [("box", ["An error has occurred."])]


_KEPT = st.recursive(
    st.none() | st.builds(Boxed, st.just("Int64"), st.integers()) | st.builds(Boxed, st.just("String"), st.text()),
    lambda inner: (
        st.builds(Boxed, st.just("JArray"), st.lists(inner, max_size=3))
        | st.builds(Boxed, st.just("JObject"), st.dictionaries(st.text(max_size=3), inner, max_size=3))
    ),
    max_leaves=6,
)
_RECORD = st.fixed_dictionaries({
    "Any": _KEPT, "Anything": st.lists(_KEPT, max_size=2), "Bytes": st.none() | st.binary(max_size=5),
    "Grid": st.lists(st.none() | st.lists(st.integers(), max_size=2), max_size=2), "Key": st.text(),
    "Link": st.none(), "Lists": st.dictionaries(st.text(), st.lists(st.text(), max_size=2), max_size=2),
    "Main": st.none(), "Moments": st.lists(st.builds(DateTimeOffset, st.integers(0, NINE), st.integers(-840, 840))),
    "Names": st.dictionaries(st.text(), st.none() | st.text(), max_size=2), "Numbers": st.none(),
    "Pair": st.tuples(st.text(), st.integers()), "Parent": st.none(),
    "Parts": st.lists(st.fixed_dictionaries({"Count": st.integers(), "Tags": st.lists(st.text(), max_size=2)})),
    "Shade": st.integers(), "Shades": st.lists(st.integers()), "Side": st.integers(),
    "Sizes": st.dictionaries(st.integers(), st.decimals(allow_nan=False), max_size=2), "Words": st.none(),
})  # fmt: skip


@given(_RECORD)
@settings(max_examples=60)
def test_a_record_of_every_type_survives_the_store(record: dict[str, object]) -> None:
    model = every_type().models["Box"]
    assert records.load(model, records.dump(model, record)) == record


_PIECES = [
    "{", "}", "[", "]", '"Any":', '"Parts":', '"Names":', '"Bytes":', '"Side":', '"Parent":', '"Pair":', "null", "1",
    '"a"', ",", "new Date(1)", "new X(", ")", "/*c*/", '"$type"', '"System.Byte[]"', '"$value"', ":", "<Box>", "</Box>",
    "<Any>", "</Any>", f'<Box xmlns="{BOX}" xmlns:i="{INSTANCE}">', "<Parent>", "</Parent>", '<Any i:type="x:int">',
    "<Pair>", "Parts[0].", "Count=", "Parent.", "Names[0].Key=a&", "Any=", "&", "Main", "[", "index", "=",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=16), st.sampled_from(["json", "xml", "x-www-form-urlencoded"]))
@settings(max_examples=200)
def test_no_body_of_any_type_makes_the_portal_fail(pieces: list[str], kind: str) -> None:
    api = WebApi(every_type(), strict=False)
    for accept in ("application/json", "application/xml"):
        headers = [("Content-Type", f"application/{kind}"), ("Accept", accept)]
        request = Request("POST", "/api/Boxes", headers, "".join(pieces).encode("utf-8"))
        response = api.handle(request, lambda _operation, _model, record: {**record, "Side": 1})
        assert response.status in (200, 400) or (response.status == 500 and accept == "application/xml")
        if response.status == 200 and accept == "application/json":
            json.loads(response.body.replace(b"undefined", b"0")) if b"new " not in response.body else None
