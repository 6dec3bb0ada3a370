"""A body in a pose, from the command line and for the window: the mesh changes, and nothing that was measured."""

import io
from pathlib import Path

import numpy as np
import pytest
import trimesh

from app.commands import main
from app.scenes import posing
from body import poses
from body.model import load_model
from body.posing.settle import settled
from tests.body import movers

PERSON = ("measure", "--no-photo", "--height", "170 cm", "--weight", "62 kg", "--sex", "female", "--device", "cpu")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))


def vertices(folder: Path) -> np.ndarray:
    scene = trimesh.load_scene(io.BytesIO((folder / "body.glb").read_bytes()), file_type="glb", process=False)
    return np.concatenate([part.vertices for part in scene.geometry.values()])


def test_body_glb_sits_and_the_measures_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library = np.stack([pose.turns for pose in poses.library().values()])
    movement = movers.amass(tmp_path / "walk.npz", library)
    asked = {"ease": (), "seat": ("--pose", "sitting"), "frame": ("--pose", str(movement), "--frame", "6")}
    for name, options in asked.items():
        assert main([*PERSON, *options, "--out", str(tmp_path / name)]) == 0
    assert "note: the file's own body shape was left out" in capsys.readouterr().out
    standing, seated, raised = (vertices(tmp_path / name) for name in asked)
    assert np.ptp(standing[:, 1]) == pytest.approx(1.70, abs=0.03)
    assert np.ptp(seated[:, 1]) < 1.4 and np.ptp(seated[:, 2]) > 0.6
    assert raised[:, 1].max() > 1.95
    for file in ("measurements.json", "measurements.csv", "body.npz"):
        assert len({(tmp_path / name / file).read_bytes() for name in asked}) == 1, file


def test_a_struck_pose_is_the_models_body_and_later_ones_bring_vertices_only() -> None:
    model = load_model()
    body = model.body(np.zeros(model.n_betas), poses.at_ease(model, np.zeros(model.n_betas)))
    person = posing.rig(body)
    assert person is not None and person.same(posing.rig(body)) and not person.same(None)
    np.testing.assert_allclose(person.rest, model.body().joints - model.body().translation, atol=1e-6)
    first, later = posing.strike(person, None), posing.strike(person, poses.find("sitting"), whole=False)
    assert first.items is not None and later.items is None
    np.testing.assert_array_equal(first.turns, person.ease)
    np.testing.assert_array_equal(later.turns, settled(model, person.betas, poses.find("sitting")))
    scene = later.scene(first.items)
    expected = posing.in_pose(body, poses.find("sitting"))
    assert scene.bounds()[1][1] == pytest.approx(expected.vertices[:, 1].max(), abs=1e-4)
    assert all(a.faces is b.faces and a.colours is b.colours for a, b in zip(scene.items, first.items, strict=True))
