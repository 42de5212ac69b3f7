"""How processes that share a store tell each other that settings have changed, without asking the database each time.

A page of memory that forked processes share: who changes something rings, who reads looks whether it rang since then.
The rule: it says that something changed, never what; that stands in the store. Made before the processes are.
"""

from __future__ import annotations

import mmap
import os

_SIZE = 8


class Bell:
    """Rung by one process, heard by all that were forked from the one that made it."""

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, _SIZE)  # anonymous and shared, unless told otherwise

    def ring(self) -> None:
        """Let the others know; they hear it from now on."""
        self._page[:] = os.urandom(_SIZE)

    def heard(self) -> bytes:
        """What differs after each ring."""
        return self._page[:]
