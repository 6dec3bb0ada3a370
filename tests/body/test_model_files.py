"""Body files of strangers: what is no body is refused in a sentence, and nothing in a file ever runs."""

import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from assets.errors import InputRefused, MissingExtra, ToileError
from body.model import JOINT_NAMES, PARENTS, load_model
from body.models import clean

N = 1200


def small_model() -> dict[str, np.ndarray]:
    """The smallest file that has the layout; no likeness."""
    rng = np.random.default_rng(0)
    weights = rng.random((N, 55))
    return {
        "v_template": rng.random((N, 3)), "shapedirs": rng.random((N, 3, 20)), "posedirs": np.zeros((N, 3, 486)),
        "J_regressor": np.full((55, N), 1 / N), "weights": weights / weights.sum(1, keepdims=True),
        "f": rng.integers(0, N, (100, 3)), "kintree_table": np.array([(2**32 - 1, *PARENTS[1:]), range(55)]),
        "hands_componentsl": np.eye(45), "hands_componentsr": np.eye(45), "hands_meanl": np.zeros(45),
        "hands_meanr": np.zeros(45), "lmk_faces_idx": np.zeros(51, np.int64),
        "lmk_bary_coords": np.full((51, 3), 1 / 3),
    }  # fmt: skip


def pickled(path: Path, content: object, protocol: int = 2) -> Path:
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


def archived(path: Path, **arrays: object) -> Path:
    np.savez(path, **arrays)
    return path


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle_and_an_archive_say_the_same(tmp_path: Path, protocol: int) -> None:
    model = small_model()
    from_archive = clean.read(str(archived(tmp_path / "a.npz", **model)))
    loose = model | {"J_regressor": sparse.csc_matrix(model["J_regressor"]), "lmk_faces_idx": np.zeros(51, np.uint32)}
    from_pickle = clean.read(str(pickled(tmp_path / "a.pkl", loose, protocol)))
    for name, array in from_archive.items():
        np.testing.assert_array_equal(from_pickle[name], array, err_msg=name)


def test_an_array_of_objects_inside_an_archive_is_read_by_the_same_list(tmp_path: Path) -> None:
    model = small_model()
    boxed = np.empty((), object)
    boxed[()] = sparse.csr_matrix(model["J_regressor"])
    found = clean.read(str(archived(tmp_path / "a.npz", **(model | {"J_regressor": boxed}))))
    np.testing.assert_allclose(found["J_regressor"], model["J_regressor"], atol=1e-7)


def test_few_columns_are_filled_up_where_the_package_looks(tmp_path: Path) -> None:
    model = small_model()
    found = clean.read(str(archived(tmp_path / "a.npz", **model)))["shapedirs"]
    assert found.shape == (N, 3, 400)
    np.testing.assert_allclose(found[:, :, :10], model["shapedirs"][:, :, :10], atol=1e-6)
    np.testing.assert_allclose(found[:, :, 300:310], model["shapedirs"][:, :, 10:], atol=1e-6)
    assert not found[:, :, 10:300].any()


