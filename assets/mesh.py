"""Triangle meshes as values. Metres, right-handed, +Y up; counter-clockwise faces look outward."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Vertices [m], shape [n, 3]; faces as vertex numbers, shape [m, 3] int32. Arrays are made read-only."""

    vertices: np.ndarray
    faces: np.ndarray

    def __post_init__(self) -> None:
        object.__setattr__(self, "vertices", frozen(self.vertices))
        object.__setattr__(self, "faces", frozen(np.asarray(self.faces, np.int32)))


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, contiguous and read-only; copied only when it was writable."""
    found = np.ascontiguousarray(array)
    if found.flags.writeable:
        found = found.copy() if np.may_share_memory(found, array) else found
        found.flags.writeable = False
    return found


def distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of rows [n, c]: where each that differs from the others stands first, in the order of their columns, [u]; which
    of these each row is, [n]; and how often each stands there, [u]. As np.unique(axis=0) finds it, several times as
    quickly."""
    order = np.lexsort(rows.T[::-1])
    new = np.ones(len(rows), bool)
    new[1:] = (rows[order[1:]] != rows[order[:-1]]).any(axis=1)
    number = np.empty(len(rows), np.intp)
    number[order] = np.cumsum(new) - 1
    return order[new], number, np.diff(np.flatnonzero(new), append=len(rows))


def face_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Normals of length twice the face's area [m2], shape [m, 3]."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return np.cross(b - a, c - a)


def face_areas(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Areas [m2], shape [m]."""
    return 0.5 * np.linalg.norm(face_normals(vertices, faces), axis=1)


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Unit normals averaged over the faces round each vertex by area, shape [n, 3] float32; +Y where there are none."""
    weighted = face_normals(vertices, faces)
    normals = np.stack(
        [np.bincount(faces.ravel(), np.repeat(weighted[:, k], 3), len(vertices)) for k in range(3)], axis=1
    )
    size = np.linalg.norm(normals, axis=1, keepdims=True)
    lost = size[:, 0] < 1e-20
    normals = normals / np.where(size < 1e-20, 1.0, size)
    normals[lost] = (0.0, 1.0, 0.0)
    return normals.astype(np.float32)


def creased(faces: np.ndarray, hard: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mesh cut open along `hard` edges [k, 2], and where more than two faces meet, so that normals differ across
    them: which vertex each one is [n + extra], the first n in their order, and the faces [m, 3] int32."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    size = int(faces.max(initial=-1)) + 1
    a, b = faces.ravel().astype(np.int64), np.roll(faces, -1, axis=1).ravel()
    key = np.minimum(a, b) * size + np.maximum(a, b)
    wanted = np.sort(np.asarray(hard, np.int64).reshape(-1, 2), axis=1)
    order = np.argsort(key, kind="stable")
    _, start, count = np.unique(key[order], return_index=True, return_counts=True)
    pairs = order[start[count == 2][:, None] + np.arange(2)]
    pairs = pairs[~np.isin(key[pairs[:, 0]], wanted[:, 0] * size + wanted[:, 1])]
    ahead = np.arange(faces.size).reshape(-1, 3)
    ahead = np.roll(ahead, -1, axis=1).ravel()
    one, two = pairs.T
    same = a[one] == a[two]
    links = [(one, np.where(same, two, ahead[two])), (ahead[one], np.where(same, ahead[two], two))]
    rows, columns = (np.concatenate(ends) for ends in zip(*links, strict=True))
    graph = coo_matrix((np.ones(len(rows), bool), (rows, columns)), shape=(faces.size, faces.size))
    label = connected_components(graph, directed=False)[1]
    _, first, piece = np.unique(label, return_index=True, return_inverse=True)
    vertex = a[first]
    own = np.zeros(len(first), bool)
    own[np.unique(vertex, return_index=True)[1]] = True
    extra = np.flatnonzero(~own)
    number = vertex.copy()
    number[extra] = size + np.arange(len(extra))
    return np.concatenate([np.arange(size), vertex[extra]]), number[piece].reshape(-1, 3).astype(np.int32)


def volume(vertices: np.ndarray, faces: np.ndarray) -> float:
    """Enclosed volume of a closed mesh [m3] (divergence theorem); positive when faces look outward."""
    a, b, c = (np.asarray(vertices, float)[faces[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


def edges(faces: np.ndarray) -> np.ndarray:
    """Undirected edges, each once, smaller vertex number first, shape [k, 2] int32."""
    pairs = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    count = int(faces.max(initial=0)) + 1
    keys = np.unique(pairs[:, 0].astype(np.int64) * count + pairs[:, 1])
    return np.stack([keys // count, keys % count], axis=1).astype(np.int32)
