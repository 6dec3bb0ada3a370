"""The flat shape of a garment that came without a pattern: from its texture coordinates, or from the shape itself.

Programs that cut patterns (CLO, Marvelous Designer, GarmentCode) export their panels as texture coordinates, true but
for a factor along u and one along v. Whether that is so shows in the edges: one factor pair must give nearly every face
its lengths back. Else each face is laid flat as it is, the warp hanging down: cloth that was cut for just this shape.
"""

from dataclasses import dataclass

import numpy as np

from assets.mesh import face_areas, face_normals

TRUE = (0.80, 1.25)
"""How far a face's lengths may be from its texture's, times the factor: what a drape stretches is within."""
_SHARE = 0.8
_WORD = 0.06
_ITERATIONS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Flattened:
    """Flat corners [m] [m, 3, 2], axis 0 weft and axis 1 warp, counter-clockwise; the panel of each face [m]; whether
    they are from texture coordinates; what to say of it, sentences."""

    flat: np.ndarray
    panel: np.ndarray
    from_uv: bool
    notes: tuple[str, ...]


def flattened(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray, part: np.ndarray) -> Flattened:
    """The rest shape of faces [m, 3] on vertices [m] [n, 3], by `uv` [m, 3, 2] where they are true to scale."""
    found = _from_uv(vertices, faces, uv)
    if found is not None:
        return found
    why = "has no texture coordinates" if not np.isfinite(uv).any() else "has texture coordinates that are no pattern"
    note = f"It {why}: each triangle is taken for flat cloth as it was modelled, the grain vertical."
    return Flattened(np.zeros((len(faces), 3, 0)), part, False, (note,))


def laid_flat(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Each face as it is, [m] [m, 3, 2], the warp running up the wearer as far as the face does."""
    corners = vertices[faces]
    normal = face_normals(vertices, faces)
    normal = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    # A face that lies level, on the shoulder, has its warp from front to back, as the cloth in front goes on.
    upward = np.where(normal[:, 1:2] > 0.0, 1.0, -1.0)
    up = np.array([0.0, 1.0, 0.0]) * np.linalg.norm(normal[:, [0, 2]], axis=1, keepdims=True)
    up = up + upward * np.array([0.0, 0.0, -1.0]) * np.abs(normal[:, 1:2]) ** 4
    up -= (up * normal).sum(axis=1, keepdims=True) * normal
    lost = np.linalg.norm(up, axis=1) < 1e-6
    up[lost] = np.cross(normal[lost], (1.0, 0.0, 0.0))
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    across = np.cross(up, normal)
    spans = corners - corners[:, :1]
    return np.stack([np.einsum("mkj,mj->mk", spans, way) for way in (across, up)], axis=2)


def _from_uv(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray) -> Flattened | None:
    known = np.isfinite(uv).all(axis=(1, 2))
    area = face_areas(vertices, faces)
    if area[known].sum() < _SHARE * area.sum():
        return None
    factors = _factors(vertices[faces[known]], uv[known])
    if factors is None:
        return None
    flat = np.where(known[:, None, None], uv, 0.0) * factors
    low, high = _stretches(vertices[faces], flat)
    good = known & (low > TRUE[0]) & (high < TRUE[1])
    if area[good].sum() < _SHARE * area.sum():
        return None
    panel = _islands(faces, flat)
    signed = _doubled(flat)
    mirrored = np.bincount(panel, np.where(good, signed, 0.0)) < 0.0
    flat[..., 0] *= np.where(mirrored, -1.0, 1.0)[panel][:, None]
    good &= _doubled(flat) > 0.0
    flat[~good] = laid_flat(vertices, faces[~good])
    notes = [f"The flat shape is read from its texture coordinates: {panel.max() + 1} panels, the grain along v."]
    if not good.all():
        notes.append(f"{(~good).sum():,} triangles whose texture is distorted are taken as they were modelled.")
    return Flattened(flat, panel, True, tuple(notes))


def _factors(corners: np.ndarray, uv: np.ndarray) -> np.ndarray | None:
    """Metres for a unit of u and of v, [2], by which most edges have their length; None where there are none."""
    span = np.roll(uv, -1, axis=1) - uv
    squares = (span**2).reshape(-1, 2)
    lengths = ((np.roll(corners, -1, axis=1) - corners) ** 2).sum(axis=2).ravel()
    weights = 1.0 / np.maximum(lengths, 1e-12)
    for _ in range(_ITERATIONS):
        left = squares * weights[:, None]
        try:
            found = np.linalg.solve(left.T @ squares, left.T @ lengths)
        except np.linalg.LinAlgError:
            return None
        if not (found > 0.0).all():
            return None
        off = np.abs(squares @ found / np.maximum(lengths, 1e-12) - 1.0)
        weights = 1.0 / np.maximum(lengths, 1e-12) / np.maximum(off, 0.02)
    found = np.sqrt(found)
    # Coordinates that are lengths already, as our own, are taken at their word: what they lie on may be stretched.
    for unit in (1.0, 0.1, 0.01, 0.001):
        if (np.abs(found / unit - 1.0) < _WORD).all():
            return np.full(2, unit)
    return found


def _stretches(corners: np.ndarray, flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least and the largest stretch from flat to `corners` of each face, [m]; not a number without a flat area."""
    a, b = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    p, q = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    area = np.where(np.abs(area) > 1e-14, area, np.nan)[:, None]
    along = (b[:, 1:] * p - a[:, 1:] * q) / area
    across = (a[:, :1] * q - b[:, :1] * p) / area
    e, g, f = (along**2).sum(axis=1), (across**2).sum(axis=1), (along * across).sum(axis=1)
    root = np.sqrt(((e - g) / 2) ** 2 + f**2)
    return np.sqrt(np.maximum((e + g) / 2 - root, 0.0)), np.sqrt((e + g) / 2 + root)


def _doubled(flat: np.ndarray) -> np.ndarray:
    first, second = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    return first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]


def _islands(faces: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """The panel of each face, [m]: faces that share an edge in the flat too are of one."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    key = np.concatenate([faces.reshape(-1, 1), np.round(flat.reshape(-1, 2) * 1e5)], axis=1).astype(np.int64)
    corner = np.unique(key, axis=0, return_inverse=True)[1].reshape(-1, 3)
    pairs = np.sort(corner[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    _, number, count = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(number.ravel(), kind="stable")
    starts = np.concatenate([[0], np.cumsum(count)])[:-1][count > 1]
    links = np.stack([order[starts] // 3, order[starts + 1] // 3])
    graph = coo_matrix((np.ones(links.shape[1]), tuple(links)), (len(faces), len(faces)))
    return connected_components(graph, directed=False)[1]
