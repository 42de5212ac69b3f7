"""Silent losses and the recording: told where the real portal's answer lacks what was sent, and nowhere else.

What was sent and what was answered are read here by the standard library alone, and compared letter by letter.
"""

import json
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from replaying import HOST, body_of, cases

from contracts.helppage import shipped
from mockserver.webapi import Loss, Request, WebApi

#: A value of another JSON type than text, which no answer of this model repeats.
ODD = "\0"
PORTAL_ID = "{id-1}"
#: What a member holds that was never set.
UNSET = (None, "0001-01-01T00:00:00", "0001-01-01T00:00:00Z")
#: Case of the recording → reason and member that must be told.
CASES = {
    ("json-shapes", "unknown member"): ("json.unknown", "foo"),
    ("json-shapes", "$id"): ("json.metadata", "$id"),
    ("json-shapes", "duplicate case"): ("json.duplicate", "DoctorExternalId"),
    ("json-shapes", "trailing text"): ("json.rest", ""),
    ("json-values", "cancelReason = true"): ("json.respelled", "cancelReason"),
    ("text", "json escape \\uddb7"): ("json.replaced", "cancelReason"),
    ("xml-order", "swap CancelReason DoctorExternalId"): ("xml.out-of-order", "CancelReason"),
    ("xml-order", "base last"): ("xml.out-of-order", "ExternalId"),
    ("xml-order", "duplicate 1"): ("xml.duplicate", "LocationExternalId"),
    ("xml-shapes", "unknown first"): ("xml.unknown", "Aaa"),
    ("xml-shapes", "nil unqualified"): ("xml.attribute", "DoctorExternalId@nil"),
    ("xml-shapes", "nil with text"): ("xml.nil-content", "DoctorExternalId"),
    ("crossed", "20261122-70"): ("xml.line-ends", "PatientPracticeManagementSystemId"),
    ("form-shapes", "model. prefix"): ("form.unknown", "model.start"),
    ("form-shapes", "duplicate"): ("form.duplicate", "CancelReason"),
    ("form-shapes", "empty value"): ("form.blank", "CancelReason"),
    ("form-shapes", "latin1"): ("form.replaced", "cancelReason"),
    ("form-shapes", "too many"): ("more", ""),
    ("dates", "json start '2026-06-01T09:00:00-05:00'"): ("time.zone-moved", "start"),
    ("dates", "form start '2026-06-01T09:00:00.12345678Z'"): ("time.precision", "Start"),
    ("dates", "xml start '2026'"): ("time.guessed", "Start"),
    ("dates", "json start '06/01/2026 09:00'"): ("time.guessed", "start"),
    ("dates", "xml start '0001-01-01T00:00:00+05:00'"): ("time.clamped", "Start"),
    ("charsets", "xml utf-8 as iso-8859-1"): ("charset.fallback", ""),
    ("formats", "application/json -> text/json"): ("id.ignored", "id"),
    ("routing", "POST /api/Appointments/5"): ("path.ignored", ""),
    ("routing", "POST /api/Appointments?externalId=zz"): ("query.ignored", ""),
}
#: No request of the recording has these.
UNRECORDED = {"json.blank", "json.not-set", "xml.namespace", "xml.case", "xml.rest", "form.list", "form.field",
              "number.changed",
              "charset.replaced"}  # fmt: skip


def exchanges() -> Iterator[tuple[tuple[str, str], dict[str, Any], dict[str, Any], tuple[Loss, ...]]]:
    """Case, request, recorded answer and the losses told, of each request that a lenient portal took."""
    portal = WebApi(shipped(), strict=False)
    for case in cases("appointments.jsonl"):
        for exchange in case["exchanges"]:
            request, answer = exchange["request"], exchange["lenient"]
            if answer["status"] != 200:
                continue
            headers = [("Host", HOST), *request["headers"].items()]
            sent = Request(request["method"], request["path"], headers, body_of(request))
            losses = portal.handle(sent, lambda o, m, record: {**record, "Id": PORTAL_ID}).losses
            yield (case["category"], case["name"]), request, answer, losses


