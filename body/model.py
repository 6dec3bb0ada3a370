"""A person's body as a value, and what every body model must answer.

The layout is SMPL-X's (Pavlakos et al., "Expressive Body Capture", CVPR 2019): shape by `betas`, pose by 55 joints in
axis-angle form, rest pose a T. A body model is one file in `body/models`; a file's name ending decides which one reads
it. Nothing here imports torch: the window's process may hold a Body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from assets.errors import InputRefused
from assets.mesh import Mesh, frozen

if TYPE_CHECKING:
    import torch

_FINGERS = tuple(f"{finger}{k}" for finger in ("index", "middle", "pinky", "ring", "thumb") for k in (1, 2, 3))
JOINT_NAMES: tuple[str, ...] = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle",
    "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "jaw", "left_eye", "right_eye",
    *(f"left_{finger}" for finger in _FINGERS),
    *(f"right_{finger}" for finger in _FINGERS),
)  # fmt: skip
PARENTS: tuple[int, ...] = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 15, 15, 15,
    20, 25, 26, 20, 28, 29, 20, 31, 32, 20, 34, 35, 20, 37, 38,
    21, 40, 41, 21, 43, 44, 21, 46, 47, 21, 49, 50, 21, 52, 53,
)  # fmt: skip


class BodyModel(Protocol):
    """Shape and pose to a surface. Pickles by path, so that a Body travels cheaply between our own processes."""

    @property
    def name(self) -> str:
        """What a person calls it: "toile", or the file's name."""

    @property
    def faces(self) -> np.ndarray:
        """Triangles, shape [m, 3] int32, counter-clockwise from outside; the skin first, then inner parts (eyes)."""

    @property
    def skin_faces(self) -> np.ndarray:
        """The outer skin alone, one closed surface: what cloth touches and tapes lie on. Shape [s, 3] int32."""

    @property
    def parents(self) -> np.ndarray:
        """Number of each joint's parent, -1 for the pelvis, shape [55]."""

    @property
    def n_betas(self) -> int: ...

    @property
    def weights(self) -> np.ndarray:
        """How much each vertex follows each joint, rows sum to 1, shape [n, 55] float32."""

    @property
    def landmarks(self) -> Mapping[str, int]:
        """Vertex numbers of anatomical points (navel, left_nipple, crown ...); left and right carry a prefix."""

    def prior(self, sex: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Mean [k] and covariance [k, k] of betas among women (0), men (1), both pooled (None) or a mixture."""

    def forward(
        self,
        betas: torch.Tensor,
        pose: torch.Tensor,
        translation: torch.Tensor | None = None,
        detail: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Vertices [m], shape [b, n, 3], and joints [m], [b, 55, 3], of betas [b, k], pose [b, 55, 3],
        translation [b, 3] and detail [n, 3] or [b, n, 3]. Batched and differentiable."""

    def body(
        self, betas: np.ndarray | None = None, pose: np.ndarray | None = None, detail: np.ndarray | None = None
    ) -> Body:
        """One body with its feet on the floor; the mean shape in T-pose when nothing is said."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A shaped and posed person: betas [k]; pose, axis-angle [rad], [55, 3], row 0 the global orientation;
    translation [m] [3]; vertices [m] [n, 3] with the lowest on y = 0, facing +Z; joints [m] [55, 3].

    detail [m] [n, 3], or None: what betas cannot say, added to the shaped surface in the rest pose. Joints stay."""

    model: BodyModel
    betas: np.ndarray
    pose: np.ndarray
    translation: np.ndarray
    vertices: np.ndarray
    joints: np.ndarray
    detail: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name in ("betas", "pose", "translation", "vertices", "joints", "detail"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), np.float32)))

    @property
    def faces(self) -> np.ndarray:
        return self.model.faces

    @property
    def mesh(self) -> Mesh:
        """All that is seen, eyes included."""
        return Mesh(self.vertices, self.model.faces)

    @property
    def skin(self) -> Mesh:
        """The closed outer skin on the same vertex numbers: for contact, signed distances and volume."""
        return Mesh(self.vertices, self.model.skin_faces)


def posed(
    model: BodyModel, betas: np.ndarray | None, pose: np.ndarray | None, detail: np.ndarray | None = None
) -> Body:
    """Shape and pose one body with `model` and stand it on the floor. What every model's `body` does.

    Raises InputRefused when betas, pose or detail have the wrong shape or are not finite.
    """
    import torch

    betas = np.zeros(model.n_betas) if betas is None else np.asarray(betas, float)
    pose = np.zeros((len(JOINT_NAMES), 3)) if pose is None else np.asarray(pose, float)
    if betas.ndim != 1 or len(betas) > model.n_betas or not np.isfinite(betas).all():
        raise InputRefused(f"a shape of {model.name} is at most {model.n_betas} finite numbers")
    if pose.shape != (len(JOINT_NAMES), 3) or not np.isfinite(pose).all():
        raise InputRefused("a pose is 55 x 3 finite numbers")
    if detail is not None and (detail.shape != (len(model.weights), 3) or not np.isfinite(detail).all()):
        raise InputRefused(f"a detail of {model.name} is {len(model.weights)} x 3 finite numbers")
    betas = np.pad(betas, (0, model.n_betas - len(betas)))
    with torch.no_grad():
        vertices, joints = model.forward(
            torch.as_tensor(betas, dtype=torch.float32)[None],
            torch.as_tensor(pose, dtype=torch.float32)[None],
            detail=None if detail is None else torch.tensor(np.asarray(detail, np.float32)),
        )
    up = np.array([0.0, -float(vertices[0, :, 1].min()), 0.0], np.float32)
    return Body(model, betas, pose, up, vertices[0].cpu().numpy() + up, joints[0].cpu().numpy() + up, detail)


def following(model: BodyModel, joint: str) -> np.ndarray:
    """How much each vertex follows a joint and all that hangs on it, 0..1, [n]."""
    root = JOINT_NAMES.index(joint)
    below = np.zeros(len(JOINT_NAMES), bool)
    for number, parent in enumerate(model.parents):
        below[number] = number == root or (parent >= 0 and below[parent])
    return np.asarray(model.weights)[:, below].sum(axis=1)


def load_model(path: Path | str | None = None, device: str = "cpu") -> BodyModel:
    """The built-in body (None), or the body model in a file that the user brings; read once a process.

    Raises InputRefused for a file that is no body model, MissingExtra when its library is not installed.
    """
    return _load(None if path is None else Path(path).resolve(), device)


@lru_cache(maxsize=4)
def _load(path: Path | None, device: str) -> BodyModel:
    if path is None:
        from body.models.builtin import load_builtin

        return load_builtin(device)
    from body.models.smplx import load_smplx

    return load_smplx(path, device)
