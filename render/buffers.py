"""From items to buffers on the GPU: made once for the same arrays, split where the flat cloth is cut."""

import numpy as np

from assets.mesh import vertex_normals
from render import gpu
from render.scene import Item
from render.store import Store


class Buffers:
    """The buffers of items, kept in a store as long as their arrays live."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def geometry(self, item: Item) -> gpu.Geometry:
        """The item's buffers, shared with every item that has the same arrays."""
        normals = item.normals
        if normals is None:
            normals = self._store.get(vertex_normals, item.vertices, item.faces)
        parts = item.parts if item.materials else None
        return self._store.get(
            self._bound, item.vertices, normals, item.colours, item.uv, item.values, item.sewn, item.faces, parts
        )

    def _bound(
        self,
        vertices: np.ndarray,
        normals: np.ndarray,
        colours: np.ndarray | None,
        uv: np.ndarray | None,
        values: np.ndarray | None,
        sewn: np.ndarray | None,
        faces: np.ndarray,
        parts: np.ndarray | None,
    ) -> gpu.Geometry:
        kept = self._store.get
        flat = stitches = None
        if uv is not None and uv.ndim == 3:
            origin, first, faces = kept(corners, faces, uv, sewn)
            flat = kept(_of_corners, uv, first)
            stitches = None if sewn is None else kept(_of_corners, sewn, first)
        else:
            origin = kept(_all_of, vertices)
            flat = None if uv is None else kept(gpu.Buffer, uv)
        tint = None if colours is None else kept(_gathered, colours, origin)
        felt = None if values is None else kept(_gathered, values, origin)
        solid = [(kept(_gathered, vertices, origin), 3), (kept(_gathered, normals, origin), 3)]
        places = [*solid, (tint, 3), (flat, 2), (felt, 4), (stitches, 4)]
        if parts is None:
            return gpu.Geometry(places, kept(_indices, faces))
        return gpu.Geometry(places, kept(_by_part, faces, parts), kept(_ends, parts))


def corners(
    faces: np.ndarray, uv: np.ndarray, sewn: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices split where corners of one vertex lie apart in the flat cloth (at seams), or know of other ones.

    faces [m, 3], uv [m, 3, 2], sewn [m, 3, 4]; returns the vertex each new one comes from [k], the corner that stands
    for it [k], faces [m, 3].
    """
    flat = np.round(uv.reshape(-1, 2) * 1e5).astype(np.int64)
    key = (faces.ravel().astype(np.int64) << 40) ^ ((flat[:, 0] & 0xFFFFF) << 20) ^ (flat[:, 1] & 0xFFFFF)
    if sewn is not None:
        for away, along in sewn.reshape(-1, 2, 2).transpose(1, 2, 0):
            _, key = np.unique(key, return_inverse=True)
            known = np.round(1e5 * np.stack([np.minimum(away, FAR), along])).astype(np.int64)
            key = (key.astype(np.int64) << 37) ^ (known[0] << 20) ^ (known[1] & 0xFFFFF)
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return faces.ravel()[first], first, inverse.reshape(-1, 3).astype(np.int32)


FAR = 1.0
"""A distance [m] at which nothing of a seam is seen any more."""


def _all_of(vertices: np.ndarray) -> np.ndarray:
    return np.arange(len(vertices))


def _gathered(values: np.ndarray, origin: np.ndarray) -> gpu.Buffer:
    return gpu.Buffer(values[origin])


def _of_corners(values: np.ndarray, first: np.ndarray) -> gpu.Buffer:
    return gpu.Buffer(values.reshape(-1, values.shape[-1])[first])


def _indices(faces: np.ndarray) -> gpu.Buffer:
    return gpu.Buffer(faces.astype(np.uint32))


def _by_part(faces: np.ndarray, parts: np.ndarray) -> gpu.Buffer:
    return gpu.Buffer(faces[np.argsort(parts, kind="stable")].astype(np.uint32))


def _ends(parts: np.ndarray) -> np.ndarray:
    return 3 * np.cumsum([0, *np.bincount(parts)])
