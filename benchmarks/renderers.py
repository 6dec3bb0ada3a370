"""A picture of the built-in body, 1280 x 720, on this machine's OpenGL driver, beside other renderers.

Peers run in an environment of their own (`make peers`), each in a process, from the same mesh. Theirs is the picture
that their own documentation sets up: a directional light, with shadows where they have them.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.table import Row, row, run

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("pyrender",)
WIDTH, HEIGHT = 1280, 720


def rows(quick: bool) -> Iterator[Row]:
    from body.model import load_model
    from render.camera import standard_view
    from render.headless import driver, snapshot
    from render.scene import Item, Scene

    body, times = load_model().body(), 3 if quick else 15
    camera = standard_view("front", body.vertices.min(axis=0), body.vertices.max(axis=0), WIDTH / HEIGHT)
    scene = Scene((Item("body", body.vertices, body.faces),))

    def best(samples: int) -> float:
        return _best(lambda: snapshot(scene, camera, WIDTH, HEIGHT, samples), times)

    peers = [_peer(peer, body.vertices, body.faces, times) for peer in PEERS]
    fastest = min((peer["value"] for peer in peers if peer["value"]), default=None)
    yield row("toile moving", f"no slower than the fastest peer; {driver()}", best(0), "ms", fastest)
    yield row("toile at rest", "32 frames gathered: smooth edges, soft shadows, occlusion", best(32), "ms")
    yield from peers


def _best(draw: Callable[[], object], times: int) -> float:
    draw()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        draw()
        found.append(time.perf_counter() - start)
    return 1000 * min(found)


def _peer(name: str, vertices: np.ndarray, faces: np.ndarray, times: int) -> Row:
    python = ROOT / ".peers" / "bin" / "python"
    if not python.exists():
        return row(name, "not installed: make peers", None, "ms")
    with tempfile.TemporaryDirectory() as folder:
        mesh = Path(folder) / "mesh.npz"
        np.savez(mesh, vertices=vertices, faces=faces)
        script = ROOT / "benchmarks" / "peers" / f"{name}_picture.py"
        done = subprocess.run([python, script, mesh, str(times)], capture_output=True, text=True)
    if done.returncode:
        return row(name, f"failed: {done.stderr.strip().splitlines()[-1][:80]}", None, "ms")
    best, driver = done.stdout.strip().splitlines()[-1].split(maxsplit=1)
    return row(name, f"with shadows; {driver}", float(best), "ms")


if __name__ == "__main__":
    run(__doc__, rows)
