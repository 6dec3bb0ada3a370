"""Strangers' SMPL-X files, read without running anything in them, and copied to files that hold plain arrays only.

SMPL-X files are pickles, or archives with pickles inside, and a pickle may run any program. This reader knows a short
list of names: numpy's arrays, scipy's sparse matrices and chumpy's arrays, and builds stand-ins for them (numpy's own
way of unpickling is not used either: a forged dtype could make it read any memory). It works in a child process with
limits on memory and time; the program itself sees only arrays whose shapes and values have been checked.
"""

import io
import pickle
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np

from assets.errors import BrokenRule, InputRefused, plainly
from body.model import JOINT_NAMES, PARENTS

LARGEST_FILE = 2 << 30
_DEEPEST = 8  # arrays that stand for arrays
_FARTHEST = 10.0  # from the middle, of anything on a body [m]
SHAPES, EXPRESSIONS, CORRECTIVES = 300, 100, 486
_NEEDED = (
    "v_template", "shapedirs", "posedirs", "J_regressor", "weights", "f", "kintree_table", "hands_componentsl",
    "hands_componentsr", "hands_meanl", "hands_meanr", "lmk_faces_idx", "lmk_bary_coords",
)  # fmt: skip


def read(path: str) -> dict[str, np.ndarray]:
    """The checked arrays of an SMPL-X file (.npz or .pkl). Raises InputRefused, saying what is wrong with it."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise InputRefused(f"{file.name} is larger than any body model")
        found = _archive(file) if zipfile.is_zipfile(file) else _table(file)
        missing = [name for name in _NEEDED if name not in found]
        if missing:
            raise InputRefused(f"{file.name} is no SMPL-X file: it has no {missing[0]}")
        return _checked(found, file.name)
    except InputRefused:
        raise
    except OSError as error:
        raise InputRefused(f"cannot read {file}: {error.strerror or error}") from error
    except Exception as error:
        raise InputRefused(f"{file.name} is no SMPL-X file: {plainly(error)}") from error


def _archive(file: Path) -> dict[str, np.ndarray]:
    found = {}
    with zipfile.ZipFile(file) as archive:
        for name in _NEEDED:
            if f"{name}.npy" in archive.namelist():
                found[name] = _member(io.BytesIO(archive.read(f"{name}.npy")))
    return found


def _member(stream: BinaryIO) -> np.ndarray:
    """One .npy: a plain array is read by numpy without pickles, an array of objects by the allow-list."""
    version = np.lib.format.read_magic(stream)
    header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    dtype = header[version](stream)[2]
    if dtype.hasobject:
        return _array(_unpickled(stream))
    stream.seek(0)
    return _array(np.load(stream, allow_pickle=False))


def _table(file: Path) -> dict[str, np.ndarray]:
    with open(file, "rb") as stream:
        content = _unpickled(stream)
    if not isinstance(content, Mapping):
        raise BrokenRule("it holds no table of arrays")
    return {name: _array(content[name]) for name in _NEEDED if name in content}


def _unpickled(stream: BinaryIO) -> Any:
    return _Reader(stream, encoding="latin1").load()


class _Reader(pickle.Unpickler):
    """Knows the names in `_KNOWN` and no other."""

    def find_class(self, module: str, name: str) -> Any:
        known = _KNOWN.get((module, name))
        if known is None:
            raise InputRefused(f"the file asks for {module}.{name}, which no body model needs: it was not opened")
        return known

    def persistent_load(self, identity: Any) -> Any:
        raise InputRefused("the file refers to things outside itself: it was not opened")


class _Dtype:
    def __init__(self, code: str, *_: object) -> None:
        if not re.fullmatch(r"[<>|=]?([fiu][1248]|b1|O8?)", code):
            raise BrokenRule(f"numbers of kind {code!r:.20}")
        self.code = code

    def __setstate__(self, state: tuple) -> None:
        if state[1] in ("<", ">"):
            self.code = state[1] + self.code.lstrip("<>|=")

    @property
    def objects(self) -> bool:
        return "O" in self.code


class _Array:
    """An array whose numbers are read from its bytes, or a list of whatever objects it holds."""

    def __init__(self, *_: object) -> None:
        self.value: Any = None

    def __setstate__(self, state: tuple) -> None:
        _, shape, dtype, by_columns, raw = state
        if dtype.objects:
            self.value = list(raw)
        else:
            self.value = _numbers(raw, dtype).reshape(shape, order="F" if by_columns else "C")


class _Sparse:
    """A scipy matrix in compressed columns (or rows), written out in full."""

    by_columns = True

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = state if isinstance(state, dict) else state[0]
        shape = tuple(int(n) for n in state["_shape" if "_shape" in state else "shape"])
        starts, minor, data = (_array(state[name]) for name in ("indptr", "indices", "data"))
        major = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        self.value = np.zeros(shape)
        np.add.at(self.value, (minor, major) if self.by_columns else (major, minor), data)


class _SparseRows(_Sparse):
    by_columns = False


class _Chumpy:
    """chumpy's array: its numbers are its field `x`."""

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.value = state["x"]


