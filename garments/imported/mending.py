"""A stranger's mesh made fit to be sewn: welded, single, one-sided, turned outward; told in sentences what was done.

Points at one place are one point; texture coordinates stay with the corners, so that a pattern's outlines survive. Of
a shell with thickness the outer side is kept, since cloth here has its thickness as a number. Where three layers meet
in an edge they are sewn there and stay so. Lengths are in the file's own unit.
"""

from dataclasses import dataclass

import numpy as np

from assets.errors import InputRefused
from assets.mesh import face_areas, face_normals, frozen
from assets.meshfile import Geometry, require_surface
from garments.imported import slivers
from garments.imported.joining import joined

WELD = 2e-5
"""Points nearer than this share of the garment's extent are one."""
_THIN = 1e-10
_THICK = 0.012
_SHELL, _FACING, _BEND = 0.6, -0.5, 0.3
_TRIM_AREA, _TRIM_EXTENT = 0.02, 0.09
_FEWEST = 60
_HOLE, _FLAT = 0.05, 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Mended:
    """Vertices [n, 3] in the file's unit; faces [m, 3], counter-clockwise from outside; `uv` [m, 3, 2] of each corner,
    not a number where there is none; `part` [m] the piece that hangs together; `notes` what was done, sentences."""

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    part: np.ndarray
    notes: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("vertices", "faces", "uv", "part"):
            object.__setattr__(self, name, frozen(getattr(self, name)))


def mended(found: Geometry, name: str) -> Mended:
    """The garment in what a file holds. Raises InputRefused when nothing in it can be worn."""
    require_surface(found, name)
    notes = list(found.notes)
    vertices, faces, uv = _welded(found, notes)
    keep = _single(vertices, faces, notes)
    faces, uv = faces[keep], uv[keep]
    if len(faces) < _FEWEST:
        raise InputRefused(f"{name} has {len(faces)} triangles with an area: that is too few for a garment")
    keep = ~_solids(vertices, faces, notes)
    faces, uv = faces[keep], uv[keep]
    if not len(faces):
        raise InputRefused(
            f"{name} holds a solid, such as a figure, a dress form, or a piece closed all round, and no garment: "
            "there is no way into it"
        )
    vertices, faces = joined(vertices, faces, notes)
    keep = _single(vertices, faces, notes)
    faces, uv = faces[keep], uv[keep]
    faces, uv = slivers.split(vertices, faces, uv, notes)
    faces, uv = _turned(vertices, faces, uv, notes)
    keep = _outer(vertices, faces, notes)
    faces, uv = faces[keep], uv[keep]
    keep = ~_trims(vertices, faces, notes)
    faces, uv = faces[keep], uv[keep]
    if len(faces) < _FEWEST:
        raise InputRefused(f"{name} has only small pieces: that is no garment")
    shared = np.unique(_edges(faces), axis=0, return_counts=True)[1]
    if (shared > 2).any():
        notes.append(f"{(shared > 2).sum()} edges where more than two layers meet are kept as seams.")
    part = pieces(faces)
    if part.max():
        sizes = np.sort(np.bincount(part))[::-1]
        notes.append(f"It has {len(sizes)} parts, of {', '.join(f'{size:,}' for size in sizes[:6])} triangles.")
    used, number = np.unique(faces, return_inverse=True)
    return Mended(vertices[used], number.reshape(-1, 3).astype(np.int32), uv, part.astype(np.int32), tuple(notes))


def _welded(found: Geometry, notes: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices [n, 3], faces and uv of corners [m, 3, 2] with points at one place joined."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    used, number = np.unique(found.faces, return_inverse=True)
    points = found.vertices[used]
    places, at = np.unique(points, axis=0, return_inverse=True)
    near = cKDTree(places).query_pairs(WELD * float(np.ptp(points, axis=0).max()), output_type="ndarray")
    graph = coo_matrix((np.ones(len(near)), (near[:, 0], near[:, 1])), (len(places), len(places)))
    count, group = connected_components(graph, directed=False)
    if len(points) > count:
        notes.append(f"{len(points) - count:,} points that lay on others were welded.")
    _, first = np.unique(group, return_index=True)
    return places[first], group[at.ravel()][number].reshape(-1, 3), found.uv[found.faces]


def _single(vertices: np.ndarray, faces: np.ndarray, notes: list[str]) -> np.ndarray:
    """Numbers of the faces that have an area and are there once."""
    sides = np.sort(faces, axis=1)
    small = _THIN * float(np.ptp(vertices, axis=0).max()) ** 2
    flat = (sides[:, 0] == sides[:, 1]) | (sides[:, 1] == sides[:, 2]) | (face_areas(vertices, faces) < small)
    if flat.any():
        notes.append(f"{flat.sum():,} triangles without an area were dropped.")
    left = np.flatnonzero(~flat)
    first = np.unique(sides[left], axis=0, return_index=True)[1]
    if len(first) < len(left):
        notes.append(f"{len(left) - len(first):,} triangles that were there twice were dropped.")
    return left[np.sort(first)]


def _edges(faces: np.ndarray) -> np.ndarray:
    return np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)


