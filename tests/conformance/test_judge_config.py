"""`portal.toml`: what it says is used, what it says wrongly is told with file, key and remedy, and secrets stay in."""

import io
import re
from datetime import date

import pytest
from rich.console import Console
from zoo import Portal

from contracts.conformance import Settings, Target, check, print_report, settings_of, target_of, write_report
from contracts.conformance.config import read
from contracts.conformance.deviations import Deviation
from contracts.conformance.verdicts import Verdict
from contracts.errors import UsageError

WHOLE = """
[target]
url = "https://portal.example/prefix"
allow_writes_to = "portal.example"
timeout = 5
proxy = ""
rate = 50
budget = 900
time_zone = "Europe/Berlin"
key_prefix = "zz-"

[headers]
Authorization = "env:INVENTED_TOKEN"
X-Tenant = "invented"

[tls]
ca = "ca.pem"
client_cert = "client.pem"
client_key = "client.key"

[accepts]
DoctorExternalId = ["example-1", "example-2"]

[[deviation]]
requirement = "text.*"
reason = "an old column"
owner = "somebody@portal.example"
expires = 2031-12-31
"""
TOKEN = "invented/token+0123456789"


def written(folder, text):
    path = folder / "portal.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_that_the_file_says_reaches_target_and_settings(tmp_path):
    for name in ("ca.pem", "client.pem", "client.key"):
        (tmp_path / name).write_text("", encoding="utf-8")
    config = read(written(tmp_path, WHOLE), {"INVENTED_TOKEN": TOKEN})
    target, settings = target_of(config, None, timeout=7.0), settings_of(config, seed=3)
    assert (target.base_url, target.allow_writes_to) == ("https://portal.example/prefix", "portal.example")
    assert (target.timeout, target.proxy, target.rate, target.budget) == (7.0, "", 50, 900)
    assert target.headers == {"Authorization": TOKEN, "X-Tenant": "invented"} and target.secrets == (TOKEN,)
    assert target.verify == str(tmp_path / "ca.pem")
    assert target.client_cert == (str(tmp_path / "client.pem"), str(tmp_path / "client.key"))
    assert (settings.seed, settings.zone, settings.key_prefix) == (3, "Europe/Berlin", "zz-")
    assert settings.accepts == {"DoctorExternalId": ("example-1", "example-2")}
    assert settings.deviations == (Deviation("text.*", "an old column", "somebody@portal.example", date(2031, 12, 31)),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[target", "is no TOML"),
        ("[tragte]", "tragte: is not known"),
        ("[target]\nurll = 'x'", r"target\.urll: is not known.*use one of url"),
        ("[target]\ntimeout = '5'", r"target\.timeout: is str.*int or float"),
        ("[target]\nbudget = 0", r"target\.budget: is 0.*above 0"),
        ("[target]\nbudget = true", r"target\.budget: is bool"),
        ("[target]\ntime_zone = 'Nowhere/Atall'", "no zone is called.*IANA"),
        ("[headers]\nA = 'env:NOT_THERE'", "headers.A: the environment has no NOT_THERE.*set NOT_THERE"),
        ("[headers]\nA = 1", r"headers\.A: is no text"),
        ("[tls]\nca = 'no.pem'", r"tls\.ca: there is no file"),
        ("[tls]\nclient_key = 'no.pem'", r"tls\.client_key: stands without"),
        ("[accepts]\nA = 'x'", r"accepts\.A: is no list of texts"),
        ("[deviation]\nreason = 'x'", r"write \[\[deviation\]\]"),
        ("[[deviation]]\nrequirement = 'x'\nreason = 'x'\nexpires = 2031-01-01", "deviation 1: owner: is missing"),
    ],
)
def test_what_is_wrong_is_told_with_file_key_and_remedy(tmp_path, text, told):
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read(path, {})
    message = str(caught.value)
    assert message.startswith(str(path)) and "what to do:" in message and re.search(told, message, re.DOTALL)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UsageError, match="name a file that is there"):
        read(tmp_path / "none.toml")


