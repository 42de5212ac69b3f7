"""The serializer's own XML reader: forward only, one node at a time, without DTDs, entities or processing instructions.

    element, end, text, blank, comment, cdata, declaration, eof

The rule: it takes and refuses what XmlUTF8TextReader does, which is not quite XML 1.0: a reference to a control
character passes, a lone carriage return between elements is text. Every step consumes text, so time is linear; depth
is limited. What elements mean (`datacontract`) may not live here.
Source: S System/Xml/XmlUTF8TextReader.cs, XmlBaseReader.cs, XmlBufferReader.cs (GetCharEntity); depth from N
FormattingUtilities.cs (DefaultMaxDepth).
"""

from __future__ import annotations

import re

#: XmlDictionaryReaderQuotas.MaxDepth as the formatter sets it.
MAX_DEPTH = 256
XMLNS = "http://www.w3.org/2000/xmlns/"
XML = "http://www.w3.org/XML/1998/namespace"

_S = r"[ \t\r\n]"
# The patterns name ASCII alone, by what cannot stand there; one look at the text finds what is no character (_NONE).
# Ranges beyond ASCII would take long to compile, at every start.
_NAME = r"[^\x00-@\[-^`{-\x7f][^\x00-,/:-@\[-^`{-\x7f]*"
_BAD = r"\x00-\x08\x0b\x0c\x0e-\x1f"
_NONE = re.compile("[\ufffe\uffff]")
_ATTRIBUTE = rf"(?:{_NAME})(?::{_NAME})?{_S}*={_S}*(?:\"[^\"<{_BAD}]*\"|'[^'<{_BAD}]*')"
_START = re.compile(rf"<(?P<name>{_NAME}(?::{_NAME})?)(?P<attributes>(?:{_S}+{_ATTRIBUTE})*){_S}*(?P<empty>/?)>")
_ONE_ATTRIBUTE = re.compile(rf"({_NAME})(?::({_NAME}))?{_S}*={_S}*(?:\"([^\"]*)\"|'([^']*)')")
_END = re.compile(rf"</({_NAME}(?::{_NAME})?){_S}*>")
_COMMENT = re.compile(rf"<!--(?:[^{_BAD}-]|-(?!-))*-->")
_CDATA = re.compile(r"<!\[CDATA\[((?:[^\]]|\](?!\]>))*)\]\]>")
_DECLARATION = re.compile(rf"<\?xml{_S}+(?P<attributes>{_ATTRIBUTE}(?:{_S}+{_ATTRIBUTE})*){_S}*\?>")
_PIECE = re.compile(rf"[^<&\]\r{_BAD}]+|\](?!\]>)|&[^;<&]*;|\r\n?")
_BLANK = re.compile(r"[ \t\n]*")
_REFERENCE = re.compile(r"&([^;]*);")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ODD = re.compile("[\ud800-\udfff]")


class XmlError(Exception):
    """The text is not XML that the serializer reads, or not of the expected shape."""


def _resolve(name: str) -> str:
    """GetCharEntity: the five names and numbers up to 10FFFF; a number may name any character, and none is zero."""
    if name in _NAMED:
        return _NAMED[name]
    match = re.match(r"#(?:x0*([0-9a-fA-F]*)|0*([0-9]*))\Z", name)
    if match is None:
        raise XmlError(f"the entity {name}")
    digits = match[1] or match[2] or "0"
    code = int(digits[:8], 16 if match[1] else 10)
    if len(digits) > 7 or code > 0x10FFFF:
        raise XmlError(f"the character {name}")
    return chr(code)


def _checked(text: str) -> str:
    if not text.isascii() and _ODD.search(text):
        raise XmlError("invalid bytes")
    return text


