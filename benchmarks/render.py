"""What pictures cost here, 1280 x 720: a dressed body while it moves, at rest, and under the mouse.

Times are the processor's, summed over its cores, the best of several until the last pixel is there: a busy machine
spoils them least. The goal of a moving frame, 64 ms, is what a bare PyOpenGL loop with the same shading needed on
llvmpipe; goals are for such a machine, a graphics card is far below. What other benchmarks and tests measure of
pictures is named at the end, with its goal.
"""

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.renderers import HEIGHT, PEERS, WIDTH, best, dressed
from benchmarks.table import Row, row, run

ELSEWHERE = (
    *((f"toile / {name}", f"share of its time: {what}", "", share, "benchmarks.renderers")
      for name, (share, what) in PEERS.items() if share is not None),
    ("FLIP, moving / pyrender", "distance from Mitsuba's picture, share of pyrender's", "", 0.8, "benchmarks.looks"),
    ("FLIP, at rest", "distance of a still picture from Mitsuba's", "", 0.10, "benchmarks.looks"),
    ("FLIP, at rest / pyrender", "the same, share of pyrender's", "", 0.6, "benchmarks.looks"),
    ("swatches, mean", "CIEDE2000 of 24 flat colours under unit light", "", 1.0, "benchmarks.looks"),
    ("swatches, worst", "CIEDE2000 of the worst of them", "", 2.0, "benchmarks.looks"),
    ("FLIP, window and export", "between the window's picture and a file's", "", 0.002,
     "tests/app/ui/test_ui_same_picture.py"),
    ("block", "the longest time that the window's thread is blocked", "ms", 50, "benchmarks.session"),
    ("memory", "of the window's process at rest", "MB", 900, "benchmarks.session"),
)  # fmt: skip
"""Id, claim, unit, goal, and what measures it."""


def rows(quick: bool) -> Iterator[Row]:
    from render import gpu, headless
    from render.camera import orbit, single, standard_view
    from render.picking import pick
    from render.renderer import Renderer
    from render.tiers import STILL_FRAMES

    scene = dressed()
    camera = standard_view("three_quarter", *scene.bounds(), WIDTH / HEIGHT)
    name = headless.driver()
    target, renderer = gpu.Target(WIDTH, HEIGHT, "byte", depth=True), Renderer()
    times = 10 if quick else 20

    def turning(step: int) -> None:
        renderer.draw(scene, orbit(camera, 0.02 * step, 0.0), WIDTH, HEIGHT, target.framebuffer)
        gpu.finish()

    def swaying(step: int) -> None:
        moved = [replace(item, vertices=item.vertices + np.float32(1e-4 * step)) for item in scene.items]
        renderer.draw(replace(scene, items=tuple(moved)), camera, WIDTH, HEIGHT, target.framebuffer)
        gpu.finish()

    yield row("moving camera", f"frame while the view turns; {name}", best(turning, times), "ms", 64)
    yield row(
        "moving cloth", "frame while every vertex moves, upload and normals included", best(swaying, times), "ms", 80
    )

    def gather(_: int) -> None:
        renderer.refine(target.framebuffer, 256)
        gpu.finish()

    turning(0)
    yield row(
        "refining", "one frame gathered at rest: the window stays this far from deaf", best(gather, times), "ms", 250
    )
    finished, took = _still(scene, camera, STILL_FRAMES)
    yield row("still", f"a finished picture of {STILL_FRAMES} frames", took, "s", 7)
    truth, _ = _still(scene, camera, 48 if quick else 512)
    error = float(np.abs(finished.astype(int) - truth).mean())
    yield row("still error", "mean distance of its bytes to a picture of many more frames", error, "/255", 1.0)
    views = single(camera, WIDTH, HEIGHT)
    picking = best(lambda step: pick(scene, views, 640 + step, 300), times)
    yield row("picking", "the face under the pointer, without the GPU", picking, "ms", 10)
    for name, claim, unit, goal, where in ELSEWHERE:
        yield row(name, f"{claim}: {where}", None, unit, goal, why=f"measured by {where}")


def _still(scene, camera, frames: int) -> tuple[np.ndarray, float]:
    from render.headless import snapshot

    start = time.process_time()
    picture = snapshot(scene, camera, WIDTH, HEIGHT, frames)
    return picture, time.process_time() - start


if __name__ == "__main__":
    run(__doc__, rows)
