"""Garments on a person who moves: what goes through the body, how calm cloth is where she is still, what it costs.

    python -m benchmarks.movement [--quick] [--json FILE]

A woman of 165 cm and 65 kg in size M walks, turns round, sits down and lifts her arms. Every frame counts in which a
vertex or a face's centre is inside the skin, or cloth passes through cloth. Calm is told where the skin is still: the
change of a vertex's move from frame to frame, at the 99th percentile. Seconds of the processor on one core.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np

from benchmarks.table import Row, row, run

if TYPE_CHECKING:
    from app.movement.moving import Run
    from app.pipeline import TryOn

OUTFITS = {
    "tee and skirt": ("tee", "skirt"), "shift dress": ("shift_dress",), "tee and trousers": ("tee", "trousers"),
    "leggings": ("leggings",), "shirt": ("shirt",), "tee, trousers and coat": ("tee", "trousers", "coat"),
}  # fmt: skip
CLIPS = ("sit", "walk", "arms_up", "turn")
COARSE, FINE = 0.025, 0.012
FINELY = (("leggings", "sit"), ("tee and skirt", "walk"))
STILL = 2.0e-4
"""Skin that moves less than this from frame to frame is still [m]."""


def rows(quick: bool) -> Iterator[Row]:
    """The rows of this benchmark."""
    # What was computed once would be found again in the person's own folder.
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, XDG_CACHE_HOME=folder):
        yield from _all(quick)


def _all(quick: bool) -> Iterator[Row]:
    for outfit in ("leggings",) if quick else OUTFITS:
        result = _dressed(outfit, COARSE)
        for clip in CLIPS[:1] if quick else CLIPS:
            yield from _moved(result, outfit, clip, "")
    for outfit, clip in () if quick else FINELY:
        yield from _moved(_dressed(outfit, FINE), outfit, clip, ", at 12 mm")


def _dressed(outfit: str, edge: float) -> "TryOn":
    from app.pipeline import dress
    from app.project import Wish
    from body.estimate import Evidence, estimate

    told = estimate(Evidence(height=1.65, mass=65.0, sex=0.0))
    return dress(told, tuple(Wish(name, "M") for name in OUTFITS[outfit]), edge=edge)


def _moved(result: "TryOn", outfit: str, clip: str, fineness: str) -> Iterator[Row]:
    from app.movement.moving import Run, motion_of

    made = Run(result, motion_of(clip, result.estimate.body))
    start = time.process_time()
    made.advance(made.total)
    took = time.process_time() - start
    assert made.tracks is not None
    name = f"{outfit}, {clip}{fineness}"
    inside = sum(int((track.inside > 0).sum()) for track in made.tracks)
    through = sum(int((track.crossings + track.self_crossings > 0).sum()) for track in made.tracks)
    yield row(f"{name}: inside", f"frames of {made.total} with cloth inside the body", inside, "", 0)
    deepest = 1000 * max(float(track.deepest.max()) for track in made.tracks)
    yield row(f"{name}: deepest", "how deep, at most", deepest, "mm", 0)
    yield row(f"{name}: through", "frames with cloth through cloth", through, "", 0)
    stretched = 100 * max(float(track.stretched.max()) for track in made.tracks)
    yield row(f"{name}: strain", "along the threads, 99th percentile, in the worst frame", stretched, "%")
    trembling = _trembling(made)
    why = "the skin is never still"
    yield row(f"{name}: trembling", "where the skin is still, a frame", trembling, "mm", 0.5, why=why)
    yield row(f"{name}: cost", "processor time for a second", took / (made.total / made.motion.rate), "s")


def _trembling(made: "Run") -> float | None:
    """The change of a vertex's move from frame to frame, 99th percentile [mm], a third of a second after the skin came
    to be still; None where it never does."""
    skins = np.stack([made.body(frame).vertices for frame in range(made.total)])
    still = np.concatenate([[False], np.abs(np.diff(skins, axis=0)).max(axis=(1, 2)) < STILL])
    rest = round(made.motion.rate / 3)
    long = [frame for frame in range(rest, made.total) if still[frame - rest : frame + 1].all()]
    if not long:
        return None
    assert made.tracks is not None
    changes = [np.linalg.norm(np.diff(track.positions, 2, axis=0), axis=2)[np.array(long) - 2] for track in made.tracks]
    return 1000 * max(float(np.percentile(each, 99)) for each in changes)


if __name__ == "__main__":
    run(__doc__, rows)
