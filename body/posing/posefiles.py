"""The reader of pose files, which runs in a child process: everything in such a file may be wrong or hostile.

AMASS (Mahmood et al., ICCV 2019) archives hold `poses` [t, 156] (SMPL-H) or [t, 165] (SMPL-X) and `trans` in a world
whose z is up; SMPL-X fits hold `global_orient`, `body_pose` and hands, often in a camera's axes. Only the members that
are needed are opened, only as plain numbers, only as many rows as are kept; nothing is ever unpickled.
"""

import tomllib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import InputRefused, plainly
from assets.files import read_head, read_text, require_file
from body.model import JOINT_NAMES
from body.posing.skeleton import matrices, vectors

LARGEST_FILE = 1 << 30
MOST_FRAMES = 36_000
LARGEST_TURN = 50.0
_FARTHEST = 1000.0  # that anybody goes [m]
_LONGEST_ROW = 4096
_LARGEST_COLUMNS = 400_000_000
_BODY, _HAND = 63, 45
# How the columns of one array are shared out: root, 21 joints of the body, jaw, eyes, hands.
_LAYOUTS = {
    165: "SMPL-X", 156: "SMPL-H", 72: "SMPL", 69: "SMPL without its root", 66: "SMPL-X without hands",
    63: "SMPL-X's body alone",
}  # fmt: skip
_NAMES = {
    "whole": ("poses", "fullpose"),
    "root": ("global_orient", "root_orient"),
    "body": ("body_pose", "pose_body"),
    "jaw": ("jaw_pose", "pose_jaw"),
    "left_eye": ("leye_pose",),
    "right_eye": ("reye_pose",),
    "eyes": ("pose_eye",),
    "left_hand": ("left_hand_pose",),
    "right_hand": ("right_hand_pose",),
    "hands": ("pose_hand",),
    "path": ("trans", "transl"),
    "rate": ("mocap_frame_rate", "mocap_framerate", "fps"),
}
_PICKLED = (
    "{name} is a pickle, which can run any program, and was not opened: load it where you trust it, and save the "
    "numbers with numpy.savez('pose.npz', poses=poses, trans=trans)"
)


def read(path: str) -> dict[str, Any]:
    """Poses [t, 55, 3], translation [t, 3], rate and notes of a file. Raises InputRefused."""
    file = Path(path)
    try:
        if require_file(file) > LARGEST_FILE:
            raise InputRefused(f"{file} is larger than any file of poses")
        return _read(file, read_head(file, 4096))
    except (InputRefused, MemoryError):
        raise
    except OSError as error:
        raise InputRefused(f"cannot read {file}: {error.strerror or error}") from error
    except Exception as error:
        raise InputRefused(f"{file.name} cannot be read as poses: {plainly(error)}") from error


def _read(file: Path, head: bytes) -> dict[str, Any]:
    if head[:2] == b"PK":
        return _archive(file)
    if b"HIERARCHY" in head.upper():
        from body.posing.bvh import read_bvh

        return upright(**read_bvh(file, MOST_FRAMES))
    if head[:1] == b"\x80" or file.suffix.lower() in (".pkl", ".pickle", ".pt", ".pth"):
        raise InputRefused(_PICKLED.format(name=file.name))
    if file.suffix.lower() == ".toml":
        return _toml(file)
    if not head:
        raise InputRefused(f"{file.name} is empty")
    raise InputRefused(f"{file.name} is no file of poses: Toile reads AMASS and SMPL-X archives (.npz) and BVH")


def _toml(file: Path) -> dict[str, Any]:
    from body.poses import LARGEST, parse

    try:
        pose = parse(read_text(file, LARGEST, "pose"), file.stem)
    except tomllib.TOMLDecodeError as error:
        raise InputRefused(f"{file.name} cannot be read as a pose: {error}") from error
    return {"poses": np.asarray(pose.turns)[None], "translation": np.zeros((1, 3)), "rate": 1.0, "notes": []}


