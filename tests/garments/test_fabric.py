"""Fabrics: measured numbers kept, derived ones by their rules, each with a source."""

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.fabric import LARGEST_LOAD, Stretch, fabric, fabrics, own_fabrics, save_own
from garments.fabricfile import load, write
from garments.facts import copied


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
    assert 0.015 < cloth.density < 0.55 and 5e-5 < cloth.thickness < 1.5e-3
    assert min(cloth.bending_warp, cloth.bending_weft, cloth.bending_bias) > 3e-7
    assert max(cloth.bending_warp, cloth.bending_weft) < 4e-4 and 0.1 < cloth.friction < 0.8
    assert any(year in cloth.source for year in ("2011", "2014", "2016", "2021", "2022"))
    for quantity in ("density", "thickness", "stretch", "stiffening", "shear", "bending", "friction", "limit"):
        assert cloth.origin(quantity)
    assert {"friction", "limit"} <= set(cloth.derived)
    assert all(0.0 <= value <= 1.0 for value in (*cloth.look.colour, cloth.look.roughness, cloth.look.sheen))


def test_there_is_enough_to_choose_from():
    every = fabrics().values()
    assert len(every) >= 20 and all(cloth.title and cloth.use for cloth in every)
    assert {"knit", "woven", "leather"} == {cloth.construction for cloth in every}
    assert min(cloth.density for cloth in every) <= 0.03 and max(cloth.density for cloth in every) >= 0.47


def test_the_measured_interlock_is_as_published():
    interlock = fabric("gray interlock")
    assert interlock.density == 0.187 and interlock.bending_weft == 30.6e-6
    assert interlock.stretch_warp[:2] == (17, 127) and interlock.stretch_weft[:2] == (34, 406)


def test_an_unknown_fabric_offers_near_names():
    with pytest.raises(InputRefused, match="black_denim"):
        fabric("denim")


# A person's own ----------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "toile" / "fabrics"


def test_a_fabric_travels_as_text_without_loss(cloth):
    again = fabric(write(cloth))
    assert again.own and fabric(again.written).written == again.written
    for one, other in ((again.stretch_warp, cloth.stretch_warp), (again.shear, cloth.shear)):
        assert one == pytest.approx(other, rel=1e-5)
    assert again.thickness == pytest.approx(cloth.thickness, rel=1e-5) and again.derived == cloth.derived


def test_ones_own_is_found_by_name_like_those_that_ship(home):
    mine = copied(fabrics()["linen"], "Grandmother's linen")
    path = save_own(mine)
    assert path.parent == home and fabric("grandmother_s linen").written == mine.written
    path.write_text(write(copied(fabrics()["oxford"], "Other")))
    assert own_fabrics()[0]["grandmother_s_linen"].density == fabrics()["oxford"].density
    with pytest.raises(InputRefused, match="already"):
        save_own(mine, replace=False)
    with pytest.raises(InputRefused, match="already"):
        save_own(copied(fabrics()["oxford"], "Linen"))


def test_a_file_that_cannot_be_used_is_named_and_the_others_stay(home):
    save_own(copied(fabrics()["linen"], "Good"))
    (home / "bad.toml").write_bytes(b"\xff\xfe")
    (home / "linen.toml").write_text(write(fabrics()["linen"]))
    own, wrong = own_fabrics()
    assert set(own) == {"good"} and len(wrong) == 2 and "bad.toml" in wrong[0]


@pytest.mark.parametrize(
    "change",
    [
        ("density = 0.1834", "density = nan"),
        ("density = 0.1834", "density = true"),
        ("density = 0.1834", 'density = "heavy"'),
        ("density = 0.1834", "density = 1e300"),
        ("density = 0.1834", "density = -1.0"),
        ("density = 0.1834", ""),
        ("[2017.0, 2110.0, 0.04]", "[2017.0]"),
        ("[2017.0, 2110.0, 0.04]", "[0.0, 2110.0]"),
        ("[2017.0, 2110.0, 0.04]", "{}"),
        ('title = "Linen"', 'title = "<img src=x>"'),
        ('title = "Linen"', 'title = "' + "x" * 100 + '"'),
        ('title = "Linen"', 'title = "a\\nb"'),
        ('weave = "plain"', 'weave = ["plain"]'),
        ('construction = "woven"', 'construction = "felt"'),
        ('construction = "woven"', "construction = " + "[" * 3000),
        ("[look]", "[look.colour]"),
        ("[look]", "derived = 3\n[look]"),
    ],
)
def test_a_strangers_file_is_checked(tmp_path, change):
    text = write(fabrics()["linen"])
    assert change[0] in text
    path = tmp_path / "strange.toml"
    path.write_text(text.replace(*change))
    with pytest.raises(InputRefused, match="strange"):
        load(path)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.toml"
    path.write_text("#" * 70_000)
    with pytest.raises(InputRefused, match="larger"):
        load(path)
