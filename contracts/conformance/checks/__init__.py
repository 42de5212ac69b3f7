"""The checks: one function a requirement of the register, one file a family of them.

    @check("upsert.same-key-same-id")
    def same_key_same_id(probe): ...

The rule: a check cites the register's entry it judges; one that cites none that is known, two for one entry, or an
entry without a check and without a reason do not start (`registered`). A check asks through its probe only, and knows
no portal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from contracts.conformance.probe import Probe
from contracts.conformance.requirements import Template, load
from contracts.errors import InternalError

Check = Callable[[Probe], None]

FAMILIES = (
    "acceptance",
    "identity",
    "required",
    "texts",
    "times",
    "meaning",
    "errors",
    "hostile",
    "http",
    "together",
    "members",
    "sequences",
    "whole",
    "annotations",
    "deep_annotations",
    "reads",
    "replaces",
    "deep",
    "amounts",
    "alongside",
    "searches",
    "deletes",
    "operations",
)
_CHECKS: dict[str, Check] = {}


def check(template: str) -> Callable[[Check], Check]:
    """Register a function as the check of a register's entry, named by its id with placeholders."""

    def register(function: Check) -> Check:
        if template in _CHECKS:
            raise InternalError(f"two checks cite {template}")
        _CHECKS[template] = function
        return function

    return register


def registered() -> Mapping[str, Check]:
    """Every check by the entry it cites; InternalError where the citations do not hold both ways."""
    for family in FAMILIES:
        import_module(f"{__name__}.{family}")
    return cited(load(), _CHECKS)


def cited(templates: tuple[Template, ...], checks: Mapping[str, Check]) -> Mapping[str, Check]:
    """The checks, when each cites a known entry and each entry has a check or says why not; else InternalError."""
    known = {template.id for template in templates}
    faults = [f"a check cites {name}, which is in no register" for name in checks if name not in known]
    for template in templates:
        if template.id in checks and template.unchecked:
            faults.append(f"{template.id} has a check, but says that it has none: {template.unchecked}")
        if template.id not in checks and not template.unchecked:
            faults.append(f"{template.id} has no check and does not say why")
    if faults:
        raise InternalError("; ".join(faults))
    return checks
