"""What a person knows and the pages leave open, as a file beside the pages: `contract.toml`.

    author = "Jo Green, integrator"          who says so: the evidence of every fact below

    [models.OrderModel]
    key = "ExternalId"
    [models.OrderModel.members.Total]
    type = "Int64"
    nullable = true
    [models.Colour.values]
    Red = 1                                  its number; in quotes how it is written: its EnumMember's value
    Green = "verde"
    [operations."POST api/Orders"]
    upsert = true
    body = "order"                           what the action calls its body: the head of the keys of a 400 answer
    [operations."GET api/Orders/search?name&page".parameters.page]
    nullable = false

`settle` puts such a file over a contract, `template` writes one with everything that is open.

The rule: a fact of an overlay is stated, its evidence names the file, the line and the author. A name that the contract
does not have is an error that tells the nearest one; nothing is ignored silently. No page is read here.
"""

from __future__ import annotations

from contracts.overlay.settling import settle
from contracts.overlay.template import template

__all__ = ["settle", "template"]
