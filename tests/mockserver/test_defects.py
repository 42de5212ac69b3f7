"""The defects as data and as options: named, cited, listed, put in, and absent where none is asked for."""

import json
import re
import subprocess
import sys

import pytest
from judging import cited, contract, register
from portal_process import ended, first_line, portal_mock

from contracts.errors import UsageError
from mockserver.app import create_app
from mockserver.defects import DEFECTS, alter, every, find
from mockserver.store import open_store
from mockserver.webapi import Request, Response


def test_there_are_at_least_sixty_defects_in_words() -> None:
    assert len(DEFECTS) >= 60
    for name, defect in DEFECTS.items():
        assert name == defect.name and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name), name
        assert defect.sentence.endswith(".") and len(defect.sentence) <= 80, name
    assert len({defect.sentence for defect in DEFECTS.values()}) == len(DEFECTS)


@pytest.mark.parametrize("name", DEFECTS)
def test_the_requirements_that_must_convict_a_defect_are_in_the_register(name: str) -> None:
    assert cited(DEFECTS[name])
    assert set(cited(DEFECTS[name])) <= register().keys()


def test_an_unknown_name_is_a_usage_error_that_lists_what_is_near() -> None:
    with pytest.raises(
        UsageError, match=r"update-ignore'(.|\n)*near to it: .*update-ignored(.|\n)*portal-mock defects"
    ):
        find(["update-ignore"])


def test_a_portal_without_defects_is_the_very_same() -> None:
    def handle(request: Request, act: object) -> Response:
        return Response(200, ())

    assert alter(handle, contract(), []) is handle


def test_without_defects_nothing_of_them_is_loaded() -> None:
    script = (
        "import sys; from contracts.helppage import shipped; from mockserver.app import create_app;"
        "from mockserver.store import open_store; create_app(shipped(), open_store('memory'));"
        "assert not [m for m in sys.modules if m.startswith('mockserver.defects')]"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0


BODY = {
    "locationExternalId": "a", "doctorExternalId": "b", "patientExternalId": "c",
    "patientPracticeManagementSystemId": "d", "appointmentStatusExternalId": "e", "cancelReason": " two  blanks ",
    "start": "2031-03-04T09:30:15.1234567Z", "externalId": "defect-0001",
}  # fmt: skip


def test_several_defects_live_in_one_portal() -> None:
    with open_store("memory") as store:
        app = create_app(contract(), store, defects=("blanks-trimmed", "times-to-seconds", "405-without-allow"))
        client = app.test_client()
        told = client.post("/api/Appointments", json=BODY).get_json()
        assert told["cancelReason"] == "two  blanks" and told["start"] == "2031-03-04T09:30:15Z"
        refused = client.get("/api/Appointments")
        assert refused.status_code == 405 and "Allow" not in refused.headers


def test_two_portals_with_a_defect_do_not_share_what_it_remembers() -> None:
    for _ in range(2):
        with open_store("memory") as store:
            client = create_app(contract(), store, defects=("update-ignored",)).test_client()
            first = client.post("/api/Appointments", json={**BODY, "cancelReason": "first"}).get_json()
            again = client.post("/api/Appointments", json={**BODY, "cancelReason": "second"}).get_json()
        assert first["cancelReason"] == again["cancelReason"] == "first"


def test_the_command_lists_every_defect_at_80_columns() -> None:
    code, out, err = ended("defects")
    assert (code, err) == (0, "")
    assert all(len(line) <= 80 and line == line.rstrip() for line in out.splitlines())
    for name in DEFECTS:
        assert re.search(rf"^{re.escape(name)} ", out, re.MULTILINE), name


def test_the_command_lists_every_defect_as_json() -> None:
    rows = json.loads(ended("defects", "--json")[1])["defects"]
    assert [row["name"] for row in rows] == list(every())
    assert all(row["sentence"] and row["family"] and row["requirements"] for row in rows)


def test_serving_an_unknown_defect_is_wrong_usage() -> None:
    code, _, err = ended("serve", "--port", "0", "--defect", "update-ignore")
    assert code == 2
    assert "unknown defect 'update-ignore'" in err and "update-ignored" in err


def test_the_ready_line_says_which_defects_are_on() -> None:
    with portal_mock("serve", "--port", "0", "--defect", "zero-id", "--defect", "text-upper") as process:
        assert "  with defects: zero-id, text-upper  " in first_line(process)
