"""Garments in their colours: a colourway laid on items, so that another colour or print needs no other drape."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.scenes.sewing import HEM
from garments.colours.colourway import Colourway, Paint
from garments.colours.colourway import Print as ClothPrint
from garments.colours.lace import lace
from garments.colours.matching import placed
from garments.colours.tile import relief
from garments.fabric import Look
from garments.pattern import Pattern
from render.scene import Item, Mask, Material, Print, Scene
from render.sky import Vector

if TYPE_CHECKING:
    from garments.garment import Garment

THREAD_SHADE = 0.75
"""How much darker thread that matches is than the cloth."""
PEARL, LIGHT_CLOTH = (0.80, 0.775, 0.72), 0.3
"""The linear RGB of mother-of-pearl, and from what luminance on cloth has buttons of it."""
Shifts = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Coloured:
    """A garment as far as colours go: its panels in the order of an item's parts, the look of its fabric, its
    colourway, and how far each panel's print is moved [m]."""

    panels: tuple[str, ...]
    look: Look
    colourway: Colourway
    shifts: Shifts = field(default_factory=dict)

    @property
    def colour(self) -> Vector:
        return self.colourway.colour or self.look.colour

    @property
    def stitching(self) -> Vector:
        """The colour of its seams' thread."""
        figure = self.colourway.print
        return self.colourway.stitching or _scaled(_mean(figure) if figure else self.colour, THREAD_SHADE)


def coloured(made: "Garment") -> Coloured:
    """A garment's colours, prints laid so that lines meet where they can."""
    from garments.imported.readymade import ReadyMade

    pattern, way = made.pattern, replace(made.colourway, colour=made.colour)
    if isinstance(pattern, ReadyMade):
        return Coloured(pattern.panel_names, made.fabric.look, way if pattern.cut else without_prints(way))
    return Coloured(tuple(panel.name for panel in pattern.panels), made.fabric.look, way, shifts(pattern, way))


def shifts(pattern: Pattern, colourway: Colourway) -> Shifts:
    """How far each panel's print is moved [m] along weft and warp."""
    printed = any(colourway.paint(panel.name).print for panel in pattern.panels)
    return placed(pattern, colourway) if printed else {}


def without_prints(colourway: Colourway) -> Colourway:
    """The same in colours alone: of a garment without flat panels nobody knows where a print would lie."""
    panels = {name: Paint(paint.colour) for name, paint in colourway.panels.items()}
    return replace(colourway, print=None, panels=panels)


def painted(item: Item, made: Coloured) -> Item:
    """An item of a garment, whose parts are its panels and what is sewn on them, in the garment's colours."""
    trims = _buttons(made) if item.parts is not None and item.parts.max(initial=-1) >= len(made.panels) else ()
    if item.parts is None or (made.colourway.plain and not trims):
        return replace(item, material=_plain(made, Paint(made.colour)), materials=())
    alike: dict[tuple, Material] = {}
    for panel in made.panels:
        if _key(made, panel) not in alike:
            alike[_key(made, panel)] = _material(made, panel)
    materials = tuple(alike[_key(made, panel)] for panel in made.panels)
    return replace(item, material=materials[0], materials=(*materials, *trims))


def repainted(scene: Scene, garments: Sequence[Coloured], pale: float = 0.0) -> Scene:
    """A scene whose last items are these garments, in their colours; so much of each is drawn towards grey as `pale`
    says, without weave and sheen, as previews look."""
    count = len(garments)
    if not count or len(scene.items) < count:
        return scene
    bare, worn = scene.items[:-count], scene.items[-count:]
    done = [painted(item, made) for item, made in zip(worn, garments, strict=True)]
    if pale:
        done = [_faded(item, pale) for item in done]
    return replace(scene, items=(*bare, *done))


def _key(made: Coloured, panel: str) -> tuple:
    """What a panel's material follows from."""
    paint = made.colourway.paint(panel)
    return paint.colour, id(paint.print), _shift(made, panel) if paint.print else None


def _shift(made: Coloured, panel: str) -> tuple[float, float]:
    return made.shifts.get(panel.replace(" ", "_"), (0.0, 0.0))


def _material(made: Coloured, panel: str) -> Material:
    paint = made.colourway.paint(panel)
    plain = _plain(made, paint)
    if paint.print is None:
        return plain
    return replace(plain, print=laid(paint.print, _shift(made, panel)))


def laid(figure: ClothPrint, shift: tuple[float, float] = (0.0, 0.0)) -> Print:
    """A print as a renderer takes it, moved by `shift` [m] along weft and warp."""
    turn = figure.axes / figure.size[:, None]
    place = np.column_stack([turn, -turn @ np.add(figure.offset, shift)])
    return Print(figure.picture, place, relief(figure.picture) if figure.relief else None)


def _plain(made: Coloured, paint: Paint) -> Material:
    look = made.look
    colour = paint.colour or made.colour
    fibres = _mean(paint.print) if paint.print else colour
    return Material(
        base_colour=fibres if paint.print else colour,
        roughness=look.roughness,
        specular=0.5,
        sheen_colour=_scaled(fibres, 0.5 * look.sheen, 0.04 * look.sheen),
        weave=look.weave,
        pitch=look.pitch,
        cover=look.cover,
        mask=_lace(look.pitch) if look.weave == "lace" else None,
        thread=made.stitching,
        hem=HEM,
        double_sided=True,
    )


@lru_cache(maxsize=8)
def _lace(width: float) -> Mask:
    """Lace of which a repeat is so wide [m]."""
    return Mask(lace(), np.eye(2, 3) / width)


@lru_cache(maxsize=32)
def _buttons(made: Coloured) -> tuple[Material, ...]:
    """A button, its holes and its thread: mother-of-pearl on light cloth, else a darker tone of the cloth."""
    paint = Paint(made.colour, made.colourway.print)
    own = _mean(paint.print) if paint.print else made.colour
    light = sum(np.multiply(own, (0.2126, 0.7152, 0.0722))) > LIGHT_CLOTH
    colour = PEARL if light else _scaled(own, 0.55, 0.008)
    solid = Material(colour, roughness=0.25 if light else 0.35, double_sided=True)
    hole = replace(solid, base_colour=_scaled(colour, 0.12), roughness=0.9, specular=0.0)
    return solid, hole, replace(solid, base_colour=made.stitching, roughness=0.8, specular=0.3)


PALE, GREY = 0.15, 0.4
"""How much grey is mixed into the colours of a preview, and which."""


def _faded(item: Item, pale: float) -> Item:
    return replace(
        item,
        material=_paler(item.material, pale),
        materials=tuple(_paler(each, pale) for each in item.materials),
    )


def _paler(material: Material, pale: float) -> Material:
    red, green, blue = ((1.0 - pale) * part + pale * GREY for part in material.base_colour)
    return replace(material, base_colour=(red, green, blue), weave="none", sheen_colour=(0.0, 0.0, 0.0))


@lru_cache(maxsize=64)
def _mean(figure: ClothPrint) -> Vector:
    """The mean linear RGB of a print."""
    values = figure.picture.reshape(-1, 3)[:: max(figure.picture.size // 30_000, 1)] / 255.0
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).mean(axis=0)
    red, green, blue = linear.tolist()
    return red, green, blue


def _scaled(colour: Vector, factor: float, lift: float = 0.0) -> Vector:
    red, green, blue = (factor * component + lift for component in colour)
    return red, green, blue