def values(body: bytes, kind: str) -> list[tuple[str, str | None]] | None:
    """Names in lower case and values of a body, None where the standard library does not read it."""
    try:
        text = body.decode("utf-8")
        if "json" in kind:
            pairs = json.loads(text, object_pairs_hook=list)
            return [(name.lower(), value if value is None or isinstance(value, str) else ODD) for name, value in pairs]
        if "xml" in kind:
            nil = "{http://www.w3.org/2001/XMLSchema-instance}nil"
            root = ElementTree.fromstring(text)
            return [(e.tag.rpartition("}")[2].lower(), None if e.get(nil) else e.text or "") for e in root]
        return [(name.lower(), value) for name, value in parse_qsl(text, keep_blank_values=True, errors="strict")]
    except (ValueError, TypeError, AttributeError, ElementTree.ParseError):
        return None


def bare(name: str) -> str:
    """A name without its path."""
    return name.lower().strip("[]' \"").rpartition(".")[2]


def both(request: dict[str, Any], answer: dict[str, Any]) -> tuple[list[tuple[str, str | None]], dict[str, Any]] | None:
    kind = request["headers"].get("Content-Type", "")
    if request["path"] != "/api/Appointments" or "charset" in kind:
        return None
    sent = values(body_of(request), kind)
    kept = values(body_of(answer), answer["headers"]["content-type"])
    return None if sent is None or kept is None else (sent, dict(kept))


def test_a_request_whose_answer_shows_every_value_has_lost_nothing_but_its_id() -> None:
    looked_at = 0
    for case, request, answer, losses in exchanges():
        found = both(request, answer)
        if found is None:
            continue
        sent, kept = found
        names = [name for name, _ in sent]
        body = body_of(request)
        # Not to be seen in the answer: names sent twice, attributes, line ends (to no XML reader).
        if len(names) != len(set(names)) or any(mark in body for mark in (b" nil=", b"foo=", b"\r")):
            continue
        if any(not value or kept.get(name, 0) != value for name, value in sent if name != "id" and value is not None):
            continue
        if any(value is None and name not in kept for name, value in sent) or case[1].startswith("nil with"):
            continue
        looked_at += 1
        assert [loss for loss in losses if loss.member.lower() != "id"] == [], case
    assert looked_at > 400


def test_a_sent_member_that_the_answer_lacks_is_told() -> None:
    looked_at: Counter[str] = Counter()
    for case, request, answer, losses in exchanges():
        found = both(request, answer)
        if found is None:
            continue
        told = {bare(loss.member) for loss in losses}
        for name, value in found[0]:
            if "[" in name:  # another spelling of a name, that form's own
                continue
            if value and value not in (*UNSET, ODD) and name != "id" and found[1].get(name) in UNSET:
                looked_at[case[0]] += 1
                counted = any(loss.reason == "more" for loss in losses)
                assert counted or bare(name) in told, (case, name)
    assert looked_at["xml-order"] > 300 and looked_at["form-shapes"] > 20 and looked_at["json-shapes"] > 5


def test_every_category_of_loss_in_the_recording_is_told_by_its_reason() -> None:
    told: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    reasons = set()
    for case, _, _, losses in exchanges():
        told[case] |= {(loss.reason, loss.member) for loss in losses}
        reasons |= {loss.reason for loss in losses}
    assert {case: expected for case, expected in CASES.items() if expected not in told[case]} == {}
    assert reasons == {reason for reason, _ in CASES.values()}
    assert not reasons & UNRECORDED


@pytest.mark.parametrize("media_type", ["application/json", "application/xml"])
def test_of_the_pages_own_samples_only_the_portals_id_is_not_kept(media_type: str) -> None:
    contract = shipped()
    (sample,) = [s for s in contract.operations[0].request.samples if media_type in s.media_types]
    request = Request("POST", "/api/Appointments", [("Content-Type", media_type)], sample.text.encode())
    response = WebApi(contract, strict=True).handle(request, lambda o, m, record: {**record, "Id": PORTAL_ID})
    assert response.status == 200
    assert [loss.reason for loss in response.losses] == ["id.ignored"]
