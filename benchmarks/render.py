"""What pictures cost here, 1280 x 720: a dressed body while it moves, at rest, and under the mouse.

Times are the processor's, summed over its cores, the best of several until the last pixel is there: a busy machine
spoils them least. The goal of a moving frame, 64 ms, is what a bare PyOpenGL loop with the same shading needed on
llvmpipe; goals are for such a machine, a graphics card is far below.
`python -m benchmarks.renderers` sets the same picture beside other renderers.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from benchmarks.table import Row, row, run

WIDTH, HEIGHT = 1280, 720
OPEN3D = """
import sys, time, numpy as np, open3d as o3d
mesh = o3d.geometry.TriangleMesh(*(f(np.load(p)) for f, p in
    ((o3d.utility.Vector3dVector, sys.argv[1]), (o3d.utility.Vector3iVector, sys.argv[2]))))
mesh.compute_vertex_normals()
view = o3d.visualization.rendering.OffscreenRenderer(1280, 720)
material = o3d.visualization.rendering.MaterialRecord()
material.shader = 'defaultLit'
view.scene.add_geometry('body', mesh, material)
view.setup_camera(22.0, [0, 0.9, 0], [0, 1.2, 5], [0, 1, 0])
times = []
for _ in range(4):
    start = time.perf_counter(); np.asarray(view.render_to_image()); times.append(time.perf_counter() - start)
print(1000 * min(times))
"""


def rows(quick: bool) -> Iterator[Row]:
    from render import gpu, headless
    from render.camera import orbit, single, standard_view
    from render.picking import pick
    from render.renderer import STILL_FRAMES, Renderer

    scene = _scene()
    camera = standard_view("three_quarter", *scene.bounds(), WIDTH / HEIGHT)
    name = headless.driver()
    target, renderer = gpu.Target(WIDTH, HEIGHT, "byte", depth=True), Renderer()
    times = 4 if quick else 20

    def turning(step: int) -> None:
        renderer.draw(scene, orbit(camera, 0.02 * step, 0.0), WIDTH, HEIGHT, target.framebuffer)
        gpu.finish()

    def swaying(step: int) -> None:
        moved = [replace(item, vertices=item.vertices + np.float32(1e-4 * step)) for item in scene.items]
        renderer.draw(replace(scene, items=tuple(moved)), camera, WIDTH, HEIGHT, target.framebuffer)
        gpu.finish()

    yield row("moving camera", f"frame while the view turns; {name}", _best(turning, times), "ms", 64)
    yield row(
        "moving cloth", "frame while every vertex moves, upload and normals included", _best(swaying, times), "ms", 80
    )

    def gather(_: int) -> None:
        renderer.refine(target.framebuffer, 256)
        gpu.finish()

    turning(0)
    yield row(
        "refining", "one frame gathered at rest: the window stays this far from deaf", _best(gather, times), "ms", 250
    )
    finished, took = _still(scene, camera, STILL_FRAMES)
    yield row("still", f"a finished picture of {STILL_FRAMES} frames", took, "s", 7)
    truth, _ = _still(scene, camera, 48 if quick else 512)
    error = float(np.abs(finished.astype(int) - truth).mean())
    yield row("still error", "mean distance of its bytes to a picture of many more frames", error, "/255", 1.0)
    views = single(camera, WIDTH, HEIGHT)
    picking = _best(lambda step: pick(scene, views, 640 + step, 300), times)
    yield row("picking", "the face under the pointer, without the GPU", picking, "ms", 10)
    yield _open3d(scene)


def _scene():
    """The built-in body in a T-shirt as it is laid round it, before it falls."""
    from body import poses
    from body.model import load_model
    from garments.cloth import mesh
    from garments.dressing.arrange import arrange
    from garments.garment import garment
    from render.scene import Item, Material, Scene

    body = load_model().body(pose=poses.RELAXED)
    shirt = garment("tee", "M")
    cloth = mesh(shirt)
    look = Material((0.3, 0.1, 0.1), sheen_colour=(0.1, 0.1, 0.1), weave="knit", double_sided=True)
    skin = Material((0.6, 0.35, 0.25), subsurface=(0.3, 0.15, 0.1))
    return Scene(
        (
            Item("body", body.vertices, body.faces, skin),
            Item("tee", arrange(cloth, body), cloth.faces, look, uv=cloth.rest),
        )
    )


def _still(scene, camera, frames: int) -> tuple[np.ndarray, float]:
    from render.headless import snapshot

    start = time.process_time()
    picture = snapshot(scene, camera, WIDTH, HEIGHT, frames)
    return picture, time.process_time() - start


def _best(draw: Callable[[int], object], times: int) -> float:
    draw(0)
    found = []
    for step in range(times):
        start = time.process_time()
        draw(step)
        found.append(time.process_time() - start)
    return 1000 * min(found)


def _open3d(scene) -> Row:
    import tempfile
    from pathlib import Path

    claim = "Open3D's own picture of the body alone, for comparison"
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "vertices.npy", Path(folder) / "faces.npy"]
        np.save(paths[0], scene.items[0].vertices.astype(float))
        np.save(paths[1], scene.items[0].faces)
        try:
            done = subprocess.run(
                [sys.executable, "-c", OPEN3D, *map(str, paths)], capture_output=True, text=True, timeout=120
            )
            return row("open3d", claim, float(done.stdout.split()[-1]), "ms")
        except (subprocess.TimeoutExpired, IndexError, ValueError):
            return row("open3d", "Open3D did not draw without a window here", None, "ms")


if __name__ == "__main__":
    run(__doc__, rows)
