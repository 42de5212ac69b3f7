"""DataContractSerializer's manners: order, names, nil, and what its reader takes for XML."""

import pytest
from invented import BASE, NAMESPACE, errors, post

from mockserver.webapi.xml_writer import escape

XML = "application/xml"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def thing(content: str, attributes: str = "") -> str:
    return f'<Thing xmlns:i="{INSTANCE}" xmlns="{NAMESPACE}"{attributes}>{content}</Thing>'


def test_members_count_only_in_order_and_the_first_of_two_wins() -> None:
    _, record = post(thing("<Flag>true</Flag><Count>5</Count><Ratio>2</Ratio><Ratio>3</Ratio><Text>a</Text>"), XML)
    assert record is not None
    assert (record["Flag"], record["Count"], record["Ratio"], record["Text"]) == (True, 0, 2.0, "a")


def test_a_member_in_another_namespace_is_passed_over() -> None:
    content = f'<Text xmlns="urn:other">lost</Text><Key xmlns="{BASE}">late</Key><Text>kept</Text>'
    _, record = post(thing(content), XML)
    assert record is not None
    assert (record["Text"], record["Key"]) == ("kept", "late")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<Text>  a </Text>", "  a "),
        ("<Text/>", ""),
        ("<Text><![CDATA[<a>&]]></Text>", "<a>&"),
        ("<Text>a<!-- c -->b</Text>", "ab"),
        ("<Text>&#97;&#x62;&amp;</Text>", "ab&"),
        ("<Text>&#x1;</Text>", "\x01"),
        ("<Text>a&#xD83E;&#56759;b</Text>", "a\U0001f9b7b"),
        ("<Text>a\r\nb\rc</Text>", "a\nb\nc"),
        ('<Text i:nil="true">a</Text>', None),
        ('<Text i:nil="1"/>', None),
        ('<Text i:nil="false">a</Text>', "a"),
        ('<Text nil="true"/>', ""),
        ('<Text i:type="x:int" xmlns:x="urn:x">a</Text>', "a"),
        ("<Aaa><b/>c</Aaa>\n<Text>a</Text>\t", "a"),
        ("<Text>]</Text>", "]"),
    ],
)
def test_text_is_read(content: str, text: str | None) -> None:
    _, record = post(thing(content), XML)
    assert record is not None
    assert record["Text"] == text


@pytest.mark.parametrize(
    "body",
    [
        "", "  ", "hello", "<Thing/>", thing("").replace("Thing", "thing"), thing("", ' i:type="Other"'),
        thing("") + "junk", thing("") + thing(""), "junk" + thing(""), thing("junk"), thing("<Text>a<b/>c</Text>"),
        thing("<Text>a</text>"), thing("<Text>&foo;</Text>"), thing("<Text>\x01</Text>"), thing("<Text>\ufffe</Text>"),
        thing("<Text>]]></Text>"), thing('<Text a="1" a="2"/>'), thing('<Text a="<"/>'), thing("<x:Text/>"),
        thing('<Text i:nil="yes"/>'), thing('<Count i:nil="true"/>'), thing("<Count>5.0</Count>"),
        thing("<Count></Count>"), thing("<Flag>True</Flag>"), thing("<When>06/01/2026</When>"),
        thing("<Shade>dark</Shade>"), thing("<Text><?p x?></Text>"), "<!DOCTYPE a>" + thing(""),
        '<!DOCTYPE a [<!ENTITY e "x">]>' + thing("<Text>&e;</Text>"), '<?xml version="1.1"?>' + thing(""),
        ' <?xml version="1.0"?>' + thing(""), '<?xml version="1.0" encoding="latin1"?>' + thing(""),
        thing("<Zzz>" * 256 + "</Zzz>" * 256), thing("<Text>a</Text")[:-8], thing('<Text z:Ref="i1" xmlns:z="'
        'http://schemas.microsoft.com/2003/10/Serialization/"/>'),
    ],
)  # fmt: skip
def test_anything_wrong_makes_the_whole_model_null(body: str) -> None:
    response, record = post(body, XML)
    assert record is None
    message = "The request has no body." if not body else "The request is invalid."
    assert f"<Message>{message}</Message>" in errors(response)
    assert ("<ModelState><model>An error has occurred.</model></ModelState>" in errors(response)) == bool(body)


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n<!-- c -->' + thing("<Text>a</Text>"),
        thing("<Text>a</Text>") + "\n junk behind a blank is never looked at",
        thing("<Text>a</Text>") + "<!-- c -->junk",
        thing("<Text>a</Text>", ' i:type="Thing" xml:lang="en" foo="1"'),
        thing("<Zzz>" * 255 + "</Zzz>" * 255 + "<Text>a</Text>"),
    ],
)
def test_these_are_read_all_the_same(body: str) -> None:
    _, record = post(body, XML)
    assert record is not None
    assert record["Text"] == "a"


def test_a_nil_root_is_no_model_and_no_error() -> None:
    response, _ = post(thing("", ' i:nil="true"'), XML)
    assert errors(response) == "<Error><Message>The request has no body.</Message></Error>"


def test_output_declares_namespaces_where_they_change() -> None:
    response, _ = post(thing("<Text>a&amp;b</Text>"), XML)
    assert response.body.decode("utf-8") == (
        f'<Thing xmlns:i="{INSTANCE}" xmlns="{NAMESPACE}">'
        f'<Id xmlns="{BASE}">00000000-0000-0000-0000-000000000000</Id><Key i:nil="true" xmlns="{BASE}" />'
        "<Big>0</Big><Code>00000000-0000-0000-0000-000000000000</Code><Count>0</Count><Flag>false</Flag>"
        '<Maybe i:nil="true" /><Price>0</Price><Ratio>0</Ratio><Shade>Light</Shade><Text>a&amp;b</Text>'
        "<When>0001-01-01T00:00:00</When></Thing>"
    )


def test_an_enum_number_without_a_name_cannot_be_written() -> None:
    response, record = post('{"shade": 7}', "application/json", Accept="text/xml")
    assert record is not None
    assert (response.status, errors(response)) == (500, "<Error><Message>An error has occurred.</Message></Error>")


@pytest.mark.parametrize(
    ("text", "written"),
    [("<&>\"'", "&lt;&amp;&gt;\"'"), ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"), ("\x00\x1f\ufffe", "&#x0;&#x1F;&#xFFFE;"),
     ("\x7f\x85\u2028🦷", "\x7f\x85\u2028🦷")],
)  # fmt: skip
def test_text_is_escaped_as_the_frameworks_writer_does(text: str, written: str) -> None:
    assert escape(text) == written


def test_a_key_that_is_no_xml_name_is_encoded() -> None:
    response, _ = post('{"other": ' + "[" * 256, "application/json", Accept="text/xml")
    assert "<model.other_x005B_0_x005D_" in errors(response)
