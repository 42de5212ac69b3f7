"""Every reason of the table by example: what was sent, what the portal kept, and what is no loss."""

import zoneinfo
from dataclasses import replace
from datetime import UTC, tzinfo

import pytest
from invented import BASE, NAMESPACE, contract

from contracts.model import Contract, Evidence, Fact, Property, TypeRef, XmlName
from mockserver.webapi import Request, Response, WebApi
from mockserver.webapi.losses import LONGEST, MOST, REASONS, Losses

JSON, XML, FORM = "application/json", "application/xml", "application/x-www-form-urlencoded"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
DRAWN = "0e57a5ac-0000-4000-8000-000000000001"
ATHENS = zoneinfo.ZoneInfo("Europe/Athens")
_MORE = {
    "Tags": TypeRef("collection", item=TypeRef("scalar", "String")), "Bag": TypeRef("any"),
    "Took": TypeRef("scalar", "TimeSpan"), "At": TypeRef("scalar", "DateTimeOffset"),
    "Slim": TypeRef("scalar", "Single"), "Small": TypeRef("scalar", "Byte"), "Mark": TypeRef("scalar", "Char"),
}  # fmt: skip


def _told(value):  # type: ignore[no-untyped-def]
    return Fact(value, (Evidence("test", (1,)),))


def wider() -> Contract:
    """The invented contract with members of more types, sorted into the XML order."""
    found = contract()
    model = found.models["Thing"]
    extra = tuple(
        Property(
            name, _told(""), _told(""), _told(ref), _told(name.lower()), _told(XmlName(name, NAMESPACE, 1)),
            _told(ref.kind != "scalar"), _told(False), _told(False),
        )
        for name, ref in _MORE.items()
    )  # fmt: skip
    shown = Property(
        "Shown", _told(""), _told(""), _told(TypeRef("scalar", "String")), _told("shown"), _told(None), _told(True),
        _told(False), _told(False),
    )  # fmt: skip
    open_field = replace(
        shown, name="Open", json=_told("open"), xml=_told(XmlName("Open", NAMESPACE, 1)), is_field=_told(True)
    )
    extra = (*extra, open_field, shown)
    names = [*model.json_order.value, *_MORE, "Open"]
    in_xml = ["Id", "Key", *sorted(name for name in names if name not in ("Id", "Key"))]
    wide = replace(
        model,
        properties=(*model.properties, *extra),
        json_order=_told((*names, "Shown")),
        xml_order=_told(tuple(in_xml)),
    )
    return replace(found, models={**found.models, "Thing": wide})


def send(body: str | bytes, kind: str, *, zone: tzinfo = UTC, target: str = "/api/Things") -> Response:
    """The answer of a lenient portal that draws one id for all."""
    raw = body.encode("utf-8") if isinstance(body, str) else body
    request = Request("POST", target, [("Content-Type", kind)], raw)
    return WebApi(wider(), strict=False, zone=zone).handle(request, lambda o, m, record: {**record, "Id": DRAWN})


def xml(inner: str) -> str:
    return f'<Thing xmlns="{NAMESPACE}" xmlns:i="{INSTANCE}">{inner}</Thing>'


