"""Operations that share a verb and a path, as the one operation that OpenAPI can hold.

Web API tells `GET api/Things?name` from `GET api/Things?page` by their keys; OpenAPI has one operation a verb and path.
The rules: a parameter must be given only where every variant demands it; bodies and answers are those of any variant;
`x-variants` keeps what belongs together, so that nothing the pages say is lost. What an operation holds is decided
elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contracts.model import Operation

Schema = dict[str, Any]


def merged(variants: Sequence[tuple[Operation, Schema]]) -> Schema:
    """One operation of several; the only one stays as it is."""
    first = dict(variants[0][1])
    if len(variants) == 1:
        return first
    out: Schema = {"operationId": first["operationId"]}
    if "tags" in first:
        out["tags"] = first["tags"]
    summaries = list(dict.fromkeys(shown["summary"] for _, shown in variants if "summary" in shown))
    if summaries:
        out["summary"] = " / ".join(summaries)
    lines = [f"- {_title(operation)}: {shown.get('summary', '')}".rstrip(": ") for operation, shown in variants]
    out["description"] = "\n".join(["The keys that are given choose one of:", *lines])
    out["x-variants"] = [_variant(operation, shown) for operation, shown in variants]
    if parameters := _parameters([shown for _, shown in variants]):
        out["parameters"] = parameters
    bodies = [shown["requestBody"] for _, shown in variants if "requestBody" in shown]
    if bodies:
        everywhere = len(bodies) == len(variants) and all(body["required"] for body in bodies)
        out["requestBody"] = {**bodies[0], "required": everywhere, "content": _contents(bodies)}
    out["responses"] = _responses([shown["responses"] for _, shown in variants])
    return out


def _title(operation: Operation) -> str:
    keys = "&".join(operation.query)
    return f"{operation.method.value} {operation.path.value}" + (f"?{keys}" if keys else "")


def _variant(operation: Operation, shown: Schema) -> Schema:
    """What tells a variant from the others, and where it is read."""
    required = [each["name"] for each in shown.get("parameters", ()) if each["in"] == "query" and each.get("required")]
    known = {"x-query": list(operation.query), "x-required": required}
    return known | {key: shown[key] for key in ("summary", "x-evidence") if key in shown}


def _parameters(variants: Sequence[Schema]) -> list[Schema]:
    """The parameters of all variants; one that not every variant demands may be left out."""
    found: dict[tuple[str, str], list[Schema]] = {}
    for variant in variants:
        for parameter in variant.get("parameters", ()):
            found.setdefault((parameter["in"], parameter["name"]), []).append(parameter)
    out = []
    for same in found.values():
        everywhere = len(same) == len(variants) and all(each.get("required") for each in same)
        out.append({**same[0], "required": everywhere, "schema": _either([each["schema"] for each in same])})
    return out


def _responses(variants: Sequence[Schema]) -> Schema:
    """The answers of all variants, those of success first."""
    found: dict[str, list[Schema]] = {}
    for variant in variants:
        for status, answer in variant.items():
            found.setdefault(status, []).append(answer)
    out: Schema = {}
    for status in sorted(found, key=lambda status: status[0]):
        answers = found[status]
        out[status] = dict(answers[0])
        texts = dict.fromkeys(answer["description"] for answer in answers)
        out[status]["description"] = " / ".join(texts)
        if contents := _contents(answers):
            out[status]["content"] = contents
    return out


def _contents(bodies: Sequence[Schema]) -> Schema:
    """The media types of all bodies, each with any of their schemas."""
    found: dict[str, list[Schema]] = {}
    for body in bodies:
        for media_type, content in body.get("content", {}).items():
            found.setdefault(media_type, []).append(content)
    out: Schema = {}
    for media_type, contents in found.items():
        out[media_type] = dict(contents[0])
        if len(contents) > 1 and all("schema" in content for content in contents):
            out[media_type]["schema"] = _either([content["schema"] for content in contents])
        elif len(contents) > 1:
            out[media_type].pop("schema", None)  # one of them can be anything
    return out


def _either(schemas: Sequence[Schema]) -> Schema:
    """Any of the schemas; the only one where they are alike."""
    unlike: list[Schema] = []
    for schema in schemas:
        if schema not in unlike:
            unlike.append(schema)
    return unlike[0] if len(unlike) == 1 else {"anyOf": unlike}
