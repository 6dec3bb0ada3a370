"""How the built-in body keeps its volume as it moves, with its pose correctives and by blend skinning alone.

    python -m benchmarks.body_poses [--quick] [--json FILE]

Volumes are against the same person in STANDING: of the whole skin, and of the piece within reach of a joint, closed by
flat caps. "Plain" is the body without them. Skin that a deep bend pushes into
other skin counts twice, as the surface has it.
"""

import time
from collections.abc import Iterator

import numpy as np
import torch

from assets.files import asset
from assets.mesh import volume
from benchmarks.table import Row, row, run
from body.model import JOINT_NAMES
from body.models.builtin import BuiltinBody, load_builtin
from body.poses import RELAXED, STANDING, Degrees, from_degrees

SEXES = ("female", "male")
_HANGING: dict[str, Degrees] = {"shoulder": (0, -2, -68), "elbow": (0, -15, 0)}
EVERYDAY: dict[str, tuple[np.ndarray, str]] = {
    "relaxed": (RELAXED, "left_shoulder"),
    "t": (from_degrees({}), "left_shoulder"),
    "walking": (
        from_degrees(
            {"left_hip": (-28, 0, 0), "right_hip": (18, 0, 0), "left_knee": (8, 0, 0), "right_knee": (38, 0, 0)}
        )
        + from_degrees({"left_shoulder": (0, 18, -66), "right_shoulder": (0, 22, 66)}),
        "left_hip",
    ),
    "sitting": (from_degrees({**_HANGING, "hip": (-90, 0, 3), "knee": (90, 0, 0)}), "left_hip"),
    "arms up": (from_degrees({"collar": (0, 0, 15), "shoulder": (0, 0, 75)}), "left_shoulder"),
    "reaching": (from_degrees({"collar": (0, -10, 0), "shoulder": (0, -80, 0)}), "left_shoulder"),
    "elbows 140": (from_degrees({"shoulder": (0, 0, -65), "elbow": (0, -140, 0)}), "left_elbow"),
    "knees 110": (from_degrees({**_HANGING, "hip": (-30, 0, 0), "knee": (110, 0, 0)}), "left_knee"),
}
# How far from the joint [m] a piece reaches, and how far volumes may be off [%].
REACH, WHOLE_GOAL, PIECE_GOAL = 0.15, 2.5, 12.0


def rows(quick: bool) -> Iterator[Row]:
    model = load_builtin()
    still = plain()
    for sex, name in enumerate(SEXES):
        betas = model.prior(float(sex))[0]
        for pose, (turns, joint) in EVERYDAY.items():
            told = f"whole volume, {_share(still, betas, turns):+.1f} % by blend skinning alone"
            yield row(f"{name} {pose}", told, abs(_share(model, betas, turns)), "%", WHOLE_GOAL)
            told = f"volume round the {joint.removeprefix('left_')}, {_share(still, betas, turns, joint):+.1f} % plain"
            yield row(f"{name} {pose} joint", told, abs(_share(model, betas, turns, joint)), "%", PIECE_GOAL)
        for pose, turns in (("relaxed", RELAXED), ("standing", STANDING)):
            shift = np.linalg.norm(_surface(model, betas, turns)[0] - _surface(still, betas, turns)[0], axis=1)
            yield row(f"{name} {pose} shift", "how far correctives move the skin", 1e3 * float(shift.max()), "mm", 1.0)
    yield from _costs(3 if quick else 10)


def _costs(times: int) -> Iterator[Row]:
    path = asset("bodies", "toile.npz")
    yield row("file", "size of the built-in body", path.stat().st_size / 1e6, "MB", 25.0)
    yield row("load", "read and checked", min(_seconds(load_builtin) for _ in range(times)), "s", 0.3)
    model = load_builtin()
    for count in (1, 16):
        people = torch.zeros(count, model.n_betas), torch.tensor(RELAXED)[None].expand(count, -1, -1)
        model.forward(*people)
        took = min(_seconds(lambda people=people: model.forward(*people)) for _ in range(times))
        yield row(f"forward {count}", "posed, a body", 1e3 * took / count, "ms", 20.0)


def _seconds(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def plain() -> BuiltinBody:
    """The body without correctives: blend skinning of the surface that was sculpted."""
    with np.load(asset("bodies", "toile.npz"), allow_pickle=False) as file:
        arrays = dict(file)
    return BuiltinBody({**arrays, "v_template": arrays["v_sculpted"], "posedirs": np.zeros_like(arrays["posedirs"])})


def _share(model: BuiltinBody, betas: np.ndarray, pose: np.ndarray, joint: str | None = None) -> float:
    """Change of volume [%] from STANDING, of the whole skin or of the piece round a joint."""
    (before, joints), (after, _) = _surface(model, betas, STANDING), _surface(model, betas, pose)
    faces = model.skin_faces
    if joint:
        faces = _piece(faces, np.linalg.norm(before - joints[JOINT_NAMES.index(joint)], axis=1) < REACH)
    return 100 * (_volume(after, faces) / _volume(before, faces) - 1)


def _surface(model: BuiltinBody, betas: np.ndarray, pose: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    with torch.no_grad():
        vertices, joints = model.forward(torch.tensor(betas)[None], torch.tensor(pose)[None])
    return vertices[0].double().numpy(), joints[0].double().numpy()


def _piece(faces: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The largest connected part of the faces that lie inside."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    chosen = faces[inside[faces].all(axis=1)]
    link = coo_matrix((np.ones(chosen.size), (chosen.ravel(), np.roll(chosen, 1, axis=1).ravel())), (len(inside),) * 2)
    part = connected_components(link, directed=False)[1][chosen[:, 0]]
    return chosen[part == np.bincount(part).argmax()]


def _volume(vertices: np.ndarray, faces: np.ndarray) -> float:
    """Volume [m3] of a piece of surface, each of its holes closed by a fan round the hole's middle."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    count = len(vertices)
    there = np.isin(
        sides[:, 1].astype(np.int64) * count + sides[:, 0], sides[:, 0].astype(np.int64) * count + sides[:, 1]
    )
    rim = sides[~there]
    link = coo_matrix((np.ones(len(rim)), (rim[:, 0], rim[:, 1])), (count, count))
    hole = connected_components(link, directed=False)[1][rim[:, 0]]
    for number in np.unique(hole):
        edge = rim[hole == number]
        vertices = np.concatenate([vertices, vertices[edge[:, 0]].mean(axis=0, keepdims=True)])
        middle = np.full(len(edge), len(vertices) - 1)
        faces = np.concatenate([faces, np.stack([edge[:, 1], edge[:, 0], middle], axis=1)])
    return volume(vertices, faces)


if __name__ == "__main__":
    run(__doc__, rows)
