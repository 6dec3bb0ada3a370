"""The drawing of lace."""

import numpy as np

from garments.colours.lace import SIDE, lace
from garments.fabric import fabric


def test_lace_repeats_without_a_seam() -> None:
    """Where ends meet, lines differ no more than some lines within; a tile that is cut off does."""
    tile = lace().astype(float)
    assert tile.shape == (SIDE, SIDE) and not lace().flags.writeable
    for axis in (0, 1):
        steps = np.abs(np.diff(tile, axis=axis, append=np.take(tile, [0], axis))).mean(axis=1 - axis)
        assert steps[-1] < 1.01 * steps[:-1].max()
        cut = np.take(tile, range(SIDE - 9), axis)
        assert np.abs(np.take(cut, -1, axis) - np.take(cut, 0, axis)).mean() > 1.2 * steps[-1]


def test_lace_has_threads_holes_and_what_its_fabric_says_of_its_area() -> None:
    tile, look = lace() / 255, fabric("lace").look
    assert (tile > 0.99).mean() > 0.2 and (tile < 0.01).mean() > 0.4
    assert abs(tile.mean() - look.cover) < 0.01 and look.weave == "lace"
    assert look.pitch / SIDE < 0.0002  # the finest thread is more than a pixel
