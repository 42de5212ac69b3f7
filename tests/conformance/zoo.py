"""A zoo of portals for the judge: small, written from the page alone, sharing nothing with the stub or with the judge.

`Portal(*traits)` serves on a free port. Without traits it is correct; an innocent trait makes it correct in another
way, a defect makes it wrong in one way. Each trait is a word that the code below looks for where it matters.
"""

import gzip
import html
import itertools
import json
import re
import sys
import threading
import time
import unicodedata
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree
from xml.sax.saxutils import escape

OURS = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models.AppointmentsModel"
BASE = "http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
MEMBERS = [
    "locationExternalId",
    "doctorExternalId",
    "patientExternalId",
    "patientPracticeManagementSystemId",
    "appointmentStatusExternalId",
    "appointmentTypeExternalId",
    "cancelReason",
    "start",
    "end",
    "id",
    "externalId",
]
IN_XML = [
    "externalId",
    "id",
    "appointmentStatusExternalId",
    "appointmentTypeExternalId",
    "cancelReason",
    "doctorExternalId",
    "end",
    "locationExternalId",
    "patientExternalId",
    "patientPracticeManagementSystemId",
    "start",
]
REQUIRED = [m for m in MEMBERS if m.endswith("Id") and m != "appointmentTypeExternalId"] + []
DATES = ("start", "end")
TEXTS = [m for m in MEMBERS if m not in (*DATES, "id", "externalId")]
NO_DATE = "0001-01-01T00:00:00"
FORM = "application/x-www-form-urlencoded"
Record = dict[str, Any]

INNOCENTS = {
    "created-201": "a new record is answered with 201",
    "omits-nulls": "null members are left out",
    "extra-members": "more members than the page shows, in JSON and XML",
    "other-order": "JSON members in another order",
    "other-errors": "422, and other words for an error",
    "silent-errors": "errors have no body",
    "problem-json": "errors as application/problem+json where JSON is asked for",
    "merges": "an update keeps what it does not name",
    "to-utc": "times are shown in UTC",
    "to-own-zone": "times are shown in the portal's zone, with its offset",
    "zoneless": "times are shown in the portal's zone, without an offset",
    "caseless-keys": "keys are compared without case",
    "xml-prefixes": "XML with prefixes and a declaration",
    "slow": "every answer takes its time",
    "closes": "the connection ends after each answer",
    "gzip": "answers are compressed",
    "http10": "HTTP/1.0",
    "no-charset": "no charset in the Content-Type",
    "quoted-charset": "the charset in quotes",
    "upper-guids": "ids in upper case",
    "strict-blank": "a required text may not be blank",
    "short-texts": "texts over 200 characters are refused",
    "get-exists": "GET exists on another page and answers 200",
    "bom": "JSON begins with a byte order mark",
    "pretty": "JSON is indented",
    "large-413": "a body of a megabyte is refused",
    "validates-requests": "what looks like markup in a text is refused, as ASP.NET's request validation does",
    "firewall": "an angle bracket in a body that is no XML is refused with 403",
    "no-options": "OPTIONS is answered with 200 and another Allow",
}

