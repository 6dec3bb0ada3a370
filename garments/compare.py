"""How maps change from one drape of a garment to another: another size, body, fabric, or the same before and after.

Where both are meshed alike, vertex answers vertex. Else a point is found again by its place in the panel: the panel of
the later drape is laid onto the earlier one so that edges and inner lines of the same name match by length, and
harmonically between. A panel that the earlier garment lacks takes the closest points in space.
"""

from dataclasses import replace

import numpy as np

from assets.errors import InputRefused
from assets.mesh import frozen
from garments.atlas import BY_NAME
from garments.maps import Mapped

_NEAR = 12


def change(before: Mapped, after: Mapped) -> Mapped:
    """The later drape, with the change of every map since the earlier one as values. Raises InputRefused where nothing
    of the one garment is in the other."""
    if not set(before.panels) & set(after.panels):
        raise InputRefused(
            f"{after.garment} has no panel in common with {before.garment}: compare drapes of the same design"
        )
    if _alike(before, after):
        differences = {name: after.values[name] - before.values[name] for name in BY_NAME}
    else:
        corners, weights = counterparts(before, after)
        differences = {
            name: after.values[name] - np.einsum("ij,ij->i", before.values[name][corners], weights) for name in BY_NAME
        }
    values = {name: frozen(found.astype(np.float32)) for name, found in differences.items()}
    return replace(after, values=values, directions={}, limits={}, since=_called(before, after))


def _called(before: Mapped, after: Mapped) -> str:
    """What was worn before, so that it is told from what is worn now."""
    if before.garment != after.garment:
        return before.garment
    return f"{before.garment} in {before.fabric}" if before.fabric != after.fabric else f"{before.garment} before"


def counterparts(before: Mapped, after: Mapped) -> tuple[np.ndarray, np.ndarray]:
    """Where each vertex of the later drape is in the earlier one: vertices of a face [k, 3] and weights [k, 3]."""
    corners, weights = np.zeros((len(after.flat), 3), np.int64), np.zeros((len(after.flat), 3))
    for number, panel in enumerate(after.panels):
        mine = np.unique(after.faces[after.panel == number])
        if panel in before.panels:
            faces = before.faces[before.panel == before.panels.index(panel)]
            places = _laid(before, after, panel, number)[mine]
            corners[mine], weights[mine] = _located(before.flat.astype(float), faces, places)
        else:
            corners[mine], weights[mine] = _closest(before, after.vertices[mine])
    return corners, weights


def _alike(before: Mapped, after: Mapped) -> bool:
    """Whether both are the same flat panels, meshed the same."""
    return (
        before.panels == after.panels
        and before.faces.shape == after.faces.shape
        and before.flat.shape == after.flat.shape
        and bool((before.faces == after.faces).all())
        and bool(np.allclose(before.flat, after.flat, atol=1e-6))
    )


def _laid(before: Mapped, after: Mapped, panel: str, number: int) -> np.ndarray:
    """Flat places [m] [k, 2] of the later garment's vertices in the earlier one's panel, for those that are in it."""
    from garments.fields import harmonic, laplacian

    flat = after.flat.astype(float)
    pinned, moved = [np.zeros(0, np.int64)], [np.zeros((0, 2))]
    for name, run in after.runs.items():
        if name.startswith(f"{panel}/") and name in before.runs:
            pinned.append(run)
            moved.append(_along(before.flat[before.runs[name]].astype(float), flat[run]) - flat[run])
    pins, first = np.unique(np.concatenate(pinned), return_index=True)
    if not len(pins):
        return flat
    faces = after.faces[after.panel == number]
    mine, local = np.unique(faces, return_inverse=True)
    matrix = laplacian(local.reshape(-1, 3), flat[faces], len(mine))
    places = flat.copy()
    places[mine] += harmonic(matrix, np.searchsorted(mine, pins), np.concatenate(moved)[first])
    return places


def _along(path: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Points of a path [p, 2] at the shares of its length at which the points of another [q, 2] lie on theirs."""
    here, there = (
        np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]) for points in (path, like)
    )
    share = there / max(there[-1], 1e-12) * here[-1]
    return np.stack([np.interp(share, here, column) for column in path.T], axis=1)


def _located(flat: np.ndarray, faces: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The face that each place [q, 2] lies in, or the nearest one; weights of its corners [q, 3], none below 0."""
    from scipy.spatial import cKDTree

    corner = flat[faces]
    near = cKDTree(corner.mean(axis=1)).query(places, k=min(_NEAR, len(faces)))[1].reshape(len(places), -1)
    a, b, c = (corner[near, k] for k in range(3))
    whole = _cross(b - a, c - a)
    away = places[:, None] - a
    second, third = _cross(away, c - a) / whole, _cross(b - a, away) / whole
    weights = np.stack([1.0 - second - third, second, third], axis=2)
    rows, best = np.arange(len(places)), weights.min(axis=2).argmax(axis=1)
    kept = np.maximum(weights[rows, best], 0.0)
    return faces[near[rows, best]].astype(np.int64), kept / kept.sum(axis=1, keepdims=True)


def _closest(before: Mapped, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from assets.closest import Surface

    found, weights = Surface(before.vertices, before.faces).over(points)
    return before.faces[found].astype(np.int64), weights


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
