"""Closed shapes of known size for the tests of geometry."""

import numpy as np

from assets.mesh import Mesh


def box(width: float, height: float, depth: float) -> Mesh:
    """An axis-aligned box about the origin, 12 faces that look outward."""
    corners = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    sides = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [triangle for a, b, c, d in sides for triangle in ((a, b, c), (a, c, d))]
    return Mesh(corners * (width, height, depth), np.array(faces))


def sphere(radius: float, rings: int = 40) -> Mesh:
    """A sphere about the origin; its vertices lie on it exactly, its faces up to radius * (pi / rings)^2 / 2 inside."""
    polar = np.linspace(0, np.pi, rings + 1)[1:-1]
    around = np.linspace(0, 2 * np.pi, 2 * rings, endpoint=False)
    ring = np.stack([np.sin(around), np.zeros_like(around), np.cos(around)], axis=1)
    points = [np.sin(a) * ring + (0, np.cos(a), 0) for a in polar]
    vertices = np.vstack([(0, 1, 0), *points, (0, -1, 0)]) * radius
    n, last, faces = len(around), len(vertices) - 1, []
    for k in range(n):
        here, beside = k, (k + 1) % n
        faces.append((0, 1 + here, 1 + beside))
        faces.append((last, last - n + beside, last - n + here))
        for row in range(len(polar) - 1):
            above, below = 1 + row * n, 1 + (row + 1) * n
            faces += [(above + here, below + here, below + beside), (above + here, below + beside, above + beside)]
    return Mesh(vertices, np.array(faces))
