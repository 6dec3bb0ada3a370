"""What changed between two bodies: the earlier one as a ghost in the picture, and by how much each measure differs.

Where the earlier body stood further out it is a cool film round the present one; where the present one has grown, its
own skin is tinted warm. Cloth lets both shine through, as it does with tape lines. Plain values: the window needs no
body model.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.scenes.tapes import through_cloth
from assets.mesh import frozen, vertex_normals
from render.scene import Item, Material, Scene, from_srgb
from render.sky import Vector

if TYPE_CHECKING:
    from body.measurements import Measurements

WAS, GREW = from_srgb((0.25, 0.50, 0.95)), from_srgb((0.98, 0.50, 0.10))
# From so much difference [m] the film is so opaque: small changes are a breath, large ones plain to see.
BANDS = ((0.003, 0.12), (0.006, 0.22), (0.010, 0.34), (0.018, 0.48))
TOLD = 0.0005
LIFT = 0.0015


def with_ghost(scene: Scene, before: Item, now: Item) -> Scene:
    """The scene of the body `now` with what another body `before` makes of a difference; both are bare skins."""
    film = _films(before, now)
    if not film:
        return scene
    return replace(scene, items=(*through_cloth(scene).items, *film))


def changes(before: "Measurements", now: "Measurements") -> dict[str, float]:
    """By how much each measure differs [m or kg], where it is worth telling."""
    gaps = {name: now[name].value - found.value for name, found in before.items() if name in now}
    return {name: gap for name, gap in gaps.items() if abs(gap) >= (100 * TOLD if name == "mass" else TOLD)}


def _films(before: Item, now: Item) -> tuple[Item, ...]:
    """Films on what differs, in bands of growing difference; all of `before` where it is of another mesh."""
    if before.vertices.shape != now.vertices.shape:
        return (Item("before", before.vertices, before.faces, _film(WAS, BANDS[1][1])),)
    normals = vertex_normals(now.vertices, now.faces)
    grown = ((now.vertices - before.vertices) * normals).sum(axis=1)[now.faces].mean(axis=1)
    lifted = frozen(now.vertices + LIFT * normals)
    films = [
        Item(name, surface, now.faces[(least <= amount) & (amount < most)], _film(colour, opacity))
        for name, surface, amount, colour in (("before", before.vertices, -grown, WAS), ("grown", lifted, grown, GREW))
        for (least, opacity), (most, _) in zip(BANDS, (*BANDS[1:], (np.inf, 0.0)), strict=True)
    ]
    return tuple(film for film in films if len(film.faces))


def _film(colour: Vector, opacity: float) -> Material:
    return Material(colour, roughness=0.7, specular=0.2, opacity=opacity, shading="map")
