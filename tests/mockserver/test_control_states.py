"""Arranging states: rows from JSON and CSV, all or none; snapshots that outlive the portal; other pages' resources."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from shipped_record import REQUIRED, record

from contracts import helppage
from contracts.errors import UsageError
from mockserver.app import create_app
from mockserver.control.seeding import seed
from mockserver.store import open_store

PATH, LIST = "/api/Appointments", "/_portal/records/Appointments"
ROOT = Path(__file__).parent.parent.parent
SITES = ROOT / "tests" / "data" / "sites"
FRAMES = [
    ROOT / "tests" / "data" / "sites" / "Frames" / f"{name}.html"
    for name in ("POST-api-Frames", "ResourceModel-FrameMaterial")
]
ID = "11111111-2222-4333-8444-555555555555"
HEAD = ",".join((*REQUIRED, "start", "end"))


def line(key: str, start: str = "2031-01-02T03:04:05") -> str:
    return ",".join([*["x"] * (len(REQUIRED) - 1), key, start, "2031-01-02T04:04:05"])


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store).test_client()


@pytest.fixture
def frames() -> Iterator[FlaskClient]:
    with open_store("memory") as store:
        yield create_app(helppage.read(*FRAMES), store, strict=False).test_client()


def csv(client: FlaskClient, text: str, resource: str = "Appointments") -> Any:
    return client.post(f"/_portal/seed?resource={resource}", data=text.encode(), content_type="text/csv")


def test_rows_of_json_are_stored_and_updated_by_their_keys(client: FlaskClient) -> None:
    client.post(PATH, json=record("K1", "old"))
    told = client.post("/_portal/seed", json={"appointments": [record("K1", "new"), record("K2")]}).json
    assert told == {"stored": 2, "created": 1, "updated": 1, "records": {"Appointments": 2}}
    kept = client.get(LIST).json["records"]
    assert [(one["key"], one["record"]["cancelReason"], one["version"]) for one in kept] == [
        ("K1", "new", 2),
        ("K2", "", 1),
    ]
    assert client.post("/_portal/seed?resource=Appointments", json=[record("K3")]).json["created"] == 1


@pytest.mark.parametrize(("comma", "end", "mark"), [(",", "\n", ""), (";", "\r\n", "\ufeff")])
def test_rows_of_csv_are_stored_whichever_spreadsheet_wrote_them(
    client: FlaskClient, comma: str, end: str, mark: str
) -> None:
    rows = [HEAD.upper(), line("K1"), "", line('"K2"')]
    told = csv(client, mark + end.join(rows).replace(",", comma))
    assert told.json == {"stored": 2, "created": 2, "updated": 0, "records": {"Appointments": 2}}
    kept = client.get(LIST).json["records"]
    assert [one["key"] for one in kept] == ["K1", "K2"]
    assert (kept[0]["record"]["start"], kept[0]["record"]["cancelReason"]) == ("2031-01-02T03:04:05", None)


def test_every_fault_is_told_with_row_and_column_and_nothing_is_stored(client: FlaskClient) -> None:
    rows = [HEAD, line("K1"), line("K2", "soon"), line("K1"), line("K4") + ",more", line("").replace("x,", ",", 1)]
    answer = csv(client, "\n".join(rows[:4]))
    assert answer.status_code == 400
    assert answer.json["error"] == "2 faults in the rows; nothing was stored"
    first, second = answer.json["faults"]
    assert (first["resource"], first["row"], first["column"]) == ("Appointments", 3, "start")
    assert first["what"].startswith("expected a date and time such as")
    assert first["what"].endswith('got "soon"')
    assert second == {
        "resource": "Appointments",
        "row": 4,
        "column": "externalId",
        "what": "expected a value of its own, got that of row 2: K1",
    }
    (wide,) = csv(client, "\n".join([rows[0], rows[4]])).json["faults"]
    assert (wide["row"], wide["what"]) == (2, "expected 8 cells, as many as there are names, got 9")
    lacking = csv(client, "\n".join([rows[0], rows[5]])).json["faults"]
    assert [(fault["row"], fault["column"]) for fault in lacking] == [(2, "locationExternalId"), (2, "externalId")]
    assert client.get("/_portal/records").json == {"records": {"Appointments": 0}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colour\nred", "expected one of locationExternalId"),
        ("start,Start\n1,2", "expected each name once"),
        ('start\n"open', "the CSV cannot be read: line 2"),
    ],
)
def test_a_head_that_is_none_and_a_text_that_is_none(client: FlaskClient, text: str, says: str) -> None:
    assert says in json.dumps(csv(client, text).json)


def test_bytes_that_are_no_utf_8_are_refused(client: FlaskClient) -> None:
    answer = client.post("/_portal/seed?resource=Appointments", data=b"start\n\xff", content_type="text/csv")
    assert "byte 6" in answer.json["error"]


def test_rows_without_a_resource_are_nobodys(client: FlaskClient) -> None:
    for answer in (
        client.post("/_portal/seed", json=[record()]),
        client.post("/_portal/seed", data=HEAD, content_type="text/csv"),
    ):
        assert answer.status_code == 400
        assert "?resource=NAME" in answer.json["remedy"]
    assert "lists of records by resource" in client.post("/_portal/seed", json={"Appointments": 1}).json["error"]


def test_an_id_may_be_chosen_and_no_two_records_have_one(client: FlaskClient) -> None:
    assert client.post("/_portal/seed?resource=Appointments", json=[{**record("K1"), "id": ID}]).status_code == 200
    assert client.post(PATH, json=record("K1")).json["id"] == ID
    twice = [{**record("K2"), "id": ID.replace("1", "2")}, {**record("K3"), "id": ID.replace("1", "2")}]
    for rows in ([record("K2"), {**record("K3"), "id": ID}], twice):
        answer = client.post("/_portal/seed?resource=Appointments", json=rows)
        assert (answer.status_code, answer.json["faults"][0]["row"]) == (400, 2)
    assert client.get("/_portal/records").json == {"records": {"Appointments": 1}}


def test_numbers_enumerations_and_lists_are_read_from_cells(frames: FlaskClient) -> None:
    told = csv(frames, "externalId,name,price,stock\nF1,Test frame,3.50,6\n", "frames")
    assert told.status_code == 200, told.json
    kept = frames.get("/_portal/records/Frames/by-key?key=F1")
    assert (kept.json["record"]["price"], kept.json["record"]["stock"]) == (3.5, 6)
    (fault,) = csv(frames, "externalId,stock\nF2,many\n", "Frames").json["faults"]
    assert (fault["row"], fault["column"], fault["what"]) == (2, "stock", 'expected integer, got "many"')


def test_a_number_keeps_its_digits_on_its_way_in_and_out(frames: FlaskClient) -> None:
    body = b'{"externalId": "F1", "name": "Test", "price": 0.10}'
    assert frames.post("/_portal/records/Frames", data=body).status_code == 201
    answered = frames.post("/api/Frames", data=body, content_type="application/json").data
    shown = frames.get("/_portal/records/Frames/by-key?key=F1").data
    assert b'"record":' + answered in shown


def test_what_is_shown_of_any_resource_can_be_put_back_and_seeded() -> None:
    """Seven resources, with nested models, enumerations, dates, decimals and members that are only shown."""
    contract = helppage.read(*sorted(SITES.glob("*/*.html")))
    with open_store("memory") as store:
        client = create_app(contract, store, strict=False).test_client()
        for operation, _ in contract.upserts():
            (sample, *_) = [one for one in operation.request.samples if "application/json" in one.media_types]
            path = f"/{operation.path.value}"
            client.open(path, method=operation.method.value, data=sample.text, content_type="application/json")
        names = [name for name, count in client.get("/_portal/records").json["records"].items() if count]
        assert len(names) >= 5
        for name in names:
            (shown,) = client.get(f"/_portal/records/{name}").json["records"]
            again = client.put(f"/_portal/records/{name}/{shown['id']}", json=shown["record"])
            assert (again.status_code, again.json["record"]) == (200, shown["record"]), name
            client.delete(f"/_portal/records/{name}")
            assert client.post("/_portal/seed", json={name: [shown["record"]]}).status_code == 200
            (seeded,) = client.get(f"/_portal/records/{name}").json["records"]
            assert (seeded["id"], seeded["record"]) == (shown["id"], shown["record"]), name


@pytest.mark.parametrize("column", ["delivery.city", "Delivery[0]", "delivery/city"])
def test_a_column_for_something_inside_a_member_is_told_how_it_is_written(column: str) -> None:
    with open_store("memory") as store:
        client = create_app(helppage.read(SITES / "OrderSheets"), store).test_client()
        rows = f"externalId,{column}\nK1,x\n"
        refused = client.post("/_portal/seed?resource=OrderSheets", data=rows, content_type="text/csv")
        whole = 'externalId,patientExternalId,items,delivery\nK1,p,[],"{""city"": ""c"", ""street"": ""s""}"\n'
        taken = client.post("/_portal/seed?resource=OrderSheets", data=whole, content_type="text/csv")
    (fault,) = refused.json["faults"]
    assert fault["what"] == "expected the member as a whole: a column delivery whose cells hold JSON"
    assert taken.json["stored"] == 1


def test_a_snapshot_by_name_is_put_back_with_ids_versions_and_settings(client: FlaskClient) -> None:
    client.post(PATH, json=record("K1"))
    client.patch("/_portal/settings", json={"strict": False})
    before = client.get(LIST).json
    kept = client.put("/_portal/snapshots/before").json
    assert (kept["name"], kept["records"]) == ("before", 1)
    client.post(PATH, json=record("K1", "changed"))
    client.post(PATH, json=record("K2"))
    client.patch("/_portal/settings", json={"strict": True})
    assert client.post("/_portal/snapshots/before/restore").json == {"records": 1}
    assert client.get(LIST).json == before
    assert client.get("/_portal/settings").json["strict"] is False
    assert client.get("/_portal/snapshots").json == {"snapshots": [kept]}


def test_a_snapshot_holds_the_faults_and_they_are_counted_anew(client: FlaskClient) -> None:
    client.post("/_portal/faults", data="status=503;count=1")
    client.post("/_portal/faults", data="latency=0.001;path=/api/*")
    client.put("/_portal/snapshots/failing")
    assert client.post(PATH, json=record("K1")).status_code == 503
    client.delete("/_portal/faults")
    assert client.post(PATH, json=record("K1")).status_code == 200
    assert client.post("/_portal/snapshots/failing/restore").json == {"records": 0}
    told = [(one["text"], one["matched"], one["applied"]) for one in client.get("/_portal/faults").json["faults"]]
    assert told == [("status=503;count=1", 0, 0), ("latency=0.001;path=/api/*", 0, 0)]
    assert client.post(PATH, json=record("K1")).status_code == 503


def test_a_snapshot_of_before_snapshots_held_faults_leaves_those_that_there_are(client: FlaskClient) -> None:
    document = client.get("/_portal/snapshot").json
    assert document.pop("faults") == []
    client.post("/_portal/faults", data="status=503")
    assert client.post("/_portal/restore", json=document).json == {"records": 0}
    assert len(client.get("/_portal/faults").json["faults"]) == 1


@pytest.mark.parametrize(
    "faults", [{}, [1], [{"kind": "none"}], [{"kind": "status", "status": 503, "operation": "no"}]]
)
def test_faults_of_a_snapshot_that_make_no_sense_change_nothing(client: FlaskClient, faults: Any) -> None:
    document = {**client.get("/_portal/snapshot").json, "faults": faults}
    client.post(PATH, json=record("K1"))
    answer = client.post("/_portal/restore", json=document)
    assert answer.status_code == 400, answer.json
    assert client.get("/_portal/records").json == {"records": {"Appointments": 1}}


def test_a_snapshot_with_one_id_twice_is_refused_and_changes_nothing(client: FlaskClient) -> None:
    client.post(PATH, json=record("K1"))
    document = client.get("/_portal/snapshot").json
    (entry,) = document["records"]
    document["records"].append({**entry, "key": "K2"})
    answer = client.post("/_portal/restore", json=document)
    assert (answer.status_code, answer.json["error"]) == (
        400, f"entry 1 of the snapshot has the id of another: {entry['id']}",
    )  # fmt: skip
    assert client.get(LIST).json["total"] == 1


def test_a_snapshot_is_restored_over_a_restart_with_a_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    with open_store(url) as store:
        client = create_app(helppage.shipped(), store).test_client()
        client.post(f"/t/a{PATH}", json=record("K1", "\ud83d\ude00 text"))
        first = client.get(f"/t/a{LIST}").json
        client.put("/t/a/_portal/snapshots/kept")
        document = client.get("/t/a/_portal/snapshot")
        assert document.headers["Content-Disposition"] == 'attachment; filename="portal-snapshot-a.json"'
        client.post(f"/t/a{PATH}", json=record("K1", "later"))
    with open_store(url) as store:
        client = create_app(helppage.shipped(), store).test_client()
        assert client.get(f"/t/a{LIST}").json["records"][0]["record"]["cancelReason"] == "later"
        client.post("/t/a/_portal/snapshots/kept/restore")
        assert client.get(f"/t/a{LIST}").json == first
        restored = client.post("/t/b/_portal/restore", data=document.data)
        assert restored.json == {"records": 1}
        assert client.get(f"/t/b{LIST}").json == first
        assert client.get("/_portal/records").json == {"records": {"Appointments": 0}}
        assert client.post(f"/t/b{PATH}", json=record("K1")).json["id"] == first["records"][0]["id"]


def test_a_snapshot_of_another_page_changes_nothing(client: FlaskClient, frames: FlaskClient) -> None:
    frames.post("/api/Frames", json={"externalId": "F1", "name": "Test"})
    client.post(PATH, json=record("K1"))
    answer = client.post("/_portal/restore", data=frames.get("/_portal/snapshot").data)
    assert answer.status_code == 400
    assert "does not fit the page" in answer.json["error"]
    assert client.get("/_portal/records").json == {"records": {"Appointments": 1}}


def test_files_of_rows_are_stored_before_the_first_request(tmp_path: Path) -> None:
    (tmp_path / "appointments.csv").write_text(f"{HEAD}\n{line('C1')}\n", encoding="utf-8-sig")
    (tmp_path / "Appointments.json").write_text(json.dumps([record("J1")]), encoding="utf-8-sig")
    (tmp_path / "all.json").write_text(json.dumps({"Appointments": [record("J2")]}), encoding="utf-8")
    with open_store("memory") as store:
        app = create_app(helppage.shipped(), store)
        seed(app.extensions["portal"], sorted(tmp_path.iterdir()))
        kept = app.test_client().get(LIST).json["records"]
    assert {one["key"] for one in kept} == {"C1", "J1", "J2"}


def test_a_file_that_cannot_be_stored_is_told_row_by_row(tmp_path: Path) -> None:
    file = tmp_path / "appointments.csv"
    file.write_text(f"{HEAD}\n{line('C1', 'soon')}\n", encoding="utf-8")
    with open_store("memory") as store:
        portal = create_app(helppage.shipped(), store).extensions["portal"]
        with pytest.raises(UsageError) as told:
            seed(portal, [file])
        with pytest.raises(UsageError, match="cannot be read"):
            seed(portal, [tmp_path / "none.csv"])
    lines = str(told.value).splitlines()
    assert lines[0] == f"the records in {file} cannot be stored: 1 fault in the rows; nothing was stored"
    assert lines[1].startswith("  Appointments, row 2, start: expected a date and time")
    assert lines[2].startswith("    what to do: ")


def test_rows_that_the_store_has_no_room_for_leave_nothing(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'portal.db'}") as store:
        app = create_app(helppage.shipped(), store)
        run = store._database._connection.execute  # type: ignore[attr-defined]
        (pages,) = run("PRAGMA page_count").fetchone()
        run(f"PRAGMA max_page_count = {pages + 2}")
        rows = [record(f"K{number}", "x" * 400) for number in range(100)]
        answer = app.test_client().post("/_portal/seed?resource=Appointments", json=rows)
        assert (answer.status_code, "is full" in answer.json["error"]) == (503, True)
        assert store.count() == 0


@pytest.mark.parametrize("path", ["/_portal/seed?resource=Appointments", LIST, "/_portal/restore", "/_portal/faults"])
def test_what_is_nested_too_deeply_is_refused_in_words(client: FlaskClient, path: str) -> None:
    deep = '{"kind":' * 900 + "1" + "}" * 900
    content = {
        **client.get("/_portal/snapshot").json,
        "records": [{"resource": "api/appointments", "content": "[" * 99999}],
    }
    body = json.dumps(content) if path.endswith("restore") else f"[{deep}]" if "seed" in path else deep
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert "fault of ours" not in answer.json["error"]


def test_many_names_cost_no_more_than_few(client: FlaskClient) -> None:
    names = [f"name{number}" for number in range(200_000)]
    told = csv(client, ",".join(names)).json  # looking each one up among all before it would take an hour
    assert (told["error"], len(told["faults"])) == ("200000 faults in the rows; nothing was stored", 100)
    twice = "{" + ",".join(f'"{name}":1' for name in (*names, names[-1])) + "}"
    answer = client.post(LIST, data=twice, content_type="application/json")
    assert "the member name199999 stands there more than once" in answer.json["error"]
