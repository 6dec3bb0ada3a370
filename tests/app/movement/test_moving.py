"""A try-on in movement: frames in portions, kept on disk, stopped and gone on with, told in words."""

import io
from dataclasses import replace

import numpy as np
import pytest

from app.exports import footage
from app.movement import reels
from app.movement.moving import Run, followed, motion_of, take
from app.pipeline import TryOn, dress
from app.project import Wish
from app.saying import language
from app.stage import body_items
from assets.errors import Cancelled, InputRefused, UsageError
from body.estimate import Evidence, estimate
from body.motion import Motion
from garments.moving import Frame, Track


@pytest.fixture(scope="module")
def result() -> TryOn:
    told = estimate(Evidence(height=1.65, mass=65.0, sex=0.0))
    return dress(told, (Wish("skirt", "M"),), edge=0.035)


@pytest.fixture(scope="module")
def motion(result: TryOn) -> Motion:
    whole = motion_of("sit", result.estimate.body)
    chosen = [0, 8, 9, 10, 11]
    return Motion(whole.name, whole.poses[chosen], whole.translation[chosen], whole.rate)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_frames_come_in_portions_and_the_report_with_the_last(result: TryOn, motion: Motion) -> None:
    run, said = Run(result, motion), []
    first = take(run, 0, 2, lambda fraction, words: said.append((fraction, words)))
    assert (first.total, first.first, len(first.surfaces), first.report) == (5, 0, 2, None)
    assert first.items[-1].name == "skirt M" and "frame 2 of 5" in said[-1][1]
    bare = body_items(run.body(0))[0].vertices
    assert np.abs(first.items[0].vertices - bare).max() > 2e-4, "skin is drawn further in under cloth, as at rest"
    last = take(run, 2, 10)
    assert len(last.surfaces) == 3 and not last.items
    assert last.report is not None and last.report.holds
    assert "skirt M: at " in last.report.lines[0] and " % of " in last.report.lines[0]
    assert all(len(surface) == len(first.items) for surface in (*first.surfaces, *last.surfaces))
    np.testing.assert_array_equal(first.surfaces[0][-1][0], result.drapes[0].positions)
    shown = last.report.maps[0]
    most = last.report.most[0]
    np.testing.assert_array_equal(result.drapes[0].positions[most.origin], shown.vertices)
    assert len(most.times) == len(shown.faces) and most.times.max() <= 4 / motion.rate
    assert most.map.panels[most.map.panel[most.face]] in most.words


def test_what_was_computed_once_is_found_again_byte_for_byte(result: TryOn, motion: Motion) -> None:
    run = Run(result, motion)
    run.advance(5)
    again = Run(result, motion)
    assert again.done == 5
    for one, other in zip(run.tracks, again.tracks, strict=True):
        assert one.positions.tobytes() == other.positions.tobytes()
        assert one.strain.tobytes() == other.strain.tobytes() and one.place == other.place
    other = Motion(motion.name, motion.poses[:-1], motion.translation[:-1], motion.rate)
    assert Run(result, other).done == 0, "another movement is not taken for it"
    path = reels.path_of(run.key)
    path.write_bytes(path.read_bytes()[:-1000])
    assert Run(result, motion).done == 0, "nor a damaged file"


def test_two_garments_of_one_design_are_both_written(result: TryOn, motion: Motion) -> None:
    run = Run(replace(result, drapes=2 * result.drapes), motion)
    worn = result.drapes[0]
    track = Track.of(worn, [Frame(worn.positions, worn.strain_along, 0, 0.0, 0, 0)] * 5)
    run.tracks = (track, track)
    with np.load(io.BytesIO(footage.sequence(run))) as told:
        assert {"skirt_positions", "skirt_2_positions"} < set(told)


def test_one_file_is_a_film_a_mesh_or_the_numbers_by_its_ending(
    result: TryOn, motion: Motion, tmp_path, monkeypatch
) -> None:
    run = Run(result, motion)
    run.advance(5)
    monkeypatch.setattr(footage, "PICTURE", (54, 72))
    monkeypatch.setattr(footage, "SAMPLES", 1)
    cv2 = pytest.importorskip("cv2")
    footage.write_one(run, tmp_path / "sit.mp4")
    film = cv2.VideoCapture(str(tmp_path / "sit.mp4"))
    assert sum(film.read()[0] for _ in range(6)) == 5 and film.get(cv2.CAP_PROP_FPS) == pytest.approx(30.0)
    footage.write_one(run, tmp_path / "sit.npz")
    with np.load(tmp_path / "sit.npz") as told:
        np.testing.assert_array_equal(told["skirt_positions"], run.tracks[0].positions)
    footage.write_one(run, tmp_path / "sit.glb")
    assert (tmp_path / "sit.glb").read_bytes()[:4] == b"glTF"
    with pytest.raises(UsageError, match=r"sit\.avi"):
        footage.write_one(run, tmp_path / "sit.avi")

    def stop(fraction: float, words: str) -> None:
        if "frame 3" in words:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        footage.write_one(run, tmp_path / "stopped.webm", progress=stop)
    assert not (tmp_path / "stopped.webm").exists()


