"""Anny itself as a body model, for the tape: its blend coefficients are the betas.

It is skinned from the A-pose with the typical body's turns, so that in a fixed pose it is affine in the coefficients
and `body.measure.Ruler` can read any of its bodies, with slopes.
"""

from collections.abc import Mapping

import numpy as np
import torch

from body.building.repose import place, t_pose_turns
from body.building.source import Source
from body.model import PARENTS, Body, posed
from body.models.builtin import chain, rotations


class Clay:
    """A BodyModel over a Source. `typical` are the A-pose joints [55, 3] whose turns to the T-pose stand for all."""

    name = "anny"

    def __init__(self, source: Source, landmarks: Mapping[str, int], typical: np.ndarray) -> None:
        self.source, self.landmarks = source, landmarks
        self.faces, self.skin_faces, self.weights = source.faces, source.skin, source.weights
        self.parents, self.n_betas = np.array(PARENTS), len(source.shapes)
        self._turn = t_pose_turns(torch.tensor(typical).float()[None])

    def prior(self, sex: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros(self.n_betas), np.eye(self.n_betas)

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
        vertices = self.source.template + (betas @ self.source.shapes.flatten(1)).unflatten(1, (-1, 3))
        vertices = vertices if detail is None else vertices + detail
        joints = self.source.joints + (betas @ self.source.joint_shapes.flatten(1)).unflatten(1, (-1, 3))
        world, _ = chain(rotations(pose), joints)
        turn = world @ self._turn
        places = place(turn, joints)
        shift = places - (turn @ joints[..., None])[..., 0]
        blend = torch.tensor(self.weights).float() @ torch.cat([turn.flatten(2), shift], dim=2)
        moved = (blend[..., :9].unflatten(2, (3, 3)) @ vertices[..., None])[..., 0] + blend[..., 9:]
        return moved, places
