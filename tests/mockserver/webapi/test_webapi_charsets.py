"""Which bytes are which text."""

import pytest
from invented import NAMESPACE, post

TEXT = '{"text": "é"}'
XML = f'<Thing xmlns="{NAMESPACE}"><Text>é</Text></Thing>'


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8"), "iso-8859-1"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-8"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-8"),
        (TEXT.encode("utf-32"), "utf-8"),
        (TEXT.encode("utf-16-le"), "utf-16"),
        (TEXT.encode("utf-16"), "UTF-16"),
    ],
)
def test_json_is_decoded_by_its_mark_or_its_charset(body: bytes, charset: str) -> None:
    _, record = post(body, f"application/json; charset={charset}")
    assert record is not None
    assert record["Text"] == "é"


@pytest.mark.parametrize(
    ("body", "charset"),
    [(TEXT.encode("latin-1"), "iso-8859-1"), (TEXT.encode("utf-8"), "utf-16"), (b'{"text": "\xed\xa0\x80"}', "utf-8"),
     (TEXT.encode("utf-16-be"), "utf-16")],
)  # fmt: skip
def test_json_of_another_charset_is_an_error(body: bytes, charset: str) -> None:
    assert post(body, f"application/json; charset={charset}")[0].status == 400


def test_invalid_bytes_behind_a_mark_are_replaced() -> None:
    _, record = post(b'\xef\xbb\xbf{"text": "\xff"}', "application/json")
    assert record is not None
    assert record["Text"] == "\ufffd"


@pytest.mark.parametrize(
    ("body", "charset", "status"),
    [
        (XML.encode("utf-8"), "utf-8", 200),
        (XML.encode("utf-8-sig"), "latin-1", 200),
        (XML.encode("utf-16-le"), "utf-16", 200),
        (XML.encode("utf-16"), "utf-16", 200),
        (XML.encode("utf-16"), "utf-8", 400),
        (b"\xfe\xff" + XML.encode("utf-16-be"), "utf-16", 400),
        (XML.encode("latin-1"), "utf-8", 400),
        (b'<?xml version="1.0" encoding="utf-8"?>' + XML.encode("utf-8"), "utf-8", 200),
        (b'<?xml version="1.0" encoding="utf-16"?>' + XML.encode("utf-8"), "utf-8", 400),
        (('<?xml version="1.0" encoding="utf-16"?>' + XML).encode("utf-16-le"), "utf-16", 200),
    ],
)
def test_xml_must_agree_with_its_charset(body: bytes, charset: str, status: int) -> None:
    assert post(body, f"application/xml; charset={charset}")[0].status == status


def test_invalid_bytes_that_nobody_reads_do_no_harm_in_xml() -> None:
    body = f'<Thing xmlns="{NAMESPACE}"><Aaa>'.encode() + b"\xff</Aaa><Text>a</Text></Thing>"
    _, record = post(body, "text/xml")
    assert record is not None
    assert record["Text"] == "a"


def test_an_answer_in_utf_16_bears_its_mark() -> None:
    response, _ = post('{"text": "é"}', "application/json", Accept_Charset="utf-16")
    assert dict(response.headers)["Content-Type"] == "application/json; charset=utf-16"
    assert response.body.startswith(b'\xff\xfe{\0"\0t\0')
