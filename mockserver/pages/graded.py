"""The grade as a page: the client whose exchanges are in the journal, judged as `portal-mock grade` judges it.

The rule: what it shows is the grade's own template; only the way to the exchanges is added.
"""

from __future__ import annotations

from mockserver.pages.visits import Shown, Visit, page


def graded(visit: Visit) -> Shown:
    """The grade of the tenant's journal."""
    from mockserver.grade import grade  # a portal that nobody asks passes nothing of it
    from mockserver.grade.html import facts

    found = grade(
        visit.tenant.journal.all(),
        visit.portal.reading,
        source=f"the journal of {visit.base}",
        zone=visit.tenant.settings.timezone,
    )
    return page(visit, "grade", **facts(found, f"{visit.root}/page/exchanges/"))
