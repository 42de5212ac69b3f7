"""The pages' forms do what the control API does: settings, faults, tenants, records, reset."""

from typing import Any

import markup
import pytest
from flask.testing import FlaskClient
from shipped_record import record

PATH = "/api/Appointments"


def form_of(client: FlaskClient, path: str, action: str) -> tuple[str, dict[str, Any]]:
    """A form's address, and what a browser would send of it as it stands."""
    text = client.get(f"/_portal{path}").get_data(as_text=True)
    document = markup.read(text)
    form = next(one for one in document.all("form") if one.get("action").endswith(action))
    sent: dict[str, Any] = {}
    for one in document.all("input"):
        if form not in one.around or not one.get("name"):
            continue
        if one.get("type") in ("radio", "checkbox"):
            if "checked" in one.attributes:
                sent.setdefault(one.get("name"), []).append(one.get("value"))
        else:
            sent[one.get("name")] = one.get("value")
    return form.get("action"), sent


def settings(client: FlaskClient) -> Any:
    return client.get("/_portal/settings").json


def test_the_form_of_settings_sent_as_it_stands_changes_nothing(client: FlaskClient) -> None:
    for changes in ({}, {"strict": False, "zone": "Europe/Athens", "clock": "+1d", "defects": ["duplicate-on-retry"]}):
        assert client.patch("/_portal/settings", json={k: v for k, v in changes.items() if k != "defects"}).json
        before = settings(client)
        action, sent = form_of(client, "/page/settings", "/page/settings")
        answer = client.post(action, data=sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/_portal/page/settings?done=settings")
        assert settings(client) == before


def test_each_setting_can_be_changed_by_the_form(client: FlaskClient) -> None:
    action, sent = form_of(client, "/page/settings", "/page/settings")
    names = [one.get("value") for one in markup.read(client.get(action).get_data(as_text=True)).all("input")
             if one.get("name") == "defects"]  # fmt: skip
    wanted = {"mode": "lenient", "zone": "Asia/Tokyo", "clock": "2030-01-07T09:00:00Z", "references": "yes",
              "quiet_losses": "yes", "body_limit": "2000", "defects": names[:2]}  # fmt: skip
    assert client.post(action, data={**sent, **wanted}).status_code == 303
    assert settings(client) == {
        "strict": False, "zone": "Asia/Tokyo", "clock": "2030-01-07T09:00:00Z", "references": True,
        "quiet_losses": True, "body_limit": 2000, "defects": names[:2],
    }  # fmt: skip
    text = client.get(action).get_data(as_text=True)
    assert "lenient</a>" in text and "2 defects</a>" in text
    assert client.post("/_portal/page/settings/begin-again").status_code == 303
    assert settings(client)["strict"] is True and settings(client)["defects"] == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"zone": "Atlantis/Capital"}, "unknown time zone"),
        ({"clock": "noon"}, "unknown clock"),
        ({"body_limit": "much"}, "body_limit"),
        ({"defects": "nothing-like-it"}, "unknown defect"),
    ],
)
def test_settings_that_make_no_sense_change_nothing_and_stand_in_the_form_again(
    client: FlaskClient, wrong: dict[str, str], says: str
) -> None:
    action, sent = form_of(client, "/page/settings", "/page/settings")
    before = settings(client)
    answer = client.post(action, data={**sent, "mode": "lenient", **wrong})
    document = markup.read(answer.get_data(as_text=True))
    assert answer.status_code == 400
    assert says in next(one.text for one in document.elements if one.get("role") == "alert")
    assert settings(client) == before
    modes = [one for one in document.all("input") if one.get("name") == "mode"]
    checked = [one.get("value") for one in modes if "checked" in one.attributes]
    assert checked == ["lenient"]


def test_reset_asks_twice_and_leaves_nothing(used: FlaskClient) -> None:
    used.patch("/_portal/settings", json={"strict": False})
    document = markup.read(used.get("/_portal/page/settings").get_data(as_text=True))
    assert next(one for one in document.all("form") if one.get("action").endswith("/reset")).within("details")
    assert used.post("/_portal/page/reset").headers["Location"] == "/_portal/page/settings?done=reset"
    health = used.get("/_portal/health").json
    assert (health["records"], health["exchanges"], health["mode"]) == (0, 0, "strict")


