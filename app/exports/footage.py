"""What a movement leaves: the sequence, the report, an animated GLB, pictures, and a film if one is wanted, all in a
folder or nothing; or one of them alone as a file.
"""

import io
import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from app.exports import film
from app.movement.moving import Run, followed, frame_items
from app.project import Scaling
from app.saying import ENGLISH, speaking
from app.scenes.appearance import PLAIN, Appearance
from app.scenes.scales import legend
from app.stage import bare, map_scene
from assets.errors import UsageError
from assets.files import staged_folder, write_bytes
from assets.progress import Progress, part, silent
from render.camera import Camera, standard_view
from render.scene import Scene

MOMENTS = 8
"""Frames on the strip of pictures."""
EVERY = 2
"""Every so manieth frame is a morph target."""
PICTURE = (540, 720)
SAMPLES = 4


def write_movement(
    run: Run,
    folder: Path,
    *,
    kind: str = "",
    frames: bool = False,
    language: str = ENGLISH,
    progress: Progress = silent,
) -> None:
    """Write a run that is whole: movement.npz, movement.json, movement.glb, movement.png, strain_front.png and
    strain_back.png; with a `kind` of film.KINDS the film movement.KIND; with `frames` every frame as a picture.
    Pictures are lettered in a `language`, by its code. Raises CannotWrite."""
    with staged_folder(folder) as stage, speaking(language):
        progress(0.0, "writing the sequence")
        (stage / "movement.npz").write_bytes(sequence(run))
        (stage / "movement.json").write_text(json.dumps(plain(run), indent=1, allow_nan=False) + "\n")
        progress(0.05, "writing the animated mesh")
        (stage / "movement.glb").write_bytes(_glb(run, part(progress, 0.05, 0.3)))
        _strip(run, stage, part(progress, 0.3, 0.4))
        pictures = _pictures(run, PLAIN, part(progress, 0.4, 1.0))
        if frames:
            pictures = _kept(pictures, stage)
        if kind:
            film.save(stage / f"movement{kind}", pictures, run.motion.rate)
        elif frames:
            deque(pictures, maxlen=0)
    progress(1.0, "written")


def write_one(run: Run, path: Path, appearance: Appearance = PLAIN, progress: Progress = silent) -> None:
    """Write a run that is whole as one file, by its ending: a film (film.KINDS) in an appearance, the animated mesh
    (.glb) or the sequence (.npz). Raises UsageError and CannotWrite; then no file is left."""
    ending = path.suffix.lower()
    if ending == ".npz":
        write_bytes(path, sequence(run))
    elif ending == ".glb":
        write_bytes(path, _glb(run, progress))
    elif ending in film.KINDS:
        film.save(path, _pictures(run, appearance, progress), run.motion.rate)
    else:
        raise UsageError(f"a movement is saved as {', '.join((*film.KINDS, '.glb', '.npz'))}: not {path.name}")
    progress(1.0, "written")


def plain(run: Run) -> dict:
    """The report as JSON: SI, times in seconds."""
    assert run.tracks is not None
    rate = run.motion.rate
    told = [
        {
            "garment": drape.garment.name,
            "largest_strain": round(float(track.stretched[track.worst]), 5),
            "limit": round(float(drape.garment.fabric.limit), 5),
            "at": round(track.worst / rate, 3),
            "place": track.place,
            "strain_p99": [round(float(value), 5) for value in track.stretched],
            "inside": [int(value) for value in track.inside],
            "deepest": [round(float(value), 6) for value in track.deepest],
            "crossings": [int(value) for value in track.crossings],
            "self_crossings": [int(value) for value in track.self_crossings],
        }
        for drape, track in zip(run.result.drapes, run.tracks, strict=True)
    ]
    report = run.report()
    return {
        "schema": "toile.movement/1",
        "movement": run.motion.name,
        "frames": run.total,
        "rate": rate,
        "holds": report.holds,
        "lines": list(report.lines),
        "notes": list(run.motion.notes),
        "garments": told,
    }