def _archive(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        found = {part: _first(archive, names, file.name) for part, names in _NAMES.items()}
        shaped = "betas.npy" in archive.namelist()
    notes: list[str] = []
    if found["whole"] is not None:
        turns = _whole(found["whole"], file.name, notes)
        up = 2
    elif found["body"] is not None:
        turns = _joined(found, file.name, notes)
        up = 1 if found["rate"] is None else 2
    else:
        raise InputRefused(
            f"{file.name} holds no poses: AMASS archives have `poses`, SMPL-X ones `body_pose` and `global_orient`"
        )
    if len(turns) == MOST_FRAMES:
        notes.append(f"only the first {MOST_FRAMES} frames were read")
    if shaped:
        notes.append("the file's own body shape was left out: the pose is put on yours")
    path = found["path"]
    path = np.zeros((len(turns), 3)) if path is None or path.size != 3 * len(turns) else path.reshape(-1, 3)
    if np.abs(path - path[:1]).max(initial=0) > _FARTHEST:
        path, notes = np.zeros_like(path), [*notes, "the file's path is not in metres: the person stays in one place"]
    rate = float(found["rate"].ravel()[0]) if found["rate"] is not None and found["rate"].size else 30.0
    if not 1.0 <= rate <= 1000.0:
        rate, notes = 30.0, [*notes, "the file's frame rate cannot be: 30 a second is taken"]
    _check(turns, path, file.name)
    return upright(turns, path, rate, notes, up)


def _first(archive: zipfile.ZipFile, names: tuple[str, ...], file: str) -> np.ndarray | None:
    """The first of these members that the archive has."""
    for name in names:
        if f"{name}.npy" in archive.namelist():
            return _member(archive, name, file)
    return None


def _member(archive: zipfile.ZipFile, name: str, file: str) -> np.ndarray:
    """The first rows of one array, as many as are kept; whatever its header promises, no more than that is unpacked."""
    with archive.open(f"{name}.npy") as stream:
        version = np.lib.format.read_magic(stream)
        header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        if version not in header:
            raise InputRefused(f"{file}: {name} is written in a way that Toile does not know")
        shape, by_columns, dtype = header[version](stream)
        if dtype.hasobject:
            raise InputRefused(
                f"{file}: {name} is kept as Python objects, which can run any program, and was not opened: save it "
                f"again as numbers, with numpy.savez('pose.npz', {name}=numpy.asarray({name}, float))"
            )
        if dtype.kind not in "fiu" or any(n < 0 for n in shape):
            raise InputRefused(f"{file}: {name} holds no numbers")
        row = int(np.prod(shape[1:], dtype=object)) if shape else 1
        rows = shape[0] if shape else 1
        if row > _LONGEST_ROW or row == 0 or rows == 0:
            raise InputRefused(f"{file}: {name} has the shape {shape}, which holds no poses")
        kept = rows if by_columns and len(shape) > 1 else min(rows, MOST_FRAMES)
        if kept * row * dtype.itemsize > _LARGEST_COLUMNS:
            raise InputRefused(f"{file}: {name} is too long to be read by columns: save a shorter part")
        data = stream.read(kept * row * dtype.itemsize)
    if len(data) < kept * row * dtype.itemsize:
        raise InputRefused(f"{file}: {name} ends before it should; fetch the file again")
    array = np.frombuffer(data, dtype).reshape((kept, *shape[1:]) if shape else (), order="F" if by_columns else "C")
    return np.asarray(array[:MOST_FRAMES] if shape else array, float)


def _whole(array: np.ndarray, file: str, notes: list[str]) -> np.ndarray:
    """Poses [t, 55, 3] of one array that holds every joint, or as many as its layout has."""
    if array.ndim < 2:
        array = array.reshape(1, -1)
    flat = _axis_angle(array).reshape(len(array), -1)
    columns = flat.shape[1]
    if columns not in _LAYOUTS:
        known = ", ".join(f"{n} ({name})" for n, name in _LAYOUTS.items())
        raise InputRefused(f"{file}: a pose of {columns} numbers is in no known layout, which are {known}")
    turns = np.zeros((len(flat), 3 * len(JOINT_NAMES)))
    if columns in (63, 69):
        turns[:, 3:66] = flat[:, :63]
    else:
        turns[:, :66] = flat[:, :66]
    if columns == 165:
        turns[:, 66:] = flat[:, 66:]
    elif columns == 156:
        turns[:, 75:] = flat[:, 66:]
    else:
        notes.append(f"the file says nothing of fingers ({_LAYOUTS[columns]}): they are stretched")
    return turns.reshape(-1, len(JOINT_NAMES), 3)


def _joined(found: dict[str, np.ndarray | None], file: str, notes: list[str]) -> np.ndarray:
    """Poses [t, 55, 3] of separate arrays for root, body, jaw, eyes, hands."""
    given = {part: _axis_angle(array) for part, array in found.items() if array is not None and part != "rate"}
    body = given["body"]
    width = next((w for w in (_BODY, 69) if body.size % w == 0 and body.shape[-1] in (w, 3)), None)
    if width is None:
        raise InputRefused(f"{file}: the body's pose has the shape {body.shape}, not 63 numbers a frame")
    body = body.reshape(-1, width)[:, :_BODY]
    count = len(body)
    turns = np.zeros((count, len(JOINT_NAMES), 3))
    turns[:, 1:22] = body.reshape(count, 21, 3)
    for part, first, number in (("root", 0, 1), ("jaw", 22, 1), ("left_eye", 23, 1), ("right_eye", 24, 1),
                                ("eyes", 23, 2), ("hands", 25, 30)):  # fmt: skip
        if part in given:
            turns[:, first : first + number] = _frames(given[part], count, 3 * number, part, file).reshape(
                -1, number, 3
            )
    for part, first in (("left_hand", 25), ("right_hand", 40)):
        if part in given and given[part].size // max(count, 1) < _HAND:
            notes.append(f"the {part.replace('_', ' ')} is given by principal components, which need the model's "
                         "file: its fingers are stretched")  # fmt: skip
        elif part in given:
            turns[:, first : first + 15] = _frames(given[part], count, _HAND, part, file).reshape(-1, 15, 3)
    return turns


def _frames(array: np.ndarray, count: int, width: int, part: str, file: str) -> np.ndarray:
    """An array as `count` frames of `width` numbers; one frame serves for all."""
    if array.size not in (width, count * width):
        raise InputRefused(f"{file}: {part} has the shape {array.shape}, not {width} numbers for {count} frames")
    return np.broadcast_to(array.reshape(-1, width), (count, width))


def _axis_angle(array: np.ndarray) -> np.ndarray:
    """Rotation matrices [..., 3, 3] as rotation vectors [..., 3]; what holds vectors already, as it is."""
    if array.ndim < 3 or array.shape[-2:] != (3, 3):
        return array
    unit = np.einsum("...ij,...kj->...ik", array, array) - np.eye(3)
    return vectors(array) if np.isfinite(unit).all() and np.abs(unit).max() < 0.01 else array


def _check(turns: np.ndarray, path: np.ndarray, file: str) -> None:
    good = np.isfinite(turns).all(axis=(1, 2)) & np.isfinite(path).all(axis=1)
    if not len(turns):
        raise InputRefused(f"{file} has no frames")
    if not good.all():
        raise InputRefused(f"{file}: frame {int(np.argmin(good))} holds numbers that are not finite")
    if np.abs(turns).max() > LARGEST_TURN:
        raise InputRefused(f"{file}: its turns are no angles in radians; poses are rotation vectors in radians")


def upright(turns: np.ndarray, path: np.ndarray, rate: float, notes: list[str], up: int = 1) -> dict[str, Any]:
    """A file's poses in our world, +Y up, the first frame facing +Z. `up`: the axis that such files have upwards; where
    the person would not be upright by it and is by another, that one is taken."""
    whole = matrices(turns[:, 0])
    heads = whole[:, :, 1].mean(axis=0)
    ways = {1: np.zeros(3), 2: np.array([-np.pi / 2, 0, 0]), -1: np.array([np.pi, 0, 0])}
    upness = {1: heads[1], 2: heads[2], -1: -heads[1]}
    best = max(upness, key=lambda way: float(upness[way]))
    if best != up and upness[best] > 0.6 and upness[up] < 0.5:
        up = best
        notes = [*notes, f"the file's world has {'y' if abs(up) == 1 else 'z'} {'downwards' if up < 0 else 'upwards'}"]
    world = matrices(ways[up])
    ahead = world @ whole[0][:, 2]
    if np.hypot(ahead[0], ahead[2]) > 0.2:
        world = matrices([0.0, -np.arctan2(ahead[0], ahead[2]), 0.0]) @ world
    turned = turns.copy()
    turned[:, 0] = vectors(world @ whole)
    moved = (path - path[0]) @ world.T
    return {"poses": turned.astype(np.float32), "translation": moved.astype(np.float32), "rate": rate, "notes": notes}