# defect → the requirement that must convict it
DEFECTS = {
    "new-id-each-time": "upsert.same-key-same-id",
    "new-id-on-update": "upsert.same-key-same-id",
    "one-id-for-all": "upsert.other-key-other-id",
    "keys-by-prefix-20": "upsert.other-key-other-id",
    "keys-by-prefix-100": "upsert.other-key-other-id",
    "keys-lose-zeros": "upsert.other-key-other-id",
    "id-per-format": "upsert.same-id-in-every-format",
    "update-ignored": "upsert.update-visible",
    "update-ignored-in-xml": "upsert.update-visible",
    "answers-late": "upsert.update-visible",
    "only-first-update": "upsert.update-visible",
    "stores-first-only": "upsert.update-stored",
    "answers-other-record": "upsert.key-comes-back",
    "leaks-optional": "upsert.records-apart",
    "client-id-on-create": "id.client-ignored-on-create",
    "client-id-on-update": "id.client-ignored-on-update",
    "client-id-in-xml": "id.client-ignored-on-create",
    "zero-id": "id.drawn",
    "no-id": "id.drawn",
    "number-id": "id.drawn",
    "upper-keys": "upsert.key-comes-back",
    "required-not-enforced": "required.enforced.json",
    "required-not-in-xml": "required.enforced.xml",
    "required-not-in-form": "required.enforced.form",
    "required-not-on-update": "required.PatientExternalId",
    "required-null-taken": "required.AppointmentStatusExternalId",
    "required-500": "required.enforced.json",
    "one-not-required": "required.PatientPracticeManagementSystemId",
    "key-not-required": "required.ExternalId",
    "rejected-deletes": "upsert.rejected-changes-nothing",
    "rejected-stores": "upsert.rejected-changes-nothing",
    "trims": "text.blanks",
    "collapses-blanks": "text.blanks",
    "cuts-50": "text.long",
    "cuts-4000": "text.long",
    "cuts-reason-255": "text.long",
    "upper": "text.plain",
    "escapes": "text.markup",
    "unescapes": "text.markup",
    "strips-tags": "text.markup",
    "ascii-only": "text.accents",
    "latin-1": "text.scripts",
    "no-astral": "text.beyond-bmp",
    "500-on-emoji": "text.beyond-bmp",
    "composes": "text.forms",
    "no-backslash": "text.quotes",
    "doubles-quotes": "text.quotes",
    "numbers-become-numbers": "text.lookalikes",
    "lines-joined": "text.lines",
    "controls-lost": "text.controls",
    "empty-is-null": "text.empty",
    "null-is-empty": "text.null",
    "swaps-members": "text.plain",
    "shifts-z": "dates.instant",
    "drops-offset": "dates.offset",
    "cuts-seconds": "dates.instant",
    "two-digit-years": "dates.instant",
    "cuts-fraction": "dates.fraction",
    "milliseconds": "dates.fraction",
    "swaps-dates": "dates.instant",
    "date-only": "dates.instant",
    "zoneless-shifted": "dates.wall-clock",
    "xml-ignored": "meaning.xml",
    "form-ignored": "meaning.form",
    "form-decodes-no-plus": "meaning.form",
    "xml-dates-shifted": "meaning.xml",
    "answer-xml-lacks": "shape.complete.xml",
    "answer-json-lacks": "shape.complete.json",
    "no-xml": "accept.application/xml",
    "no-text-json": "accept.text/json",
    "no-form": "accept.application/x-www-form-urlencoded",
    "no-json": "accept.application/json",
    "json-for-xml": "answer.application/xml",
    "json-for-text-xml": "answer.text/xml",
    "other-media-type": "content-type.as-asked.text/json",
    "html-type": "content-type.honest",
    "no-type": "content-type.honest",
    "wrong-charset": "answer.application/json",
    "pascal": "shape.json",
    "id-braces": "shape.json",
    "us-dates": "shape.json",
    "xml-other-namespace": "shape.xml",
    "xml-other-order": "shape.xml",
    "wrapped": "shape.complete.json",
    "malformed-500": "errors.malformed.json",
    "malformed-200": "errors.malformed.json",
    "malformed-xml-500": "errors.malformed.xml",
    "no-body-500": "errors.no-body",
    "null-500": "errors.no-body",
    "bad-date-500": "errors.mistyped",
    "html-errors": "errors.readable",
    "json-errors-only": "errors.readable",
    "stack-trace": "errors.no-internals",
    "no-allow": "http.method-not-allowed",
    "get-500": "http.method-not-allowed",
    "no-415": "http.unsupported-media-type",
    "any-type": "http.unsupported-media-type",
    "any-path": "http.unknown-path",
    "charset-415": "accept.with-charset",
    "charset-415-form": "accept.with-charset",
    "optional-required": "optional.left-out",
    "xml-by-pattern": "meaning.spelling.xml",
    "json-by-order": "meaning.spelling.json",
    "form-keeps-percents": "meaning.spelling.form",
    "form-knows-capital-escapes": "meaning.spelling.form",
    "xml-fails-on-mark": "meaning.spelling.xml",
    "json-fails-on-mark": "errors.hostile.json",
    "xml-nil-is-empty": "text.null",
    "xml-optional-namespace": "shape.xml",
    "keys-by-prefix-400": "upsert.other-key-other-id",
    "keys-lose-accents": "upsert.other-key-other-id",
    "keys-collated": "upsert.letters-tell-keys-apart",
    "key-shown-cut": "upsert.key-comes-back",
    "second-record-in-lower-case": "upsert.same-key-same-id",
    "stale-in-xml": "upsert.update-visible-in-xml",
    "xml-id-upper": "shape.xml",
    "charset-misread": "accept.with-charset",
    "blanks-made-plain": "text.invisible",
    "lines-by-unicode": "text.invisible",
    "quotes-made-plain": "text.invisible",
    "ends-at-nul": "text.controls",
    "cuts-8000": "text.long",
    "empty-500": "required.empty",
    "unknown-500": "errors.unknown-member.json",
    "deep-500": "errors.hostile.json",
    "wrong-bytes-500": "errors.hostile.json",
    "dtd-500": "errors.hostile.xml",
    "entities-expanded": "errors.hostile.xml",
    "form-500-on-many": "errors.hostile.form",
    "large-500": "errors.oversize",
    "other-status-in-xml": "errors.alike",
    "head-500": "http.head-and-options",
    "no-405": "http.method-not-allowed",
    "ignores-quality": "http.accept",
    "races-to-insert": "together.one-new-key",
    "races-to-fail": "together.one-new-key",
    "crosses-clients": "together.other-keys",
    "mixes-clients": "together.one-known-key",
    "couples-members": "upsert.any-two-members",
    "end-only-with-start": "upsert.any-two-members",
    "sometimes-500": "steady.same-request-same-answer",
    "sometimes-new-id": "steady.same-request-same-answer",
}

