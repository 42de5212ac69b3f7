"""What an action calls its body: settled by the contract, else guessed from the page's words."""

from dataclasses import replace

import pytest
from invented_site import body, contract, many, named, operation, scalar, told

from contracts.helppage import shipped
from contracts.model import TypeRef
from contracts.overlay import settle
from mockserver.webapi.body_names import body_name

_TEXT = scalar("String")


@pytest.mark.parametrize(
    ("ref", "line", "name"),
    [
        (named("FrameModel"), "Whatever it is.", "frame"),
        (named("OrderSheetModel"), "", "sheet"),
        (named("PatientDTO"), "", "patient"),
        (named("EyeViewModel"), "", "eye"),
        (named("Model"), "", "model"),
        (many(named("VoucherModel")), "", "vouchers"),
        (many(named("VoucherModel")), "The coupons.", "coupons"),
        (_TEXT, "The code.", "code"),
        (_TEXT, "A code of the practice.", "code"),
        (_TEXT, "Model used to retrieve or set information about an order sheet.", "sheet"),
        (TypeRef("dictionary", item=scalar("Int32"), key=_TEXT), "Counts by frame.", "counts"),
        (_TEXT, "", "model"),
        (_TEXT, "Is it?", "model"),
    ],
)
def test_the_name_is_guessed_from_the_class_or_from_the_line(ref: TypeRef, line: str, name: str) -> None:
    one = operation("POST", "api/Things", takes=body(ref, line=line))
    assert body_name(contract(one), one) == name


def test_what_is_settled_goes_before_any_guess() -> None:
    settled = replace(body(named("FrameModel")), parameter=told("value"))
    one = operation("POST", "api/Things", takes=settled)
    assert body_name(contract(one), one) == "value"
    assert body_name(contract(one), one, "explicit") == "explicit"


def test_an_overlay_settles_it() -> None:
    one = operation("POST", "api/Things", takes=body(named("FrameModel")))
    text = 'author = "somebody"\n[operations."POST api/Things"]\nbody = "thing"\n'
    (settled,) = settle(contract(one), text).operations
    assert body_name(contract(one), settled) == "thing"
    assert settled.request.parameter.evidence[0].author == "somebody"


def test_the_page_that_comes_along_has_the_name_that_was_recorded() -> None:
    (one,) = shipped().operations
    assert body_name(shipped(), one) == "model"
