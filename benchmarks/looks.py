"""What pictures are worth: how true colours are, and how near a picture comes to one that was path-traced.

Colours are the 24 of a ColorChecker (X-Rite's sRGB values of 2005) as flat cloth under unit light; differences are
CIEDE2000. Distance from Mitsuba's picture of the same body and T-shirt, matt, under the same lamps, is FLIP (Andersson
et al., "FLIP: A Difference Evaluator for Alternating Images", 2020): 0 the same. Mitsuba is in .peers (`make peers`).
How far the window's picture at rest is from an export of the same scene, and that from a test's, is measured here too.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.table import Row, row, run

ROOT = Path(__file__).resolve().parents[1]
SIZE = 320, 480
PATIENCE = 300.0
"""How long a window's picture is waited for [s]."""
_STEPS = np.arange(400)
_HIGH, _TURN = 1 - 2 * (_STEPS + 0.5) / 400, 2.399963 * _STEPS
EVERY_WAY = np.stack([np.sqrt(1 - _HIGH**2) * np.cos(_TURN), _HIGH, np.sqrt(1 - _HIGH**2) * np.sin(_TURN)], axis=1)
"""Unit directions, evenly all round."""
CHECKER = (
    (115, 82, 68), (194, 150, 130), (98, 122, 157), (87, 108, 67), (133, 128, 177), (103, 189, 170), (214, 126, 44),
    (80, 91, 166), (193, 90, 99), (94, 60, 108), (157, 188, 64), (224, 163, 46), (56, 61, 150), (70, 148, 73),
    (175, 54, 60), (231, 199, 31), (187, 86, 149), (8, 133, 161), (243, 243, 242), (200, 200, 200), (160, 160, 160),
    (122, 122, 121), (85, 85, 85), (52, 52, 52),
)  # fmt: skip


def rows(quick: bool) -> Iterator[Row]:
    from render.setups import lit

    wanted = np.array(CHECKER) / 255
    for name, show, goals in (
        ("flat light", lambda scene: lit(scene, "flat"), (1.0, 2.0)),
        ("PBR Neutral", lambda scene: scene, (1.0, 2.0)),
    ):
        apart = _apart(wanted, show)
        yield row(
            f"{name}, mean", "CIEDE2000 of 24 colours of cloth under unit light", float(apart.mean()), "", goals[0]
        )
        yield row(f"{name}, worst", "the same, of the worst of them", float(apart.max()), "", goals[1])
    yield from _agreeing(160 if quick else 480)
    yield from _flip(96 if quick else 256)


def _apart(wanted: np.ndarray, show) -> np.ndarray:
    """How far each colour on the screen is from what was asked for."""
    from assets.lab import difference, to_lab
    from render.camera import Camera
    from render.headless import snapshot
    from render.scene import Item, Light, Material, Scene, from_srgb
    from render.sky import Sky

    square = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], float)
    dark, camera, found = Light((0.0, 1.0, 0.0), (0.0, 0.0, 0.0)), Camera((0, 0, 3.0), (0, 0, 0)), []
    for colour in wanted:
        cloth = Material(from_srgb(colour), roughness=0.9, double_sided=True)
        scene = Scene((Item("cloth", square, [(0, 1, 2), (0, 2, 3)], cloth),), light=dark, sky=Sky(), ground=False)
        seen = snapshot(show(scene), camera, 32, 32, 8)[8:24, 8:24, :3].mean(axis=(0, 1)) / 255
        found.append(difference(to_lab(np.array(from_srgb(colour))), to_lab(np.array(from_srgb(seen)))))
    return np.array(found)


def _scenes() -> Iterator[tuple[str, Any]]:
    """The scene that the bounce of light was set on, and one that it never saw: other body, garment, lamps, colours."""
    from benchmarks.renderers import dressed
    from body import poses
    from body.model import load_model
    from garments.cloth import mesh
    from garments.dressing.arrange import arrange
    from garments.garment import garment
    from render.scene import Item, Material, Scene
    from render.setups import SETUPS

    yield "", dressed(0.012)
    model = load_model()
    body = model.body(model.prior(0.0)[0], pose=poses.RELAXED)
    cloth = mesh(garment("shift_dress", "M"), 0.012)
    items = (
        Item("body", body.vertices, body.faces, Material((0.30, 0.17, 0.11))),
        Item("dress", arrange(cloth, body), cloth.faces, Material((0.62, 0.60, 0.45), double_sided=True)),
    )
    window = SETUPS["window"]
    yield ", dress by a window", Scene(items, light=window.light, sky=window.sky)


def _agreeing(size: int) -> Iterator[Row]:
    """The window's picture of a dressed person at rest, an export and a test's picture, all of one scene."""
    from benchmarks.flip import flip
    from benchmarks.renderers import dressed
    from render.camera import standard_view
    from render.headless import close, snapshot
    from render.tiers import still_frames

    scene = dressed(0.012)
    camera = standard_view("three_quarter", *scene.bounds(), 3 / 4)
    width, height, frames = size * 3 // 4, size, still_frames(scene)
    shown = _in_window(scene, camera, width, height)
    export = snapshot(scene, camera, width, height, frames)[..., :3] / 255
    close()
    tested = snapshot(scene, camera, width, height, frames)[..., :3] / 255
    for name, claim, one, other in (
        ("window and export", "the window's picture at rest and an export's", shown, export),
        ("export and test", "an export's picture and a test's, in a new context", export, tested),
    ):
        yield row(f"FLIP, {name}", f"between {claim}", flip(one, other), "", 0.002)


