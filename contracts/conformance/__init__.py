"""The judge: does an endpoint keep what its help page promises?

    check(contract, target, settings, progress) -> Report;  print_report, write_report show it

The rule: it knows the contract and HTTP, and shares no code with any portal. Requirements are data
(`requirements.toml`).
"""

from contracts.conformance.configured import read_config, settings_of, target_of
from contracts.conformance.console import print_report, print_requirements, progress_on
from contracts.conformance.judge import Progress, Settings, check, requirements_of
from contracts.conformance.listing import requirements_as_json
from contracts.conformance.replay import read_finding, replay
from contracts.conformance.report import Report
from contracts.conformance.target import Target
from contracts.conformance.write import forget_report, write_report

__all__ = [
    "Progress",
    "Report",
    "Settings",
    "Target",
    "check",
    "forget_report",
    "print_report",
    "print_requirements",
    "progress_on",
    "read_config",
    "read_finding",
    "replay",
    "requirements_as_json",
    "requirements_of",
    "settings_of",
    "target_of",
    "write_report",
]
