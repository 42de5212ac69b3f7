"""Error bodies: HttpError as JSON and as XML.

    {"Message": "…", "ModelState": {"model.Start": ["…"]}}     camelCase sites turn the two names
    <Error><Message>…</Message><ModelState><model.Start>… …</model.Start></ModelState></Error>

The rule: error detail is off, as for a remote caller of a production site. Which errors there are may not live here.
Source: W HttpError.cs (IXmlSerializable, XmlRoot "Error"), HttpErrorKeys.cs, SRResources.resx; System.Xml
XmlConvert.EncodeLocalName.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from contracts.naming import key_name
from mockserver.webapi.json_scalars import quote
from mockserver.webapi.xml_writer import escape

INVALID = "The request is invalid."
NO_BODY = "The request has no body."


@dataclass(frozen=True)
class HttpError:
    """A message and, for a bad model, the messages by key."""

    message: str
    model_state: list[tuple[str, list[str]]] = field(default_factory=list)

    def as_json(self, casing: str) -> str:
        """The error as JSON; the camelCase resolver turns dictionary keys too."""
        parts = [f"{quote(key_name('Message', casing))}:{quote(self.message)}"]
        if self.model_state:
            keys = (
                f"{quote(key_name(key, casing))}:[{','.join(map(quote, messages))}]"
                for key, messages in self.model_state
            )
            parts.append(f"{quote(key_name('ModelState', casing))}:{{{','.join(keys)}}}")
        return "{" + ",".join(parts) + "}"

    def as_xml(self) -> str:
        """The error as XML; several messages of one key are joined by a blank."""
        parts = [f"<Message>{escape(self.message)}</Message>"]
        if self.model_state:
            keys = []
            for key, messages in self.model_state:
                name = _local_name(key)
                keys.append(f"<{name}>{escape(' '.join(messages))}</{name}>")
            parts.append(f"<ModelState>{''.join(keys)}</ModelState>")
        return f"<Error>{''.join(parts)}</Error>"


_FIRST = re.compile(r"[^\W\d]|_")
_OTHER = re.compile(r"[\w.\-\xb7]")


# XmlConvert.EncodeLocalName: what a name cannot bear becomes _xHHHH_, also an underscore that would look like it.
def _local_name(key: str) -> str:
    parts = []
    for i, char in enumerate(key):
        allowed = _OTHER.match(char) if i else _FIRST.match(char)
        if char == "_" and re.match(r"_x[0-9a-fA-F]{4}", key[i : i + 6]):
            allowed = None
        if allowed:
            parts.append(char)
        elif ord(char) > 0xFFFF:
            parts.append(f"_x{ord(char):08X}_")
        else:
            parts.append(f"_x{ord(char):04X}_")
    return "".join(parts)
