"""What texts the suite sends: one table of kinds, each with whole values that show it and pieces to search with.

The rule: every kind is carried by every format it lists, byte for byte, so that a difference is the portal's. XML 1.0
§2.2 carries no other control characters than tab and line ends and makes CR LF a line feed (§2.11); a form's blanks
and line ends are framework's play; lone surrogates and noncharacters are no text. `{n}` stands for the member's
place: a text in the wrong member shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from contracts.conformance.subject import Bounds
from contracts.model import WireFormat

ALL: tuple[WireFormat, ...] = ("json", "xml", "form")


@dataclass(frozen=True)
class Kind:
    """A kind of text: `wholes` go to every member in turn, texts made of `pieces` are searched through;
    `refusable` kinds may be refused (ASP.NET's request validation, a web application firewall), never changed."""

    name: str
    wholes: tuple[str, ...]
    pieces: tuple[str, ...]
    formats: tuple[WireFormat, ...] = ALL
    refusable: bool = False

    def values(self, place: int, limits: Bounds) -> list[str]:
        """The whole values for a member at this place that its lengths allow."""
        filled = [whole.replace("{n}", str(place)) for whole in self.wholes]
        return [text for text in filled if limits.allow(text)]

    def strategy(self, limits: Bounds) -> st.SearchStrategy[str]:
        """Texts of these pieces, never blank, within the lengths."""
        texts = st.lists(st.sampled_from(self.pieces), min_size=1, max_size=30).map("".join)
        return texts.filter(
            lambda text: limits.allow(text) and text.strip() != "" and (self.name == "blanks" or _tight(text))
        )


def _tight(text: str) -> bool:
    return text == text.strip()


KINDS = {
    kind.name: kind
    for kind in (
        Kind("plain", ("Plain text {n}, in MIXED Case.",), ("a", "B", "7", "z Z", "-", ",", ".")),
        Kind(
            "lookalikes",
            ("007", "1e5", "true", "null", "2031-03-04T09:30:00Z", "0x1F", "1.50", "NaN", "nil", "-0", "{}"),
            ("0", "1", ".", "e", "-", "true", "null"),
        ),
        Kind("blanks", ("  two  blanks {n}  ", " x{n}", "x{n} "), ("a", " ", "  "), ("json", "xml")),
        Kind("lines", ("one\ntwo {n}\tthree\n\nfour",), ("a", "\n", "\t", "b"), ("json", "xml")),
        Kind("accents", ("Ünïçödé ñøßÿÐþ {n} €œŽ",), ("é", "ß", "Ž", "a", "€")),
        Kind(
            "scripts",
            ("łőşğ Ελλη Русс {n}", "עברי عرب 漢字 {n}", "かな 한국 ไทย हिन {n}"),
            ("ł", "Ж", "α", "漢", "あ", "한", "ע", "ع", "a"),
        ),
        Kind("beyond-bmp", ("😀x{n}𠮷𝒳👩\u200d👧y",), ("😀", "𠮷", "a", "𝒳")),
        Kind("forms", ("é e\u0301 Å A\u030a \u212b ﬁ ① {n}",), ("e\u0301", "é", "\u212b", "a", "ﬁ")),
        Kind(
            "markup",
            (
                "<b>{n}</b> &amp; &lt; &#65; <br/>",
                "]]> <!-- c --> <a>{n}</a>",
                "<script>x({n})</script> a<b && c>d",
                "1 < 2 > {n} && 3 &amp; &lt;x&gt;",  # nothing that request validation takes for markup
            ),
            ("<", ">", "&", "&amp;", "]]>", "a", "<b>", "&lt;", "<!--"),
            refusable=True,
        ),
        Kind(
            "quotes",
            ("\"double\" 'single' ''{n}'' C:\\new\\t", "%41 %% a+b=c;d,e|f {0} ${x}", "-- ; _ * ? [x] ~`^ {n}"),
            ('"', "'", "\\", "%41", "+", "=", "a", "{0}", "\\n", ";"),
        ),
        Kind(
            "invisible",
            (
                "a\u00a0b{n}\u200bc\u00add\ufeffe\u200ef\u202ag\u202ch",
                "x\x85y{n}\u2028z\u2029w",
                "‘a’ “b” … – — {n} İ ı ŉ",
            ),
            ("\u00a0", "\u200b", "\u00ad", "\ufeff", "\u200e", "\x85", "\u2028", "a", "’", "İ"),
        ),
        Kind(
            "controls",
            ("a\x01b\x02{n}\x0bc\x0cd\x1fe\x7ff\rg", "a\x00b{n}"),
            ("a", "\x01", "\x1f", "\r", "\x7f", "\x00"),
            ("json",),
            True,
        ),
    )
}

#: How long the long texts are. The page sets no limit; databases often have one at 50, 100, 255, 4000 or 8000. What is
#: kept at one length is cut at no shorter one, so a shorter one is sent only where the longer was refused.
LENGTHS = (9000, 5000, 300, 60)


def long_text(length: int, place: int) -> str:
    """A text of that many characters in which no part can be taken for another."""
    text = f"{place}:" + "".join(f"{number}," for number in range(length // 2))
    return text[: length - 1] + "."
