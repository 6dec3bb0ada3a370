"""Try-ons as Wavefront OBJ, the mesh that every program reads: a group for each item, texture coordinates in metres.

OBJ has no unit and no up-axis; these are metres with +Y up, and the first line says so.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from render.scene import Item


def obj(items: Iterable[Item]) -> bytes:
    """The items in one file; the same items give the same bytes."""
    lines, points, places = ["# Toile: metres, +Y up"], 0, 0
    for item in items:
        lines.append(f"o {'_'.join(item.name.split()) or 'item'}")
        lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in np.asarray(item.vertices, float)]
        uv = None if item.uv is None else np.asarray(item.uv, float).reshape(-1, 2)
        lines += [] if uv is None else [f"vt {u:.6f} {v:.6f}" for u, v in uv]
        lines += _faces(item, points, places)
        points, places = points + len(item.vertices), places + (0 if uv is None else len(uv))
    return ("\n".join(lines) + "\n").encode()


def _faces(item: Item, points: int, places: int) -> Iterator[str]:
    """Face lines; corners with a texture coordinate of their own, or that of their vertex, or none."""
    corners = np.asarray(item.faces, int)
    if item.uv is None:
        yield from (f"f {a} {b} {c}" for a, b, c in corners + points + 1)
        return
    at = np.arange(corners.size).reshape(-1, 3) if item.uv.ndim == 3 else corners
    for (a, b, c), (d, e, f) in zip(corners + points + 1, at + places + 1, strict=True):
        yield f"f {a}/{d} {b}/{e} {c}/{f}"
