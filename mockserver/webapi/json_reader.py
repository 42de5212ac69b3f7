"""Json.NET's lenient reader: a state machine over the text, one token at a time, that can go on after an error.

    start → value → post value → … → finished; an error leaves the machine where it was, the binder decides what then

The rule: the machine stops exactly where Json.NET's would, because how many errors a body gives and under which path
hangs on it. What values become (`json_binding`) may not live here; numbers are in `json_numbers`, characters of
strings, names and comments in `json_scanning`.
Source: J JsonTextReader.cs (ReadInternal, ParseValue, ParseObject, ParsePostValue), JsonReader.cs (SetToken, Push,
Path), JsonPosition.cs.
"""

from __future__ import annotations

import datetime
from typing import Any

from mockserver.webapi import base64_text, dates
from mockserver.webapi.dates import DateError, DateTime, DateTimeOffset
from mockserver.webapi.json_numbers import NumberError, read_number
from mockserver.webapi.json_scanning import JsonError, Scanner, spelled

_STARTS = {"StartObject": "object", "StartArray": "array", "StartConstructor": "constructor"}
_CLOSES = {"EndObject": "object", "EndArray": "array", "EndConstructor": "constructor"}
_START_STATES = {"StartObject": "object-start", "StartArray": "array-start", "StartConstructor": "constructor-start"}
VALUES = frozenset(("Undefined", "Integer", "Float", "Boolean", "Null", "Date", "String", "Bytes"))
_CLOSING = {"}": "EndObject", "]": "EndArray", ")": "EndConstructor"}
_WORDS = {"t": ("true", "Boolean", True), "f": ("false", "Boolean", False), "u": ("undefined", "Undefined", None)}
_NAMED = {"N": ("NaN", float("nan")), "I": ("Infinity", float("inf"))}

#: default(JsonPosition): outside of everything the index is 0, which tells it from a list's -1 before its first item.
_NOWHERE = ("", "", 0)
#: FormattingUtilities.DefaultMaxDepth
MAX_DEPTH = 256


