"""The floor: the least that a Flask app must do to create or update by a key, on the stub's own web server.

    python bench_floor.py PORT memory|FILE

A bare view: `json.loads`, the stub's upsert, `json.dumps`. The table, the statement and the two pragmas are written
out here and are those of `mockserver/store/`; a test holds them together. No model, no
checks, no negotiation, no journal: whatever the stub adds is seen against this.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import time
import uuid

from bench_requests import path
from flask import Flask, Response, request

from mockserver import server

TABLES = """
CREATE TABLE IF NOT EXISTS records (
    number INTEGER NOT NULL, tenant TEXT NOT NULL, resource TEXT NOT NULL, key BLOB, id TEXT NOT NULL,
    content TEXT NOT NULL, version INTEGER NOT NULL, created FLOAT NOT NULL, updated FLOAT NOT NULL,
    PRIMARY KEY (number), UNIQUE (tenant, resource, key)
);
CREATE INDEX IF NOT EXISTS records_by_id ON records (id)"""
UPSERT = """
INSERT INTO records (tenant, resource, key, id, content, version, created, updated)
VALUES (:tenant, :resource, :key, :id, :content, 1, :now, :now)
ON CONFLICT (tenant, resource, key) DO UPDATE
SET content = excluded.content, version = (records.version + 1), updated = excluded.updated
RETURNING id"""


def create_app(store: str) -> Flask:
    """The bare app, its records in "memory" or in a file."""
    connection = sqlite3.connect(
        ":memory:" if store == "memory" else store, check_same_thread=False, isolation_level=None
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(TABLES)
    cursor, lock = connection.cursor(), threading.Lock()
    app = Flask("floor", static_folder=None)

    @app.post(path())
    def create_or_update() -> Response:
        text = request.get_data(as_text=True)
        record = json.loads(text)
        key, drawn = record["externalId"].encode(), str(uuid.uuid4())
        row = {"tenant": "", "resource": "records", "key": key, "id": drawn, "content": text, "now": time.time()}
        with lock:
            record["id"] = cursor.execute(UPSERT, row).fetchone()[0]
            cursor.fetchall()
        return Response(json.dumps(record), mimetype="application/json")

    return app


if __name__ == "__main__":
    server.serve(create_app(sys.argv[2]), server.bind("127.0.0.1", int(sys.argv[1])), lambda: None)