def _neighbours(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of faces [k, 2] that alone share an edge, and whether both run along it in the same direction, [k]."""
    _, edge, count = np.unique(_edges(faces), axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(edge.ravel(), kind="stable")
    starts = np.concatenate([[0], np.cumsum(count)])[:-1][count == 2]
    one, two = order[starts], order[starts + 1]
    along = faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    return np.stack([one // 3, two // 3], axis=1), along[one, 0] == along[two, 0]


def pieces(faces: np.ndarray) -> np.ndarray:
    """Which piece that hangs together by vertices each face belongs to, [m]."""
    pairs = np.concatenate([faces[:, :2], faces[:, 1:]])
    piece = _components(pairs, int(faces.max()) + 1)[faces[:, 0]]
    return np.unique(piece, return_inverse=True)[1]


def _components(pairs: np.ndarray, count: int) -> np.ndarray:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (count, count))
    return connected_components(graph, directed=False)[1]


def _turned(vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray, notes: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Faces and their uv, neighbours turned alike and every sheet outward."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order

    pairs, against = _neighbours(faces)
    sheet = _components(pairs, len(faces))
    weights = np.where(against, 2.0, 1.0)
    first = np.unique(sheet, return_index=True)[1]
    root = np.full(len(first), len(faces))  # One more, beside the first face of every sheet.
    one, two = np.concatenate([pairs[:, 0], root]), np.concatenate([pairs[:, 1], first])
    graph = coo_matrix((np.append(weights, np.ones(len(first))), (one, two)), [len(faces) + 1] * 2).tocsr()
    graph = graph.maximum(graph.T)
    order, before = breadth_first_order(graph, len(faces), directed=False)
    later = order[1:]
    turn = np.asarray(graph[before[later], later]).ravel() == 2.0
    flip = np.zeros(len(faces) + 1, bool)
    for face, parent, other in zip(later.tolist(), before[later].tolist(), turn.tolist(), strict=True):
        flip[face] = flip[parent] ^ other
    flip = flip[:-1]
    normals = np.where(flip[:, None], -1.0, 1.0) * face_normals(vertices, faces)
    flip ^= ~_outward(vertices[faces].mean(axis=1), normals, sheet)[sheet]
    if 0 < flip.sum() < len(flip):
        notes.append(f"{flip.sum():,} triangles were turned to face outward.")
    faces, uv = faces.copy(), uv.copy()
    faces[flip], uv[flip] = faces[flip][:, ::-1], uv[flip][:, ::-1]
    return faces, uv


def _outward(centres: np.ndarray, normals: np.ndarray, sheet: np.ndarray) -> np.ndarray:
    """Whether each sheet looks away from its own middle, or, when it is too flat to tell, from the garment's, [k]."""
    area = np.linalg.norm(normals, axis=1)
    total = np.bincount(sheet, area)
    own = np.stack([np.bincount(sheet, area * centres[:, k]) for k in range(3)], axis=1) / total[:, None]
    middle = (area @ centres) / area.sum()

    def looks(away: np.ndarray) -> np.ndarray:
        size = np.linalg.norm(away, axis=1)
        return np.bincount(sheet, np.einsum("ij,ij->i", normals, away)) / np.maximum(
            np.bincount(sheet, area * size), 1e-300
        )

    itself, whole = looks(centres - own[sheet]), looks(centres - middle)
    return np.where(np.abs(itself) > 0.1, itself, whole) >= 0.0


def _outer(vertices: np.ndarray, faces: np.ndarray, notes: list[str]) -> np.ndarray:
    """Numbers of the faces to keep: all, or of shells with thickness the larger, outer side."""
    from assets.closest import Surface

    normals = face_normals(vertices, faces)
    area = np.linalg.norm(normals, axis=1)
    normals = normals / area[:, None]
    extent = float(np.ptp(vertices, axis=0).max())
    scale = 1.0 / extent
    surface = Surface(scale * (vertices - vertices.mean(axis=0)), faces)
    centres = surface.vertices[faces].mean(axis=1)
    distance, partner = surface.hits(centres - 1e-5 * normals, -normals)
    facing = distance < _THICK
    facing[facing] = np.einsum("ij,ij->i", normals[facing], normals[partner[facing]]) < _FACING
    pairs, _ = _neighbours(faces)
    smooth = np.einsum("ij,ij->i", normals[pairs[:, 0]], normals[pairs[:, 1]]) > _BEND
    same = facing[pairs[:, 0]] & facing[pairs[:, 1]]
    piece = pieces(faces)
    share = np.bincount(piece, area * facing) / np.bincount(piece, area)
    shell = share[piece] > _SHELL
    sheet = _components(pairs[smooth & (same | ~shell[pairs[:, 0]])], len(faces))
    drop = shell & ~facing
    size = np.bincount(sheet, area)
    members = np.split(np.argsort(sheet, kind="stable"), np.cumsum(np.bincount(sheet))[:-1])
    for number in np.argsort(-size):
        mine = members[number]
        hit = mine[(shell & facing)[mine]]
        if not len(hit) or drop[mine].all():
            continue
        others, other = np.unique(sheet[partner[hit]], return_inverse=True)
        shares = np.bincount(other, area[hit])
        against = others[shares.argmax()]
        if against != number and shares.max() > 0.5 * size[number] and size[against] <= size[number]:
            drop[members[against]] = True
    kept = np.flatnonzero(~drop)
    if not drop.any() or area[kept].sum() < 0.25 * area.sum():
        return np.arange(len(faces))
    notes.append(
        f"The cloth was modelled with two sides: the outer one is kept, {drop.sum():,} triangles are left out."
    )
    return kept


def _trims(vertices: np.ndarray, faces: np.ndarray, notes: list[str]) -> np.ndarray:
    """Whether each face belongs to a piece as small as a button, [m]."""
    piece, area = _sheets(faces), face_areas(vertices, faces)
    extent = _extents(vertices[faces].reshape(-1, 3), np.repeat(piece, 3))
    small = (np.bincount(piece, area) < _TRIM_AREA * area.sum()) & (extent < _TRIM_EXTENT * extent.max())
    if small.any():
        notes.append(f"{small.sum()} small pieces, such as buttons and eyelets, are set aside: they are not cloth.")
    return small[piece]


def _solids(vertices: np.ndarray, faces: np.ndarray, notes: list[str]) -> np.ndarray:
    """Whether each face belongs to a figure, a dress form, a hanger, or to a floor, [m]. A solid is closed but for
    holes as small as eyes, and of the topology of a ball (Euler's formula): what is worn has ways through it, also if
    modelled with two sides. A floor is flat, and larger than all the rest."""
    sheet = _sheets(faces)
    count = int(sheet.max()) + 1
    sides, first, shared = np.unique(_edges(faces), axis=0, return_index=True, return_counts=True)
    points = np.unique(np.stack([np.repeat(sheet, 3), faces.ravel()], axis=1), axis=0)
    corners = np.bincount(points[:, 0])
    euler = corners - np.bincount(sheet[first // 3], minlength=count) + np.bincount(sheet)
    extents = _extents(vertices[points[:, 1]], points[:, 0])
    rim = sides[shared == 1]
    loop = _components(rim, int(faces.max()) + 1)[rim].ravel()
    holes, hole = np.unique(np.stack([np.repeat(sheet[first[shared == 1] // 3], 2), loop]), axis=1, return_inverse=True)
    widest = np.zeros(count)
    np.maximum.at(widest, holes[0], _extents(vertices[rim.ravel()], hole.ravel()))
    solid = (widest < _HOLE * extents) & (euler + np.bincount(holes[0], minlength=count) == 2)
    floor, largest = np.zeros(count, bool), int(extents.argmax())
    if count > 1 and extents[largest] > np.delete(extents, largest).max():
        place = vertices[points[points[:, 0] == largest, 1]]
        spread = np.linalg.svd(place - place.mean(axis=0), compute_uv=False)
        floor[largest] = spread[2] < _FLAT * spread[0]
    # What is as small as a button is told as one.
    out = floor | (solid & (extents > _TRIM_EXTENT * extents[~floor].max()))
    if out.any():
        notes.append(
            f"{out.sum()} parts, such as a figure, a hanger, a floor, or a piece closed all round, are left out: "
            "they are not cloth."
        )
    return out[sheet]


def _extents(points: np.ndarray, group: np.ndarray) -> np.ndarray:
    """How far the points [n, 3] of each group [n] reach along the axis where they reach farthest, [k]."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    high, low = (extreme.reduceat(points[order], starts) for extreme in (np.maximum, np.minimum))
    return (high - low).max(axis=1)


def _sheets(faces: np.ndarray) -> np.ndarray:
    """Which piece that hangs together by edges each face belongs to, [m]."""
    edge = np.unique(_edges(faces), axis=0, return_inverse=True)[1].ravel() + len(faces)
    pairs = np.stack([np.repeat(np.arange(len(faces)), 3), edge], axis=1)
    return np.unique(_components(pairs, int(edge.max()) + 1)[: len(faces)], return_inverse=True)[1]
