"""The dressed person turning once round, as a film or a moving picture for a shop's page (app/exports/film.py). The
last frame is followed by the first, so that the turn has no end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.exports import film
from app.scenes.appearance import PLAIN, Appearance
from app.stage import scene
from assets.errors import UsageError
from assets.progress import Progress, part, silent
from render.camera import Camera, orbit, standard_view
from render.scene import Scene

if TYPE_CHECKING:
    from app.pipeline import TryOn

MOST_FRAMES = 720


@dataclass(frozen=True, slots=True)
class Turn:
    """How a person turns: pictures of a turn and a second, their size in pixels, frames gathered in each."""

    frames: int = 72
    rate: int = 18
    width: int = 540
    height: int = 720
    samples: int = 6

    def __post_init__(self) -> None:
        if not 2 <= self.frames <= MOST_FRAMES:
            raise UsageError(f"a turn has 2 to {MOST_FRAMES} pictures: got {self.frames}")
        if not 1 <= self.rate <= 60:
            raise UsageError(f"a film has 1 to 60 pictures a second: got {self.rate}")
        if not (16 <= self.width <= 4096 and 16 <= self.height <= 4096) or self.width % 2 or self.height % 2:
            raise UsageError(f"a film is 16 to 4096 pixels wide and high, and even: got {self.width} x {self.height}")
        if not 1 <= self.samples <= 256:
            raise UsageError(f"a picture is gathered from 1 to 256 samples: got {self.samples}")


def write_turntable(
    result: "TryOn",
    paths: list[Path],
    turn: Turn | None = None,
    appearance: Appearance = PLAIN,
    progress: Progress = silent,
) -> None:
    """Write the turn as each of `paths` (.mp4, .webm, .webp or .gif), drawn once. Raises CannotWrite and UsageError;
    then none of a folder's files is there."""
    turn = turn or Turn()
    for path in paths:
        film.check_kind(path, "a turn")
        if appearance.transparent and path.suffix.lower() in film.OPAQUE:
            raise UsageError("a film cannot be transparent: give a background, or a .webp")
    pictures = list(drawn(appearance.show(scene(result)), turn, appearance.transparent, part(progress, 0.0, 0.9)))
    for number, path in enumerate(paths):
        progress(0.9 + 0.1 * number / len(paths), f"writing {path.name}")
        film.save(path, pictures, turn.rate, appearance.transparent)
    progress(1.0, "written")


def drawn(shown: Scene, turn: Turn, transparent: bool = False, progress: Progress = silent) -> Iterator[np.ndarray]:
    """The pictures of a turn, uint8 [h, w, 4], from the front towards the person's left."""
    from render.headless import snapshot

    camera = eye(shown, turn.width / turn.height)
    for frame in range(turn.frames):
        progress(frame / turn.frames, f"drawing picture {frame + 1} of {turn.frames}")
        seen = orbit(camera, 2.0 * np.pi * frame / turn.frames, 0.0)
        yield snapshot(shown, seen, turn.width, turn.height, turn.samples, transparent)


def eye(shown: Scene, aspect: float) -> Camera:
    """A camera that frames all that is shown from every side of a turn."""
    low, high = shown.bounds()
    centre = (low + high) / 2 * (1, 0, 1)
    points = np.concatenate([item.vertices[:, [0, 2]] for item in shown.items]) - centre[[0, 2]]
    reach = float(np.linalg.norm(points, axis=1).max())
    aside = np.array([reach, 0.0, reach])
    level = np.array([0.0, 1.0, 0.0])
    return standard_view("front", centre - aside + low * level, centre + aside + high * level, aspect)
