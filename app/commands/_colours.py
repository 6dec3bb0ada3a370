"""The options that say which colour and print each panel has."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from assets.errors import ToileError, UsageError

if TYPE_CHECKING:
    from app.project import Wish
    from garments.colours.colourway import Colourway, Paint


def add_colours(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--colourway", action="extend", nargs="+", default=[], metavar="GARMENT.PANEL=COLOUR",
        help="the colour of a panel or of its stitching, like tee.neckband=navy or shirt.stitching=white"
    )  # fmt: skip
    group.add_argument(
        "--print", action="extend", nargs="+", default=[], metavar="GARMENT[.PANEL]=WHAT[@WIDTH[,ANGLE[,X,Y]]]",
        help="a picture file or a figure, like tee=\"breton white navy @ 3 cm\" or skirt=flowers.png@12cm,45: the "
        "width of a repeat, degrees off the grain, where it starts; lines are laid to meet at seams"
    )  # fmt: skip


def in_colours(wishes: "tuple[Wish, ...]", args: argparse.Namespace) -> "tuple[Wish, ...]":
    """The wishes in the colourways that are asked for. Raises UsageError or InputRefused, naming the option."""
    found = {wish.design: wish.colourway for wish in wishes}
    for option, given in (("--print", args.print), ("--colourway", args.colourway)):
        for written in given:
            name, equals, what = written.partition("=")
            garment, _, panel = name.strip().partition(".")
            if not equals or not what.strip():
                raise UsageError(f"{option} {written!r}: write it as GARMENT.PANEL=WHAT")
            if garment not in found:
                raise UsageError(f"{option} {written}: no {garment} is worn; add --garment {garment}")
            try:
                change = _printed if option == "--print" else _coloured
                found[garment] = change(found[garment], panel.strip(), what.strip())
            except ToileError as error:
                raise type(error)(f"{option} {name}: {error}") from error
    return tuple(replace(wish, colourway=_checked(wish, found[wish.design])) for wish in wishes)


def _coloured(way: "Colourway", panel: str, written: str) -> "Colourway":
    from garments.colours.colourway import STITCHING, Paint
    from garments.colours.palette import shade

    colour = shade(written)
    if panel == STITCHING:
        return replace(way, stitching=colour)
    return replace(way, colour=colour) if not panel else _with(way, panel, Paint(colour))


def _printed(way: "Colourway", panel: str, written: str) -> "Colourway":
    from garments.colours.colourway import Paint, read_print

    what, _, place = written.rpartition("@") if "@" in written else (written, "", "")
    figure = read_print(what.strip(), **_placed(place))
    return replace(way, print=figure) if not panel else _with(way, panel, Paint(print=figure))


def _placed(written: str) -> dict:
    """Width, angle and offset of a print. Raises UsageError."""
    from math import radians

    from assets import units

    parts = [part.strip() for part in written.split(",")] if written.strip() else []
    if len(parts) not in (0, 1, 2, 4):
        raise UsageError(f"{written!r} is not understood: write WIDTH, or WIDTH,ANGLE, or WIDTH,ANGLE,X,Y")
    place: dict = {"width": units.length(parts[0])} if parts else {}
    if len(parts) > 1:
        place["angle"] = radians(units.signed(parts[1].removesuffix("deg").removesuffix("°")))
    if len(parts) > 2:
        place["offset"] = (units.signed_length(parts[2]), units.signed_length(parts[3]))
    return place


def _with(way: "Colourway", panel: str, paint: "Paint") -> "Colourway":
    return replace(way, panels={**way.panels, panel: paint})


def _checked(wish: "Wish", way: "Colourway") -> "Colourway":
    """The colourway, when every panel that it names is the garment's."""
    from garments.designs import design
    from garments.grading import SEXES, chart, size_measurements

    if not way.panels:
        return way
    if wish.made is not None:
        return way.checked(tuple(name.replace(" ", "_") for name in wish.made.panel_names))
    measures = size_measurements(chart(SEXES[0]).middle, SEXES[0])
    return way.checked(tuple(panel.name for panel in design(wish.design).draft(measures, wish.options).panels))
