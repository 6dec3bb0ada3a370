"""Soft tissue that Anny cannot carry: smooth fields that swell one region of the body each, and a smoother.

Anny's heaviest bodies stop near BMI 25 to 28 and wrinkle when extrapolated. Each field moves the skin along the normals
of a smoothed surface, as fat does; so a large person stays round. Our own, no data.
"""

from dataclasses import replace

import numpy as np
import torch

from body.building.smooth import neighbours, smoothed
from body.building.source import Source
from body.model import JOINT_NAMES

SWELL = 0.04
# name: height of the middle and half-height as shares of stature, and towards where the skin faces
_TRUNK = {
    "belly": (0.585, 0.06, "front"), "low-belly": (0.53, 0.035, "front"), "stomach": (0.65, 0.04, "front"),
    "flanks": (0.61, 0.045, "side"), "small-of-back": (0.61, 0.05, "back"), "hips": (0.50, 0.045, "side"),
    "seat": (0.50, 0.04, "back"), "chest": (0.715, 0.05, "front"), "ribs": (0.70, 0.05, "side"),
    "back": (0.74, 0.055, "back"), "high-back": (0.82, 0.035, "back"), "waist": (0.61, 0.05, "all"),
    "trunk": (0.66, 0.10, "all"), "pelvis": (0.52, 0.05, "all"),
}  # fmt: skip
# name: from joint, to joint, middle along the bone and half-length as shares of it
_LIMBS = {
    "root-of-thigh": ("hip", "knee", 0.12, 0.16), "thigh": ("hip", "knee", 0.35, 0.25),
    "low-thigh": ("hip", "knee", 0.8, 0.2),
    "knee": ("hip", "knee", 1.0, 0.13), "calf": ("knee", "ankle", 0.35, 0.2), "low-calf": ("knee", "ankle", 0.75, 0.2),
    "upper-arm": ("shoulder", "elbow", 0.5, 0.3), "elbow": ("shoulder", "elbow", 1.0, 0.2),
    "forearm": ("elbow", "wrist", 0.4, 0.3), "wrist": ("elbow", "wrist", 0.95, 0.2),
    "deltoid": ("shoulder", "elbow", 0.1, 0.25),
}  # fmt: skip


def flesh(
    surface: np.ndarray, joints: np.ndarray, weights: np.ndarray, faces: np.ndarray, twin: np.ndarray
) -> dict[str, np.ndarray]:
    """Fields [n, 3] by name, each moving its region by at most SWELL metres, symmetric."""
    outward = smooth_normals(surface, faces)
    floor = surface[:, 1].min()
    height = (surface[:, 1] - floor) / np.ptp(surface[:, 1])
    rough = neighbours(faces, len(surface))
    limb = {part: _share(weights, part) for part in ("arm", "leg")}
    trunk = (1 - limb["arm"]) * (1 - _share(weights, "head"))
    amounts = {}
    for name, (middle, half, facing) in _TRUNK.items():
        amounts[name] = trunk * np.exp(-0.5 * ((height - middle) / half) ** 2) * _facing(outward, facing)
    amounts["neck"] = np.exp(-0.5 * ((height - 0.842) / 0.03) ** 2) * (1 - limb["arm"])
    amounts["chin"] = _facing(outward, "front") * np.exp(-0.5 * ((height - 0.866) / 0.018) ** 2) * (outward[:, 1] < 0.2)
    for name, (start, end, middle, half) in _LIMBS.items():
        amounts[name] = _limb(surface, joints, weights, start, end, middle, half)
    fields = {}
    for name, amount in amounts.items():
        field = smoothed(amount, rough, 12)[:, None] * outward
        field = 0.5 * (field + field[twin] * [-1, 1, 1])
        fields[f"flesh-{name}"] = field * SWELL / np.linalg.norm(field, axis=1).max()
    return fields


def without_fold(source: Source) -> Source:
    """The source with the fold left by Anny's cut-away between the legs smoothed out, in every shape alike."""
    surface = source.template.double().numpy()
    height = surface[:, 1] - surface[:, 1].min()
    centre = (np.abs(surface[:, 0]) < 1e-4) & (height > 0.4 * height.max()) & (height < 0.55 * height.max())
    crotch = surface[np.flatnonzero(centre)[surface[centre, 1].argmin()]]
    where = np.exp(-0.5 * (np.linalg.norm(surface - crotch - [0, 0.02, 0.02], axis=1) / 0.027) ** 2)
    average = neighbours(source.faces, len(surface))
    columns = np.moveaxis(torch.cat([source.template[None], source.shapes]).numpy(), 0, 1)
    near = np.flatnonzero(where > 1e-3)
    smooth = smoothed(columns.reshape(len(surface), -1), average, 16, where.astype(np.float32))
    columns = np.array(columns)
    columns[near] = smooth.reshape(columns.shape)[near]
    shapes = torch.tensor(np.ascontiguousarray(np.moveaxis(columns, 1, 0)))
    return replace(source, template=shapes[0], shapes=shapes[1:])


def smooth_normals(surface: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Unit outward directions [n, 3] of the surface without its detail."""
    average = neighbours(faces, len(surface))
    surface = smoothed(surface, average, 30)
    corner = surface[faces]
    area = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normals = np.zeros_like(surface)
    for k in range(3):
        np.add.at(normals, faces[:, k], area)
    normals = smoothed(normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20), average, 10)
    return normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-20)


def _facing(outward: np.ndarray, way: str) -> np.ndarray:
    if way == "all":
        return np.ones(len(outward))
    along = {"front": outward[:, 2], "back": -outward[:, 2], "side": np.abs(outward[:, 0])}[way]
    return np.clip(along, 0, None) ** 1.5


def _share(weights: np.ndarray, part: str) -> np.ndarray:
    """How much each vertex belongs to both arms, both legs (hands and feet included) or the head."""
    roots = {
        "arm": "shoulder elbow wrist index middle ring pinky thumb",
        "leg": "hip knee ankle foot",
        "head": "head jaw",
    }
    columns = [k for k, name in enumerate(JOINT_NAMES) if any(root in name for root in roots[part].split())]
    return weights[:, columns].sum(1)


def _limb(
    surface: np.ndarray, joints: np.ndarray, weights: np.ndarray, start: str, end: str, middle: float, half: float
) -> np.ndarray:
    amount = np.zeros(len(surface))
    part = "arm" if start in ("shoulder", "elbow") else "leg"
    for side, sign in (("left", 1), ("right", -1)):
        head, tail = (joints[JOINT_NAMES.index(f"{side}_{joint}")] for joint in (start, end))
        bone = tail - head
        along = (surface - head) @ bone / (bone @ bone)
        mine = np.clip(surface[:, 0] * sign / 0.01 + 0.5, 0, 1) * np.clip(1.5 * _share(weights, part), 0, 1)
        amount += mine * np.exp(-0.5 * ((along - middle) / half) ** 2)
    return amount


def as_shapes(fields: dict[str, np.ndarray]) -> torch.Tensor:
    """Fields as local changes, shape [l, n, 3]."""
    return torch.tensor(np.stack(list(fields.values())), dtype=torch.float32)
