"""Bodies of any type: bytes to values and values to text, by wire format and type.

    read_body    bytes + media type + type  →  value (None: none), errors to the model state, losses told
    write_body   value + type               →  text in JSON or XML; WriteError when the serializer cannot write it

The rule: the one door to all readers and writers; which format a request has and what it means (`negotiation`,
`pipeline`) may not live here.
Source: N Formatting/BaseJsonMediaTypeFormatter.cs, XmlMediaTypeFormatter.cs, FormUrlEncodedMediaTypeFormatter.cs;
W ModelBinding/JQueryMvcFormUrlEncodedFormatter.cs.
"""

from __future__ import annotations

import datetime
import sys
from typing import Any

from contracts.model import TypeRef
from mockserver.webapi import byte_losses, charsets, form_losses, forms, json_fast, negotiation
from mockserver.webapi.charsets import DecodeError
from mockserver.webapi.datacontract import DataContractReader
from mockserver.webapi.form_binding import FormBinder
from mockserver.webapi.json_binding import JsonBinder
from mockserver.webapi.json_writer import write_value
from mockserver.webapi.losses import Losses
from mockserver.webapi.media_types import MediaType
from mockserver.webapi.model_state import ModelState
from mockserver.webapi.shapes import Shapes
from mockserver.webapi.xml_reader import XmlError
from mockserver.webapi.xml_writer import WriteError, write_root

# Values nest as deep as the formatters allow, 256 levels with a few calls each: more than Python takes by default.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 5_000))


class Bodies:
    """The readers and writers of one contract's types; `zone` is the server's time zone."""

    def __init__(self, shapes: Shapes, zone: datetime.tzinfo):
        self._shapes, self._zone = shapes, zone

    def read_body(
        self, format_name: str, body: bytes, media_type: MediaType | None, ref: TypeRef, state: ModelState,
        losses: Losses,
    ) -> Any:  # fmt: skip
        """The value, None when there is none; what is wrong goes to the model state, what is passed over to losses."""
        charset, ref = negotiation.charset(media_type), self._shapes.settled(ref)
        try:
            if format_name == "json":
                text = charsets.decode_json(body, charset)
                value = self._read_json(text, ref, state, losses)
                if "\ufffd" in text:
                    byte_losses.tell_replaced(losses, body, text)
            elif format_name == "xml":
                text = charsets.decode_xml(body, charset)
                value = DataContractReader(self._shapes, text, self._zone, losses).read(ref)
            else:
                return self._read_form(body, media_type, ref, state, losses)
            byte_losses.tell_charset(losses, media_type, body, text)
            return value
        except (DecodeError, XmlError, forms.FormError, RecursionError) as error:
            # The formatters log what they cannot read under the bare parameter and give no model.
            state.add("", None, str(error))
            return None

    def write_body(self, format_name: str, ref: TypeRef, value: Any) -> str:
        """The value as JSON or XML text; WriteError when the serializer cannot write it."""
        ref = self._shapes.settled(ref)
        if format_name == "json":
            return write_value(self._shapes, ref, value, self._zone)
        return write_root(self._shapes, ref, value, self._zone)

    def _read_json(self, text: str, ref: TypeRef, state: ModelState, losses: Losses) -> Any:
        shape = self._shapes.object(ref)
        if shape is not None:
            record = json_fast.read(text, self._shapes, shape, self._zone, losses)
            if record is not None:
                return record
        binder = JsonBinder(
            self._shapes, text, self._zone, lambda path, message: state.add(path, None, message), losses
        )
        return binder.bind_body(ref)

    def _read_form(
        self, body: bytes, media_type: MediaType | None, ref: TypeRef, state: ModelState, losses: Losses
    ) -> Any:
        sent = forms.pairs(body)
        values = forms.grouped(sent)
        binder = FormBinder(self._shapes, values, self._zone, state.add, losses)
        record = binder.bind_body(ref)
        shape = self._shapes.object(ref)
        form_losses.tell(losses, body, sent, values, binder.taken, shape)
        if not body.isascii():
            byte_losses.tell_charset(losses, media_type, body, charsets.replaced(body))
        return record


__all__ = ["Bodies", "WriteError"]