def _reconstruct(kind: Callable[..., Any], *_: object) -> Any:
    if kind not in (_Array, _Chumpy, _Sparse, _SparseRows):
        raise InputRefused("the file rebuilds something that is no array: it was not opened")
    return kind()


def _encode(text: str, coding: str = "latin1") -> bytes:
    if coding not in ("latin1", "latin-1"):
        raise BrokenRule("an odd coding of bytes")
    return text.encode("latin1")


def _numbers(raw: bytes | str, dtype: _Dtype) -> np.ndarray:
    return np.frombuffer(raw.encode("latin1") if isinstance(raw, str) else bytes(raw), np.dtype(dtype.code))


def _scalar(dtype: _Dtype, raw: bytes | str) -> Any:
    return _numbers(raw, dtype)[0]


def _from_buffer(raw: bytes, dtype: _Dtype, shape: tuple, order: Literal["C", "F"]) -> _Array:
    array = _Array()
    array.value = _numbers(raw, dtype).reshape(shape, order=order)
    return array


_KNOWN: dict[tuple[str, str], Any] = {
    ("_codecs", "encode"): _encode,
    ("copy_reg", "_reconstructor"): _reconstruct,
    ("copyreg", "_reconstructor"): _reconstruct,
    ("__builtin__", "object"): object,
    ("builtins", "object"): object,
    ("chumpy.ch", "Ch"): _Chumpy,
}
for _home in ("numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric"):
    _names = {"ndarray": _Array, "dtype": _Dtype, "_reconstruct": _reconstruct, "scalar": _scalar}
    _KNOWN |= {(_home, name): stand_in for name, stand_in in (_names | {"_frombuffer": _from_buffer}).items()}
for _kind, _stand_in in (("csc", _Sparse), ("csr", _SparseRows)):
    for _home in (f"scipy.sparse.{_kind}", f"scipy.sparse._{_kind}"):
        _KNOWN |= {(_home, f"{_kind}_matrix"): _stand_in, (_home, f"{_kind}_array"): _stand_in}


_STAND_INS = (_Array, _Chumpy, _Sparse)


def _array(value: Any) -> np.ndarray:
    """Whatever stands for an array, as an array of plain numbers."""
    for _ in range(_DEEPEST):
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], _STAND_INS):
            value = value[0]
        elif isinstance(value, _STAND_INS):
            value = value.value
    nested = isinstance(value, list) and not all(isinstance(n, int | float) for n in value)
    if nested or isinstance(value, _STAND_INS):
        raise BrokenRule("an array within an array")  # which may be without end
    result = np.asarray(value)
    if result.dtype.kind not in "fiub":
        raise BrokenRule("an array of something other than numbers")
    return result


