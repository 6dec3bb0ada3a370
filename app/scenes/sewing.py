"""Where cloth was sewn, as the renderer wants to know it: how far every corner of the mesh lies from the free edges and
from the seams of its panel, and how far along these. Found once for a cloth, in its flat panels, so it costs nothing
while a garment moves.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import distinct, frozen

if TYPE_CHECKING:
    from garments.cloth import Cloth

FAR = 1.0
"""What stands for a distance [m] from nothing."""
HEM = 0.018
"""How far from free edges hems are stitched [m]."""
_EDGE, _WIDE, _ON = 0.006, 0.05, 1e-5
_Lines = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Segments of borders: where they start and end [m] [k, 2], and how far along its border each begins [m] [k]."""
_KNITS = ("knit", "rib")
_LOOSE = 0.7
"""The part of their sides that lie on seams where triangles are no panel."""


@lru_cache(maxsize=16)
def sewn(cloth: "Cloth") -> np.ndarray:
    """Distance from the nearest free edge of the panel and how far along the border that is, the same of the nearest
    seam [m], per corner of each face, [m, 3, 4] float32.

    What a face draws between its corners is linear, so one between two lines knows of one of them: where seams meet, of
    the one that leaves the corner anticlockwise, so that each is drawn from one side at least. Stitches are drawn HEM
    from an edge. Narrow panels, such as collars, are stitched nearer to it, so theirs are told as so much farther away;
    bands of knits are not stitched, and know of no edge. A mesh that came without a pattern, whose triangles lie flat
    each for itself, knows of nothing.
    """
    found = np.full((len(cloth.faces), 3, 4), FAR, np.float32)
    free, seam = _borders(cloth)
    for panel in range(len(cloth.panel_names)):
        mine = np.flatnonzero(cloth.panel == panel)
        if not len(mine) or seam[mine].mean() > _LOOSE:
            continue
        along = _along(cloth, mine, free | seam)
        for first, kind in ((0, free), (2, seam)):
            faces, sides = np.nonzero(kind[mine])
            if len(faces):
                starts, ends = (cloth.rest[mine[faces], side] for side in (sides, (sides + 1) % 3))
                lines = (starts, ends, along[faces, sides])
                near = _nearest(cloth.rest[mine].reshape(-1, 2), *lines).reshape(-1, 3, 2)
                found[mine, :, first : first + 2] = _of_one_line(near, kind[mine], cloth.rest[mine], lines)
        reach = found[mine, :, 0]
        if 0.0 < reach[reach < FAR].max(initial=0.0) < _WIDE:
            found[mine, :, 0] = FAR if cloth.fabric.look.weave in _KNITS else reach + (HEM - _EDGE)
    return frozen(found)


def _borders(cloth: "Cloth") -> tuple[np.ndarray, np.ndarray]:
    """Which sides of faces are free edges, and which lie on a seam or dart, [m, 3] each; side k runs from corner k."""
    a, b = cloth.faces, np.roll(cloth.faces, -1, axis=1)
    low, high = np.minimum(a, b).ravel().astype(np.int64), np.maximum(a, b).ravel()
    _, edge, count = np.unique(low * cloth.count + high, return_inverse=True, return_counts=True)
    turned = (a > b).ravel()[:, None]
    here, there = cloth.rest.reshape(-1, 2), np.roll(cloth.rest, -1, axis=1).reshape(-1, 2)
    place = np.column_stack([np.where(turned, there, here), np.where(turned, here, there)])
    key = np.column_stack([edge, np.repeat(cloth.panel, 3), np.round(place * 1e5)])
    _, kind, alike = distinct(key)
    shape = cloth.faces.shape
    free = (count[edge] == 1).reshape(shape)
    return free, (alike[kind] == 1).reshape(shape) & ~free


def _along(cloth: "Cloth", mine: np.ndarray, border: np.ndarray) -> np.ndarray:
    """How far along its panel's border each side begins [m], [k, 3], of the faces `mine`; 0 within the panel."""
    places = np.round(cloth.rest[mine] * 1e5).astype(np.int64)
    lengths = np.linalg.norm(cloth.rest[mine] - np.roll(cloth.rest[mine], -1, axis=1), axis=2)
    sides = {tuple(places[face, side]): (face, side) for face, side in np.argwhere(border[mine])}
    found = np.zeros(lengths.shape)
    while sides:
        (face, side), length = sides.pop(next(iter(sides))), 0.0
        while True:
            found[face, side] = length
            length += float(lengths[face, side])
            following = sides.pop(tuple(places[face, (side + 1) % 3]), None)
            if following is None:
                break
            face, side = following
    return found


def _of_one_line(near: np.ndarray, border: np.ndarray, rest: np.ndarray, lines: _Lines) -> np.ndarray:
    """What corners of faces know of their nearest line [k, 3, 2], where faces that would draw one straight across, from
    line to line, know of a single segment; `border` which of their sides lie on lines [k, 3], `rest` [k, 3, 2]."""
    on = near[..., 0] < _ON
    across = (on & np.roll(on, -1, axis=1) & ~border).any(axis=1)
    starts, ends, along = lines
    for face in np.flatnonzero(across):
        leaving = border[face] & np.roll(border[face], 1)
        side = int(np.argmax(leaving if leaving.any() else border[face] if border[face].any() else on[face]))
        from_here = np.linalg.norm(starts - rest[face, side], axis=1)
        one = slice(k := int(np.argmin(from_here)), k + 1)
        near[face] = _nearest(rest[face], starts[one], ends[one], along[one])
    return near


def _nearest(points: np.ndarray, starts: np.ndarray, ends: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Distance from the nearest of segments [k, 2] and how far along its border its foot lies, of points [n, 2],
    [n, 2]."""
    first, number, _ = distinct(points)  # A corner is that of some six faces.
    points, way = points[first], ends - starts
    size = np.maximum((way**2).sum(axis=1), 1e-16)
    found = np.empty((len(points), 2))
    for part in np.array_split(np.arange(len(points)), -(-len(points) * len(starts) // 2_000_000)):
        off = points[part, None] - starts
        share = np.clip((off * way).sum(axis=2) / size, 0.0, 1.0)
        away = np.linalg.norm(off - share[..., None] * way, axis=2)
        best = away.argmin(axis=1)
        rows = np.arange(len(part))
        found[part, 0] = away[rows, best]
        found[part, 1] = along[best] + share[rows, best] * np.sqrt(size[best])
    return found[number]
