"""Triangles without a height, whose middle point lies on the edge of a neighbour: the neighbour is split there instead.

Programs leave them where a finer side meets a coarser one, or fill a gap with them. They have no place in cloth: the
least shift stretches them a thousandfold. Split so, the mesh stays closed along the edge and covers what it covered.
"""

import numpy as np

LOW = 2e-3
"""A triangle lower than this share of its longest edge is a sliver."""
_ROUNDS = 16


def split(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray, notes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Faces [m, 3] and uv of their corners [m, 3, 2] without slivers; `notes` gets a sentence."""
    count = 0
    for _ in range(_ROUNDS):
        low = np.flatnonzero(_height(vertices, faces) < LOW)
        if not len(low):
            break
        faces, uv, out = _without(vertices, faces, uv, low)
        count += out
    if count:
        notes.append(f"{count:,} triangles without a height were dropped, and their neighbours split.")
    return faces, uv


def _height(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """How high each triangle is over its longest edge, as a share of that, [m]."""
    spans = np.roll(vertices[faces], -1, axis=1) - vertices[faces]
    doubled = np.linalg.norm(np.cross(spans[:, 0], spans[:, 1]), axis=1)
    return doubled / np.maximum((spans**2).sum(axis=2).max(axis=1), 1e-300)


def _without(
    vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray, low: np.ndarray
) -> tuple[np.ndarray, np.ndarray, int]:
    """The mesh without slivers, each face on their longest edges cut in two at the third corner, and how many are out.
    A face takes part once a round: the sliver that meets one that did stays for the next, so that nothing opens."""
    corners = vertices[faces[low]]
    longest = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2).argmax(axis=1)
    ends = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]], axis=2).astype(np.int64)
    edges = ends[..., 0] * len(vertices) + ends[..., 1]
    along: dict[int, list[tuple[int, int]]] = {}
    for face, side in np.argwhere(np.isin(edges, edges[low, longest])).tolist():
        along.setdefault(int(edges[face, side]), []).append((face, side))
    out, gone = 0, set[int]()
    new_faces: list[tuple[int, int, int]] = []
    new_uv: list[tuple[np.ndarray, ...]] = []
    for sliver, longest_side in zip(low.tolist(), longest.tolist(), strict=True):
        met = along[int(edges[sliver, longest_side])]
        if any(face in gone for face, _ in met):
            continue
        tip = int(faces[sliver, (longest_side + 2) % 3])
        out += 1
        for face, side in met:
            gone.add(face)
            turn = [(side + k) % 3 for k in range(3)]
            (a, b, c), (at_a, at_b, at_c) = faces[face, turn].tolist(), uv[face, turn]
            if c == tip:  # The sliver, or what covers it.
                continue
            way = vertices[b] - vertices[a]
            middle = at_a + (way @ (vertices[tip] - vertices[a])) / (way @ way) * (at_b - at_a)
            new_faces += [(a, tip, c), (tip, b, c)]
            new_uv += [(at_a, middle, at_c), (middle, at_b, at_c)]
    kept = np.setdiff1d(np.arange(len(faces)), list(gone))
    return (
        np.concatenate([faces[kept], np.array(new_faces, faces.dtype).reshape(-1, 3)]),
        np.concatenate([uv[kept], np.array(new_uv, float).reshape(-1, 3, 2)]),
        out,
    )
