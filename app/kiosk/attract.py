"""The pictures that turn on a kiosk nobody stands at: the sample person, dressed, seen from all round.

Drawn once for each version of the program, at low priority, into a folder that outlives visits: nobody's data is in
it. `python -m app.kiosk.attract` draws what is missing.
"""

import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.shelf import program
from assets import files

COUNT = 36
"""Pictures of one turn."""
SIZE = (1200, 1080)
"""Of one [pixels], as wide as a stage: her shadow lies beside her."""
SAMPLES = 3


def folder() -> Path:
    """Where the pictures of this very program lie, or will."""
    return files.user_cache() / "attract" / program()[:16]


def pictures(place: Path) -> tuple[Path, ...]:
    """The turn, in order; empty until it is whole."""
    found = tuple(place / f"{k:02d}.jpg" for k in range(COUNT))
    return found if all(path.is_file() for path in found) else ()


def draw(place: Path) -> None:
    """Draw the turn where it is not drawn yet. Raises ToileError where it cannot be."""
    import io

    from PIL import Image

    from app.engine import sample, wear
    from render.camera import orbit, standard_view
    from render.headless import snapshot
    from render.scene import LIGHT_BACKGROUND

    if pictures(place):
        return
    place.mkdir(parents=True, exist_ok=True)
    look = wear(sample()).look
    scene = replace(look, background=LIGHT_BACKGROUND)
    front = standard_view("front", *scene.bounds(), SIZE[0] / SIZE[1])
    for k in range(COUNT):
        pixels = snapshot(scene, orbit(front, 2 * np.pi * k / COUNT, 0.0), *SIZE, SAMPLES)
        stream = io.BytesIO()
        Image.fromarray(pixels[..., :3]).save(stream, "JPEG", quality=90)
        files.write_bytes(place / f"{k:02d}.jpg", stream.getvalue())


if __name__ == "__main__":
    with suppress(AttributeError, OSError):
        os.nice(15)
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else folder())
