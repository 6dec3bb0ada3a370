"""What a scan shows and no shape of the model has: an offset of each vertex along its normal, smooth over gaps.

The height h over the fitted surface is the least-squares surface through all points,
sum of (h - seen)^2 + s^4 * integral of (Laplacian of h)^2, which averages noise over about the length s and bridges
holes like a bent plate. It is nothing at hands, feet, face and hair, and never more than DEEPEST.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import splu

from assets.closest import Surface
from assets.mesh import edges, face_areas, frozen, vertex_normals
from body.model import BodyModel, following
from body.scans.fitting import Laid

DEEPEST = 0.04
_SMOOTH = 0.010
_ROUNDS = 3
_MOST = 120_000
# Pulls [share of a point's] towards none: everywhere, and where no scan is believed.
_PULL, _OFF = 1e-4, 30.0
_ALIKE = 0.4
_SEEN = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Detail:
    """Offsets in the rest pose [m] [n, 3]; the surface with them, posed as scanned [m] [n, 3]; how far each vertex is
    backed by points, 0..1 [n]; the offsets' directions in the rest pose [n, 3]."""

    rest: np.ndarray
    posed: np.ndarray
    seen: np.ndarray
    outward: np.ndarray


def detail(model: BodyModel, laid: Laid, points: np.ndarray, normals: np.ndarray) -> Detail:
    """The detail that carries a laid body to the points [p, 3] with outward normals [p, 3] of its scan [m]."""
    if len(points) > _MOST:
        some = np.random.default_rng(0).choice(len(points), _MOST, replace=False)
        points, normals = points[some], normals[some]
    skin = model.skin_faces
    outward = vertex_normals(laid.vertices, skin).astype(float)
    trust = 1.0 - _off(model)
    area = np.bincount(skin.ravel(), np.repeat(face_areas(laid.vertices, skin), 3), len(outward)) / 3.0
    area = np.maximum(area, 1e-3 * area.mean())
    bend = _plate(laid.vertices, skin, area)
    height = np.zeros(len(outward))
    for round_ in range(_ROUNDS):
        weights, heights = _heights(laid.vertices + height[:, None] * outward, skin, outward, points, normals, round_)
        seen = np.asarray(weights.sum(axis=0)).ravel()
        each = area.sum() / len(points)
        system = each * (weights.T @ weights) + _SMOOTH**4 * bend + diags(area * (_PULL + _OFF * (1.0 - trust)))
        target = weights @ height + heights
        height = splu(system.tocsc()).solve(each * (weights.T @ target))
        height = np.clip(height, -DEEPEST, DEEPEST)
    density = seen * each / np.maximum(area, 1e-12)
    # Nobody sees the soles, but they stand on the floor.
    feet = sum(following(model, f"{side}_ankle") for side in ("left", "right"))
    backed = np.clip(_spread(density, skin) / _SEEN + feet, 0.0, 1.0)
    turns = _turns(model, laid)
    return Detail(
        frozen(np.linalg.solve(turns, (height[:, None] * outward)[..., None])[..., 0]),
        frozen(laid.vertices + height[:, None] * outward),
        frozen(backed),
        frozen(np.linalg.solve(turns, outward[..., None])[..., 0]),
    )


def _heights(
    surface: np.ndarray, skin: np.ndarray, outward: np.ndarray, points: np.ndarray, normals: np.ndarray, round_: int
) -> tuple[coo_matrix, np.ndarray]:
    """Which vertices each believed point lies over, rows weighed by belief [p, n], and how high [p], times belief."""
    face, share = Surface(surface, skin).over(points)
    corners = skin[face]
    across = np.einsum("pk,pkc->pc", share, outward[corners])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    gap = points - np.einsum("pk,pkc->pc", share, surface[corners])
    height = np.einsum("pc,pc->p", gap, across)
    beside = np.linalg.norm(gap - height[:, None] * across, axis=1)
    width = DEEPEST if round_ == 0 else 0.5 * DEEPEST
    good = (np.abs(height) < width) & (beside < 0.004 + 0.35 * np.abs(height))
    good &= np.einsum("pc,pc->p", across, normals) > _ALIKE
    row = np.repeat(np.arange(good.sum()), 3)
    rows = coo_matrix((share[good].ravel(), (row, corners[good].ravel())), shape=(good.sum(), len(surface)))
    return rows.tocsr(), height[good]


def _plate(vertices: np.ndarray, faces: np.ndarray, area: np.ndarray) -> coo_matrix:
    """The matrix whose form is the integral of the squared Laplacian of vertex values."""
    pairs = edges(faces)
    length = np.linalg.norm(vertices[pairs[:, 0]] - vertices[pairs[:, 1]], axis=1)
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    weight = np.tile(1.0 / np.maximum(length, 1e-4), 2)
    count = len(vertices)
    beside = coo_matrix((weight, (ends[:, 0], ends[:, 1])), shape=(count, count)).tocsr()
    total = np.maximum(np.asarray(beside.sum(axis=1)).ravel(), 1e-9)
    # Mean squared length of edges: what turns a difference from the neighbours' mean into a second derivative.
    far = np.bincount(ends[:, 0], weight * np.tile(length, 2) ** 2, count) / total
    laplacian = diags(4.0 / np.maximum(far, 1e-8)) @ (diags(1.0 / total) @ beside - diags(np.ones(count)))
    return laplacian.T @ diags(area) @ laplacian


def _off(model: BodyModel) -> np.ndarray:
    """Where no detail is taken, 0..1, [n]: hands, feet, head."""
    parts = [f"{side}_{name}" for side in ("left", "right") for name in ("wrist", "ankle")]
    share = sum((following(model, part) for part in parts), following(model, "head"))
    return np.clip(2.0 * share - 1.0, 0.0, 1.0)


def _spread(values: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Vertex values averaged over the triangles round each vertex, [n]."""
    mean = values[faces].mean(axis=1)
    count = np.maximum(np.bincount(faces.ravel(), minlength=len(values)), 1)
    return np.bincount(faces.ravel(), np.repeat(mean, 3), len(values)) / count


def _turns(model: BodyModel, laid: Laid) -> np.ndarray:
    """How an offset in the rest pose shows in the pose, [n, 3, 3]."""
    import torch

    betas, pose = (torch.tensor(np.array(part)[None], dtype=torch.float32) for part in (laid.betas, laid.pose))
    with torch.no_grad():
        along = torch.eye(3)[:, None].expand(-1, len(model.weights), -1)
        still = model.forward(betas, pose)[0][0]
        moved = [(model.forward(betas, pose, detail=way)[0][0] - still).double().cpu().numpy() for way in along]
    return np.stack(moved, axis=2)