def test_a_member_that_the_page_does_not_know_is_told(contract):
    with Portal() as portal, pytest.raises(UsageError, match="no member is called Nurse"):
        check(contract, Target(portal.url), Settings(accepts={"Nurse": ("x",)}))


def test_only_accepted_references_are_sent(contract):
    with Portal() as portal:
        accepts = {"DoctorExternalId": ("only-this",), "LocationExternalId": ("one", "two")}
        report = check(contract, Target(portal.url), Settings(run_id="test", include=("text.*",), accepts=accepts))
        sent = {m for _, _, body in portal.seen for m in re.findall(rb'"doctorExternalId": "([^"]*)"', body)}
    assert sent == {b"only-this"} and report.conclusion == "conforms"


@pytest.mark.parametrize(
    ("expires", "conclusion"), [(date(2099, 1, 1), "conforms"), (date(2020, 1, 1), "does not conform")]
)
def test_a_known_deviation_is_counted_apart_until_its_day(judged, expires, conclusion):
    deviation = Deviation("text.bl*", "an old column", "somebody", expires)
    report = judged("trims", include=("text.plain", "text.blanks"), deviations=(deviation,))
    outcome = next(o for o in report.outcomes if o.requirement.id == "text.blanks")
    assert outcome.verdict is Verdict.VIOLATED and report.conclusion == conclusion
    assert report.deviating == (conclusion == "conforms")
    assert any("has expired" in note for note in report.notes) == (conclusion != "conforms")


def test_a_deviation_that_is_satisfied_after_all_is_told(judged):
    deviation = Deviation("text.blanks", "an old column", "somebody", date(2099, 1, 1))
    assert "strike it off" in judged(include=("text.blanks",), deviations=(deviation,)).notes[0]


def test_the_targets_zone_is_held_against_times_without_one(judged):
    assert judged("zoneless", include=("dates.offset",), zone="Etc/GMT+6").conclusion == "conforms"
    assert judged("zoneless", include=("dates.offset",), zone="Asia/Tokyo").conclusion == "does not conform"


def test_a_budget_ends_the_run_without_a_pass(contract):
    with Portal() as portal:
        report = check(contract, Target(portal.url, budget=40), Settings(run_id="test"))
        assert len(portal.seen) <= 40
    assert report.conclusion == "not shown" and "the budget of 40 requests is spent" in report.notes[0]


def test_a_target_that_only_fails_ends_the_run(contract):
    with Portal() as portal:

        def break_down(progress):
            if progress.requirement == "upsert.other-key-other-id":
                portal.traits = frozenset(["sometimes-500"])
                portal.count = iter([11] * 10_000)

        report = check(contract, Target(portal.url), Settings(run_id="test"), break_down)
    assert report.conclusion != "conforms" and report.requests < 400


@pytest.mark.parametrize("echo", [TOKEN, "aW52ZW50ZWQvdG9rZW4rMDEyMzQ1Njc4OQ==", "invented%2Ftoken%2B0123456789"])
def test_a_secret_from_the_environment_is_shown_nowhere(contract, tmp_path, monkeypatch, echo):
    monkeypatch.setattr("zoo._Handler.version_string", lambda self: f"echo {echo}")
    config = read(written(tmp_path, '[headers]\nX-Any = "env:INVENTED_TOKEN"'), {"INVENTED_TOKEN": TOKEN})
    with Portal("trims", "no-415") as portal:
        target = target_of(config, portal.url)
        report = check(contract, target, settings_of(config, include=("text.plain", "text.blanks", "http.un*")))
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=80))
    write_report(report, tmp_path / "report")
    assert len(report.findings) == 2
    for text in [stream.getvalue(), *(p.read_text(encoding="utf-8") for p in (tmp_path / "report").iterdir())]:
        assert TOKEN not in text and echo not in text
