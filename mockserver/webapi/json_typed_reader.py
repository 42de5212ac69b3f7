"""Asking Json.NET's reader for a string, a date or a number: what it makes of a token that is none.

    wanted     string: any primitive, as text      date: strings only      Int32, Decimal: numbers and strings
               bytes: base64 text, a list of small numbers, or an object that says "$type" and "$value"

The rule: nothing there, null and the end of a list are no error; an empty string is null to all but strings. The state
machine itself (`json_reader`) may not live here.
Source: J JsonReader.cs (ReadAsStringInternal, ReadAsDateTimeInternal, ReadAsDateTimeOffsetInternal,
ReadAsInt32Internal, ReadAsDecimalInternal, ReadAsBytesInternal).
"""

from __future__ import annotations

from mockserver.webapi import liberal_dates
from mockserver.webapi.dates import DateError
from mockserver.webapi.json_numbers import NumberError, integer_text, number_text, read_number
from mockserver.webapi.json_reader import VALUES, JsonReader
from mockserver.webapi.json_scanning import JsonError


class TypedReader(JsonReader):
    """A reader that can be asked for what is wanted."""

    __slots__ = ()

    # Comments are passed over, None and EndArray mean that nothing is there.
    def _content(self, read_as: str) -> str:
        self.read_as = read_as
        while self.next_token():
            if self.token != "Comment":
                return self.token
        self.set("None")
        return "None"

    def read_string(self) -> None:
        """The next token as text; a number or boolean is turned into it."""
        token = self._content("string")
        if token in ("None", "Null", "String", "EndArray"):
            return
        if token in VALUES and self.value is not None:
            self.set("String", number_text(self.value), counts=False)
            return
        raise JsonError(f"Error reading string. Unexpected token: {token}.")

    def read_date(self, *, offset: bool = False) -> None:
        """The next token as a date, first by Json.NET's forms, then by DateTime.Parse."""
        token = self._content("offset" if offset else "date")
        if token in ("None", "Null", "Date", "EndArray"):
            return
        if token != "String":
            raise JsonError(f"Error reading date. Unexpected token: {token}.")
        text = self.value
        if not text:
            self.set("Null")
            return
        try:
            found = (
                liberal_dates.read_offset(text, self.zone)
                if offset
                else liberal_dates.read(text, self.zone, round_trip=True)
            )
        except DateError as error:
            raise JsonError(f"Could not convert string to DateTime: {text}.") from error
        self.set("Date", found, counts=False)

    def read_integer(self) -> None:
        """The next token as a 32-bit number."""
        self._number_or_text("int32", "integer")

    def read_decimal(self) -> None:
        """The next token as a decimal."""
        self._number_or_text("decimal", "decimal")

    def read_bytes(self) -> None:
        """The next token as a byte[]."""
        token = self._content("bytes")
        self.read_as = ""
        if token == "StartObject":
            self._unwrap()
            self.read_bytes()
            value = self.value if self.token == "Bytes" else None
            self.next_token()
            self.set("Bytes" if value is not None else "Null", value, counts=False)
        elif token == "StartArray":
            self.set("Bytes", self._byte_list(), counts=False)
        elif token not in ("None", "Null", "Bytes", "EndArray"):
            raise JsonError(f"Error reading bytes. Unexpected token: {token}.")

    # IsWrappedInTypeObject
    def _unwrap(self) -> None:
        for wanted in ("$type", "System.Byte[]", "$value"):
            if not self.next_token():
                raise JsonError("Unexpected end when reading bytes.")
            found = str(self.value)
            if found != wanted and not (wanted.endswith("]") and found.startswith(wanted)):
                raise JsonError("Error reading bytes. Unexpected token: StartObject.")

    def _byte_list(self) -> bytes:
        found = bytearray()
        while self.next_token():
            if self.token == "EndArray":
                return bytes(found)
            if self.token == "Integer" and 0 <= self.value <= 0xFF:
                found.append(self.value)
            elif self.token != "Comment":
                raise JsonError(f"Unexpected token when reading bytes: {self.token}.")
        raise JsonError("Unexpected end when reading bytes.")

    def _number_or_text(self, read_as: str, name: str) -> None:
        token = self._content(read_as)
        if token in ("None", "Null", "EndArray"):
            return
        if token == "String" and not self.value:
            self.set("Null")
            return
        try:
            if token == "String":
                self.set(*integer_text(self.value, read_as), counts=False)
                return
            if token in ("Integer", "Float"):
                # "NaN" and its like reach this point as floats
                self.set(*read_number(number_text(self.value), read_as), counts=False)
                return
        except NumberError as error:
            raise JsonError(f"Could not convert string to {name}: {self.value}.") from error
        raise JsonError(f"Error reading {name}. Unexpected token: {token}.")