def test_its_pictures_are_lettered_in_the_language_asked_for(
    result: TryOn, motion: Motion, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, spoken = Run(result, motion), []
    run.advance(5)
    monkeypatch.setattr(footage, "SAMPLES", 1)
    monkeypatch.setattr(footage, "MOMENTS", 1)
    monkeypatch.setattr("app.reports.sheet.with_legend", lambda pixels, _: spoken.append(language()) or pixels)
    footage.write_movement(run, tmp_path / "zh", language="zh")
    footage.write_movement(run, tmp_path / "plain")
    assert spoken == ["zh", "zh", "en", "en"] and language() == "en"


def test_the_oldest_go_when_there_is_too_much(result: TryOn, motion: Motion, monkeypatch) -> None:
    run = Run(result, motion)
    run.advance(5)
    size = reels.path_of(run.key).stat().st_size
    monkeypatch.setattr(reels, "MOST", int(1.5 * size))
    reels.keep("f" * 64, run.tracks)
    assert reels.find("f" * 64) is not None and reels.find(run.key) is None


def test_a_run_that_is_stopped_keeps_its_frames_and_goes_on(result: TryOn, motion: Motion) -> None:
    run = Run(result, motion)

    def stop(fraction: float, words: str) -> None:
        if "frame 4" in words:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        run.advance(5, stop)
    assert run.done == 3 and run.positions(2)[0].shape == result.drapes[0].positions.shape
    run.advance(5)
    assert run.done == run.total and run.tracks is not None


def test_who_travels_is_followed_and_who_stays_is_not() -> None:
    poses = np.zeros((61, 55, 3))
    ahead = np.linspace(0.0, 2.0, 61)[:, None] * np.array([0.0, 0.0, 1.0])
    assert not followed(Motion("still", poses, 0.1 * ahead, 30.0)).any()
    assert np.abs(followed(Motion("walk", poses, ahead, 30.0)) - ahead)[10:-10].max() < 0.05


def test_the_animated_mesh_has_the_skin_where_it_is(result: TryOn, motion: Motion, monkeypatch, tmp_path) -> None:
    run, given = Run(result, motion), []
    run.advance(5)
    monkeypatch.setattr("app.exports.glb.animated_glb", lambda frames, rate: given.extend(frames) or b"")
    footage.write_one(run, tmp_path / "sit.glb")
    for items, frame in zip(given, (0, 2, 4), strict=True):
        np.testing.assert_array_equal(items[0].vertices, body_items(run.body(frame))[0].vertices)


def test_a_later_start_is_heeded_for_movements_by_name_too(result: TryOn) -> None:
    body = result.estimate.body
    whole, later = motion_of("sit", body), motion_of("sit", body, 1.0)
    assert len(later) == len(whole) - 30
    np.testing.assert_allclose(later.poses[:, 1:], whole.poses[30:, 1:], atol=1e-6)
    with pytest.raises(UsageError, match="cannot be used from 99"):
        motion_of("sit", body, 99.0)


def test_what_cannot_move_is_refused_in_words(result: TryOn) -> None:
    with pytest.raises(UsageError, match="moonwalk"):
        motion_of("moonwalk", result.estimate.body)
    with pytest.raises(InputRefused, match="single pose"):
        motion_of(Motion("stand.npz", np.zeros((1, 55, 3)), np.zeros((1, 3)), 30.0), result.estimate.body)
    with pytest.raises(InputRefused, match="single pose"):
        motion_of(Motion("blink.npz", np.zeros((2, 55, 3)), np.zeros((2, 3)), 120.0), result.estimate.body)
    with pytest.raises(UsageError, match=r"cannot be used from 4\.98"):
        motion_of(Motion("long.npz", np.zeros((601, 55, 3)), np.zeros((601, 3)), 120.0), result.estimate.body, 4.98)
    with pytest.raises(InputRefused, match="nothing is worn"):
        Run(TryOn(result.estimate, (), (), (), (), ()), Motion("m", np.zeros((2, 55, 3)), np.zeros((2, 3)), 30.0))
