"""Everything that can go wrong, and whose fault it is.

    PortalError                    anything this project raises on purpose
    ├── PageError                  the page's fault: it cannot be read, or contradicts itself
    ├── NotesError                 the page's too: it was not read in full, and that was asked for
    ├── UsageError                 the user's fault: an option, a file, a selection of nothing
    ├── TargetError                the judged endpoint could not be reached or asked at all
    └── InternalError              our own fault

The rule: an error says what is wrong, where, what was expected, what was found, and what to do next.
What a judged endpoint does wrong is a finding, never an exception, so it has no class here.
No reading, judging or printing lives in this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class PortalError(Exception):
    """An error meant for people: its text is complete, and `exit_code` is what a command ends with."""

    exit_code = 2


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong with a page.

    `page` is the name of the page, `line` the 1-based line in its text (0: the page as a whole),
    `what` the fault in one sentence, `remedy` what the reader of the message should do. `broken` says that the page is
    damaged (cut off), so that nothing it says can be relied on.
    """

    page: str
    line: int
    what: str
    remedy: str
    broken: bool = False

    @property
    def matters(self) -> bool:
        """Whether there is something to do about it; a remedy that begins with "nothing" says that there is not."""
        return not self.remedy.startswith("nothing")

    def __str__(self) -> str:
        where = f"{self.page}, line {self.line}" if self.line else self.page
        return f"{where}: {self.what}\n    what to do: {self.remedy}"


class PageError(PortalError):
    """The page cannot become a contract; `faults` holds every fault found in it, in page order."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(sorted(set(faults)))
        count = len(self.faults)
        head = "1 fault in the help page" if count == 1 else f"{count} faults in the help page"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


class NotesError(PortalError):
    """Something of the pages was not understood or left out, where that was to be refused; `notes` says what."""

    exit_code = 1

    def __init__(self, notes: Iterable[Fault]):
        self.notes = tuple(notes)
        count = len(self.notes)
        head = "1 thing in the pages was" if count == 1 else f"{count} things in the pages were"
        super().__init__("\n".join([f"{head} not understood or left out", *(f"  {note}" for note in self.notes)]))


class UsageError(PortalError):
    """The command was asked for something that makes no sense; the text says what would."""


class TargetError(PortalError):
    """The target could not be judged at all (not reachable, wrong base path, …): no verdict."""

    exit_code = 3


class InternalError(PortalError):
    """A promise of our own was broken; the text asks for a report."""

    exit_code = 70
