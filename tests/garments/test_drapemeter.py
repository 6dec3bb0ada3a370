"""The virtual drape-meter: a stiff disc stands out, a soft one hangs, and nothing depends on how it is turned."""

from dataclasses import replace

import numpy as np
import pytest

from assets.errors import Cancelled
from garments.drapemeter import DISC, SPECIMEN, coefficient, digest, drape_test, fall, specimen
from garments.fabric import fabrics

COARSE = 0.011


def like(length: float):
    """A shirting of 150 g/m2 with this bending length [m]."""
    rigidity = 0.15 * 9.81 * length**3
    bent = {f"bending_{way}": rigidity for way in ("warp", "weft", "bias")}
    return replace(fabrics()["oxford"], density=0.15, **bent)


@pytest.mark.parametrize("edge", [0.012, 0.006])
def test_a_flat_specimen_shadows_all_of_the_ring(edge):
    flat, faces, held = specimen(edge)
    positions = np.stack([flat[:, 0], np.zeros(len(flat)), -flat[:, 1]], axis=1)
    assert coefficient(positions, faces) == pytest.approx(100.0, abs=1.5)
    assert np.linalg.norm(flat, axis=1).max() == pytest.approx(SPECIMEN)
    assert held.any() and np.linalg.norm(flat[~held], axis=1).min() > DISC


def test_a_cylinder_of_cloth_shadows_nothing_beyond_the_disc():
    flat, faces, _ = specimen(0.006)
    radius = np.linalg.norm(flat, axis=1)
    turn, down = flat / radius[:, None], np.maximum(radius - DISC, 0.0)
    positions = np.stack([DISC * turn[:, 0], -down, -DISC * turn[:, 1]], axis=1)
    assert coefficient(positions, faces) == pytest.approx(0.0, abs=1.0)


def test_the_drape_coefficient_grows_with_the_bending_length():
    told = [fall(like(length), edge=COARSE) for length in (0.012, 0.020, 0.044)]
    assert all(one.rests for one in told)
    soft, usual, stiff = (one.coefficient for one in told)
    assert soft + 10 < usual < stiff - 5 and stiff > 93 and soft < 55


def test_the_same_fabric_gives_the_same_disc_and_its_spread_is_told():
    one, other = (drape_test(like(0.05), edge=COARSE, falls=2) for _ in range(2))
    assert one.coefficient == other.coefficient and one.error > 0
    assert digest(like(0.03)) != digest(like(0.031))
    assert digest(like(0.03)) == digest(replace(like(0.03), title="of another name"))


def test_a_drape_test_can_be_cancelled():
    def stop(fraction, words):
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        drape_test(like(0.03), edge=COARSE, progress=stop)
