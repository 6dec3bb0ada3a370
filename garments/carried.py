"""Positions carried from one mesh of a design to another: finer, or of another size.

What a panel's point is called does not depend on the mesh: its place in the flat panel, as a share of the panel's
breadth and height. So a drape that is known tells where another mesh of the same panels may start. Cloth of another
size would be crushed there, or drawn, and crumple for seconds: it grows or shrinks first, round the skin it touches.
"""

import numpy as np

from body.model import Body
from garments.cloth import Cloth

# Panels are looked up side by side, this many breadths apart.
_ASIDE = 4.0
# Panels of another size differ by at least this share in breadth or height.
_SIZE = 0.005
# How firmly cloth keeps its place where it touches the skin, and where it does not [1/m2]: over a length of which this
# is the inverse square, its place tells as much as its strain does.
_HELD, _FREE = 10.0, 0.3


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


def resized(source: Cloth, places: np.ndarray, target: Cloth, touching: np.ndarray) -> np.ndarray:
    """Where a target of another size than the source's may start [m] [n, 3], from where it was `carried` to [m] [n, 3]:
    with the strain and the directions that the source's cloth has there, as well as all faces agree, and near its
    place, above all where it is `touching` the skin [n]. (Poisson's equation of wanted gradients: Yu et al. 2004.)"""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    from garments.solvers.membrane import rest_gradients

    if target.shape is not None:
        return places
    share = _boxes(target)[1] / _boxes(source)[1]
    if np.abs(share - 1.0).max() < _SIZE:
        return places
    faces, count = target.faces, target.count
    gradients, areas = rest_gradients(target.drawn())
    wanted = np.einsum("mkp,mki->mpi", gradients, places[faces]) * share[target.panel][:, :, None]
    stiffness = areas[:, None, None] * np.einsum("mip,mjp->mij", gradients, gradients)
    rows, columns = np.repeat(faces, 3, axis=1).ravel(), np.tile(faces, (1, 3)).ravel()
    corners = areas[:, None, None] * np.einsum("mkp,mpi->mki", gradients, wanted)
    hold = np.where(touching, _HELD, _FREE) * np.bincount(faces.ravel(), np.repeat(areas / 3.0, 3), count)
    matrix = sparse.csc_matrix((stiffness.ravel(), (rows, columns)), (count, count)) + sparse.diags(hold, format="csc")
    pulled = [np.bincount(faces.ravel(), corners[..., k].ravel(), count) for k in range(3)]
    return splu(matrix).solve(np.stack(pulled, axis=1) + hold[:, None] * places)


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
    low, size = _boxes(cloth)
    out = np.zeros((len(drawn), 3))
    out[:, :2] = (drawn - low[panel]) / size[panel]
    out[:, 0] += _ASIDE * panel
    return out


def _boxes(cloth: Cloth) -> tuple[np.ndarray, np.ndarray]:
    """Lowest corner of each panel's box, and its breadth and height [m], [p, 2] each."""
    drawn, panel = cloth.drawn().reshape(-1, 2), np.repeat(cloth.panel, 3)
    each = [drawn[panel == number] for number in range(len(cloth.panel_names))]
    low, high = (np.array([end(points, axis=0) for points in each]) for end in (np.min, np.max))
    return low, high - low
