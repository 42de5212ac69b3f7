"""A finding is sent again: it still stands, is gone, or could not be asked."""

import pytest
from zoo import Portal

from contracts.cli import main
from contracts.conformance import Settings, Target, check, read_finding, replay, write_report
from contracts.errors import TargetError, UsageError


@pytest.fixture
def reported(contract, tmp_path):
    def run(portal, *include):
        report = check(contract, Target(portal.url), Settings(run_id="first", include=include))
        write_report(report, tmp_path)
        return read_finding(tmp_path, "F1")

    return run


@pytest.mark.parametrize(
    ("defect", "include"),
    [
        ("trims", "text.*"),
        ("new-id-each-time", "upsert.same-key-same-id"),
        ("no-415", "http.unsupported*"),
        ("update-ignored", "upsert.update-visible"),
        ("races-to-insert", "together.one-new-key"),
        ("wrong-charset", "answer.*"),
    ],
)
def test_a_finding_stands_until_the_portal_is_mended(contract, reported, defect, include):
    with Portal(defect) as portal:
        asked = reported(portal, include)
        assert replay(contract, Target(portal.url), asked).stands
        portal.traits = frozenset()
        assert not replay(contract, Target(portal.url), asked).stands


def test_the_same_fault_with_another_face_still_stands(contract, reported):
    with Portal("cuts-50") as portal:
        asked = reported(portal, "text.long")
        portal.traits = frozenset(["cuts-4000"])
        outcome = replay(contract, Target(portal.url), asked)
    assert outcome.stands and "still violated" in outcome.why


def test_a_replay_meets_no_record_of_the_first_run(contract, reported):
    with Portal("trims") as portal:
        asked = reported(portal, "text.blanks")
        known = set(portal.ids)
        replay(contract, Target(portal.url), asked)
        assert len(portal.ids) > len(known) and not any(b"-first-" in body for _, _, body in portal.seen[-1:])


def test_a_portal_that_is_gone_gives_no_verdict(contract, reported):
    with Portal("trims") as portal:
        asked = reported(portal, "text.blanks")
    with pytest.raises(TargetError, match="what to do"):
        replay(contract, Target(portal.url), asked)


def test_the_command_ends_with_1_0_or_3(reported, tmp_path, capsys):
    def command(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["replay", str(tmp_path), *arguments])
        return ended.value.code, capsys.readouterr()

    with Portal("trims") as portal:
        reported(portal, "text.blanks")
        code, told = command("F1")
        assert code == 1 and "F1 text.blanks: still stands" in told.out
        portal.traits = frozenset()
        code, told = command("F1", "--url", portal.url)
        assert code == 0 and "F1 text.blanks: gone" in told.out
        code, told = command("F9")
        assert code == 2 and "no finding F9" in told.err and "F1" in told.err
    assert command("F1")[0] == 3


@pytest.mark.parametrize(
    "text", ["", "{}", "no json", '{"type": "header", "format": "portal-contract-report", "version": 99}']
)
def test_what_is_no_report_is_told(tmp_path, text):
    path = tmp_path / "report.ndjson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="what to do"):
        read_finding(path, "F1")
