"""The report as JUnit XML, for CI servers: a suite for each resource, a case for each requirement.

The rule: a violation is a failure, what could not be judged for an error is an error, and everything else that is not
satisfied is skipped with its reason; an exclusion never looks like a pass.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from contracts.conformance.parts import Part
from contracts.conformance.report import Finding, Outcome, Report
from contracts.conformance.verdicts import LEVELS, Verdict


def as_junit(report: Report) -> bytes:
    """The report as one testsuites element, in UTF-8: a suite for each resource, with its requests as properties."""
    root = ElementTree.Element("testsuites", name="portal-contract")
    told = [kind for part in report.parts for kind in _suite(root, report, part)]
    _count(root, told, report.seconds)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _suite(root: ElementTree.Element, report: Report, part: Part) -> list[str]:
    suite = ElementTree.SubElement(root, "testsuite", name=part.operation, timestamp=report.started[:-1])
    properties = ElementTree.SubElement(suite, "properties")
    for name, count in {"requests": part.requests, **{f"requests {o}": n for o, n in part.operations.items()}}.items():
        ElementTree.SubElement(properties, "property", name=_clean(name), value=str(count))
    told = [_case(suite, report, outcome) for outcome in report.of(part)]
    _count(suite, told, part.seconds)
    return told


def _count(element: ElementTree.Element, told: list[str], seconds: float) -> None:
    element.set("tests", str(len(told)))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(told.count(kind)))
    element.set("time", f"{seconds:.3f}")


def _case(suite: ElementTree.Element, report: Report, outcome: Outcome) -> str:
    requirement = outcome.requirement
    family = requirement.id.partition(".")[0]
    case = ElementTree.SubElement(
        suite, "testcase", classname=f"{requirement.level}.{family}", name=requirement.id, time=f"{outcome.seconds:.3f}"
    )
    failing = requirement.level in LEVELS[: LEVELS.index(report.fail_level) + 1]
    if outcome.verdict is Verdict.SATISFIED:
        return ""
    if outcome.verdict is Verdict.VIOLATED and outcome.deviation is None and failing:
        found = next((f for f in report.findings if f.requirement.id == requirement.id), None)
        message = f"expected {found.expected}, got {found.got}" if found else outcome.reason
        ElementTree.SubElement(case, "failure", message=_clean(message), type="violated").text = _clean(_told(found))
        return "failure"
    if outcome.verdict is Verdict.ERROR:
        ElementTree.SubElement(case, "error", message=_clean(outcome.reason), type="error")
        return "error"
    reason = f"known deviation: {outcome.deviation}" if outcome.deviation else outcome.reason or outcome.verdict.words
    ElementTree.SubElement(case, "skipped", message=_clean(f"{outcome.verdict.words}: {reason}"))
    return "skipped"


def _told(found: Finding | None) -> str:
    if found is None:
        return ""
    sources = "\n".join(str(source) for source in found.requirement.sources)
    return f"{found.requirement.sentence}\n{sources}\n{found.curl}"


# XML 1.0 §2.2: what no document can carry.
def _clean(text: str) -> str:
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
