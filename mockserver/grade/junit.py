"""A grade as JUnit XML, for CI servers: a suite, a case for each rule.

The rule: a broken rule of the level that counts is a failure; one below it, and one that was not seen, is skipped with
its reason, so that it never looks like a pass.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from mockserver.grade.grading import Grade
from mockserver.grade.ledger import Finding, Outcome, Verdict


def as_junit(grade: Grade) -> bytes:
    """The grade as one testsuites element, in UTF-8."""
    root = ElementTree.Element("testsuites", name="portal-mock grade")
    suite = ElementTree.SubElement(root, "testsuite", name=_clean(grade.source))
    told = [_case(suite, grade, outcome) for outcome in grade.outcomes]
    for element in (root, suite):
        element.set("tests", str(len(told)))
        element.set("failures", str(told.count("failure")))
        element.set("errors", "0")
        element.set("skipped", str(told.count("skipped")))
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(suite: ElementTree.Element, grade: Grade, outcome: Outcome) -> str:
    rule = outcome.rule
    case = ElementTree.SubElement(
        suite, "testcase", classname=f"{rule.level}.{rule.id.partition('.')[0]}", name=rule.id, time="0"
    )
    if outcome.verdict is Verdict.KEPT:
        return ""
    found = [one for one in grade.findings if rule.id in (one.rule.id, *one.also)]
    text = "\n\n".join(_told(one) for one in found)
    if outcome.verdict is Verdict.BROKEN and any(grade.counts_as_fault(one) for one in found):
        ElementTree.SubElement(case, "failure", message=_clean(rule.sentence), type="broken").text = _clean(text)
        return "failure"
    why = f"broken, but only {rule.level}: {text}" if outcome.verdict is Verdict.BROKEN else "not seen"
    ElementTree.SubElement(case, "skipped", message=_clean(why))
    return "skipped"


def _told(found: Finding) -> str:
    cases = [
        "; ".join(
            part
            for part in (
                case.about, case.sent and f"sent {case.sent}", case.got and f"got {case.got}",
                case.instead and f"wanted {case.instead}",
            )
            if part
        )
        for case in found.cases
    ]  # fmt: skip
    numbers = ", ".join(str(step.number) for step in found.steps)
    return "\n".join([f"{found.id} {found.operation}", *cases, f"exchanges {numbers}", f"to do: {found.rule.remedy}"])


# XML 1.0 §2.2: what no document can carry.
def _clean(text: str) -> str:
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
