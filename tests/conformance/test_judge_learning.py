"""What no page tells is learned from the target, and what a correct portal may do is not held against it."""

import json
import re
from dataclasses import replace

import pytest
from sites import contract as contract_of
from variants import VARIANTS

from contracts.conformance import Settings, Target, check
from mockserver.app import create_app
from mockserver.defects import BESIDE
from mockserver.defects.table import Defect
from mockserver.faults import read_text
from mockserver.server import serving
from mockserver.store import open_store


@pytest.fixture
def judged(monkeypatch):
    def judge(site, layer=None, *faults, include=()):
        if layer is not None:
            monkeypatch.setitem(BESIDE, "a-variant", Defect("a-variant", "", "", (), layer))
        whole, names = contract_of(site), ["a-variant"] if layer else []
        rules = [read_text(fault) for fault in faults]
        with (
            open_store("memory") as store,
            serving(create_app(whole, store, defects=names, faults=rules)) as url,
        ):
            return check(whole, Target(url), Settings(run_id="learn", include=include))

    return judge


def refusing(wrong, message):
    """A layer that refuses a body of which `wrong` holds."""

    def layer(site, handle):
        def altered(request, act):
            if request.method == "POST" and request.body and wrong(request.body):
                return site.error(request, 400, message)
            return handle(request, act)

        return altered

    return layer


def cleared(report):
    assert [(f.requirement.id, f.expected, f.got) for f in report.findings] == []
    assert report.conclusion == "conforms"
    return report


def _no_email(body):
    found = re.search(rb'Contact(?:": "|>|=)([^"<&]*)', body)
    return found is not None and b"@" not in found[1].replace(b"%40", b"@")


def test_a_member_that_is_refused_by_name_gets_values_that_are_taken(judged):
    layer = refusing(_no_email, "The Contact field is not a valid e-mail address.")
    report = cleared(judged("Suppliers", layer, include=("accept.*", "text.plain", "meaning.json", "meaning.xml")))
    assert any("Contact is refused as a plain text and taken as 'pc11@" in note for note in report.notes)


def test_a_refusal_that_no_value_mends_stays_a_refusal(judged):
    from contracts.errors import TargetError

    with pytest.raises(TargetError, match="refuses a valid invented record"):
        judged("Suppliers", refusing(lambda body: b"Contact" in body, "Contact: no."), include=("accept.*",))


def _own_names(site, handle):
    """In XML the value Gold is called gold-tier, and by no other name."""

    def altered(request, act):
        sent = request.body or b""
        if b"<Tier>Gold<" in sent:
            return site.error(request, 400, "The request is invalid.")
        renamed = sent.replace(b"<Tier>gold-tier<", b"<Tier>Gold<")
        told = handle(replace(request, body=renamed) if renamed != sent else request, act)
        body = told.body.replace(b"<Tier>Gold<", b"<Tier>gold-tier<")
        lengths = tuple((n, str(len(body)) if n.lower() == "content-length" else v) for n, v in told.headers)
        return replace(told, body=body, headers=lengths)

    return altered


def test_the_names_of_an_enumerations_values_in_xml_are_learned(judged):
    include = ("accept.*", "meaning.*", "shape.*", "values.kept", "read.*", "id.*", "upsert.same*")
    cleared(judged("Vouchers", _own_names, include=include))


def test_a_whole_number_beyond_the_narrowest_type_of_its_word_may_be_refused(judged):
    def too_wide(body):
        try:
            return abs(json.loads(body).get("Offset", 0)) > 32767
        except ValueError:
            return False

    cleared(judged("Fittings", refusing(too_wide, "The request is invalid."), include=("accept.*", "values.*")))


def test_a_member_that_only_xml_shows_is_not_missed_where_json_was_sent(judged):
    cleared(judged("Coatings", VARIANTS["nulls-omitted"].layer, include=("shape.*", "meaning.*")))


def test_a_target_that_wants_fewer_requests_is_waited_for(judged):
    fault = "status=429;retry_after=0;every=3"
    report = cleared(judged("Frames", None, fault, include=("accept.*", "text.plain", "read.stored.*")))
    assert report.requests > 50


def test_clients_at_once_that_are_too_many_show_nothing(judged):
    report = judged("Frames", None, "status=429;contains=-burst", include=("together.one-new-key",))
    assert report.findings == () and "wants fewer requests" in report.outcomes[0].reason