class JsonReader(Scanner):
    """Reads tokens; `token` and `value` are the present one, `path` is where it stands."""

    __slots__ = (
        "_exceeded",
        "_index",
        "_name",
        "_stack",
        "_type",
        "read_as",
        "start",
        "state",
        "token",
        "value",
        "zone",
    )

    def __init__(self, text: str, zone: datetime.tzinfo = datetime.UTC):
        super().__init__(text)
        self.zone = zone
        self.state = "start"
        self.token, self.value = "None", None
        self.read_as = ""
        #: Where the present value begins.
        self.start = 0
        # The innermost container: its kind, the member's name or the element's index; the outer ones on a stack.
        self._type, self._name, self._index = "", "", -1
        self._stack: list[tuple[str, str, int]] = []
        self._exceeded = False

    value: Any

    # JsonReader.Depth
    @property
    def depth(self) -> int:
        return len(self._stack) + (0 if self.token in _STARTS or not self._type else 1)

    # JsonReader.Path, JsonPosition.WriteTo
    @property
    def path(self) -> str:
        if not self._type:
            return ""
        positions = list(self._stack)
        if not self.state.endswith("-start"):
            positions.append((self._type, self._name, self._index))
        text = ""
        for kind, name, index in positions:
            if kind != "object":
                text += f"[{index}]"
                continue
            text += f".{spelled(name)}" if text else spelled(name)
        return text

    # JsonReader.GetPosition
    def index_at(self, depth: int) -> int:
        """The index at which the list at that depth stands."""
        return self._stack[depth][2] if depth < len(self._stack) else self._index

    def set(self, token: str, value: Any = None, *, counts: bool = True) -> None:
        """SetToken: what a token does to the state."""
        self.token, self.value = token, value
        if token in VALUES:
            self.after_value(counts=counts)
        elif token in _STARTS:
            self.state = _START_STATES[token]
            self._push(_STARTS[token])
        elif token in _CLOSES:
            kind = self._pop()
            if kind != _CLOSES[token]:
                raise JsonError(f"JsonToken {token} is not valid for closing JsonType {kind}.")
            self.state = "post-value" if self._type else "finished"
        elif token == "PropertyName":
            self.state = "property"
            self._name = value

    def after_value(self, *, counts: bool) -> None:
        """SetPostValueState"""
        self.state = "post-value" if self._type else "finished"
        if counts and self._type in ("array", "constructor"):
            self._index += 1

    def _push(self, kind: str) -> None:
        if self._type in ("array", "constructor"):
            self._index += 1
        if not self._type:
            self._type, self._name, self._index = kind, "", -1
            return
        self._stack.append((self._type, self._name, self._index))
        self._type, self._name, self._index = kind, "", -1
        if self.depth + 1 > MAX_DEPTH and not self._exceeded:
            self._exceeded = True
            raise JsonError(f"The reader's MaxDepth of {MAX_DEPTH} has been exceeded.")

    def _pop(self) -> str:
        old = self._type
        self._type, self._name, self._index = self._stack.pop() if self._stack else _NOWHERE
        if self.depth <= MAX_DEPTH:
            self._exceeded = False
        return old

    def since(self, start: int) -> str:
        """The text from a place up to where the reader stands."""
        return self.text[start : self.position]

    def read(self) -> bool:
        """The next token of any kind, dates in strings told apart; False at the end."""
        self.read_as = ""
        return self.next_token()

    def skip(self) -> None:
        """Past the children of the present token."""
        if self.token == "PropertyName":
            self.read()
        if self.token in _STARTS:
            depth = self.depth
            while self.read() and depth < self.depth:
                pass

    def next_token(self) -> bool:
        """ReadInternal: one step of the machine, with strings read as `read_as` says."""
        while True:
            state = self.state
            if state in ("start", "property", "array", "array-start", "constructor", "constructor-start"):
                return self._value()
            if state in ("object", "object-start"):
                return self._member()
            if state == "post-value":
                if self._post_value():
                    return True
                continue
            self.blanks()
            if self.at_end:
                return False
            if self.char == "/":
                self.set("Comment", self.comment())
                return True
            raise JsonError(f"Additional text encountered after finished reading JSON content: {self.char}.")

    def _post_value(self) -> bool:
        self.blanks()
        if self.at_end:
            self.state = "finished"
            return False
        char = self.char
        if char == ",":
            self.position += 1
            self.state = self._type or "finished"
            return False
        if char in _CLOSING:
            self.position += 1
            self.set(_CLOSING[char])
            return True
        if char == "/":
            self.set("Comment", self.comment())
            return True
        raise JsonError(f"After parsing a value an unexpected character was encountered: {char}.")

    def _member(self) -> bool:
        self.blanks()
        if self.at_end:
            return False
        if self.char == "}":
            self.position += 1
            self.set("EndObject")
        elif self.char == "/":
            self.set("Comment", self.comment())
        else:
            name = self.member_name()
            self.set("PropertyName", name)
        return True

    def _value(self) -> bool:
        self.blanks()
        if self.at_end:
            return False
        char = self.char
        self.start = self.position
        if char in "\"'":
            self._string(char)
        elif char == "{":
            self.position += 1
            self.set("StartObject")
        elif char == "[":
            self.position += 1
            self.set("StartArray")
        elif char in "])":
            self.position += 1
            self.set(_CLOSING[char])
        elif char == ",":  # the comma stays for the next read: "[,]" has two undefined values
            self.set("Undefined")
        elif char == "/":
            self.set("Comment", self.comment())
        else:
            self._bare(char)
        return True

    def _bare(self, char: str) -> None:
        """A value without quotes or brackets."""
        if char in _WORDS:
            word, token, value = _WORDS[char]
            self.word(word, self.state)
            self.set(token, value)
        elif char == "n":
            self._null_or_constructor()
        elif char in _NAMED:
            word, number = _NAMED[char]
            self.word(word, self.state)
            self.set("Float", number)
        elif char == "-" and self.peek(1) == "I":
            self.word("-Infinity", self.state)
            self.set("Float", float("-inf"))
        elif char in "-." or char.isnumeric():
            self._number()
        else:
            raise JsonError(f"Unexpected character encountered while parsing value: {char}.")

    def _null_or_constructor(self) -> None:
        after = self.peek(1)
        if after == "u":
            self.word("null", self.state)
            self.set("Null")
        elif after == "e":
            self.set("StartConstructor", self.constructor_name(self.state))
        else:
            raise JsonError("Unexpected character encountered while parsing value: n.")

    def _number(self) -> None:
        # ParseNumber: the state moves on before the number is looked at, so an error here swallows what follows it.
        text = self.number_text()
        self.after_value(counts=True)
        try:
            token, value = read_number(text, self.read_as)
        except NumberError as error:
            raise JsonError(str(error)) from error
        self.set(token, value, counts=False)

    def _string(self, quote: str) -> None:
        self.position += 1
        text = self.string(quote)
        self.after_value(counts=True)
        if self.read_as == "bytes":
            # the state has moved on, the token has not: an error here swallows what follows
            try:
                self.set("Bytes", base64_text.read(text), counts=False)
            except ValueError as error:
                raise JsonError(str(error)) from error
            return
        if self.read_as != "string":
            try:
                found = self._date(text)
            except DateError as error:
                raise JsonError(str(error)) from error
            if found is not None:
                self.set("Date", found, counts=False)
                return
        self.set("String", text, counts=False)

    def _date(self, text: str) -> DateTime | DateTimeOffset | None:
        if self.read_as == "offset":
            return dates.read_json_offset(text, self.zone)
        return dates.read_json(text, self.zone)