def _in_window(scene, camera, width: int, height: int) -> np.ndarray:
    """What a window of so many pixels shows once it is at rest, sRGB 0..1 [h, w, 3]."""
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.ui.camera import pixels
    from app.ui.canvas import Canvas, choose_format
    from render.camera import single

    choose_format()
    application = QApplication.instance() or QApplication([])
    canvas, done = Canvas(None), [0.0]
    take = canvas.take
    canvas.take = lambda drawn: (done.append(drawn.done), take(drawn))
    canvas.resize(width, height)
    canvas.show()
    canvas.show_scene(scene, lambda wide, high: single(camera, wide, high))
    _wait(application, lambda: canvas.settled)
    canvas.refine()
    _wait(application, lambda: done[-1] >= 1.0)
    found = pixels(canvas.grab_image()) / 255
    canvas.close()
    return found


def _wait(application, over: Callable[[], bool]) -> None:
    """Let the window work until that is so. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while not over():
        if time.monotonic() > end:
            raise TimeoutError(f"the window's picture did not come to rest within {PATIENCE:g} s")
        application.processEvents()


def _flip(samples: int) -> Iterator[Row]:
    """Toile's pictures, moving and at rest, against path-traced ones."""
    if not (ROOT / ".peers" / "bin" / "python").exists():
        yield from _against("", None, (None, None, None), "Mitsuba is not installed: make peers")
        return
    for name, scene in _scenes():
        items = tuple(replace(item, normals=None, uv=None, material=_matt(item.material)) for item in scene.items)
        yield from _distances(name, replace(scene, items=items, ground=False, tone="none", turntable=False), samples)


def _distances(name: str, scene, samples: int) -> Iterator[Row]:
    from render.camera import standard_view
    from render.headless import snapshot
    from render.sky import unit
    from render.tiers import still_frames

    width, height = SIZE
    camera = standard_view("three_quarter", *scene.bounds(), width / height)
    counts = (0, still_frames(scene), 64)
    pictures = [snapshot(scene, camera, width, height, count)[..., :3] / 255 for count in counts]
    told = {}
    for k, item in enumerate(scene.items):
        told |= {f"vertices_{k}": item.vertices, f"faces_{k}": item.faces, f"colour_{k}": item.material.base_colour}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scene.npz"
        np.savez(path, sky=_sky(scene), eye=camera.eye, target=camera.target, fov_y=camera.fov_y, samples=samples,
                 background=scene.background, pictures=np.array(pictures, np.float32),
                 lamp=unit(scene.light.direction), lamp_colour=scene.light.colour,
                 even=scene.sky.irradiance(EVERY_WAY).mean(axis=0), **told)  # fmt: skip
        python, peers = ROOT / ".peers" / "bin" / "python", ROOT / "benchmarks" / "peers"
        other = Path(folder) / "pyrender.npy"
        drawn = subprocess.run([python, peers / "pyrender_scene.py", path, other], capture_output=True, text=True)
        beside = [] if drawn.returncode else [other]
        done = subprocess.run([python, peers / "mitsuba_flip.py", path, *beside], capture_output=True, text=True)
    if done.returncode:
        why = f"Mitsuba failed: {done.stderr.strip().splitlines()[-1][:90]}"
        yield from _against(name, None, (None, None, None), why)
        return
    found = [float(word) for word in done.stdout.strip().splitlines()[-1].split()]
    why = "" if beside else f"pyrender failed: {drawn.stderr.strip().splitlines()[-1][:90]}"
    yield from _against(name, found[len(counts)] if beside else None, found[: len(counts)], why)


def _against(name: str, theirs: float | None, ours: Sequence[float | None], why: str) -> Iterator[Row]:
    """The rows of a scene: FLIP of pyrender's picture and of ours, moving, at rest and of many frames; None where that
    is not known, and `why`."""
    moving, rest, many = ours
    quick, still = ((mine / theirs if mine and theirs else None) for mine in (moving, rest))
    yield row(f"FLIP{name}, pyrender", "its picture with shadows from the path-traced one", theirs, "", why=why)
    yield row(f"FLIP{name}, moving", "our quick picture from it", moving, "", why=why)
    yield row(f"FLIP{name}, moving / pyrender", "the same, share of pyrender's", quick, "", 0.8, why=why)
    yield row(f"FLIP{name}, at rest", "our still picture from it", rest, "", 0.10, why=why)
    yield row(f"FLIP{name}, at rest / pyrender", "the same, share of pyrender's", still, "", 0.6, why=why)
    yield row(f"FLIP{name}, of 64 frames", "one that was gathered longer", many, "", 0.08, why=why)


def _matt(material):
    from render.scene import Material

    return Material(material.base_colour, 1.0, specular=0.0, double_sided=material.double_sided)


def _sky(scene) -> np.ndarray:
    """What arrives from each direction [h, w, 3], in Mitsuba's order of them, with the key light as a disc."""
    from render.sky import unit

    rows, columns = 512, 1024
    down, round_ = np.pi * (np.arange(rows) + 0.5) / rows, 2 * np.pi * (np.arange(columns) + 0.5) / columns
    level = np.sin(down)[:, None]
    x, y, z = np.broadcast_arrays(level * np.sin(round_), np.cos(down)[:, None], -level * np.cos(round_))
    directions = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    radiance = scene.sky.radiance(directions)
    inside = directions @ np.array(unit(scene.light.direction)) > np.cos(scene.light.radius)
    area = 2 * np.pi * (1 - np.cos(scene.light.radius))
    radiance[inside] += np.pi * np.asarray(scene.light.colour) / area
    return radiance.reshape(rows, columns, 3)


if __name__ == "__main__":
    run(__doc__, rows)