def sequence(run: Run) -> bytes:
    """Times [s] [t], poses [rad] [t, 55, 3], the pelvis' way [m] [t, 3]; of each garment, by its design (a second of
    the same: "tee_2"), its positions [m] [t, n, 3], faces [m, 3] and the largest strain of each face [m]. Plain arrays.
    Where skin meets skin the body gave way to the garments (body/yielding.py): movement.glb has it as it was."""
    assert run.tracks is not None
    arrays = {
        "times": np.arange(run.total) / run.motion.rate,
        "poses": run.motion.poses,
        "translation": run.motion.translation,
    }
    worn: list[str] = []
    for drape, track in zip(run.result.drapes, run.tracks, strict=True):
        worn.append(drape.garment.design)
        again = worn.count(worn[-1])
        name = worn[-1] if again == 1 else f"{worn[-1]}_{again}"
        arrays |= {f"{name}_positions": track.positions, f"{name}_faces": drape.cloth.faces,
                   f"{name}_largest_strain": track.strain}  # fmt: skip
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def _glb(run: Run, progress: Progress) -> bytes:
    from app.exports.glb import animated_glb

    numbers, shown = range(0, run.total, EVERY), []
    for frame in numbers:
        progress(frame / run.total, "writing the animated mesh")
        shown.append(frame_items(run, frame, tucked=False))
    return animated_glb(shown, run.motion.rate / EVERY)


def _strip(run: Run, stage: Path, progress: Progress) -> None:
    """Moments of the movement side by side, and the largest strain from the front and the back."""
    from app.reports.sheet import with_legend
    from render.headless import snapshot

    width, height = PICTURE
    numbers = np.linspace(0, run.total - 1, MOMENTS).round().astype(int)
    away, pictures = followed(run.motion), []
    for k, frame in enumerate(numbers):
        progress(k / (MOMENTS + 2), "drawing the movement")
        scene = Scene(frame_items(run, frame, away[frame]))
        pictures.append(snapshot(scene, _camera(run, "three_quarter"), width // 2, height // 2, SAMPLES))
    _save(stage / "movement.png", np.concatenate(pictures, axis=1))
    maps, scaling = run.report().maps, Scaling()
    strained = map_scene(bare(run.body(0)), maps, "strain", scaling)
    scale = legend(maps, "strain", scaling)
    for k, view in enumerate(("front", "back")):
        progress((MOMENTS + k) / (MOMENTS + 2), "drawing the largest strain")
        drawn = snapshot(strained, _camera(run, view), width, height, SAMPLES)
        _save(stage / f"strain_{view}.png", with_legend(drawn, scale))


def _pictures(run: Run, appearance: Appearance, progress: Progress) -> Iterator[np.ndarray]:
    """Every frame as it is drawn, uint8 [h, w, 4]."""
    from render.headless import snapshot

    away, camera = followed(run.motion), _camera(run, "three_quarter")
    for frame in range(run.total):
        progress(frame / run.total, f"drawing frame {frame + 1} of {run.total}")
        shown = appearance.show(Scene(frame_items(run, frame, away[frame])))
        yield snapshot(shown, camera, *PICTURE, SAMPLES)


def _kept(pictures: Iterable[np.ndarray], stage: Path) -> Iterator[np.ndarray]:
    """The pictures, each saved in passing."""
    for frame, pixels in enumerate(pictures):
        _save(stage / f"frame_{frame:04d}.png", pixels)
        yield pixels


def _camera(run: Run, view: str) -> Camera:
    """A view that frames the person in every moment."""
    away, moments = followed(run.motion), np.linspace(0, run.total - 1, MOMENTS).round().astype(int)
    bodies = [run.body(frame).vertices - away[frame] for frame in moments]
    low = np.min([body.min(axis=0) for body in bodies], axis=0)
    high = np.max([body.max(axis=0) for body in bodies], axis=0)
    return standard_view(view, low, high, PICTURE[0] / PICTURE[1])


def _save(path: Path, pixels: np.ndarray) -> None:
    from PIL import Image

    Image.fromarray(pixels[..., :3]).save(path, optimize=False, compress_level=6)
