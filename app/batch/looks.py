"""The looks of a job: garments worn together, in every size, fabric and colourway that a [[look]] asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from app.located import Table, typed
from app.project import AUTO, Project, Wish
from app.projectfile import load
from assets import units
from assets.errors import UsageError
from garments.blocks.drafting import chosen
from garments.colours.colourway import PLAIN, Colourway, read
from garments.designs import designs
from garments.fabric import fabric
from garments.garment import MADE_TO_MEASURE
from garments.grading import chart, charts_for
from garments.sizing import PREFERENCES

if TYPE_CHECKING:
    from garments.imported.readymade import ReadyMade

_GARMENT = ("design", "file", "size", "fabric", "colour", "colourway", "options", "chart", "likes", "unit", "up",
            "scale_to_body")  # fmt: skip


Ways = tuple[tuple[str, Colourway], ...]
"""Colourways by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Garments worn together, and the colourways to show them in: the name of each ("" where there is but one) and
    what each garment wears."""

    name: str
    wishes: tuple[Wish, ...]
    ways: tuple[tuple[str, tuple[Colourway, ...]], ...]


def project_of(table: Table) -> Project:
    """The project in the file that a table names."""
    return table.made("project", load, str(table.file("project"))).project


def looks_of(look: Table) -> Iterator[Look]:
    """A [[look]] in every size and fabric, with its colourways."""
    look.only("name", "sizes", "project", "garment")
    number = look.way[-1] + 1 if isinstance(look.way[-1], int) else 1
    if "project" in look.told:
        if "garment" in look.told:
            raise look.wrong("garment", "is told by the project already: leave one of them out")
        wishes = project_of(look).wishes
        if not wishes:
            raise look.wrong("project", "nothing is worn in it")
        worn: list[list[tuple[Wish, Ways]]] = [[(wish, (("", wish.colours),))] for wish in wishes]
    else:
        worn = [list(_garments(garment)) for garment in look.tables("garment")]
        if not worn:
            raise look.wrong(None, "there is no [[look.garment]] in this look")
    name = look.line("name") or " + ".join(each[0][0].design.replace("_", " ") for each in worn) or f"look {number}"
    sizes = tuple(look.made("sizes", _size, worn[0][0][0].chart, size) for size in look.lines("sizes")) or (None,)
    varied = [{(each.size, each.fabric) for each, _ in garment} for garment in worn]
    for size in sizes:
        for each in product(*worn):
            wishes = tuple(wish if size is None or wish.made else replace(wish, size=size) for wish, _ in each)
            words = [name, *([size] if len(sizes) > 1 and size else [])]
            for wish, several in zip(wishes, varied, strict=True):
                if len(several) > 1:
                    words += [wish.size] if len({one for one, _ in several}) > 1 else []
                    words += [wish.fabric or "own"] if len({one for _, one in several}) > 1 else []
            yield Look(" ".join(words), wishes, tuple(_ways([ways for _, ways in each])))


def _ways(of: list[Ways]) -> Iterator[tuple[str, tuple[Colourway, ...]]]:
    """Every garment's colourways with every other's."""
    for each in product(*of):
        yield " ".join(name for name, _ in each if name), tuple(way for _, way in each)


def _garments(garment: Table) -> Iterator[tuple[Wish, Ways]]:
    """A [[look.garment]] in every size and fabric, each with its colourways."""
    garment.only(*_GARMENT)
    if ("design" in garment.told) == ("file" in garment.told):
        raise garment.wrong(None, "a garment is either a design of Toile's or a file")
    likes = garment.choice("likes", tuple(PREFERENCES))
    ways = tuple(_colours(garment))
    fabrics = garment.lines("fabric") or (None,)
    for name in filter(None, fabrics):
        garment.made("fabric", fabric, name)
    if "file" in garment.told:
        made = garment.made("file", _opened, garment)
        for cloth in fabrics:
            yield Wish(made.name, AUTO, cloth, made=made), ways
        return
    design = garment.choice("design", tuple(designs())) or ""
    named = garment.line("chart") or None
    if named and named.lower().endswith(".csv"):
        named = str(garment.file("chart"))
    options = _options(garment, design)
    garment.made("chart", charts_for, named, None)
    sizes = [garment.made("size", _size, named, one) for one in garment.lines("size")] or [AUTO]
    for size, cloth in product(sizes, fabrics):
        yield Wish(design, size, cloth, chart=named, options=options, likes=likes), ways


def _opened(garment: Table) -> "ReadyMade":
    from garments.formats import read_garment

    unit, up = (garment.line(key) or None for key in ("unit", "up"))
    return read_garment(garment.file("file"), unit, up, garment.yes("scale_to_body"))


def _size(named: str | None, written: str) -> str:
    known = tuple(dict.fromkeys(size for name in charts_for(named, None) for size in chart(name).sizes))
    special = {AUTO: AUTO, "measured": MADE_TO_MEASURE, MADE_TO_MEASURE: MADE_TO_MEASURE}
    found = special | {size.lower(): size for size in known}
    if written.lower() not in found:
        raise UsageError(f"there is no size {written!r}: it is one of {', '.join(known)}, auto or measured")
    return found[written.lower()]


def _options(garment: Table, design: str) -> dict[str, float]:
    told, offered, title = garment.table("options"), designs()[design].OPTIONS, designs()[design].TITLE
    found: dict[str, float] = {}
    for name in told.told:
        if name in offered:
            found[name] = told.made(name, _option, offered[name].unit, told.told[name])
        told.made(name, chosen, offered, found | {name: found.get(name, 0.0)}, title)
    return found


def _option(unit: str, value: Any) -> float:
    if unit == "rad":
        return units.angle(typed(value))
    return units.signed_length(typed(value)) if unit == "m" else units.quantity(typed(value), "share", "")


def _colours(garment: Table) -> Iterator[tuple[str, Colourway]]:
    """The colourways of a garment by name; the fabric's own where nothing is said."""
    plain = garment.some("colour")
    written = garment.some("colourway")
    several = len(plain) + len(written) > 1
    if not plain and not written:
        yield "", PLAIN
    for shade in plain:
        way = garment.made("colour", read, {"colour": shade}, garment.path.parent)
        yield str(shade).lstrip("#") if several else "", way
    for number, told in enumerate(written, 1):
        if not isinstance(told, Mapping):
            raise garment.wrong("colourway", "is a table, or a list of tables")
        rest = {key: value for key, value in told.items() if key != "name"}
        way = garment.made("colourway", read, rest, garment.path.parent)
        yield str(told.get("name", f"colourway {number}"))[:60] if several else "", way


def apart(looks: list[Look]) -> Iterator[Look]:
    """The looks under names of their own."""
    taken: dict[str, int] = {}
    for look in looks:
        taken[look.name] = taken.get(look.name, 0) + 1
        again = taken[look.name]
        yield look if again == 1 else replace(look, name=f"{look.name} {again}")