# reason, media type, body, member, sent, kept
EXAMPLES = [
    ("json.unknown", JSON, '{"text": "a", "room": {"n": 7}}', "room", '{"n": 7}', None),
    ("json.unknown", JSON, '{"ratio": 1.0, "a.b": null}', "['a.b']", "null", None),
    ("json.unknown", JSON, '{"": 1}', '""', "1", None),
    ("json.metadata", JSON, '{"$type": "Thing", "text": "a"}', "$type", '"Thing"', None),
    ("json.duplicate", JSON, '{"text": "a", "TEXT": "b"}', "TEXT", '"a"', '"b"'),
    ("json.duplicate", JSON, '{"ratio": 1, "ratio": 2.0}', "ratio", "1", "2.0"),
    ("json.rest", JSON, '{"text": "a"} {"text": "b"}', "", '{"text": "b"}', None),
    ("json.respelled", JSON, '{"text": true}', "text", "true", "True"),
    ("json.respelled", JSON, '{"text": 1.10}', "text", "1.10", "1.1"),
    ("json.respelled", JSON, '{"mark": 65}', "mark", "65", "A"),
    ("json.replaced", JSON, '{"text": "\\ud83e"}', "text", '"\\ud83e"', "\ufffd"),
    ("json.blank", JSON, '{"maybe": ""}', "maybe", '""', "null"),
    ("json.not-set", JSON, '{"shown": "a"}', "shown", '"a"', None),
    ("xml.out-of-order", XML, xml("<Text>a</Text><Count>7</Count>"), "Count", "7", None),
    ("xml.namespace", XML, xml("<Key>k</Key>"), "Key", "k", None),
    ("xml.case", XML, xml("<text>a</text>"), "text", "a", None),
    ("xml.unknown", XML, xml('<Room n="&gt;">7<!-- > --></Room>'), "Room", "7<!-- > -->", None),
    ("xml.unknown", XML, xml("<Tags><a>1</a></Tags>"), "Tags.a", "1", None),
    ("xml.duplicate", XML, xml("<Text>a</Text><Text>b</Text>"), "Text", "b", "a"),
    ("xml.nil-content", XML, xml('<Text i:nil="true">a</Text>'), "Text", "a", "null"),
    ("xml.attribute", XML, xml('<Text nil="true">a</Text>'), "Text@nil", "true", None),
    ("xml.line-ends", XML, xml("<Text>a\r\nb</Text>"), "Text", "a\r\nb", "a\nb"),
    ("xml.rest", XML, xml("") + "\n<!-- x --><Thing/>", "", "<Thing/>", None),
    ("form.unknown", FORM, "Text=a&Thing.Room=7", "Thing.Room", "7", None),
    ("form.duplicate", FORM, "Text=a&text=b", "Text", "b", "a"),
    ("form.blank", FORM, "Text=+", "Text", " ", "null"),
    ("form.replaced", FORM, "Text=Zo%EB", "Text", "Zo%EB", "Zo\ufffd"),
    ("form.list", FORM, "Tags[1]=a", "Tags[1]", "a", None),
    ("form.field", FORM, "Open=a", "Open", "a", None),
    ("time.zone-moved", JSON, '{"when": "2030-01-07T09:00:00+02:00"}', "when", '"2030-01-07T09:00:00+02:00"',
     "2030-01-07T07:00:00+00:00"),
    ("time.zone-moved", FORM, "When=7 Jan 2030 09:00 -05:00".replace(" ", "%20"), "When", "7 Jan 2030 09:00 -05:00",
     "2030-01-07T14:00:00+00:00"),
    ("time.zone-moved", JSON, '{"when": "\\/Date(1893486600000+0200)\\/"}', "when", '"/Date(1893486600000+0200)/"',
     "2030-01-01T08:30:00+00:00"),
    ("time.precision", XML, xml("<When>2030-01-07T09:00:00.12345678</When>"), "When", "2030-01-07T09:00:00.12345678",
     "2030-01-07T09:00:00.1234568"),
    ("time.precision", XML, xml("<Took>PT0.00000019S</Took>"), "Took", "PT0.00000019S", "00:00:00.0000001"),
    ("time.guessed", FORM, "When=01/07/2030", "When", "01/07/2030", "2030-01-07T00:00:00"),
    ("time.guessed", XML, xml("<When>2030-01</When>"), "When", "2030-01", "2030-01-01T00:00:00"),
    ("time.guessed", XML, xml("<Took>P1M</Took>"), "Took", "P1M", "30.00:00:00"),
    ("time.clamped", XML, xml("<When>9999-12-31T23:59:59-05:00</When>"), "When", "9999-12-31T23:59:59-05:00",
     "9999-12-31T23:59:59.9999999+00:00"),
    ("number.changed", JSON, '{"big": 2.5}', "big", "2.5", "2"),
    ("number.changed", JSON, '{"count": 017}', "count", "017", "15"),
    ("number.changed", JSON, '{"ratio": 0.12345678901234567890}', "ratio", "0.12345678901234567890",
     "0.12345678901234568"),
    ("number.changed", XML, xml("<Price>0.12345678901234567890123456789</Price>"), "Price",
     "0.12345678901234567890123456789", "0.1234567890123456789012345679"),
    ("number.changed", FORM, "Slim=16777217", "Slim", "16777217", "16777216"),
    ("number.changed", JSON, '{"flag": 2}', "flag", "2", "true"),
    ("number.changed", JSON, '{"ratio": "1,5"}', "ratio", '"1,5"', "15"),
    ("enum.combined", JSON, '{"shade": "Light, Dark"}', "shade", '"Light, Dark"', "1"),
    ("charset.fallback", JSON + "; charset=iso-8859-1", '{"text": "Zoë"}', "",
     'charset=iso-8859-1: …text": "ZoÃ«"}', 'UTF-8: …text": "Zoë"}'),
    ("charset.replaced", JSON, b'\xef\xbb\xbf{"text": "\xff"}', "", "bytes that are no utf-8", '{"text": "\ufffd"}'),
    ("id.ignored", JSON, '{"id": "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10"}', "id",
     "c9d1ba2c-2f6e-4d0a-9c1c-0a5b3f6f7a10", DRAWN),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "kind", "body", "member", "sent", "kept"), EXAMPLES)
def test_what_is_lost_is_told(
    reason: str, kind: str, body: str | bytes, member: str, sent: str, kept: str | None
) -> None:
    response = send(body, kind)
    assert response.status == 200
    told = [(loss.reason, loss.member, loss.sent, loss.kept, loss.rule) for loss in response.losses]
    assert told == [(reason, member, sent, kept, REASONS[reason].rule)]


def test_a_segment_and_a_query_that_the_portal_does_not_look_at_are_told() -> None:
    told = [(loss.reason, loss.sent) for loss in send("{}", JSON, target="/api/Things/5?text=a").losses]
    assert told == [("path.ignored", "5"), ("query.ignored", "text=a")]


