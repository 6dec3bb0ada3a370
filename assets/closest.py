"""Closest points, inside tests and rays on a triangle mesh, by open3d's BVH (Embree; MIT).

A body mesh may hold inner parts (eyes, teeth): only the outer component takes part, else the sign is wrong.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


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
    """A closed mesh that answers where its nearest point lies. Vertices [m] [n, 3], faces [m, 3]."""

    def __init__(self, vertices: np.ndarray, faces: np.ndarray) -> None:
        self.vertices = np.ascontiguousarray(vertices, np.float32)
        self.faces = np.ascontiguousarray(faces, np.uint32)

    @cached_property
    def _scene(self):
        import open3d

        scene = open3d.t.geometry.RaycastingScene()
        scene.add_triangles(open3d.core.Tensor.from_numpy(self.vertices), open3d.core.Tensor.from_numpy(self.faces))
        return scene

    def closest(self, points: np.ndarray) -> Closest:
        """Nearest surface points of `points` [m] [k, 3]; about 1.5 us each."""
        import open3d

        points = np.ascontiguousarray(points, np.float32)
        tensor = open3d.core.Tensor.from_numpy(points)
        found = self._scene.compute_closest_points(tensor)
        nearest = found["points"].numpy()
        across = found["primitive_uvs"].numpy()
        face_normal = found["primitive_normals"].numpy()
        signed = self._scene.compute_signed_distance(tensor).numpy()
        away = (points - nearest) * np.where(signed < 0, -1.0, 1.0)[:, None].astype(np.float32)
        size = np.linalg.norm(away, axis=1, keepdims=True)
        # On the surface itself the direction of distance is undefined; the face's own normal stands in.
        normals = np.where(size > 1e-6, away / np.maximum(size, 1e-12), face_normal)
        u, v = across[:, 0], across[:, 1]
        return Closest(
            signed, nearest, normals, found["primitive_ids"].numpy().astype(np.int64), np.stack([1 - u - v, u, v], 1)
        )

    def first_hit(self, origins: np.ndarray, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Along rays [k, 3]: distance to the first face, in lengths of the direction [k] (0 where none); its number,
        -1 where none [k]; barycentric coordinates in it [k, 3]."""
        import open3d

        rays = np.concatenate([origins, directions], axis=1).astype(np.float32)
        answer = self._scene.cast_rays(open3d.core.Tensor.from_numpy(rays))
        distance = answer["t_hit"].numpy().astype(float)
        hit = np.isfinite(distance)
        u, v = answer["primitive_uvs"].numpy().astype(float).T
        face = np.where(hit, answer["primitive_ids"].numpy().astype(np.int64), -1)
        return np.where(hit, distance, 0.0), face, np.stack([1 - u - v, u, v], axis=1)

    def inside(self, points: np.ndarray) -> np.ndarray:
        """True where a point lies inside, shape [k]."""
        import open3d

        tensor = open3d.core.Tensor.from_numpy(np.ascontiguousarray(points, np.float32))
        return self._scene.compute_occupancy(tensor).numpy() > 0.5
