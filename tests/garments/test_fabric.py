"""Fabrics: measured numbers kept, derived ones by their rules, each with a source."""

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.fabric import LARGEST_LOAD, Stretch, fabric, fabrics


@pytest.fixture(params=sorted(fabrics()))
def cloth(request):
    return fabrics()[request.param]


def test_tension_is_the_integral_of_its_slope(cloth):
    strain = np.linspace(-0.1, 0.6, 7001)
    for stretch in (cloth.stretch_warp, cloth.stretch_weft, cloth.shear):
        integral = np.concatenate([[0.0], np.cumsum(0.5 * (stretch.slope(strain)[1:] + stretch.slope(strain)[:-1]))])
        tension = stretch.tension(strain)
        assert np.allclose(
            tension - tension[0], integral * (strain[1] - strain[0]), rtol=1e-3, atol=1e-3 * tension.max()
        )


def test_tension_grows_from_nothing(cloth):
    for stretch in (cloth.stretch_warp, cloth.stretch_weft):
        assert stretch.tension(0.0) == 0.0
        assert np.all(np.diff(stretch.tension(np.linspace(-0.2, 1.0, 100))) > 0)


def test_strain_at_inverts_tension():
    stretch = Stretch(20.0, 200.0, 0.2)
    assert stretch.strain_at(float(stretch.tension(0.37))) == pytest.approx(0.37, abs=1e-3)


def test_the_limit_is_reached_at_the_largest_load_or_capped(cloth):
    loads = [float(stretch.tension(cloth.limit)) for stretch in (cloth.stretch_warp, cloth.stretch_weft)]
    assert max(loads) == pytest.approx(LARGEST_LOAD, rel=0.01) or cloth.limit == 0.5


def test_numbers_are_plausible_and_sourced(cloth):
    assert 0.03 < cloth.density < 0.5 and 2e-4 < cloth.thickness < 1.5e-3
    assert 1e-6 < cloth.bending_warp < 4e-4 and 0.1 < cloth.friction < 0.8
    assert "2011" in cloth.source
    assert {"thickness", "friction", "shear", "limit", "stiffening"} <= set(cloth.derived)
    assert all(0.0 <= value <= 1.0 for value in (*cloth.look.colour, cloth.look.roughness, cloth.look.sheen))


def test_the_measured_interlock_is_as_published():
    interlock = fabric("gray interlock")
    assert interlock.density == 0.187 and interlock.bending_weft == 30.6e-6
    assert interlock.stretch_warp[:2] == (17, 127) and interlock.stretch_weft[:2] == (34, 406)


def test_an_unknown_fabric_offers_near_names():
    with pytest.raises(InputRefused, match="black_denim"):
        fabric("denim")