_TEXT_DEFECTS: dict[str, Callable[[str], Any]] = {
    "trims": str.strip,
    "collapses-blanks": lambda s: re.sub(" +", " ", s),
    "cuts-50": lambda s: s[:50],
    "cuts-4000": lambda s: s[:4000],
    "upper": str.upper,
    "escapes": lambda s: html.escape(s, quote=False),
    "unescapes": html.unescape,
    "strips-tags": lambda s: re.sub("<script>.*?</script>", "", s),
    "ascii-only": lambda s: s.encode("ascii", "replace").decode(),
    "latin-1": lambda s: s.encode("cp1252", "replace").decode("cp1252"),
    "no-astral": lambda s: "".join(c if ord(c) < 0x10000 else "\ufffd" for c in s),
    "composes": lambda s: unicodedata.normalize("NFC", s),
    "no-backslash": lambda s: s.replace("\\", ""),
    "doubles-quotes": lambda s: s.replace("'", "''"),
    "numbers-become-numbers": lambda s: str(int(s)) if s.isdigit() else s,
    "lines-joined": lambda s: s.replace("\n", " "),
    "cuts-8000": lambda s: s[:8000],
    "blanks-made-plain": lambda s: s.replace("\u00a0", " "),
    "lines-by-unicode": lambda s: re.sub("[\x85\u2028\u2029]", "\n", s),
    "quotes-made-plain": lambda s: s.replace("’", "'"),
    "ends-at-nul": lambda s: s.partition("\0")[0],
    "controls-lost": lambda s: "".join(c for c in s if c >= " " or c in "\n\t"),
}


class RejectError(Exception):
    """The request is the client's fault."""


