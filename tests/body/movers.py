"""Files of movement as others write them, made from poses of our own skeleton."""

from pathlib import Path

import numpy as np

from body.model import JOINT_NAMES, PARENTS
from body.posing.retarget import our_places
from body.posing.skeleton import NUMBER, chain, matrices

BODY = JOINT_NAMES[:22]
MIXAMO = {
    "pelvis": "Hips", "spine1": "Spine", "spine2": "Spine1", "spine3": "Spine2", "neck": "Neck", "head": "Head",
    "hip": "UpLeg", "knee": "Leg", "ankle": "Foot", "foot": "ToeBase", "collar": "Shoulder", "shoulder": "Arm",
    "elbow": "ForeArm", "wrist": "Hand",
}  # fmt: skip
BLENDER = {
    "pelvis": "spine", "spine1": "spine.001", "spine2": "spine.002", "spine3": "spine.003", "neck": "neck",
    "head": "head", "hip": "thigh", "knee": "shin", "ankle": "foot", "foot": "toe", "collar": "shoulder",
    "shoulder": "upper_arm", "elbow": "forearm", "wrist": "hand",
}  # fmt: skip
BIPED = {
    "pelvis": "Bip01 Pelvis", "spine1": "Bip01 Spine", "spine2": "Bip01 Spine1", "spine3": "Bip01 Spine2",
    "neck": "Bip01 Neck", "head": "Bip01 Head", "hip": "Thigh", "knee": "Calf", "ankle": "Foot", "foot": "Toe0",
    "collar": "Clavicle", "shoulder": "UpperArm", "elbow": "Forearm", "wrist": "Hand",
}  # fmt: skip
STYLES = {
    "Mixamo": lambda side, word: f"mixamorig:{side.capitalize()}{word}",
    "CMU": lambda side, word: f"{side.capitalize()}{word}",
    "Blender": lambda side, word: f"{word}.{side[:1].upper()}" if side else word,
    "Biped": lambda side, word: f"Bip01 {side[0].upper()} {word}".replace(" ", "_") if side else word.replace(" ", "_"),
    "SMPL": lambda side, word: f"{side}_{word}" if side else word,
}
WORDS = {"Mixamo": MIXAMO, "CMU": MIXAMO, "Blender": BLENDER, "Biped": BIPED, "SMPL": {name: name for name in MIXAMO}}
ORDERS = ("ZXY", "XYZ", "YXZ", "ZYX")


def called(joint: str, style: str) -> str:
    """Our joint's name as another skeleton has it."""
    side, _, word = joint.rpartition("_")
    return STYLES[style](side, WORDS[style][word])


def bvh(
    path: Path, poses: np.ndarray, style: str = "Mixamo", rest: np.ndarray | None = None, order: str = "ZXY",
    scale: float = 100.0, world: np.ndarray | None = None, walk: np.ndarray | None = None,
) -> Path:  # fmt: skip
    """Poses [t, 55, 3] of our skeleton as a BVH whose rest is our pose `rest` [55, 3], in its unit and its world."""
    world = np.eye(3) if world is None else world
    rest_turns, rest_places = chain(np.zeros((55, 3)) if rest is None else rest, our_places())
    rest_turns, rest_places = world @ rest_turns, rest_places @ world.T
    turns, places = chain(poses, our_places())
    whole = world @ turns @ np.swapaxes(rest_turns, -1, -2)
    lines = ["HIERARCHY"]

    def put(joint: int, depth: int) -> None:
        tabs, parent = "\t" * depth, PARENTS[joint]
        offset = scale * (rest_places[joint] - (rest_places[parent] if parent >= 0 else 0))
        lines.append(f"{tabs}{'JOINT' if parent >= 0 else 'ROOT'} {called(JOINT_NAMES[joint], style)}")
        lines.append(tabs + "{")
        lines.append(f"{tabs}\tOFFSET {' '.join(f'{v:.6f}' for v in offset)}")
        places = "Xposition Yposition Zposition " if parent < 0 else ""
        turning = " ".join(f"{axis}rotation" for axis in order)
        lines.append(f"{tabs}\tCHANNELS {6 if parent < 0 else 3} {places}{turning}")
        children = [k for k in range(len(BODY)) if PARENTS[k] == joint]
        for child in children:
            put(child, depth + 1)
        if not children:
            lines.extend([f"{tabs}\tEnd Site", tabs + "\t{", f"{tabs}\t\tOFFSET 0 {scale / 10:.4f} 0", tabs + "\t}"])
        lines.append(tabs + "}")
        written.append(joint)

    written: list[int] = []
    put(0, 0)
    listed = [line.split(maxsplit=1)[1] for line in lines if line.lstrip().startswith(("ROOT", "JOINT"))]
    joints = [next(k for k, name in enumerate(BODY) if called(name, style) == theirs) for theirs in listed]
    lines += ["MOTION", f"Frames: {len(poses)}", "Frame Time: 0.0333333"]
    walked = np.zeros((len(poses), 3)) if walk is None else walk
    for frame in range(len(poses)):
        numbers = list(scale * (world @ (places[frame, 0] + walked[frame])))
        for joint in joints:
            parent = PARENTS[joint]
            local = whole[frame, joint] if parent < 0 else whole[frame, parent].T @ whole[frame, joint]
            numbers += angles(local, order)
        lines.append(" ".join(f"{number:.6f}" for number in numbers))
    path.write_text("\n".join(lines) + "\n")
    return path


def angles(matrix: np.ndarray, order: str) -> list[float]:
    """Euler angles [degrees] of a rotation, about the axes in this order, each turning with the ones before."""
    from scipy.spatial.transform import Rotation

    return [float(angle) for angle in Rotation.from_matrix(matrix).as_euler(order, degrees=True)]


def amass(path: Path, poses: np.ndarray, columns: int = 165, **more: np.ndarray) -> Path:
    """Poses [t, 55, 3] of our world as an AMASS archive, z upwards."""
    flat = np.array(poses, float)
    flat[:, 0] = [turned_about_x(turn) for turn in flat[:, 0]]
    rows = flat.reshape(len(flat), -1)
    rows = np.concatenate([rows[:, :66], rows[:, 75:]], axis=1) if columns == 156 else rows[:, :columns]
    np.savez(path, **{"poses": rows, "trans": np.zeros((len(rows), 3)), "mocap_framerate": np.array(120.0),
                      "gender": np.array("neutral"), "betas": np.zeros(16)} | more)  # fmt: skip
    return path


def turned_about_x(turn: np.ndarray) -> np.ndarray:
    from body.posing.skeleton import vectors

    return vectors(matrices([np.pi / 2, 0, 0]) @ matrices(turn))


def directions(pose: np.ndarray) -> np.ndarray:
    """Unit directions [k, 3] of the body's bones in a pose."""
    places = chain(pose, our_places())[1]
    limbs = [f"{side}_{name}" for side in ("left", "right") for name in ("knee", "ankle", "foot", "elbow", "wrist")]
    bones = np.array([places[NUMBER[name]] - places[PARENTS[NUMBER[name]]] for name in (*limbs, "head")])
    return bones / np.linalg.norm(bones, axis=1, keepdims=True)
