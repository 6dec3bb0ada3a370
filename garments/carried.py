"""Positions carried from one mesh of a design to another: finer, or of another size.

What a panel's point is called does not depend on the mesh: its place in the flat panel, as a share of the panel's
breadth and height. So a drape that is known tells where another mesh of the same panels may start.
"""

import numpy as np

from body.model import Body
from garments.cloth import Cloth

# Panels are looked up side by side, this many breadths apart.
_ASIDE = 4.0


def alike(one: Cloth, other: Cloth) -> bool:
    """Whether two cloths have the same panels, by name and by what they wrap."""
    return one.panel_names == other.panel_names and one.wraps == other.wraps


def carried(source: Cloth, positions: np.ndarray, target: Cloth) -> np.ndarray:
    """Where the target's vertices lie [m] [n, 3] when its panels take the places of the source's, whose vertices are at
    `positions` [m]. Where panels meet, the mean of both."""
    from assets.closest import Surface

    flat = _placed(source)
    corners = np.arange(3 * len(source.faces), dtype=np.int32).reshape(-1, 3)
    over, shares = Surface(flat, corners).over(_placed(target))
    places = np.einsum("ij,ijk->ik", shares.astype(float), positions[source.faces[over]])
    vertices = target.faces.ravel()
    count = np.bincount(vertices, minlength=target.count)
    return np.stack([np.bincount(vertices, places[:, k], target.count) for k in range(3)], axis=1) / count[:, None]


def with_skin(positions: np.ndarray, before: Body, after: Body) -> np.ndarray:
    """Positions [m] [n, 3] that keep their places on the skin when a body changes; as they are where the bodies are not
    of one model."""
    from assets.closest import Surface

    if before is after or before.vertices.shape != after.vertices.shape:
        return positions.astype(float)
    skin = before.skin
    face, shares = Surface(skin.vertices, skin.faces).over(positions)
    moved = (after.vertices - before.vertices).astype(float)[skin.faces[face]]
    return positions + np.einsum("ij,ijk->ik", shares, moved)


def _placed(cloth: Cloth) -> np.ndarray:
    """Each corner's share of its panel's breadth and height, panels side by side, [3m, 3]; of a ready-made garment,
    which may have no panels, its place [m] as modelled."""
    if cloth.shape is not None:
        return cloth.shape[cloth.faces].reshape(-1, 3)
    drawn, panel = cloth.drawn().reshape(-1, 2), np.repeat(cloth.panel, 3)
    out = np.zeros((len(drawn), 3))
    for number in range(len(cloth.panel_names)):
        mine = panel == number
        low, high = drawn[mine].min(axis=0), drawn[mine].max(axis=0)
        out[mine, :2] = (drawn[mine] - low) / (high - low) + (_ASIDE * number, 0.0)
    return out