class XmlReader:
    """The present node: `kind`; of elements `name`, `namespace`, `empty`, `attributes`; of text `value`."""

    __slots__ = (
        "_declared", "_ended", "_limit", "_namespaces", "_open", "_position", "_root_seen", "attributes", "empty",
        "kind", "name", "namespace", "start", "text", "value",
    )  # fmt: skip

    def __init__(self, text: str):
        self.text, self._position = text, 0
        none = None if text.isascii() else _NONE.search(text)
        #: Up to where the text can be read: U+FFFE and U+FFFF stand nowhere.
        self._limit = len(text) if none is None else none.start()
        #: Where the present node begins.
        self.start = 0
        self.kind, self.name, self.namespace, self.value = "initial", "", "", ""
        self.empty = False
        self.attributes: list[tuple[str, str, str]] = []
        self._open: list[str] = []
        # Each prefix's namespaces, the one in force last, and which prefixes each open element declares: a copy of all
        # of them for every element would make a small document of many prefixes a large one.
        self._namespaces: dict[str, list[str]] = {"": [""], "xml": [XML], "xmlns": [XMLNS]}
        self._declared: list[list[str] | tuple[()]] = []
        self._root_seen = False
        # XmlReaderDelegator.isEndOfEmptyElement: an empty element is shown once more as its own end.
        self._ended = False

    def since(self, start: int) -> str:
        """The document's text from a place up to the present node."""
        return self.text[start : self.start]

    @property
    def after(self) -> int:
        """Where the present node ends."""
        return self._position

    def namespace_of(self, prefix: str) -> str | None:
        """The namespace that a prefix stands for here, None when it stands for none."""
        found = self._namespaces.get(prefix)
        return found[-1] if found else None

    # XmlReaderDelegator.Read
    def read(self) -> None:
        """The next node; an empty element is followed by an end of its own."""
        if self.kind == "element" and self.empty:
            self.kind, self._ended = "end", True
            return
        if self._ended:
            self._ended = False
            self._leave()
        elif self.kind == "end":
            self._leave()
        self._next()

    def _leave(self) -> None:
        self._open.pop()
        for prefix in self._declared.pop():
            self._namespaces[prefix].pop()

    def _next(self) -> None:
        text, position = self.text, self._position
        self.start = position
        if position >= len(text):
            if self._open:
                raise XmlError("unexpected end of file")
            self.kind = "eof"
            return
        char = text[position]
        if char == "<":
            self._markup(text[position + 1 : position + 2])
        elif not self._open:
            self._outside(char)
        else:
            self._content()
        if self._position > self._limit:
            raise XmlError("a character that cannot stand anywhere")

    def _markup(self, char: str) -> None:
        if char == "/":
            self._end()
        elif char == "!":
            self._comment_or_cdata()
        elif char == "?":
            self._declaration()
        else:
            self._start()

    def _outside(self, char: str) -> None:
        """Between root and the document's ends only blanks may stand; each run is one node."""
        if char not in " \t\n\r":
            raise XmlError("text outside the root")
        blank = _BLANK.match(self.text, self._position + (char == "\r"))
        assert blank is not None
        self._position = blank.end()
        self.kind, self.value = "blank", "\n"

    def _content(self) -> None:
        """Text up to the next markup; it is blank when all of it is white space, a lone carriage return apart."""
        pieces: list[str] = []
        blank = True
        while self._position < len(self.text) and self.text[self._position] != "<":
            match = _PIECE.match(self.text, self._position)
            if match is None:
                raise XmlError("a character that cannot stand here")
            self._position = match.end()
            piece = match[0]
            if piece[0] == "&":
                piece = _resolve(piece[1:-1])
            elif piece[0] == "\r":
                blank = blank and len(piece) == 2
                piece = "\n"
            blank = blank and not piece.strip(" \t\n\r")
            pieces.append(piece)
        self.kind, self.value = "blank" if blank else "text", "".join(pieces)

    # GetCharText: a reference is one UTF-16 unit, so two of them make a pair. GUESS: half a pair is refused here; the
    # framework would read it and fail when it writes the answer.
    def text_value(self) -> str:
        """The text of the present node, its bytes now known to be valid."""
        if not _ODD.search(self.value):
            return self.value
        _checked(self.text[self.start : self._position])
        return _checked(self.value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass"))

    def _end(self) -> None:
        match = _END.match(self.text, self._position)
        if match is None or not self._open or match[1] != self._open[-1]:
            raise XmlError("the end tag does not match")
        self._position = match.end()
        self.kind = "end"

    def _comment_or_cdata(self) -> None:
        if self.text.startswith("<!--", self._position):
            match = _COMMENT.match(self.text, self._position)
            if match is None:
                raise XmlError("the comment")
            self.kind = "comment"
        else:
            match = _CDATA.match(self.text, self._position) if self._open else None
            if match is None:
                raise XmlError("a DTD, or CDATA outside the root")
            self.kind, self.value = "cdata", match[1]
        self._position = match.end()

    # ReadDeclaration, MoveToDeclaration: only as the very first node; version, encoding, standalone in this order.
    def _declaration(self) -> None:
        match = _DECLARATION.match(self.text, self._position)
        if match is None or self.kind != "initial":
            raise XmlError("a processing instruction, or a declaration that is not first")
        found = [(prefix, name, double or single) for name, prefix, double, single in self._pairs(match["attributes"])]
        names = [name for _, name, _ in found]
        if names not in (["version"], ["version", "encoding"], ["version", "standalone"],
                         ["version", "encoding", "standalone"]):  # fmt: skip
            raise XmlError("the declaration")
        values = {name: value for _, name, value in found}
        if values["version"] != "1.0" or values.get("standalone", "yes") not in ("yes", "no"):
            raise XmlError("the declaration")
        self._position = match.end()
        self.kind = "declaration"

    @staticmethod
    def _pairs(attributes: str) -> list[tuple[str, str, str, str]]:
        """Local name, prefix and value of each attribute."""
        found = []
        for first, second, double, single in _ONE_ATTRIBUTE.findall(attributes):
            found.append((second or first, first if second else "", double, single))
        return found

    def _start(self) -> None:
        match = _START.match(self.text, self._position)
        if match is None:
            raise XmlError("the start tag")
        if not self._open and self._root_seen:
            raise XmlError("two roots")
        if len(self._open) == MAX_DEPTH:
            raise XmlError("nested too deep")
        self._position = match.end()
        self._root_seen = True
        raw = _checked(match["name"])
        pairs = self._pairs(match["attributes"]) if match["attributes"] else []
        self._open.append(raw)
        self._declared.append(self._declare(pairs) if pairs else ())
        prefix, _, local = raw.rpartition(":")
        namespace = self.namespace_of(prefix)
        if namespace is None:
            raise XmlError(f"the prefix {prefix}")
        self.kind, self.name, self.namespace = "element", local, namespace
        self.empty = bool(match["empty"])
        self.attributes = self._resolved(pairs) if pairs else []

    def _declare(self, pairs: list[tuple[str, str, str, str]]) -> list[str]:
        """Puts the element's own namespaces in force; their prefixes."""
        declared = []
        for local, prefix, double, single in pairs:
            if prefix == "xmlns" or (local == "xmlns" and not prefix):
                value = self._attribute_value(double or single)
                if prefix and not value:
                    raise XmlError("a prefix without a namespace")
                name = local if prefix else ""
                self._namespaces.setdefault(name, []).append(value)
                declared.append(name)
        return declared

    @staticmethod
    def _attribute_value(raw: str) -> str:
        if "&" in raw:
            if raw.count("&") != len(_REFERENCE.findall(raw)):
                raise XmlError("a reference")
            raw = _REFERENCE.sub(lambda match: _resolve(match[1]), raw)
        return _checked(raw)

    # ProcessAttributes: two attributes of one name are an error, by spelling and by namespace.
    def _resolved(self, pairs: list[tuple[str, str, str, str]]) -> list[tuple[str, str, str]]:
        found = []
        seen = set()
        for local, prefix, double, single in pairs:
            namespace = self.namespace_of(prefix) if prefix else XMLNS if local == "xmlns" else ""
            if namespace is None:
                raise XmlError(f"the prefix {prefix}")
            if (local, namespace) in seen:
                raise XmlError("two attributes of one name")
            seen.add((local, namespace))
            found.append((local, namespace, self._attribute_value(double or single)))
        return found
