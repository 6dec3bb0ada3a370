"""Closest points and inside tests on a triangle mesh, by open3d's BVH (Embree; MIT).

A body mesh may hold inner parts (eyes, teeth): only the outer component takes part, else the sign is wrong.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from assets import lightly
from assets.mesh import vertex_normals

_OFF = 2.0e-4


@dataclass(frozen=True, slots=True, eq=False)
class Closest:
    """For k queries: signed distance [m], negative inside, [k]; nearest surface point [m] [k, 3]; outward unit
    direction of distance [k, 3]; face number [k]; barycentric coordinates [k, 3]."""

    distance: np.ndarray
    points: np.ndarray
    normals: np.ndarray
    faces: np.ndarray
    barycentric: np.ndarray


class Surface:
    """A closed mesh that answers where its nearest point lies. Vertices [m] [n, 3], faces [m, 3]. `slender` [n]: where
    it may be thin; nowhere if that is not given."""

    def __init__(self, vertices: np.ndarray, faces: np.ndarray, slender: np.ndarray | None = None) -> None:
        self._slender = slender
        self.vertices = np.ascontiguousarray(vertices, np.float32)
        self.faces = np.ascontiguousarray(faces, np.uint32)

    @cached_property
    def _scene(self):
        scene = _open3d().t.geometry.RaycastingScene()
        scene.add_triangles(_tensor(self.vertices), _tensor(self.faces))
        return scene

    def closest(self, points: np.ndarray, outside: np.ndarray | None = None) -> Closest:
        """Nearest surface points of `points` [m] [k, 3]; about 1.5 us each, half of it to tell on which side they are:
        of those that are known to lie `outside` [k] nothing is asked."""
        points = np.ascontiguousarray(points, np.float32)
        found = self._scene.compute_closest_points(_tensor(points))
        nearest = found["points"].numpy()
        u, v = found["primitive_uvs"].numpy().T
        barycentric = np.stack([1 - u - v, u, v], axis=1)
        face_normal = found["primitive_normals"].numpy()
        away = points - nearest
        size = np.linalg.norm(away, axis=1)
        # In front of a face is outside. Behind it, nearest to an edge or a corner, or on the skin, a count of crossings
        # tells: where skin folds into skin, what lies behind one face may yet be outside.
        along = np.einsum("ij,ij->i", away, face_normal)
        doubtful = (barycentric.min(axis=1) < 1e-3) | (along < 0.99 * size) | (size < 1e-6)
        if outside is not None:
            doubtful &= ~outside
        inside = np.zeros(len(points), bool)
        inside[doubtful] = self.inside(points[doubtful])
        sign = np.where(inside, -1.0, 1.0).astype(np.float32)
        # On the surface itself the direction of distance is undefined; the face's own normal stands in.
        outward = (sign[:, None] * away) / np.maximum(size, 1e-12)[:, None]
        normals = np.where(size[:, None] > 1e-6, outward, face_normal)
        return Closest(sign * size, nearest, normals, found["primitive_ids"].numpy().astype(np.int64), barycentric)

    def over(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The face nearest to each of `points` [m] [k, 3], [k]; where on it, barycentric [k, 3]. Open meshes too."""
        tensor = _tensor(np.ascontiguousarray(points, np.float32))
        found = self._scene.compute_closest_points(tensor)
        u, v = found["primitive_uvs"].numpy().T
        return found["primitive_ids"].numpy().astype(np.int64), np.stack([1 - u - v, u, v], axis=1)

    def hits(self, origins: np.ndarray, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far from `origins` [m] [k, 3] along unit `directions` [k, 3] the first face lies, infinite where there is
        none, [k]; its number [k]. Open meshes too."""
        rays = np.ascontiguousarray(np.concatenate([origins, directions], axis=1), np.float32)
        found = self._scene.cast_rays(_tensor(rays))
        faces = found["primitive_ids"].numpy().astype(np.int64)
        distance = found["t_hit"].numpy()
        return distance, np.where(np.isfinite(distance), faces, 0)

    @cached_property
    def around(self) -> tuple[np.ndarray, np.ndarray]:
        """How far it is from each vertex through the solid, and how far away from it to what is next [m] [n]; infinite
        where it is not slender."""
        found = np.full((2, len(self.vertices)), np.inf)
        if self._slender is None:
            return found[0], found[1]
        normals, used = vertex_normals(self.vertices, self.faces), np.unique(self.faces)
        used = used[self._slender[used]]
        for to, way in enumerate((-normals[used], normals[used])):
            found[to, used] = self.hits(self.vertices[used] + _OFF * way, way)[0]
        return found[0], found[1]

    def inside(self, points: np.ndarray) -> np.ndarray:
        """True where a point lies inside, shape [k]: by most of three rays, since one may pass along an edge."""
        tensor = _tensor(np.ascontiguousarray(points, np.float32))
        return self._scene.compute_occupancy(tensor, nsamples=3).numpy() > 0.5


def _tensor(array: np.ndarray) -> Any:
    return _open3d().core.Tensor.from_numpy(array)


@cache
def _open3d() -> Any:
    return lightly.load("open3d", without=("visualization.draw_plotly",))
