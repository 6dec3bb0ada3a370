"""Triangles without a height, whose middle point lies on the edge of a neighbour: the neighbour is split there instead.

Programs leave them where a finer side meets a coarser one, or fill a gap with them. They have no place in cloth: the
least shift stretches them a thousandfold. Split so, the mesh stays closed along the edge and covers what it covered.
"""

import numpy as np

LOW = 2e-3
"""A triangle lower than this share of its longest edge is a sliver."""
_ROUNDS = 4


def split(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray, notes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Faces [m, 3] and uv of their corners [m, 3, 2] without slivers; `notes` gets a sentence."""
    count = 0
    for _ in range(_ROUNDS):
        low = np.flatnonzero(_height(vertices, faces) < LOW)
        if not len(low):
            break
        count += len(low)
        faces, uv = _without(vertices, faces, uv, low)
    if count:
        notes.append(f"{count:,} triangles without a height were dropped, and their neighbours split.")
    return faces, uv


def _height(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """How high each triangle is over its longest edge, as a share of that, [m]."""
    spans = np.roll(vertices[faces], -1, axis=1) - vertices[faces]
    doubled = np.linalg.norm(np.cross(spans[:, 0], spans[:, 1]), axis=1)
    return doubled / np.maximum((spans**2).sum(axis=2).max(axis=1), 1e-300)


def _without(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray, low: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mesh without some slivers and with each face on their longest edges cut in two at the third corner. Of those
    that share a face, one a round."""
    corners = vertices[faces[low]]
    longest = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2).argmax(axis=1)
    at: dict[tuple[int, int], int] = {}
    for face, side in zip(low.tolist(), longest.tolist(), strict=True):
        a, b, tip = (int(faces[face, (side + k) % 3]) for k in range(3))
        at.setdefault((min(a, b), max(a, b)), tip)
    sides = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]], axis=2)
    dropped: set[int] = set(low.tolist())
    new_faces: list[tuple[int, int, int]] = []
    new_uv: list[tuple[np.ndarray, ...]] = []
    known = np.isin(sides[..., 0] * len(vertices) + sides[..., 1], [a * len(vertices) + b for a, b in at])
    for face in np.flatnonzero(known.any(axis=1)).tolist():
        if face in dropped:
            continue
        side = int(known[face].argmax())
        turn = [(side + k) % 3 for k in range(3)]
        (a, b, c), (at_a, at_b, at_c) = faces[face, turn], uv[face, turn]
        tip = at[min(a, b), max(a, b)]
        if tip == c:
            continue
        way = vertices[b] - vertices[a]
        middle = at_a + (way @ (vertices[tip] - vertices[a])) / (way @ way) * (at_b - at_a)
        dropped.add(face)
        new_faces += [(a, tip, c), (tip, b, c)]
        new_uv += [(at_a, middle, at_c), (middle, at_b, at_c)]
    kept = np.setdiff1d(np.arange(len(faces)), list(dropped))
    return (
        np.concatenate([faces[kept], np.array(new_faces, faces.dtype).reshape(-1, 3)]),
        np.concatenate([uv[kept], np.array(new_uv, float).reshape(-1, 3, 2)]),
    )
