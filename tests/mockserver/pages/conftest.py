"""What tests of the pages share: a portal that was sent something of every kind."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from shipped_record import record

from contracts import helppage
from mockserver.app import create_app
from mockserver.store import open_store

PATH = "/api/Appointments"


@pytest.fixture
def app() -> Iterator[Flask]:
    with open_store("memory") as store:
        yield create_app(helppage.shipped(), store)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A portal of which nothing was asked yet."""
    return app.test_client()


@pytest.fixture
def used(client: FlaskClient) -> FlaskClient:
    """The same after exchanges of every kind: 1 good, 2 lossy, 3 to 6 refused, 7 a form."""
    client.post(PATH, json=record("K1", "first"))
    client.post(PATH, json={**record("K2"), "room": "7", "start": "2031-01-02T03:04:05+02:00"})
    client.post(PATH, json={**record("K3"), "start": "soon"})
    client.post(PATH, data=b"<Nothing/>", headers={"Content-Type": "application/xml"})
    client.get("/api/Apointments?page=2")
    client.post(PATH, data=b"\xff\x00", headers={"Content-Type": "application/octet-stream"})
    client.post(PATH, data={name[:1].upper() + name[1:]: value for name, value in record("F1").items()})
    return client
