"""What a try-on looks like: the body and its garments as a scene, as cloth or with a map on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from app.project import Scaling, Wish, own_fabric
from app.scenes.figure import figure
from app.scenes.painting import Coloured, coloured, painted, shifts, without_prints
from app.scenes.posing import Rig, rig
from app.scenes.scales import ramp
from app.scenes.tapes import Laid, lay
from app.scenes.trimming import trimmed
from assets.errors import InputRefused
from assets.mesh import frozen
from garments.compare import change
from garments.designs import design
from garments.fabric import fabric
from garments.garment import Cut
from garments.maps import Mapped, load, mapped
from garments.pattern import Pattern
from render.camera import Camera, standard_view
from render.scene import Item, Material, Scene, from_srgb

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from body.conflict import Misfit
    from body.measurements import Measurements
    from body.model import Body
    from garments.cloth import Cloth
    from garments.drape import Certificate, Drape
    from garments.fit import Fit
    from garments.garment import Garment
    from garments.sizing import Advice

MAP_SKIN = Material(base_colour=from_srgb((0.72, 0.72, 0.71)), roughness=0.8, specular=0.3)


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """A garment that was draped: what it was made from, and where its vertices came to rest [m] [n, 3]."""

    cut: Cut
    fabric: str
    positions: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """All that a window shows of a try-on: plain values and arrays, which need no solver and no body model to read.
    `look`: as cloth; `bare`: the body that maps are shown on; `maps` of each garment."""

    look: Scene
    bare: Item
    maps: tuple[Mapped, ...]
    sizes: tuple[str, ...]
    fits: "tuple[Fit, ...]"
    advice: "tuple[Advice, ...]"
    certificates: "tuple[Certificate, ...]"
    measurements: "Measurements"
    notes: tuple[str, ...]
    holds: bool
    failures: tuple[str, ...]
    tapes: tuple[Laid, ...] = ()
    rig: Rig | None = None
    skin: Item | None = None
    misfits: "tuple[Misfit, ...]" = ()
    worn: tuple[Worn, ...] = ()


def show(result: "TryOn") -> Shown:
    """The try-on as a window needs it, looks and maps alike."""
    return Shown(
        look=scene(result),
        bare=bare(result.body),
        maps=maps(result),
        sizes=tuple(garment.size for garment in result.garments),
        fits=result.fits,
        advice=result.advice,
        certificates=tuple(drape.certificate for drape in result.drapes),
        measurements=result.estimate.measurements,
        notes=result.estimate.notes,
        holds=result.holds,
        failures=result.failures(),
        tapes=lay(result.estimate.body),
        rig=rig(result.estimate.body),
        skin=Item("skin", result.body.vertices, result.body.model.skin_faces),
        misfits=result.estimate.misfits,
        worn=tuple(_worn(drape) for drape in result.drapes),
    )


def _worn(drape: "Drape") -> Worn:
    return Worn(drape.garment.cut, drape.garment.fabric.written, drape.positions)


def scene(result: "TryOn") -> Scene:
    """The dressed body as cloth."""
    under = tuple(drape.positions for drape in result.drapes)
    return Scene((*body_items(result.body, under), *map(garment_item, result.drapes)))


def maps(result: "TryOn") -> tuple[Mapped, ...]:
    """The maps of all garments."""
    return tuple(mapped(drape) for drape in result.drapes)


def changes(before: Sequence[Mapped], after: Sequence[Mapped]) -> tuple[Mapped, ...]:
    """The change of maps of garments of the same design, in the order of dressing. Raises InputRefused where there is
    none."""
    left, found = list(before), []
    for garment in after:
        earlier = next((each for each in left if each.design == garment.design), None)
        if earlier is not None:
            left.remove(earlier)
            found.append(change(earlier, garment))
    if not found:
        worn = (" and ".join(each.garment for each in garments) or "nothing" for garments in (before, after))
        raise InputRefused("there is nothing to compare: {} was worn before, {} is now".format(*worn))
    return tuple(found)


def bare(body: "Body") -> Item:
    """The body as maps show it: grey, so that only the cloth has colours."""
    return Item("body", body.vertices, body.faces, MAP_SKIN)


def map_scene(body: Item, garments: Sequence[Mapped], name: str, scaling: Scaling) -> Scene:
    """A map of garments on a body; `name` is one of garments.maps.MAPS."""
    return Scene((body, *(map_item(garment, name, scaling) for garment in garments)))


def map_item(garment: Mapped, name: str, scaling: Scaling) -> Item:
    """A garment with a map drawn on it. Its faces are those of the maps, in their order."""
    paint = Material(double_sided=True, shading="map", ramp=ramp(garment, name, scaling))
    return replace(_plain(garment), material=paint, values=_felt(garment, name))


@lru_cache(maxsize=16)
def _plain(garment: Mapped) -> Item:
    """The garment without a map; kept, so that another map uploads nothing but itself."""
    return Item(garment.garment, garment.vertices, garment.faces, normals=garment.normals, uv=garment.flat)


@lru_cache(maxsize=64)
def _felt(garment: Mapped, name: str) -> np.ndarray:
    """What render.scene.Item wants to know of a map, [k, 4]; kept, so that another scale uploads nothing."""
    direction = garment.directions.get(name)
    if direction is None:
        direction = np.zeros((len(garment.flat), 2))
    return frozen(np.column_stack([garment.values[name], load(garment, name), direction]).astype(np.float32))


def camera(result: "TryOn", view: str, aspect: float) -> Camera:
    """A standard view that frames the whole person, in a picture of width / height = `aspect`."""
    vertices = result.estimate.body.vertices
    return standard_view(view, vertices.min(axis=0), vertices.max(axis=0), aspect)


def body_items(body: "Body", cloth: Sequence[np.ndarray] = ()) -> tuple[Item, ...]:
    """The body, painted as a person, under cloth with points [m] [k, 3]."""
    return figure(body, cloth)


def garment_item(drape: "Drape") -> Item:
    """A draped garment as cloth, with hard edges where it was pressed."""
    return cloth_item(drape.garment, drape.cloth, drape.positions)


def cloth_item(made: "Garment", cloth: "Cloth", positions: np.ndarray) -> Item:
    """A garment's cloth where it lies [m] [n, 3], in its colours and with its buttons; its first n vertices are the
    cloth's, its first faces those of the cloth in their order."""
    drawn = trimmed(made, cloth)
    return painted(drawn.item(made.name, positions[drawn.origin]), of_garment(made))


@lru_cache(maxsize=32)
def of_garment(made: "Garment") -> Coloured:
    """A garment's colours, found once."""
    return coloured(made)


def clothes(shown: Shown, wishes: "Sequence[Wish]") -> tuple[Coloured, ...]:
    """The garments that are shown, in the colours that are wished; none where other ones are wished."""
    if [each.design for each in shown.maps] != [wish.design for wish in wishes]:
        return ()
    made = shown.worn or (None,) * len(wishes)
    return tuple(_clothed(seen, worn, wish) for seen, worn, wish in zip(shown.maps, made, wishes, strict=True))


@lru_cache(maxsize=32)
def _clothed(seen: Mapped, worn: Worn | None, wish: Wish) -> Coloured:
    way, look = wish.colours, fabric(own_fabric(wish)).look
    if wish.made is not None:
        return Coloured(seen.panels, look, way if wish.made.cut else without_prints(way))
    return Coloured(seen.panels, look, way, shifts(pattern_of(worn), way) if worn is not None else {})


@lru_cache(maxsize=16)
def pattern_of(worn: Worn) -> Pattern:
    """The pattern that a garment was sewn from."""
    return design(worn.cut.design).draft(worn.cut.meant_for, worn.cut.drawn)
