"""Failures on purpose: what is to go wrong with which requests of a tenant.

    kinds      the tables: every kind with its parameters       matching   whether a request is meant
    rules      a fault as data, text or file                    arranged   whose turn it is, by count and seed
    sending    how each kind is done                            pausing    waiting without stopping others
    resetting  the connection itself

The rule: a fault is never silent: the journal names it, the log too. Where nothing is arranged a request pays one look
at an empty tuple. How the portal differs from the page for good is a defect (`mockserver.defects`), not a fault.
"""

from mockserver.faults.arranged import Arranged, Chosen, Faults
from mockserver.faults.rules import Rule, read, read_file, read_text

__all__ = ["Arranged", "Chosen", "Faults", "Rule", "read", "read_file", "read_text"]