class Runs:
    """Unpickling this anywhere careless runs a command."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple:
        return os.system, (self.command,)


@pytest.mark.parametrize("where", ["pickle", "archive", "deep"])
def test_a_hostile_pickle_is_refused_and_runs_nothing(tmp_path: Path, where: str) -> None:
    marker = tmp_path / "ran"
    bomb = Runs(f"touch {marker}")
    if where == "pickle":
        path = pickled(tmp_path / "a.pkl", small_model() | {"extra": bomb})
    elif where == "archive":
        boxed = np.empty(1, object)
        boxed[0] = bomb
        path = archived(tmp_path / "a.npz", **(small_model() | {"weights": boxed}))
    else:
        path = pickled(tmp_path / "a.pkl", {"v_template": [[{"x": bomb}]]}, protocol=4)
    with pytest.raises(InputRefused, match="system"):
        clean.read(str(path))
    assert not marker.exists()


def test_names_that_only_look_harmless_are_refused(tmp_path: Path) -> None:
    for text in (b"cnumpy.testing\nrun_string\n.", b"cbuiltins\neval\n(S'1'\ntR.", b"cnumpy\nload\n(S'x'\ntR."):
        (tmp_path / "a.pkl").write_bytes(text)
        with pytest.raises(InputRefused, match="not opened"):
            clean.read(str(tmp_path / "a.pkl"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("v_template", np.full((N, 3), np.nan), "finite"),
        ("shapedirs", np.zeros((N, 3, 12)), "directions"),
        ("shapedirs", np.zeros((N, 2, 20)), "shape"),
        ("posedirs", np.zeros((N, 3, 207)), "posedirs"),
        ("J_regressor", np.zeros((24, N)), "55 joints"),
        ("weights", np.zeros((N, 55)), "weights"),
        ("f", np.full((100, 3), N), "faces"),
        ("f", np.full((100, 3), -1), "faces"),
        ("kintree_table", np.zeros((2, 55)), "joints"),
        ("v_template", 100 * np.random.default_rng(0).random((N, 3)), "metres"),
        ("weights", np.array(["a"] * 3), "numbers"),
        ("lmk_faces_idx", np.full(51, 10**6), "face points"),
        ("f", np.int64(3), "rows of 3"),
        ("posedirs", np.full((N, 3, 486), 1e38), "metres"),
        ("weights", np.eye(1, 55) * 6 - np.eye(1, 55, 1) * 5 + np.zeros((N, 1)), "shares"),
        ("J_regressor", np.ones((55, N)), "means"),
    ],
)
def test_what_is_no_body_is_refused_with_the_reason(tmp_path: Path, name: str, value: np.ndarray, words: str) -> None:
    with pytest.raises(InputRefused, match=words):
        clean.read(str(archived(tmp_path / "a.npz", **(small_model() | {name: value}))))


def test_broken_files_are_refused(tmp_path: Path) -> None:
    contents = {
        "empty": b"",
        "noise": os.urandom(4096),
        "text": b"not a model",
        "cut": pickle.dumps(small_model())[:5000],
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputRefused):
            clean.read(str(tmp_path / name))
    with zipfile.ZipFile(tmp_path / "odd.npz", "w") as archive:
        archive.writestr("v_template.npy", b"\x93NUMPY\x01\x00")
    with pytest.raises(InputRefused):
        clean.read(str(tmp_path / "odd.npz"))
    with pytest.raises(InputRefused):
        clean.read(str(tmp_path / "nowhere.npz"))


def test_a_forged_array_of_objects_cannot_point_into_memory(tmp_path: Path) -> None:
    """numpy's own unpickling would take these bytes for addresses of objects."""
    dtype = b"cnumpy\ndtype\n(S'O8'\nI0\nI1\ntR(I3\nS'|'\nNNNI-1\nI-1\nI0\ntb"
    array = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I1\nt" + dtype
    (tmp_path / "a.pkl").write_bytes(b"(S'v_template'\n" + array + b"I00\nS'AAAAAAAA'\ntbd.")
    with pytest.raises(InputRefused):
        clean.read(str(tmp_path / "a.pkl"))


@pytest.mark.parametrize("kind", ["a chumpy array that is its own content", "lists of lists of lists"])
def test_arrays_without_end_are_refused_at_once(tmp_path: Path, kind: str) -> None:
    if "chumpy" in kind:
        array = b"ccopy_reg\n_reconstructor\n(cchumpy.ch\nCh\nc__builtin__\nobject\nNtRp1\n}S'x'\ng1\nsb"
    else:
        array = b"]p0\n0" + b"".join(b"(g%d\ng%d\nlp%d\n0" % (k, k, k + 1) for k in range(60)) + b"g60\n"
    (tmp_path / "a.pkl").write_bytes(b"(S'v_template'\n" + array + b"d.")
    with pytest.raises(InputRefused, match="within an array"):
        clean.read(str(tmp_path / "a.pkl"))


def test_the_file_is_read_in_a_child_and_copied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("smplx", reason="the smplx package is not installed")
    from body.models import smplx

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = pickled(tmp_path / "model.pkl", small_model())
    copy = smplx._clean_copy(path)
    with np.load(copy, allow_pickle=False) as file:
        assert file["weights"].shape == (N, len(JOINT_NAMES))
    stamp = copy.stat().st_mtime_ns
    assert smplx._clean_copy(path) == copy and copy.stat().st_mtime_ns == stamp
    marker = tmp_path / "ran"
    with pytest.raises(ToileError, match="system"):
        load_model(pickled(tmp_path / "bad.pkl", Runs(f"touch {marker}")))
    assert not marker.exists()


def test_without_the_package_the_message_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "smplx", None)
    with pytest.raises(MissingExtra, match="pip install smplx"):
        load_model(pickled(tmp_path / "model.pkl", small_model()))
