"""Contract → schemas: what is derived from the page, committed and checked for drift.

    emit(contract)           every file by name, as bytes
    write(contract, folder)  writes them; drift(contract, folder) says which are missing, stale or left over
    Schemas(contract)        the emitted texts themselves, loaded into `jsonschema` and `xmlschema`, as judges of bodies

The rules: the same contract gives the same bytes on every machine (order is the contract's or sorted, LF, UTF-8, no
time); what judges a body is what was emitted. Nothing here reads a page, a network or the checkout.
"""

from contracts.emit.files import drift, emit, stale, write
from contracts.emit.schemas import Schemas

__all__ = ["Schemas", "drift", "emit", "stale", "write"]
