"""`portal-mock grade`: what a client sent, judged as a client's conformance.

    journal, HAR ─ sources ─▶ exchanges ─ history ─▶ checks ─ ledger ─▶ Grade ─ console, JSON, NDJSON, JUnit, HTML

The rule: rules are data (`rules.toml`), a rule that was not exercised is "not seen" and never green, and every finding
bears the exchanges that show it. What the portal lost was told by the portal; for traffic from elsewhere the portal is
asked what it would have lost.
"""

from mockserver.grade.grading import Grade, grade
from mockserver.grade.ledger import Case, Finding, Outcome, Verdict
from mockserver.grade.rules import LEVELS, Level, Rule, rules

__all__ = ["LEVELS", "Case", "Finding", "Grade", "Level", "Outcome", "Rule", "Verdict", "grade", "rules"]
