"""What a moving frame costs beside other renderers: cloth of 15,000 points that moves on a body, shadows, 1280 x 720.

Peers run in an environment of their own (`make peers`), each in a process, in the same run, from the same meshes: the
body, the cloth, a floor. Each draws as its own documentation sets it up, with its shadows, until the last pixel is
read, without smooth edges where it lets one choose: Toile has none either while something moves. PyVista's physically
based surfaces are lit as Toile's are, by a lamp with a shadow and the light of a sky; its time without the sky, where
shadows are black, is told too. Times are the processor's, summed over its cores, the best of several. moderngl draws
Toile's own picture with Toile's own shaders.

pygfx and Open3D need a Vulkan driver (Debian: mesa-vulkan-drivers).
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.table import Row, row, run

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1280, 720
EDGE = 0.0072
"""Of the cloth's mesh [m]: 15,000 points."""
PEERS = {
    "PyVista": (0.7, "PBR, shadows, light of a sky"),
    "PyVista_without_sky": (None, "PBR, shadows, nothing else"),
    "pygfx": (0.2, "PBR, shadows"),
    "Open3D": (0.08, "lit, shadows, its own smoothing"),
    "pyrender": (None, "PBR, shadows"),
    "moderngl": (1.1, "Toile's passes and shaders"),
}
"""How much of each peer's time Toile may need, and what the peer draws."""


def rows(quick: bool) -> Iterator[Row]:
    from render.camera import standard_view
    from render.headless import driver

    times, name_here = 5 if quick else 20, driver()
    scene = dressed()
    camera = standard_view("three_quarter", *scene.bounds(), WIDTH / HEIGHT)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "scene.npz"
        _told(scene, camera, work)
        ours = _ours(scene, camera, times)
        yield row("toile", f"moving cloth, shadow, floor; {name_here}", ours, "ms")
        for name, (share, what) in PEERS.items():
            theirs, told = _peer(name, work, times)
            yield row(name, f"{what}; {told}", theirs, "ms")
            if share is not None:
                yield row(f"toile / {name}", "share of its time", theirs and ours / theirs, "", share)


def dressed(edge: float = EDGE):
    """The built-in body in a T-shirt as it is laid round it, before it falls."""
    from body import poses
    from body.model import load_model
    from garments.cloth import mesh
    from garments.dressing.arrange import arrange
    from garments.garment import garment
    from render.scene import Item, Material, Scene

    body = load_model().body(pose=poses.RELAXED)
    cloth = mesh(garment("tee", "M"), edge)
    look = Material((0.3, 0.1, 0.1), sheen_colour=(0.1, 0.1, 0.1), weave="knit", double_sided=True)
    skin = Material((0.6, 0.35, 0.25), subsurface=(0.3, 0.15, 0.1))
    return Scene(
        (
            Item("body", body.vertices, body.faces, skin),
            Item("tee", arrange(cloth, body), cloth.faces, look, uv=cloth.rest),
        )
    )


def best(draw, times: int) -> float:
    """The least CPU time [ms] of `times` calls with their number, after one that does not count."""
    draw(0)
    found = []
    for step in range(times):
        start = time.process_time()
        draw(step)
        found.append(time.process_time() - start)
    return 1000 * min(found)


def _ours(scene, camera, times: int) -> float:
    from assets.mesh import vertex_normals
    from render import gpu
    from render.renderer import Renderer

    body, cloth = scene.items
    with gpu.Target(WIDTH, HEIGHT, "byte", depth=True) as target:
        renderer, normals = Renderer(), vertex_normals(cloth.vertices, cloth.faces)

        def draw(step: int) -> None:
            moved = replace(cloth, vertices=cloth.vertices + np.float32(1e-4 * step), normals=normals.copy())
            renderer.draw(replace(scene, items=(body, moved)), camera, WIDTH, HEIGHT, target.framebuffer)
            target.read()

        found = best(draw, times)
        renderer.free()
    return found


def _told(scene, camera, path: Path) -> None:
    """The scene as benchmarks/peers/frames.py reads it; the floor is the first item."""
    from assets.mesh import vertex_normals
    from render.buffers import corners
    from render.lighting import rig
    from render.scene import to_srgb

    body, cloth = scene.items
    origin, first, faces = corners(cloth.faces, cloth.uv)
    ground = 2.0 * np.array([(-1, 0, -1), (-1, 0, 1), (1, 0, 1), (1, 0, -1)])
    meshes = [
        (ground, [(0, 1, 2), (0, 2, 3)], np.tile((0.0, 1.0, 0.0), (4, 1))),
        (body.vertices, body.faces, vertex_normals(body.vertices, body.faces)),
        (cloth.vertices[origin], faces, vertex_normals(cloth.vertices, cloth.faces)[origin]),
    ]
    colours = (0.4, 0.4, 0.4), body.material.base_colour, cloth.material.base_colour
    told: dict = {}
    for k, (mesh, colour) in enumerate(zip(meshes, colours, strict=True)):
        vertices, faces, normals = (np.asarray(part) for part in mesh)
        told |= {f"vertices_{k}": vertices.astype(np.float32), f"faces_{k}": faces.astype(np.int32),
                 f"normals_{k}": normals.astype(np.float32), f"colour_{k}": colour}  # fmt: skip
    np.savez(path, eye=camera.eye, target=camera.target, fov_y=camera.fov_y, lamp=rig(scene, camera)[0].direction,
             background=to_srgb(scene.background), uv=cloth.uv.reshape(-1, 2)[first], **told)  # fmt: skip


def _peer(name: str, work: Path, times: int) -> tuple[float | None, str]:
    """A peer's best time [ms], and its driver or why there is none."""
    python, picture = ROOT / ".peers" / "bin" / "python", work.with_name(f"{name}.npy")
    if not python.exists():
        return None, "not installed: make peers"
    tool, _, less = name.lower().partition("_")
    command = [python, ROOT / "benchmarks" / "peers" / f"{tool}_picture.py", work, str(times), picture]
    try:
        done = subprocess.run([*command, *([less] if less else [])], capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        return None, "drew nothing within 10 minutes"
    if done.returncode:
        return None, f"failed: {(done.stderr.strip().splitlines() or ['without a word'])[-1][:80]}"
    taken, driver = done.stdout.strip().splitlines()[-1].split(maxsplit=1)
    return float(taken), driver


if __name__ == "__main__":
    run(__doc__, rows)
