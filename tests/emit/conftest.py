"""The shipped page's contract and what is emitted from it, built once a run."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from contracts.emit import Schemas, emit
from contracts.helppage import shipped
from contracts.model import Contract

sys.path.append(str(Path(__file__).parents[1] / "helppage"))  # site_strategies

#: Makes one XSD of a folder's schemas that knows every namespace: libxml2 loads a single file, so one that imports all.
_ALL = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:all">{}</xs:schema>'


@pytest.fixture(scope="session")
def seed() -> Contract:
    return shipped()


@pytest.fixture(scope="session")
def seed_schemas(seed: Contract) -> Schemas:
    return Schemas(seed)


@pytest.fixture(scope="session")
def libxml(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, bytes]], etree.XMLSchema]:
    """Loads emitted XSDs with libxml2, from a folder, where they find each other by schemaLocation."""

    def load(files: dict[str, bytes]) -> etree.XMLSchema:
        folder = tmp_path_factory.mktemp("xsd")
        imports = []
        for name, data in sorted(files.items()):
            if name.endswith(".xsd"):
                (folder / name).write_bytes(data)
                space = etree.fromstring(data).get("targetNamespace")
                target = f"namespace={quoteattr(space)}" if space else ""
                imports.append(f'<xs:import {target} schemaLocation="{name}"/>')
        root = folder / "all.xsd"
        root.write_text(_ALL.format("".join(imports)), encoding="utf-8", newline="\n")
        return etree.XMLSchema(etree.parse(str(root)))

    return load


@pytest.fixture(scope="session")
def seed_libxml(seed: Contract, libxml: Callable[[dict[str, bytes]], etree.XMLSchema]) -> etree.XMLSchema:
    return libxml(emit(seed))


@pytest.fixture(scope="session")
def plain_json(seed: Contract) -> Callable[[str, object], bool]:
    """Whether a body is valid by the emitted JSON Schema and the plain library, nothing of ours in between."""
    files = emit(seed)
    validators = {
        direction: Draft202012Validator(json.loads(files[f"AppointmentModel.{direction}.schema.json"]))
        for direction in ("request", "response")
    }
    return lambda direction, document: bool(validators[direction].is_valid(document))


@pytest.fixture(scope="session")
def checkout() -> Path:
    return Path(__file__).parents[2]
