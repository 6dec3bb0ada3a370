"""The options that pin and tack points of cloth: what was asked for, and where it is once the garments were draped."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from assets import units
from assets.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

    from app.pipeline import TryOn
    from app.project import Wish
    from garments.pinning import Anchor, Spot

FAR = 0.03
"""So far beside its panel [m] a point may be named: less than a seam allowance and a half."""
BODY = "body"


class Point(NamedTuple):
    """A point of a garment: its design, the panel, weft and warp [m]."""

    garment: str
    panel: str
    weft: float
    warp: float


class Asked(NamedTuple):
    """What an option asks for: the point, how far it is moved from where it lies [m], and what it is tacked to: a
    point, the body or, of a pin, nothing."""

    option: str
    point: Point
    move: tuple[float, ...] = (0.0, 0.0, 0.0)
    to: Point | str = ""


def add_pins(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is held in place; points by their place in the flat panel")
    group.add_argument(
        "--pin", action="append", default=[], metavar="GARMENT.PANEL=WEFT,WARP[@LEFT,UP,FRONT]",
        help='hold a point where it lies, or so far from there: "tee.front=0,-60cm@0,4cm,0"; repeat for more'
    )  # fmt: skip
    group.add_argument(
        "--tack", action="append", default=[], metavar='"POINT to POINT|body"',
        help='hold two points together: "tee.front=0,-50cm to skirt.front=0,-5cm", or one and the skin under it'
    )  # fmt: skip


def asked(args: argparse.Namespace, wishes: "tuple[Wish, ...]") -> tuple[Asked, ...]:
    """What the options ask for. Raises UsageError, naming the option."""
    worn = {wish.design for wish in wishes}
    found = []
    for written in args.pin:
        point, at, move = written.partition("@")
        moved = _lengths(f"--pin {written}", move, 3) if at else (0.0, 0.0, 0.0)
        found.append(Asked(f"--pin {written}", _point(f"--pin {written}", point, worn), moved))
    for written in args.tack:
        first, to, second = written.partition(" to ")
        if not to:
            raise UsageError(f'--tack {written!r}: write it as "POINT to POINT" or "POINT to body"')
        option = f"--tack {written}"
        other = BODY if second.strip() == BODY else _point(option, second, worn)
        found.append(Asked(option, _point(option, first, worn), to=other))
    return tuple(found)


def held(wishes: "tuple[Wish, ...]", wanted: tuple[Asked, ...], result: "TryOn") -> "tuple[Wish, ...]":
    """The wishes with their pins and tacks put in where they lie in a try-on without. Raises UsageError for points
    that are beside their panels."""
    from garments.pinning import Pin, Tie, anchor

    skin = result.body.skin
    for one in wanted:
        number, spot, place = _found(one.option, one.point, result)
        before = wishes[number].held
        if isinstance(one.to, Point):
            other, second, _ = _found(one.option, one.to, result)
            tie = Tie(spot, second, "" if other == number else one.to.garment)
            after = replace(before, ties=(*before.ties, tie))
        elif one.to == BODY:
            after = replace(before, pins=(*before.pins, Pin(spot, _skin_under(place, result), skin=True)))
        else:
            pin = Pin(spot, anchor(place + one.move, skin.vertices, skin.faces))
            after = replace(before, pins=(*before.pins, pin))
        wishes = tuple(replace(wish, held=after) if k == number else wish for k, wish in enumerate(wishes))
    return wishes


def _skin_under(place: "np.ndarray", result: "TryOn") -> "Anchor":
    """The place off the skin nearest to a place [m] [3]."""
    from assets.closest import Surface
    from garments.pinning import over_skin

    skin = result.body.skin
    face, shares = Surface(skin.vertices, skin.faces).over(place[None])
    return over_skin(shares[0] @ skin.vertices[skin.faces[face[0]]], int(face[0]), skin.vertices, skin.faces)


def _found(option: str, point: Point, result: "TryOn") -> "tuple[int, Spot, np.ndarray]":
    """The garment's number, the vertex nearest to a point as a spot, and where it lies [m]."""
    import numpy as np

    from garments.pinning import Spot, on_cloth

    number = next(k for k, garment in enumerate(result.garments) if garment.design == point.garment)
    drape = result.drapes[number]
    cloth = drape.cloth
    vertex = on_cloth(Spot(*point[1:]), cloth) if point.panel in cloth.panel_names else None
    if vertex is None:
        raise UsageError(
            f"{option}: the {point.garment} has no panel {point.panel}: it has {', '.join(cloth.panel_names)}"
        )
    own = cloth.panel == cloth.panel_names.index(point.panel)
    mine = cloth.rest[own]
    flat = mine[cloth.faces[own] == vertex][0]
    if np.hypot(*(flat - point[2:])) > FAR:
        low, high = mine.reshape(-1, 2).min(axis=0), mine.reshape(-1, 2).max(axis=0)
        spans = (f"{100 * a:.1f} to {100 * b:.1f} cm" for a, b in zip(low, high, strict=True))
        raise UsageError(f"{option}: that is beside the panel, which goes from {' and from '.join(spans)}")
    return number, Spot(point.panel, float(flat[0]), float(flat[1])), drape.positions[vertex].astype(float)


def _point(option: str, written: str, worn: set[str]) -> Point:
    name, equals, place = written.strip().partition("=")
    garment, dot, panel = name.strip().partition(".")
    if not (equals and dot and panel):
        raise UsageError(f"{option}: write a point as GARMENT.PANEL=WEFT,WARP, like tee.front=0,-60cm")
    if garment not in worn:
        raise UsageError(f"{option}: no {garment} is worn; add --garment {garment}")
    weft, warp = _lengths(option, place, 2)
    return Point(garment, panel.strip(), weft, warp)


def _lengths(option: str, written: str, count: int) -> tuple[float, ...]:
    """Lengths [m] with commas between."""
    told = written.split(",")
    if len(told) != count:
        raise UsageError(f"{option}: {count} lengths with commas between are wanted, not {written!r}")
    try:
        return tuple(units.signed_length(each.strip()) for each in told)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from error