def test_more_losses_than_are_kept_are_counted() -> None:
    body = "&".join(f"k{number}=1" for number in range(MOST + 3))
    told = send(body, FORM).losses
    assert len(told) == MOST + 1
    assert (told[-1].reason, told[-1].sent) == ("more", "3")


def test_every_reason_of_the_table_has_its_example() -> None:
    elsewhere = {"path.ignored", "query.ignored", "query.unknown", "query.duplicate", "more"}
    shown = {example[0] for example in EXAMPLES} | elsewhere
    assert shown == set(REASONS)


def test_every_reason_says_what_happened_whose_rule_it_is_and_what_to_do() -> None:
    for row in REASONS.values():
        assert row.told.endswith(".") and row.remedy.endswith(".") and row.rule


def test_long_texts_are_cut() -> None:
    losses = Losses()
    losses.add("json.unknown", "n" * 9999, "s" * 9999, "k" * 9999)
    loss = losses.all()[0]
    assert {len(loss.member), len(loss.sent), len(loss.kept or "")} == {LONGEST}


NO_LOSS = [
    (JSON, '{"text": "Zoë \\u00e9 \\ufffd", "count": 7, "price": 1.50, "ratio": 0.1, "flag": true, "maybe": null}'),
    (JSON, '{"TEXT": "a", "when": "2030-01-07T09:00:00.1234567Z", "code": "{C9D1BA2C-2F6E-4D0A-9C1C-0A5B3F6F7A10}"}'),
    (JSON, '{"when": "2030-01-07T09:00:00+00:00", "at": "2030-01-07T09:00:00+05:30", "shade": "Dark"} // end'),
    (JSON, '{"when": "Mon, 07 Jan 2030 09:00:00 GMT", "text": \'single\', "slim": 0.1, "big": "7"}'),
    (JSON, '{"price": "1,000.5", "ratio": "12,345", "mark": "A"}'),
    (JSON, '{"when": "2030-01-07", "took": "1.02:03:04", "tags": ["a", null], "id": null}'),
    (JSON, '{"id": "00000000-0000-0000-0000-000000000000", "text": 5, "ratio": 1E3, "count": 0x1F}'),
    (JSON + "; charset=us-ascii", '{"text": "a"}'),
    (JSON + '; charset="utf-8"', '{"text": "Zoë"}'),
    (XML, xml('<Count>7</Count><Maybe i:nil="true"/><Text> a <!-- b --></Text><When>2030-01-07T09:00:00Z</When>')),
    (XML, xml("<Price>1.50</Price><Text>a&#xD;b</Text>") + "\n<!-- end -->\n"),
    (XML, f'<t:Thing xmlns:t="{NAMESPACE}"><Key xmlns="{BASE}">k</Key><t:Text xml:lang="el">a</t:Text></t:Thing>'),
    (XML, xml('<Text>a</Text><Maybe i:nil="true"/>')),
    (FORM, "text=a&COUNT=0x1F&Flag=TRUE&When=2030-01-07T09%3A00%3A00Z&&Shade=dark&Price=1.50&"),
    (FORM + "; charset=utf-16", "Text=Zo%C3%AB+%EF%BF%BD"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), NO_LOSS)
def test_what_is_kept_is_no_loss(kind: str, body: str) -> None:
    body = body.replace(', "id": null', "")
    response = send(body, kind)
    assert (response.status, response.losses) == (200, ())


@pytest.mark.parametrize(
    ("kind", "body", "kept"),
    [
        (JSON, '{"when": "2030-07-01T09:00:00Z"}', None),
        (JSON, '{"when": "2030-07-01T09:00:00+03:00"}', None),
        (JSON, '{"when": "2030-07-01T09:00:00+02:00"}', "2030-07-01T10:00:00+03:00"),
        (FORM, "When=2030-07-01T09:00:00Z", "2030-07-01T12:00:00+03:00"),
        (XML, xml("<When>2030-01-01T09:00:00-05:00</When>"), "2030-01-01T16:00:00+02:00"),
    ],
)
def test_what_moves_a_time_depends_on_the_servers_zone(kind: str, body: str, kept: str | None) -> None:
    told = [(loss.reason, loss.kept) for loss in send(body, kind, zone=ATHENS).losses]
    assert told == ([("time.zone-moved", kept)] if kept else [])


def test_what_is_refused_is_not_lost_silently() -> None:
    response = send('{"count": "x", "room": 1}', JSON)
    assert (response.status, response.losses) == (400, ())


def test_what_is_lost_and_therefore_missing_is_told_with_the_refusal() -> None:
    request = Request("POST", "/api/Things", [("Content-Type", XML)], xml("<When/><Text>a</Text>").encode())
    body = xml("<When>2030-01-07T09:00:00</When><Text>a</Text>")
    response = WebApi(wider(), strict=True).handle(
        replace(request, body=body.encode()), lambda operation, model, record: record
    )
    assert response.status == 400
    assert [(loss.reason, loss.member) for loss in response.losses] == [("xml.out-of-order", "Text")]
