"""Layers in the order of dressing: along the body's normal, what was put on later lies further out.

Two garments that are pressed together over folds cannot be told apart by who passed through whom. The body can tell:
each vertex of one layer looks along the normal of its nearest skin for a face of another, and where the later one does
not lie outside, both are pushed apart along that normal, however they came to lie so (up to DEEP). That also untangles
a start in which garments cross.
"""

import numpy as np

from assets.closest import Surface
from garments.solvers.layers import GAP, NORMAL, Links

DEEP = 0.02
"""Layers that lie the wrong way round by no more than this [m] are put right."""
PUSH = 2.0e-3
"""How far one step presses them apart at most [m]: pressed harder, folds are crushed through themselves."""


def ordered(
    x: np.ndarray, faces: np.ndarray, layer: np.ndarray, thickness: np.ndarray, area: np.ndarray, surface: Surface,
    reach: float,
) -> Links:  # fmt: skip
    """Links that push each later layer out of the earlier ones, of those nearer than what they keep plus `reach` [m].
    x [m] [n, 3], thickness [m] and area [m2] per vertex [n], layer [n]."""
    near = surface.closest(x)
    found = []
    for number in range(1, int(layer.max()) + 1):
        inner, outer = faces[layer[faces[:, 0]] < number], faces[layer[faces[:, 0]] == number]
        later, earlier = np.flatnonzero(layer == number), np.flatnonzero(layer < number)
        found.append(_facing(x, later, inner, near, -1.0, thickness, area, reach))
        found.append(_facing(x, earlier, outer, near, 1.0, thickness, area, reach))
    return Links(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _facing(x, vertices, faces, near, way, thickness, area, reach):
    """Vertices against the faces that they see outward (`way` 1: those must lie further out) or inward (-1)."""
    normal = near.normals[vertices].astype(float)
    height = np.maximum(near.distance[vertices].astype(float), 0.0)
    # The look starts DEEP on the wrong side of the vertex, though never inside the body.
    start = np.maximum(height - way * DEEP, 1e-4)
    hit, face, inside = Surface(x, faces).first_hit(near.points[vertices] + start[:, None] * normal, way * normal)
    seen = start + way * hit
    corners = faces[face]
    gap = GAP + 0.5 * (thickness[vertices] + thickness[corners[:, 0]])
    short = gap + way * (height - seen)
    kept = (face >= 0) & (seen >= 0.0) & (short > -reach)
    ones = np.ones((int(kept.sum()), 1))
    return (
        np.concatenate([vertices[kept, None], corners[kept]], axis=1).astype(np.int32),
        -way * np.concatenate([ones, -inside[kept]], axis=1),
        normal[kept],
        np.minimum(gap, gap - short + PUSH)[kept],
        NORMAL * area[vertices[kept]],
    )
