"""The emitted files: their names, their bytes, and whether a folder holds exactly them.

The rule: files are compared and written as bytes; only names that `emit` could have given are ever called left over,
and nothing is ever deleted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from contracts.emit.documents import body_document, document, other_bodies, roots
from contracts.emit.json_schema import DIRECTIONS, Direction
from contracts.emit.names import schema_names
from contracts.emit.openapi import OpenApi
from contracts.emit.shapes import Shapes
from contracts.emit.xsd import emit_xsds
from contracts.model import Contract

_SCHEMA = ".schema.json"
#: Not derived from a page: the judge's own report has its schema beside the emitted ones.
_FOREIGN = frozenset({"report.schema.json"})

Drift = Literal["missing", "stale", "left over"]


def emit(contract: Contract) -> dict[str, bytes]:
    """Every schema of the contract: file name → bytes, sorted by name."""
    shapes = Shapes(contract)
    files = emit_xsds(shapes)
    names = json_files(shapes)
    for direction in DIRECTIONS:
        for model in roots(shapes, direction):
            files[names[model, direction]] = _json(document(shapes, contract.models[model], direction))
        for operation, ref in other_bodies(shapes, direction):
            files[names[operation.id, direction]] = _json(body_document(shapes, operation, ref, direction))
    files["openapi.json"] = _json(OpenApi(shapes).document())
    return dict(sorted(files.items()))


def json_files(shapes: Shapes) -> dict[tuple[str, Direction], str]:
    """The file of each JSON Schema, by direction and model, or by operation where the body is no model."""
    own = {side: [*roots(shapes, side), *(each.id for each, _ in other_bodies(shapes, side))] for side in DIRECTIONS}
    stems = schema_names(name for names in own.values() for name in names)
    return {(name, side): f"{stems[name]}.{side}{_SCHEMA}" for side, names in own.items() for name in names}


def write(contract: Contract, folder: Path) -> list[str]:
    """Write every schema into the folder, which is made if need be; the names written."""
    folder.mkdir(parents=True, exist_ok=True)
    files = emit(contract)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return list(files)


def drift(contract: Contract, folder: Path) -> dict[str, Drift]:
    """What is wrong with each file that is not as it would be written, by name, sorted; empty where nothing is."""
    files = emit(contract)
    there = {path.name: path for path in folder.iterdir() if path.is_file()} if folder.is_dir() else {}
    found: dict[str, Drift] = {name: "missing" for name in files if name not in there}
    for name, path in there.items():
        if name in files:
            if path.read_bytes() != files[name]:
                found[name] = "stale"
        elif name not in _FOREIGN and (name.endswith((_SCHEMA, ".xsd")) or name == "openapi.json"):
            found[name] = "left over"
    return dict(sorted(found.items()))


def stale(contract: Contract, folder: Path) -> list[str]:
    """The names of the files that are not as they would be written, sorted: changed, missing or left over."""
    return list(drift(contract, folder))


def _json(value: Any) -> bytes:
    """JSON text with LF line ends; a lone surrogate is escaped, everything else stands as it is."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
