"""What changed between two bodies: the earlier one as a ghost in the picture, and by how much each measure differs.

Where the earlier body stood further out it is a cool film round the present one; where the present one has grown, its
own skin is tinted warm. Cloth lets both shine through, as it does with tape lines. Plain values: the window needs no
body model.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.tapes import VEILED
from assets.mesh import vertex_normals
from render.scene import Item, Material, Scene, from_srgb

if TYPE_CHECKING:
    from body.measurements import Measurements

WAS = Material(from_srgb((0.30, 0.55, 0.95)), 0.7, specular=0.2, opacity=0.45, shading="map")
GREW = Material(from_srgb((0.98, 0.55, 0.15)), 0.7, specular=0.2, opacity=0.55, shading="map")
# What moved less [m] is not drawn, and what of one measure changed less is not told.
SEEN, TOLD = 0.002, 0.0005
LIFT = 0.0015


def with_ghost(scene: Scene, before: Item, now: Item) -> Scene:
    """The scene of the body `now` with what another body `before` makes of a difference; both are bare skins."""
    film = tuple(item for item in _films(before, now) if len(item.faces))
    if not film:
        return scene
    items = tuple(
        replace(item, material=replace(item.material, opacity=VEILED)) if item.material.double_sided else item
        for item in scene.items
    )
    return replace(scene, items=(*items, *film))


def changes(before: "Measurements", now: "Measurements") -> dict[str, float]:
    """By how much each measure differs [m or kg], where it is worth telling."""
    gaps = {name: now[name].value - found.value for name, found in before.items() if name in now}
    return {name: gap for name, gap in gaps.items() if abs(gap) >= (100 * TOLD if name == "mass" else TOLD)}


def _films(before: Item, now: Item) -> tuple[Item, Item]:
    if before.vertices.shape != now.vertices.shape:
        return Item("before", before.vertices, before.faces, WAS), Item("grown", now.vertices, now.faces[:0], GREW)
    gap, normals = before.vertices - now.vertices, vertex_normals(now.vertices, now.faces)
    moved, grown = np.linalg.norm(gap, axis=1) > SEEN, (gap * normals).sum(axis=1) < -SEEN
    lifted = now.vertices + LIFT * normals
    return (
        Item("before", before.vertices, _of(before.faces, moved), WAS),
        Item("grown", lifted, _of(now.faces, grown), GREW),
    )


def _of(faces: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Faces with two corners or more among the chosen vertices."""
    return faces[chosen[faces].sum(axis=1) >= 2]
