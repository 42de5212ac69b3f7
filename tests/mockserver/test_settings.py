"""Settings while the portal runs: each changes what it says, at once, and a wrong one changes nothing."""

import datetime
import threading
import zoneinfo
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from contracts.errors import UsageError
from mockserver import clock
from mockserver.app import create_app
from mockserver.settings import changed, made
from mockserver.store import open_store

PATH = "/api/Appointments"
XML = """<AppointmentModel xmlns="http://schemas.datacontract.org/2004/07/GlobalPortal.Api.Models.AppointmentsModel">
<Start>{}</Start></AppointmentModel>"""


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store, strict=False).test_client()


def put(client: FlaskClient, **changes: object) -> None:
    assert client.patch("/_portal/settings", json=changes).status_code == 200


def test_strict_and_lenient(client: FlaskClient) -> None:
    statuses = []
    for strict in (False, True, False):
        put(client, strict=strict)
        statuses.append(client.post(PATH, json={}).status_code)
    assert statuses == [200, 400, 200]


def test_the_zone_moves_times_that_bear_an_offset(client: FlaskClient) -> None:
    sent = {**record("K"), "start": "2031-01-02T03:00:00Z", "end": "2031-01-02T03:00:00+05:00"}
    put(client, zone="Europe/Athens")
    # Z stays UTC; another offset becomes the server's time (two hours east of Greenwich in winter).
    answer = client.post(PATH, json=sent).json
    assert (answer["start"], answer["end"]) == ("2031-01-02T03:00:00Z", "2031-01-02T00:00:00+02:00")


def test_defects_come_and_go(client: FlaskClient) -> None:
    allowed = []
    for defects in ([], ["405-without-allow"], []):
        put(client, defects=defects)
        allowed.append(client.get(PATH).headers.get("Allow"))
    assert allowed == ["POST", None, "POST"]


def test_losses_are_told_or_not(client: FlaskClient) -> None:
    told = []
    for quiet in (False, True):
        put(client, quiet_losses=quiet)
        told.append(client.post(PATH, json={**record(), "room": 7}).headers.get("Portal-Silent-Loss"))
    assert told == ['json.unknown;member="room"', None]


def test_the_body_limit(client: FlaskClient) -> None:
    put(client, body_limit=10)
    answer = client.post(PATH, json=record())
    assert (answer.status_code, "10 bytes" in answer.json["message"]) == (413, True)


def test_a_fixed_clock_stamps_records_and_is_today(client: FlaskClient) -> None:
    put(client, clock="2031-05-06T22:30:00Z", zone="Europe/Athens")
    assert client.post(PATH, json=record("K")).status_code == 200
    kept = client.get("/_portal/records/Appointments/by-key?key=K").json
    assert (kept["created"], kept["updated"]) == ("2031-05-06T22:30:00.000Z", "2031-05-06T22:30:00.000Z")
    # In Athens, three hours east in summer, it is the next day already; a time alone is today's.
    answer = client.post(
        PATH, data=XML.format("09:00:00"), content_type="application/xml", headers={"Accept": "application/json"}
    )
    assert answer.json["start"] == "2031-05-07T09:00:00"


def test_a_moved_clock_goes_on(client: FlaskClient) -> None:
    put(client, clock="+365d")
    client.post(PATH, json=record("K"))
    stamp = client.get("/_portal/records/Appointments/by-key?key=K").json["created"]
    ahead = datetime.datetime.fromisoformat(stamp) - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=364) < ahead <= datetime.timedelta(days=365)


def test_the_settings_of_the_start_come_back(client: FlaskClient) -> None:
    begun = client.get("/_portal/settings").json
    put(client, strict=True, zone="Europe/Athens", clock="-1h", defects=["update-ignored"], body_limit=5)
    assert client.get("/_portal/settings").json != begun
    assert client.delete("/_portal/settings").json == begun
    assert begun == {
        "strict": False,
        "zone": "UTC",
        "clock": "real",
        "references": False,
        "defects": [],
        "quiet_losses": False,
        "body_limit": 10 * 1024 * 1024,
    }


def test_a_change_with_one_wrong_value_changes_nothing(client: FlaskClient) -> None:
    before = client.get("/_portal/settings").json
    answer = client.patch("/_portal/settings", json={"strict": True, "zone": "Nowhere/Else"})
    assert answer.status_code == 400
    assert client.get("/_portal/settings").json == before


def test_a_request_under_way_ends_by_the_settings_it_began_with() -> None:
    with open_store("memory") as store:
        app = create_app(helppage.shipped(), store, strict=False)
        tenant = app.extensions["portal"].tenants.default
        arrived, go_on = threading.Event(), threading.Event()
        way = tenant.way

        def slow(request: object, act: object) -> object:
            arrived.set()
            assert go_on.wait(30)
            return way.handle(request, act)

        tenant.way = type(way)(way.settings, slow, way.act)
        answers: list[int] = []
        thread = threading.Thread(target=lambda: answers.append(app.test_client().post(PATH, json={}).status_code))
        thread.start()
        assert arrived.wait(30)
        tenant.change({"strict": True})
        after = app.test_client().post(PATH, json={}).status_code
        go_on.set()
        thread.join()
    assert (answers, after) == ([200], 400)


@pytest.mark.parametrize(
    ("text", "fixed", "moved"),
    [
        ("real", None, 0.0),
        ("1970-01-02", 86400.0, 0.0),
        ("1970-01-02T00:00:00Z", 86400.0, 0.0),
        ("1970-01-02T02:00:00+02:00", 86400.0, 0.0),
        ("+1d", None, 86400.0),
        ("+1d1h1m1s", None, 90061.0),
        ("-90m", None, -5400.0),
    ],
)
def test_clocks_are_read(text: str, fixed: float | None, moved: float) -> None:
    told = clock.read(text)
    assert (told.fixed, told.moved) == (fixed, moved)


def test_a_moment_without_an_offset_is_the_zones() -> None:
    athens = zoneinfo.ZoneInfo("Europe/Athens")
    assert clock.read("1970-01-02T02:00:00", athens).fixed == 86400.0


@pytest.mark.parametrize(
    "text", ["", "noon", "+", "+1", "1d", "+1d ", "+1h1d", "2031-02-30", "+9999999d", "9999-12-31T23:59:59-01:00"]
)
def test_a_clock_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="what to do: real, a moment"):
        clock.read(text)


def test_a_zone_with_a_clock_has_the_zones_hours() -> None:
    athens = zoneinfo.ZoneInfo("Europe/Athens")
    timed = made("Europe/Athens", clock="2031-01-01").timezone
    assert isinstance(timed, clock.Timed)
    for moment in (datetime.datetime(2031, 1, 1), datetime.datetime(2031, 7, 1)):
        assert moment.replace(tzinfo=timed).utcoffset() == moment.replace(tzinfo=athens).utcoffset()
        there = moment.replace(tzinfo=datetime.UTC).astimezone(timed)
        assert there.replace(tzinfo=None) == moment.replace(tzinfo=datetime.UTC).astimezone(athens).replace(tzinfo=None)
    assert timed == made("Europe/Athens", clock="2031-01-01").timezone


def test_a_zone_without_a_name_is_kept_until_another_is_set() -> None:
    own = datetime.timezone(datetime.timedelta(hours=3))
    begun = made(own)
    assert changed(begun, {"strict": False}).timezone is own
    assert changed(begun, {"zone": "UTC"}).timezone is datetime.UTC