def moment(text: str) -> tuple[datetime, str, str]:
    """A time's wall clock, its fraction with the point, its zone."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", text)
    if match is None:
        raise RejectError(f"no date: {text}")
    try:
        return datetime.fromisoformat(match[1]), match[2] or "", match[3] or ""
    except ValueError:
        raise RejectError(f"no date: {text}") from None


class _Server(ThreadingHTTPServer):
    """A client that leaves before its answer is no news."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Portal:
    """A portal on a free port of this machine; use it as a context manager, `url` is its base URL."""

    def __init__(self, *traits: str):
        unknown = set(traits) - INNOCENTS.keys() - DEFECTS.keys() - SPECIAL.keys()
        assert not unknown, unknown
        self.traits = frozenset(traits)
        self.records: dict[str, Record] = {}
        self.ids: dict[str, str] = {}
        self.seen: list[tuple[str, str, bytes]] = []
        self.count = itertools.count(1)
        self.lock = threading.Lock()
        self.last: Record = {}
        self.accept = ""

    def has(self, *traits: str) -> bool:
        return any(trait in self.traits for trait in traits)

    def __enter__(self) -> "Portal":
        portal = self

        class Handler(_Handler):
            protocol_version = "HTTP/1.0" if portal.has("http10") else "HTTP/1.1"
            serves = portal

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    # ---- reading

    def read(self, media: str, body: bytes) -> Record:
        if media in ("application/json", "text/json"):
            return self.read_json(body)
        return self.read_form(body) if media == FORM else self.read_xml(body)

    def read_json(self, body: bytes) -> Record:
        if self.has("json-fails-on-mark") and body.startswith(b"\xef\xbb\xbf"):
            raise RuntimeError("Unexpected character encountered while parsing value.")
        try:
            document = json.loads(body.decode("utf-8", "replace" if self.has("wrong-bytes-500") else "strict"))
            json.dumps(document, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, UnicodeDecodeError, RecursionError) as error:
            if isinstance(error, RecursionError) and self.has("deep-500"):
                raise RuntimeError("Insufficient stack to continue executing the program safely.") from None
            if self.has("malformed-500") and body:
                raise RuntimeError("the body is broken") from None
            if self.has("malformed-200"):
                return dict.fromkeys(REQUIRED, "?")
            raise RejectError("no JSON") from None
        if document is None and self.has("null-500"):
            raise RuntimeError("Object reference not set to an instance of an object.")
        if not isinstance(document, dict):
            raise RejectError("no object")
        if self.has("json-by-order") and list(document) != [name for name in MEMBERS if name in document]:
            raise RejectError("members out of order")
        lower = {name.lower(): name for name in MEMBERS}
        if self.has("unknown-500") and any(name.lower() not in lower for name in document):
            raise RuntimeError("Could not find member on object of type 'Model'.")
        record = {lower[name.lower()]: value for name, value in document.items() if name.lower() in lower}
        if self.has("wrong-bytes-500") and "\ufffd" in str(record):
            raise RuntimeError("Unable to translate bytes")
        if any(value is not None and not isinstance(value, str) for value in record.values()):
            raise RejectError("no text")
        return record

    def read_xml(self, body: bytes) -> Record:
        if self.has("xml-fails-on-mark") and body.startswith(b"\xef\xbb\xbf"):
            raise RuntimeError("Data at the root level is invalid. Line 1, position 1.")
        if b"<!DOCTYPE" in body and not self.has("entities-expanded"):
            if self.has("dtd-500"):
                raise RuntimeError("For security reasons DTD is prohibited in this XML document.")
            raise RejectError("no document type")
        try:
            root = ElementTree.fromstring(body)
        except ElementTree.ParseError:
            if self.has("malformed-xml-500"):
                raise RuntimeError("the body is broken") from None
            raise RejectError("no XML") from None
        if self.has("xml-by-pattern") and b"<AppointmentModel" not in body:
            raise RejectError("no AppointmentModel")
        if root.tag != f"{{{OURS}}}AppointmentModel":
            raise RejectError("another root")
        record: Record = {}
        for member in IN_XML:
            element = root.find(_tag(member))
            if element is not None:
                nil = element.get(f"{{{INSTANCE}}}nil") == "true"
                record[member] = ("" if self.has("xml-nil-is-empty") else None) if nil else element.text or ""
        if self.has("xml-ignored"):
            record |= {name: f"default {name}" for name in TEXTS if record.get(name)}
        if self.has("xml-dates-shifted"):
            record |= {name: _shift(record[name], -5) for name in DATES if record.get(name)}
        return record

    def read_form(self, body: bytes) -> Record:
        text = body.decode("utf-8", "replace")
        if self.has("form-decodes-no-plus"):
            text = text.replace("+", "%2B")
        if self.has("form-500-on-many") and text.count("&") > 1000:
            raise RuntimeError("The number of fields exceeds the limit.")
        if self.has("form-knows-capital-escapes"):
            text = re.sub("%([a-f][0-9a-f]|[0-9][a-f])", r"%25\1", text)
        if self.has("form-keeps-percents"):
            text = text.replace("%20", "%2520")
        lower = {name.lower(): name for name in MEMBERS}
        pairs = parse_qsl(text, keep_blank_values=True)
        record = {lower[name.lower()]: value or None for name, value in pairs if name.lower() in lower}
        if self.has("form-ignored"):
            record |= {name: f"default {name}" for name in TEXTS if name in record}
        return record

    # ---- acting

    def check(self, record: Record, media: str) -> None:
        key = record.get("externalId")
        spared = {
            "required-not-enforced": True,
            "required-not-in-xml": media.endswith("xml"),
            "required-not-in-form": media == FORM,
            "required-not-on-update": self.canon(key) in self.ids,
        }
        if self.has("optional-required") and "appointmentTypeExternalId" not in record:
            raise RejectError("appointmentTypeExternalId is missing")
        for name in REQUIRED:
            if name == "id" or (name == "externalId" and self.has("key-not-required")):
                continue
            if name == "patientPracticeManagementSystemId" and self.has("one-not-required"):
                continue
            if name != "externalId" and any(self.has(trait) and holds for trait, holds in spared.items()):
                continue
            if self.has("required-null-taken") and name in record and name != "externalId":
                continue
            if self.has("empty-500") and record.get(name) == "":
                raise RuntimeError("Index was outside the bounds of the array.")
            if record.get(name) in (None, "") or (self.has("strict-blank") and not str(record[name]).strip()):
                if self.has("required-500"):
                    raise RuntimeError("a value is needed")
                if self.has("rejected-deletes"):
                    self.ids.pop(self.canon(key), None)
                if self.has("rejected-stores") and self.canon(key) in self.records:
                    self.records[self.canon(key)] |= record
                raise RejectError(f"{name} is required")
        if self.has("short-texts") and any(len(record.get(name) or "") > 200 for name in TEXTS):
            raise RejectError("too long")
        for name in DATES:
            if record.get(name) is not None:
                if self.has("bad-date-500") and not record[name][:4].isdigit():
                    raise RuntimeError("no date")
                moment(record[name])

    def canon(self, key: Any) -> str:
        text = str(key)
        if self.has("caseless-keys"):
            text = text.lower()
        if self.has("keys-by-prefix-20"):
            text = text[:20]
        if self.has("keys-by-prefix-100"):
            text = text[:100]
        if self.has("keys-by-prefix-400"):
            text = text[:400]
        if self.has("keys-lose-accents"):
            text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        if self.has("keys-collated"):
            text = unicodedata.normalize("NFKC", text).replace("ß", "ss")
        return re.sub("-0+(?=[0-9])", "-", text) if self.has("keys-lose-zeros") else text

    def upsert(self, record: Record, media: str) -> tuple[Record, bool]:
        """The record as answered, and whether it is new."""
        if self.has("validates-requests") and any(re.search("<[a-zA-Z!/?]|&#", str(record.get(n))) for n in TEXTS):
            raise RejectError("A potentially dangerous Request value was detected from the client.")
        key = self.canon(record.get("externalId"))
        new = key not in self.ids
        if self.has("races-to-insert", "races-to-fail"):
            time.sleep(0.01)
            if new and self.has("races-to-fail") and key in self.ids:
                raise RuntimeError("Violation of UNIQUE KEY constraint.")
            if new:
                self.ids[key] = str(uuid.uuid4())
        if self.has("crosses-clients"):
            self.current = record
            time.sleep(0.003)
            record = {**record, **{name: self.current.get(name) for name in TEXTS}}
        old = self.records.get(key)
        record["id"] = self.draw(key, record, media, new)
        if self.has("key-shown-cut"):
            record["externalId"] = str(record["externalId"])[:100]
        for name in TEXTS:
            record[name] = self.text(name, record.get(name))
        for name in DATES:
            record[name] = self.date(record.get(name) or NO_DATE)
        if self.has("swaps-members"):
            record["doctorExternalId"], record["patientExternalId"] = (
                record["patientExternalId"],
                record["doctorExternalId"],
            )
        if self.has("swaps-dates"):
            record["start"], record["end"] = record["end"], record["start"]
        if self.has("mixes-clients") and old is not None:
            for name in TEXTS:
                old[name] = record.get(name)
                time.sleep(0.0005)
            record = {**record, **{name: old.get(name) for name in TEXTS}}
        if self.has("second-record-in-lower-case") and record["doctorExternalId"] == record["doctorExternalId"].lower():
            record["id"] = self.ids.setdefault(key + "/2", str(uuid.uuid4()))
        answer = self.answer_of(dict(record), old, media)
        self.records[key] = {**(old or {}), **{n: v for n, v in record.items() if v is not None}}
        if self.has("stores-first-only") and old:
            self.records[key] = old
        self.last = record
        return answer, new

    def draw(self, key: str, record: Record, media: str, new: bool) -> str:
        own = record.get("id")
        if own and (
            (self.has("client-id-on-create") and new)
            or (self.has("client-id-on-update") and not new)
            or (self.has("client-id-in-xml") and media.endswith("xml"))
        ):
            self.ids[key] = str(own)
        if self.has("one-id-for-all"):
            return str(uuid.UUID(int=7))
        if self.has("zero-id"):
            return str(uuid.UUID(int=0))
        changed = self.records.get(key, {}).get("cancelReason") != record.get("cancelReason")
        place = key + media[-4:] if self.has("id-per-format") else key
        if self.has("new-id-each-time") or (self.has("new-id-on-update") and changed):
            self.ids[key] = str(uuid.uuid4())
        if self.has("sometimes-new-id") and next(self.count) % 9 == 0:
            return str(uuid.uuid4())
        drawn = self.ids.setdefault(place, str(uuid.uuid4()))
        self.ids.setdefault(key, drawn)
        if self.has("number-id"):
            return str(int(drawn[:4], 16))
        return drawn.upper() if self.has("upper-guids") else drawn

    def answer_of(self, record: Record, old: Record | None, media: str) -> Record:
        if old and self.has("update-ignored"):
            return old
        if old and self.has("update-ignored-in-xml") and media.endswith("xml"):
            return old
        if old and self.has("only-first-update") and old.get("updated"):
            return old
        if old and self.has("only-first-update"):
            record["updated"] = True
            self.records[self.canon(record["externalId"])]["updated"] = True
        if old and self.has("couples-members", "end-only-with-start"):
            record.update(self.coupled(record, old))
            self.records[self.canon(record["externalId"])].update(record)
            return record
        if self.has("stale-in-xml") and self.accept.endswith("xml") and old and old.get("shown-in-xml"):
            return old
        if old and self.has("stale-in-xml"):
            self.records[self.canon(record["externalId"])]["shown-in-xml"] = self.accept.endswith("xml")
        if self.has("answers-late") and old:
            return {**record, **{name: old.get(name) for name in TEXTS}}
        if self.has("answers-other-record") and self.last:
            return {**self.last, "id": record["id"]}
        if self.has("leaks-optional"):
            record["cancelReason"] = record["cancelReason"] or self.last.get("cancelReason")
        if old and self.has("merges", "stores-first-only", "rejected-stores"):
            record = {name: old.get(name) if record.get(name) is None else record[name] for name in MEMBERS}
        if self.has("upper-keys"):
            record["externalId"] = str(record["externalId"]).upper()
        if self.has("no-id"):
            record["id"] = None
        return record

    def coupled(self, record: Record, old: Record) -> Record:
        """What a trait keeps from before, since a change of one member is taken for none of another."""
        new = {name: record.get(name) != old.get(name) for name in MEMBERS}
        if self.has("couples-members") and new["doctorExternalId"] and new["patientExternalId"] and not new["start"]:
            return {"patientExternalId": old["patientExternalId"]}
        return {"end": old["end"]} if self.has("end-only-with-start") and not new["start"] else {}

    def text(self, name: str, value: str | None) -> str | None:
        if value is None:
            return "" if self.has("null-is-empty") else None
        if value == "" and self.has("empty-is-null"):
            return None
        if self.has("500-on-emoji") and any(ord(c) > 0xFFFF for c in value):
            raise RuntimeError("Incorrect string value")
        if self.has("cuts-reason-255") and name == "cancelReason":
            return value[:255]
        for trait, change in _TEXT_DEFECTS.items():
            if self.has(trait):
                value = change(value)
        return value

    def date(self, text: str) -> str:
        wall, fraction, zone = moment(text)
        if self.has("shifts-z") and zone == "Z":
            wall -= timedelta(hours=1)
        if self.has("zoneless-shifted") and not zone:
            wall += timedelta(hours=2)
        if self.has("two-digit-years") and wall.year > 2049:
            wall = wall.replace(year=wall.year - 100)
        if self.has("cuts-seconds"):
            wall, fraction = wall.replace(second=0), ""
        if self.has("cuts-fraction"):
            fraction = ""
        if self.has("milliseconds"):
            fraction = fraction[:4]
        if self.has("drops-offset"):
            zone = ""
        if self.has("to-utc", "to-own-zone", "zoneless") and zone:
            offset = timedelta(hours=-6 if not self.has("to-utc") else 0)
            there = datetime.fromisoformat(wall.isoformat() + zone.replace("Z", "+00:00")).astimezone(timezone(offset))
            wall = there.replace(tzinfo=None)
            zone = "" if self.has("zoneless") else "Z" if self.has("to-utc") else "-06:00"
        if self.has("date-only"):
            wall, fraction = wall.replace(hour=0, minute=0, second=0), ""
        if self.has("us-dates"):
            return wall.strftime("%m/%d/%Y %H:%M:%S")
        return wall.isoformat() + fraction + zone

    # ---- writing

    def wanted(self, accept: str, media: str) -> str:
        listed = ["application/json", "text/json", *([] if self.has("json-only") else ["application/xml", "text/xml"])]
        wishes = [wish.strip().partition(";q=") for wish in accept.split(",")]
        if not self.has("ignores-quality"):
            wishes.sort(key=lambda wish: -float(wish[2] if re.fullmatch(r"[01](\.\d+)?", wish[2]) else 1))
        for name, _, _ in wishes:
            if name in listed:
                if self.has("json-for-xml") and name == "application/xml":
                    return "application/json"
                if self.has("json-for-text-xml") and name == "text/xml":
                    return "application/json"
                return "application/json" if self.has("other-media-type") and name == "text/json" else name
        return "application/json"

    def write(self, record: Record, media: str) -> bytes:
        return self.write_json(record) if media.endswith("json") else self.write_xml(record)

    def write_json(self, record: Record) -> bytes:
        told = {name: record.get(name) for name in MEMBERS}
        if self.has("id-braces"):
            told["id"] = "{" + str(told["id"]) + "}"
        if self.has("omits-nulls"):
            told = {name: value for name, value in told.items() if value is not None}
        if self.has("answer-json-lacks"):
            del told["patientExternalId"]
        if self.has("other-order"):
            told = dict(sorted(told.items(), reverse=True))
        if self.has("extra-members"):
            told = {"version": 3, **told, "links": [{"self": "x"}], "updatedOn": None}
        if self.has("pascal"):
            told = {name[0].upper() + name[1:]: value for name, value in told.items()}
        whole = {"data": told} if self.has("wrapped") else told
        text = json.dumps(whole, ensure_ascii=False, indent=2 if self.has("pretty") else None)
        return (b"\xef\xbb\xbf" if self.has("bom") else b"") + text.encode(
            "utf-16" if self.has("wrong-charset") else "utf-8"
        )

    def write_xml(self, record: Record) -> bytes:
        names = list(IN_XML)
        if self.has("xml-other-order"):
            names.sort()
        if self.has("answer-xml-lacks"):
            names.remove("patientExternalId")
        prefixed = self.has("xml-prefixes")
        parts = ["<?xml version='1.0' encoding='utf-8'?>\n"] if prefixed else []
        parts.append(f'<p:AppointmentModel xmlns:p="{OURS}" xmlns:b="{BASE}">' if prefixed else _ROOT)
        for name in names:
            value = record.get(name)
            element = "ID" if name == "id" and self.has("xml-id-upper") else name[0].upper() + name[1:]
            base = name in ("externalId", "id") and not self.has("xml-other-namespace")
            base = base or (name == "cancelReason" and self.has("xml-optional-namespace"))
            head, own = (
                (f"{'b' if base else 'p'}:{element}", "") if prefixed else (element, f' xmlns="{BASE}"' if base else "")
            )
            if value is None:
                parts.append("" if self.has("omits-nulls") else f'<{head}{own} n:nil="true" xmlns:n="{INSTANCE}" />')
            else:
                parts.append(f"<{head}{own}>{escape(str(value))}</{head}>")
        if self.has("extra-members"):
            parts.append("<Version>3</Version><Links><Self>x</Self></Links>")
        return ("".join(parts) + ("</p:AppointmentModel>" if prefixed else "</AppointmentModel>")).encode()


