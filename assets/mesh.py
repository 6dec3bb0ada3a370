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
    array = np.ascontiguousarray(array)
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


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
