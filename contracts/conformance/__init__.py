"""The judge: does an endpoint keep what its help page promises?

    check(contract, target, settings, progress) -> Report;  print_report, write_report show it

The rule: it knows the contract and HTTP, and shares no code with any portal. Requirements are data
(`requirements.toml`). A name is imported when it is first used, so that a mistake in a URL is told at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contracts.conformance.again import read_finding, replay
    from contracts.conformance.configured import read_config, settings_of, target_of
    from contracts.conformance.console import print_report, progress_on
    from contracts.conformance.judge import check, requirements_of
    from contracts.conformance.listing import (
        as_rows,
        differences,
        differences_as_json,
        read_listing,
        requirements_as_json,
    )
    from contracts.conformance.register import print_differences, print_requirements
    from contracts.conformance.report import Report
    from contracts.conformance.running import Progress
    from contracts.conformance.settings import Settings
    from contracts.conformance.target import Target
    from contracts.conformance.write import forget_report, write_report

#: Every public name, by the module that has it.
_MODULES = {
    "configured": ("read_config", "settings_of", "target_of"),
    "console": ("print_report", "progress_on"),
    "judge": ("check", "requirements_of"),
    "running": ("Progress",),
    "listing": ("as_rows", "differences", "differences_as_json", "read_listing", "requirements_as_json"),
    "register": ("print_differences", "print_requirements"),
    "again": ("read_finding", "replay"),
    "report": ("Report",),
    "settings": ("Settings",),
    "target": ("Target",),
    "write": ("forget_report", "write_report"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return value


__all__ = [
    "Progress",
    "Report",
    "Settings",
    "Target",
    "as_rows",
    "check",
    "differences",
    "differences_as_json",
    "forget_report",
    "print_differences",
    "print_report",
    "print_requirements",
    "progress_on",
    "read_config",
    "read_finding",
    "read_listing",
    "replay",
    "requirements_as_json",
    "requirements_of",
    "settings_of",
    "target_of",
    "write_report",
]
