"""Records from files, before the portal takes its first request: `portal-mock serve --seed-records FILE`.

    NAME.csv     rows of the resource NAME            NAME.json    a list of them, or lists by resource

The rule: a file is taken as POST /_portal/seed takes a body, all of it or nothing. What a row must be stands in `rows`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from contracts.errors import UsageError
from mockserver.control import records
from mockserver.control.answers import Refused
from mockserver.control.portal import Portal
from mockserver.control.routes import Call, within_depth

_MOST = 10


def seed(portal: Portal, files: Iterable[Path]) -> None:
    """Store the records of each file for the tenant without a name; UsageError names row and column of each fault."""
    for file in files:
        try:
            body = file.read_bytes()
        except OSError as error:
            raise UsageError(
                f"the records in {file} cannot be read: {error.strerror or error}\n"
                "    what to do: name a file of JSON or CSV"
            ) from error
        csv = file.suffix.lower() == ".csv"
        listed = not csv and body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
        query = {"resource": file.stem if csv or listed else None}
        media_type = "text/csv" if csv else "application/json"
        try:
            body = body.removeprefix(b"\xef\xbb\xbf")
            within_depth(records.seed, Call(portal, portal.tenants.default, {}, query, body, media_type))
        except Refused as refused:
            raise UsageError(_told(file, refused)) from None


def _told(file: Path, refused: Refused) -> str:
    faults = refused.data.get("faults", [])
    lines = [f"the records in {file} cannot be stored: {refused.data['error']}"]
    for fault in faults[:_MOST]:
        column = f", {fault['column']}" if fault["column"] else ""
        lines.append(f"  {fault['resource']}, row {fault['row']}{column}: {fault['what']}")
    if len(faults) > _MOST:
        lines.append(f"  and {len(faults) - _MOST} more")
    return "\n".join([*lines, f"    what to do: {refused.data['remedy']}"])
