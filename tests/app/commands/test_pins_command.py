"""Pins and tacks on the command line: read from options, put in where the cloth came to lie, refused by name."""

from argparse import Namespace
from types import SimpleNamespace

import numpy as np
import pytest

from app.commands._pins import BODY, asked, held
from app.project import Wish
from assets.errors import UsageError
from body.model import load_model
from garments.cloth import mesh
from garments.garment import garment
from garments.pinning import OVER_SKIN, on_cloth

WORN = (Wish("tee"), Wish("skirt"))


def options(pin: tuple[str, ...] = (), tack: tuple[str, ...] = ()) -> Namespace:
    return Namespace(pin=list(pin), tack=list(tack))


def test_what_is_asked_for_is_read_with_its_units() -> None:
    pin, tack, skin = asked(
        options(("tee.front=0,-63cm@0,5cm,30mm",), ("tee.back=1in,-0.4m to skirt.front=0,0", "tee.front=0,-9 to body")),
        WORN,
    )
    assert (pin.point.garment, pin.point.panel) == ("tee", "front") and pin.point[2:] == (0.0, -0.63)
    assert pin.move == pytest.approx((0.0, 0.05, 0.03)) and not pin.to
    assert tack.point[2:] == pytest.approx((0.0254, -0.4)) and tack.to[:2] == ("skirt", "front")
    assert skin.to == BODY and skin.point.warp == pytest.approx(-0.09)


@pytest.mark.parametrize(
    ("pin", "tack", "said"),
    [
        (("front=0,0",), (), "GARMENT.PANEL=WEFT,WARP"),
        (("coat.front=0,0",), (), "no coat is worn"),
        (("tee.front=0",), (), "2 lengths"),
        (("tee.front=0,0@1,2",), (), "3 lengths"),
        (("tee.front=0,much",), (), "--pin tee.front=0,much"),
        ((), ("tee.front=0,0",), "POINT to POINT"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_option(pin, tack, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asked(options(pin, tack), WORN)


def test_pins_are_put_in_where_the_cloth_lies() -> None:
    made = garment("tee", "M", "female")
    cloth = mesh(made, 0.03)
    x = np.random.default_rng(5).uniform((-0.3, 0.8, 0.1), (0.3, 1.4, 0.2), (cloth.count, 3)).astype(np.float32)
    body = load_model().body()
    drape = SimpleNamespace(cloth=cloth, positions=x)
    result = SimpleNamespace(body=body, garments=(made,), drapes=(drape,))
    wanted = asked(
        options(
            ("tee.front=0,-30cm@0,5cm,0",), ("tee.front=8cm,-40cm to body", "tee.front=0,-30cm to tee.back=0,-30cm")
        ),
        WORN[:1],
    )
    (wish,) = held(WORN[:1], wanted, result)
    pin, skin = wish.held.pins
    (tie,) = wish.held.ties
    lies = x[on_cloth(pin.spot, cloth)]
    assert pin.place.on(body.vertices, body.skin.faces) == pytest.approx(lies + np.array([0.0, 0.05, 0.0]), abs=1e-5)
    assert skin.skin and skin.place.off == OVER_SKIN
    assert tie.first == pin.spot and tie.second.panel == "back" and tie.garment == ""
    for beside, said in (("tee.front=0,2m", "beside the panel"), ("tee.hood=0,0", "no panel hood")):
        with pytest.raises(UsageError, match=said):
            held(WORN[:1], asked(options((beside,)), WORN[:1]), result)
