"""Pairs of members: which change together, and which one changes while the other must stay.

The rule: knowledge of combinations only. `covering` follows Kleitman and Spencer (1973): each member is a different
word of zeros and ones, more than half of them ones and as many in every word, and place by place these words say who
changes. Any two words share a one and differ both ways: every pair is seen changing together, and each of both alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, count, islice
from math import comb


def covering(members: int) -> tuple[frozenset[int], ...]:
    """Sets of changing members, few, in which every pair changes together and each of both without the other.

    >>> [sorted(row) for row in covering(3)]
    [[0, 1], [0, 2], [1, 2]]
    """
    if members < 2:
        return (frozenset(range(members)),) if members else ()
    length = next(n for n in count(3) if comb(n, n // 2 + 1) >= members)
    words = list(islice(combinations(range(length), length // 2 + 1), members))
    rows = (frozenset(member for member, word in enumerate(words) if place in word) for place in range(length))
    return tuple(row for row in rows if row)


def seen(rows: Iterable[frozenset[int]], members: int) -> set[tuple[int, int, str]]:
    """What rows of changing members show of pairs: (one, other, "both"), (one, other, "one") and so on, one < other."""
    found = set()
    for row in rows:
        for one, other in combinations(range(members), 2):
            if one in row or other in row:
                how = "both" if one in row and other in row else "one" if one in row else "other"
                found.add((one, other, how))
    return found