_ROOT = f'<AppointmentModel xmlns:i="{INSTANCE}" xmlns="{OURS}">'

#: Targets that nobody can judge: what a check must say of them without a verdict.
SPECIAL = {
    "unauthorised": "401 to everything",
    "redirects": "301 to everything",
    "browser-pages": "200 and HTML to everything",
    "dead": "nothing is answered any more",
    "json-only": "JSON and forms are all it takes, JSON all it answers (right for a page without XML)",
    "knows-no-references": "400 to every record, since its references are unknown",
}


def _tag(member: str) -> str:
    return f"{{{BASE if member in ('externalId', 'id') else OURS}}}{member[0].upper()}{member[1:]}"


def _shift(text: str, hours: int) -> str:
    wall, fraction, zone = moment(text)
    return (wall + timedelta(hours=hours)).isoformat() + fraction + zone


class _Handler(BaseHTTPRequestHandler):
    serves: Portal
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def _any(self) -> None:
        portal = self.serves
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with portal.lock:
            portal.seen.append((self.command, self.path, body))
            if not portal.has("races-to-insert", "races-to-fail", "mixes-clients", "crosses-clients"):
                return self._answer(portal, body)
        return self._answer(portal, body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _any  # noqa: N815

    def _answer(self, portal: Portal, body: bytes) -> None:
        if portal.has("dead"):
            self.close_connection = True
            return None
        if portal.has("slow"):
            time.sleep(0.003)
        media = self.headers.get("Content-Type") or ""
        if not (portal.has("charset-415") or (portal.has("charset-415-form") and FORM in media)):
            media = media.split(";")[0].strip().lower()
        accept = portal.wanted(self.headers.get("Accept") or "*/*", media)
        if portal.has("unauthorised"):
            return self.fail(401, "who are you?", accept)
        if portal.has("redirects"):
            return self.reply(301, b"", "text/plain", {"Location": "https://portal.invalid/"})
        if portal.has("browser-pages"):
            return self.reply(200, b"<!DOCTYPE html><html><body>Welcome</body></html>", "text/html")
        if self.path.lower() != "/api/appointments" and not (portal.has("any-path") and self.path.startswith("/api/")):
            return self.fail(404, "nothing is here", accept)
        if self.command != "POST":
            if portal.has("get-500") and self.command == "GET":
                return self.fail(500, "not implemented", accept)
            if portal.has("head-500") and self.command == "HEAD":
                return self.fail(500, "not implemented", accept)
            if portal.has("no-options") and self.command == "OPTIONS":
                return self.reply(200, b"", "", {"Allow": "OPTIONS, TRACE, GET, HEAD, POST"})
            if portal.has("no-405"):
                return self.fail(404, "nothing is here", accept)
            if portal.has("get-exists") and self.command == "GET":
                return self.reply(200, b"[]", "application/json")
            return self.fail(405, "no such method", accept, {} if portal.has("no-allow") else {"Allow": "GET, POST"})
        return self.post(portal, media, accept, body)

    def post(self, portal: Portal, media: str, accept: str, body: bytes) -> None:
        taken = {"application/json", "text/json", "application/xml", "text/xml", FORM}
        refused = {
            "no-xml": "application/xml",
            "no-text-json": "text/json",
            "no-form": FORM,
            "no-json": "application/json",
        }
        if portal.has("json-only"):
            taken -= {"application/xml", "text/xml"}
        taken -= {name for trait, name in refused.items() if portal.has(trait)}
        if media not in taken:
            if not (portal.has("any-type") and media not in refused.values()):
                return self.fail(400 if portal.has("no-415") else 415, "not this type", accept)
            media = "application/json"
        if portal.has("large-500") and len(body) > 500_000:
            return self.fail(500, "Maximum request length exceeded.", accept)
        if portal.has("firewall") and not media.endswith("xml") and re.search(rb"<|%3C", body):
            return self.fail(403, "blocked", accept)
        if portal.has("large-413") and len(body) > 500_000:
            return self.fail(413, "too large", accept)
        if portal.has("sometimes-500") and next(portal.count) % 11 == 0:
            return self.fail(500, "An error has occurred.", accept)
        try:
            if not body:
                if portal.has("no-body-500"):
                    raise RuntimeError("Object reference not set to an instance of an object.")
                raise RejectError("no body")
            if portal.has("knows-no-references"):
                raise RejectError("the location is unknown")
            if portal.has("charset-misread") and "charset" in (self.headers.get("Content-Type") or ""):
                body = body.decode("latin-1").encode()
            portal.accept = accept
            record = portal.read(media, body)
            portal.check(record, media)
            answer, new = portal.upsert(record, media)
        except RejectError as fault:
            return self.fail(422 if portal.has("other-errors") else 400, str(fault), accept)
        except RuntimeError as fault:
            return self.fail(500, str(fault), accept)
        told = portal.write(answer, accept)
        status = 201 if new and portal.has("created-201") else 200
        kind = "text/html" if portal.has("html-type") else "" if portal.has("no-type") else accept
        return self.reply(status, told, kind)

    def fail(self, status: int, message: str, accept: str, headers: dict[str, str] | None = None) -> None:
        portal = self.serves
        if portal.has("silent-errors"):
            return self.reply(status, b"", "", headers)
        if portal.has("html-errors"):
            return self.reply(status, f"<html><h1>{message}</h1></html>".encode(), "text/html", headers)
        told = {"message": message}
        if portal.has("other-status-in-xml") and accept.endswith("xml"):
            status = 409
        if portal.has("stack-trace"):
            told["stackTrace"] = (
                "   at Portal.Api.Controllers.ThingController.Post(ThingModel model) in C:\\src\\a.cs:line 12"
            )
        if portal.has("other-errors"):
            told = {"error": {"code": 17, "text": f"Oh no: {message}"}}  # type: ignore[dict-item]
        if accept.endswith("json") or portal.has("json-errors-only"):
            kind = "application/problem+json" if portal.has("problem-json") else "application/json"
            return self.reply(status, json.dumps(told).encode(), kind, headers)
        text = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items())
        return self.reply(status, f"<Error>{text}</Error>".encode(), accept, headers)

    def reply(self, status: int, body: bytes, media: str, headers: dict[str, str] | None = None) -> None:
        portal = self.serves
        packed = portal.has("gzip") and bool(body)
        body = gzip.compress(body) if packed else body
        self.send_response(status)
        if media:
            charset = {"no-charset": "", "quoted-charset": '; charset="utf-8"'}
            self.send_header(
                "Content-Type", media + next((c for t, c in charset.items() if portal.has(t)), "; charset=utf-8")
            )
        if packed:
            self.send_header("Content-Encoding", "gzip")
        if portal.has("closes"):
            self.send_header("Connection", "close")
            self.close_connection = True
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
