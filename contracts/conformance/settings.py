"""How a run judges: what is selected, how hard it looks, what it knows of the target.

The rule: data, checked when it is made. Where it comes from is `configured`'s, what is done with it the judge's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.conformance.deviations import Deviation
from contracts.conformance.effort import PROFILES
from contracts.conformance.verdicts import Level
from contracts.errors import UsageError


@dataclass(frozen=True)
class Settings:
    """How to judge.

    `seed` and `run_id` make the keys and the searches: the same two send the same bytes (`run_id` None: a new one, so
    that two runs on one portal do not meet), `include` selects requirements by id (globs), `resources` selects
    operations by their path or a segment of it (globs), and each takes `share` requests at most, `fail_level` is the
    weakest level whose violation fails the run, `profile` one of PROFILES, `key_prefix` marks the suite's records,
    `accepts` holds the only values that the target takes for a member, `zone` is the target's (an IANA name),
    `deviations` are the violations that somebody answers for.
    """

    seed: int = 1
    run_id: str | None = None
    include: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    share: int | None = None
    fail_level: Level = "should"
    profile: str = "quick"
    key_prefix: str = "pc-"
    accepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str | None = None
    deviations: tuple[Deviation, ...] = ()

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise UsageError(f"profile: expected one of {', '.join(PROFILES)}, got {self.profile!r}")
        if self.fail_level not in ("must", "should"):
            raise UsageError(f"fail level: expected must or should, got {self.fail_level!r}")
        if self.run_id is not None and not re.fullmatch(r"[A-Za-z0-9]{1,20}", self.run_id):
            raise UsageError(f"run id: expected 1 to 20 letters and digits, got {self.run_id!r}")