def test_records_are_shown_by_parts_found_by_key_or_id_and_deleted(client: FlaskClient) -> None:
    for number in range(53):
        client.post(PATH, json=record(f"K{number:02}"))
    ids = {one["key"]: one["id"] for one in client.get("/_portal/records/Appointments").json["records"]}
    root = "/_portal/page/records/Appointments"
    first, second = (client.get(f"{root}?offset={at}").get_data(as_text=True) for at in (0, 50))
    assert ">K49<" in first and ">K50<" not in first and "1 to 50 of 53" in first
    assert ">K50<" in second and ">K49<" not in second and "51 to 53 of 53" in second
    assert client.get(f"{root}?offset=x").status_code == 200
    for wanted in ("K07", ids["K07"]):
        text = client.get(f"{root}?find={wanted}").get_data(as_text=True)
        assert "<h1>K07</h1>" in text and ids["K07"] in text
    assert client.post(f"{root}/{ids['K07']}/delete").headers["Location"] == f"{root}?done=deleted"
    assert client.get(f"{root}?find=K07").status_code == 404
    assert client.post(f"{root}/clear").status_code == 303
    assert client.get("/_portal/records").json == {"records": {"Appointments": 0}}


def test_a_record_is_shown_member_by_member_as_the_portal_answers_it(client: FlaskClient) -> None:
    answered = client.post(PATH, json=record("K1", "why <not>")).json
    document = markup.read(client.get("/_portal/page/records/Appointments?find=K1").get_data(as_text=True))
    names = [one.text for one in document.all("code") if one.within("th")]
    values = [one.text for one in document.all("td")]
    assert names == list(answered)
    told = {"": "(empty)", None: "null"}
    assert values == [told.get(value, value) for value in answered.values()]


def test_faults_are_arranged_from_fields_or_typed_taken_away_and_cleared(client: FlaskClient) -> None:
    root = "/_portal/page/faults"
    fields = {"kind": "status", "value": "503", "count": "1", "path": "/api/*", "probability": "", "key": ""}
    assert client.post(root, data=fields).headers["Location"] == f"{root}?done=fault"
    assert client.post(root, data={"text": "latency=0;key=K9"}).status_code == 303
    assert [one["text"] for one in client.get("/_portal/faults").json["faults"]] == [
        "status=503;count=1;path=/api/*", "latency=0;key=K9",
    ]  # fmt: skip
    assert client.post(PATH, json=record()).status_code == 503
    text = client.get(root).get_data(as_text=True)
    assert "2 faults</a>" in text and "latency=0;key=K9" in text
    assert client.post(f"{root}/1/remove").status_code == 303
    assert client.post(f"{root}/1/remove").status_code == 404
    assert client.post(f"{root}/clear").status_code == 303
    assert client.get("/_portal/faults").json["faults"] == []


@pytest.mark.parametrize("form", [{"text": "explode=now"}, {"kind": "status", "value": ""}, {"kind": "", "value": "1"}])
def test_a_fault_that_makes_no_sense_is_refused_in_the_words_of_the_command_line(
    client: FlaskClient, form: dict[str, str]
) -> None:
    answer = client.post("/_portal/page/faults", data=form)
    assert answer.status_code == 400
    alert = next(one for one in markup.read(answer.get_data(as_text=True)).elements if one.get("role") == "alert")
    assert "fault" in alert.text
    assert client.get("/_portal/faults").json["faults"] == []


def test_tenants_are_listed_opened_and_dropped(client: FlaskClient) -> None:
    client.post("/t/mine" + PATH, json=record("K1"))
    assert client.post("/_portal/page/tenants", data={"name": "new-1"}).headers["Location"] == "/t/new-1/_portal/"
    assert client.post("/t/mine/_portal/page/tenants", data={"name": "x"}).headers["Location"] == "/t/x/_portal/"
    assert client.post("/_portal/page/tenants", data={"name": "../x"}).status_code == 400
    document = markup.read(client.get("/t/mine/_portal/page/tenants").get_data(as_text=True))
    links = {one.text: one.get("href") for one in document.all("a") if one.within("table")}
    assert links == {"(without a name)": "/_portal/", "mine": "/t/mine/_portal/"}
    form = next(one for one in document.all("form") if one.get("action").endswith("/drop"))
    assert form.within("details")
    assert client.post(form.get("action")).headers["Location"] == "/_portal/page/tenants?done=dropped"
    assert [one["name"] for one in client.get("/_portal/tenants").json["tenants"]] == [""]
    assert client.post("/_portal/page/tenants/none/drop").status_code == 404
