"""SMPL-X bodies (Pavlakos et al., CVPR 2019) from a file that the user brings, run by the `smplx` package.

Package and model files are licensed by the Max Planck Society for non-commercial research: they belong to whoever
brings them, nothing of them ships with Toile, and without them everything else works. The file is first copied to a
clean one (body/models/clean.py); the package loads the copy.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from assets.errors import InputRefused, MissingExtra
from assets.files import sha256, user_cache, write_bytes
from assets.mesh import frozen
from assets.worker import once
from body.model import PARENTS, Body, BodyModel, load_model, posed
from body.models.builtin import chain, rotations

if TYPE_CHECKING:
    import torch

BETAS = 50
_READER = {"memory": 6e9, "cpu": 120, "deadline": 180.0}


class SmplxBody:
    """An SMPL-X model file. The skin is the largest connected part of its mesh, eyeballs come after it."""

    def __init__(self, path: Path, clean: Path, device: str = "cpu") -> None:
        package = _package()
        self.path, self.device, self.name = path, device, path.stem
        self._run = package.SMPLX(
            str(clean), ext="npz", use_pca=False, flat_hand_mean=True, num_betas=BETAS, num_expression_coeffs=10
        ).to(device)
        with np.load(clean, allow_pickle=False) as file:
            self.template, self.weights = frozen(file["v_template"]), frozen(file["weights"])
            self._joints = file["J_regressor"] @ file["v_template"]
            used = np.flatnonzero(np.abs(file["shapedirs"][:, :, :BETAS]).max((0, 1)) > 0)
            self.faces, skin = _skin_first(file["f"], len(self.template))
        self.n_betas = int(used.max(initial=0)) + 1
        self.skin_faces = frozen(self.faces[:skin])
        self.parents = frozen(np.array(PARENTS))

    def __reduce__(self):
        return load_model, (self.path, self.device)

    def prior(self, sex: float | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Standard normal: SMPL-X's betas are scaled so, and a file is for one sex or for none."""
        return np.zeros(self.n_betas, np.float32), np.eye(self.n_betas, dtype=np.float32)

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

        batch = max(len(betas), len(pose))
        betas, pose = betas.expand(batch, -1), pose.expand(batch, -1, -1)
        betas = torch.nn.functional.pad(betas, (0, BETAS - betas.shape[1]))
        parts = {
            "global_orient": pose[:, 0], "body_pose": pose[:, 1:22].flatten(1), "jaw_pose": pose[:, 22],
            "leye_pose": pose[:, 23], "reye_pose": pose[:, 24], "left_hand_pose": pose[:, 25:40].flatten(1),
            "right_hand_pose": pose[:, 40:55].flatten(1),
        }  # fmt: skip
        nothing = betas.new_zeros(batch, 10)
        moved = betas.new_zeros(batch, 3) if translation is None else translation
        out = self._run(betas=betas, expression=nothing, transl=moved, **parts)
        joints = out.joints[:, : len(PARENTS)]
        if detail is None:
            return out.vertices, joints
        turn, _ = chain(rotations(pose), joints)
        blend = (torch.tensor(self.weights).to(turn) @ turn.flatten(2)).unflatten(2, (3, 3))
        return out.vertices + (blend @ detail.to(turn)[..., None])[..., 0], joints

    @cached_property
    def landmarks(self) -> Mapping[str, int]:
        """The built-in body's points carried over: to where they lie from the joints that move them, then to the
        nearest vertex of the skin. Within about 2 cm; points that the package names are taken from it."""
        known = load_model()
        template = known.body().vertices, known.body().joints
        ratio = np.ptp(self.template[:, 1]) / np.ptp(template[0][:, 1])
        names = list(known.landmarks)
        points = template[0][list(known.landmarks.values())]
        offset = ratio * (points[:, None] - template[1][None])
        share = known.weights[list(known.landmarks.values())]
        guess = np.einsum("pj,pjc->pc", share, self._joints[None] + offset)
        skin = np.unique(self.skin_faces)
        gap = np.linalg.norm(self.template[skin][None] - guess[:, None], axis=2)
        found = dict(zip(names, skin[gap.argmin(1)].tolist(), strict=True))
        return MappingProxyType(found | {name: v for name, v in _named_vertices().items() if name in found})


def load_smplx(path: Path, device: str = "cpu") -> BodyModel:
    """Read a user's SMPL-X file. Raises InputRefused for any other file, MissingExtra without the `smplx` package."""
    _package()
    if not path.is_file():
        raise InputRefused(f"there is no body model {path}")
    return SmplxBody(path, _clean_copy(path), device)


def _clean_copy(path: Path) -> Path:
    """A file of plain arrays in the user's cache, made once for each content."""
    folder = user_cache() / "bodies"
    folder.mkdir(exist_ok=True)
    copy = folder / f"{sha256(path)}.npz"
    if not copy.exists():
        arrays = once("body.models.clean:read", str(path), title="the reader of body models", **_READER)
        stream = io.BytesIO()
        np.savez(stream, **arrays)
        write_bytes(copy, stream.getvalue())
    return copy


def _package() -> Any:
    try:
        import smplx
    except ImportError as error:
        raise MissingExtra(
            "SMPL-X files need the `smplx` package: pip install smplx (non-commercial licence)"
        ) from error
    return smplx


def _named_vertices() -> dict[str, int]:
    """The package's own points under our names."""
    from smplx.vertex_ids import vertex_ids

    words = {"LBigToe": "left_big_toe", "LSmallToe": "left_small_toe", "LHeel": "left_heel"}
    words |= {"RBigToe": "right_big_toe", "RSmallToe": "right_small_toe", "RHeel": "right_heel", "nose": "nose"}
    for mark, side in (("l", "left"), ("r", "right")):
        words |= {f"{mark}{part}": f"{side}_{part}" for part in ("ear", "thumb", "index", "middle", "ring", "pinky")}
    return {words[name]: vertex for name, vertex in vertex_ids["smplx"].items() if name in words}


def _skin_first(faces: np.ndarray, n: int) -> tuple[np.ndarray, int]:
    """Faces with the largest connected part first, and how many faces that is."""
    label = np.arange(n)
    while True:
        lowest = label[faces].min(1)
        before = label.copy()
        for corner in range(3):
            np.minimum.at(label, faces[:, corner], lowest)
        label = label[label]
        if np.array_equal(label, before):
            break
    part = label[faces[:, 0]]
    skin = part == np.bincount(part).argmax()
    return frozen(np.concatenate([faces[skin], faces[~skin]]).astype(np.int32)), int(skin.sum())