def _checked(found: dict[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    """The arrays in the shapes and kinds that the layout has. Raises InputRefused."""
    for key in ("v_template", "f"):
        if found[key].ndim != 2:
            raise InputRefused(f"{name}: {key} has the shape {found[key].shape}, not rows of 3")
    n, joints = len(found["v_template"]), len(JOINT_NAMES)
    if found["J_regressor"].ndim != 2 or len(found["J_regressor"]) != joints:
        raise InputRefused(f"{name} has not SMPL-X's 55 joints: SMPL and SMPL-H files do not serve")
    rows = found["shapedirs"].shape[2] if found["shapedirs"].ndim == 3 else 0
    shapes: dict[str, tuple[int, ...]] = {
        "v_template": (n, 3), "shapedirs": (n, 3, rows), "posedirs": (n, 3, CORRECTIVES), "J_regressor": (joints, n),
        "weights": (n, joints), "f": (len(found["f"]), 3), "kintree_table": (2, joints),
        "hands_componentsl": (45, 45), "hands_componentsr": (45, 45), "hands_meanl": (45,), "hands_meanr": (45,),
        "lmk_faces_idx": (51,), "lmk_bary_coords": (51, 3),
    }  # fmt: skip
    for key, shape in shapes.items():
        if found[key].shape != shape or found[key].size == 0:
            raise InputRefused(f"{name}: {key} has the shape {found[key].shape}, not {shape}")
        if not np.isfinite(found[key]).all():
            raise InputRefused(f"{name}: {key} holds numbers that are not finite")
    faces = found["f"].astype(np.int64)
    if faces.min() < 0 or faces.max() >= n or not 1000 <= n <= 100_000:
        raise InputRefused(f"{name}: its faces and vertices do not belong together")
    if not np.array_equal(found["kintree_table"][0, 1:].astype(np.int64), PARENTS[1:]):
        raise InputRefused(f"{name}: its joints do not hang together as SMPL-X's do")
    weights, height = found["weights"], np.ptp(found["v_template"], axis=0).max()
    if height > 5 or max(np.abs(found[key]).max() for key in ("v_template", "shapedirs", "posedirs")) > _FARTHEST:
        raise InputRefused(f"{name} is no body in metres")
    if weights.min() < -0.01 or np.abs(weights.sum(1) - 1).max() > 0.01:
        raise InputRefused(f"{name}: its skinning weights are no shares of a whole")
    if np.abs(found["J_regressor"].sum(1) - 1).max() > 0.1:
        raise InputRefused(f"{name}: its joints are no means of its vertices")
    if found["lmk_faces_idx"].min() < 0 or found["lmk_faces_idx"].max() >= len(faces):
        raise InputRefused(f"{name}: its face points lie on no face")
    clean: dict[str, np.ndarray] = {key: np.ascontiguousarray(found[key], np.float32) for key in shapes}
    clean |= {"f": faces, "kintree_table": np.array([(-1, *PARENTS[1:]), range(joints)])}
    clean["lmk_faces_idx"] = found["lmk_faces_idx"].astype(np.int64)
    clean["shapedirs"] = _padded(clean["shapedirs"], name)
    return clean


def _padded(directions: np.ndarray, name: str) -> np.ndarray:
    """Directions in 300 + 100 columns, shape and expression; files of 10 + 10 are filled up with zeros."""
    columns = directions.shape[2]
    if columns >= SHAPES + EXPRESSIONS:
        return directions[:, :, : SHAPES + EXPRESSIONS]
    if columns < 20:
        raise InputRefused(f"{name}: it has {columns} shape directions; SMPL-X has 20 or 400")
    full = np.zeros((*directions.shape[:2], SHAPES + EXPRESSIONS), np.float32)
    full[:, :, :10], full[:, :, SHAPES : SHAPES + 10] = directions[:, :, :10], directions[:, :, 10:20]
    return full
