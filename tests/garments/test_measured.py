"""From measurements: what instruments tell comes back as parameters, in the units that people type."""

import numpy as np
import pytest

from assets.errors import InputRefused, ToileError, UsageError
from garments.fabric import Stretch, fabric, fabrics
from garments.facts import edited, facts
from garments.measured import KES_LOAD, METHODS, fit_curve, from_measurements, kes_curve


def made(method, like="cotton_poplin", **typed):
    return from_measurements(method, typed, fabrics()[like], "Mine").fabric


def test_a_cantilever_tells_the_bending_by_weight_and_bending_length():
    cloth = made("cantilever", weight="200 g/m2", c_warp="2 cm", overhang_weft="60 mm")
    assert cloth.bending_warp == pytest.approx(0.2 * 9.81 * 0.02**3, rel=1e-5)
    assert cloth.bending_weft == pytest.approx(0.2 * 9.81 * 0.03**3, rel=1e-5)


def test_fast_is_read_as_its_manual_reads_it():
    cloth = made("fast", weight="168", c_warp="15", c_weft="14.5", eb5="4.7 %", e100_warp="4.6", e100_weft="5.87")
    assert 1e6 * cloth.bending_warp == pytest.approx(5.56, abs=0.01)
    assert 1e6 * cloth.bending_weft == pytest.approx(5.02, abs=0.01)
    assert cloth.shear.first == pytest.approx(26.17, abs=0.01)
    assert cloth.stretch_warp.tension(0.046) == pytest.approx(98.1, rel=1e-3)


def test_kes_units_are_those_of_the_instrument():
    cloth = made("kes", b_warp="0.144 gf·cm²/cm", b_weft="0.144", g="1.538 gf/cm/deg", em_warp="5.735", lt_warp="0.70")
    assert 1e6 * cloth.bending_warp == pytest.approx(14.12, abs=0.01)
    assert cloth.shear.first == pytest.approx(86.4, abs=0.1)
    assert cloth.stretch_warp.tension(0.05735) == pytest.approx(KES_LOAD, rel=1e-4)


@pytest.mark.parametrize("linearity", [0.68, 0.8, 1.0, 1.2])
def test_a_kes_curve_stores_the_energy_that_was_measured(linearity):
    curve, off = kes_curve(0.06, linearity)
    strains = np.linspace(0, 0.06, 2001)
    assert 0.06 * curve.tension(strains).mean() == pytest.approx(0.5 * KES_LOAD * 0.06 * linearity, rel=1e-2)
    assert abs(off) < 1e-2


def test_energy_and_linearity_must_agree():
    told = from_measurements("kes", {"em_warp": "5.735", "wt_warp": "9.4"}, fabrics()["oxford"], "Mine").fabric
    assert told.stretch_warp.tension(0.05735) == pytest.approx(KES_LOAD, rel=1e-4)
    with pytest.raises(UsageError, match="mistyped"):
        made("kes", em_warp="5.735", lt_warp="0.9", wt_warp="9.4")


@pytest.mark.parametrize("curve", [(17, 127, 0.25), (34, 406, 0.25), (700, 2600, 0.03), (2017, 2110, 0.04)])
def test_three_loads_give_back_the_curve_they_were_read_from(curve):
    known = Stretch(*curve)
    fitted, off = fit_curve([(known.strain_at(load), load) for load in (4.9, 19.6, 98.1)])
    assert off < 0.03
    for load in (4.9, 10.0, 19.6, 50.0, 98.1):
        assert fitted.strain_at(load) == pytest.approx(known.strain_at(load), rel=0.06, abs=1e-3)


def test_a_hanging_strip_tells_the_stretch():
    cloth = made("hanging", like="gray_interlock", width="5 cm", length="20 cm", mass="200 g", longer_weft="2 cm")
    load = 0.2 * 9.81 / 0.05 + 0.5 * 0.187 * 9.81 * 0.2
    assert cloth.stretch_weft.tension(0.1) == pytest.approx(load, rel=1e-3)
    assert cloth.stretch_warp == fabrics()["gray_interlock"].stretch_warp


def test_what_was_not_measured_says_where_it_is_from():
    cloth = made("cantilever", c_warp="2.1")
    assert cloth.origin("bending").startswith("cantilever") and cloth.bending_weft == cloth.bending_warp
    assert cloth.origin("stretch").startswith("derived: as Cotton poplin")
    weighed = made("cantilever", weight="5.5 oz/yd2")
    assert 1000 * weighed.density == pytest.approx(186.5, abs=0.1)
    assert weighed.thickness == pytest.approx(weighed.density / 450.0, rel=1e-4)


@pytest.mark.parametrize(
    ("method", "typed", "word"),
    [
        ("fast", {"weight": "0.1 g/m2"}, "Weight per area of 0.1 g/m2 is not a fabric's"),
        ("fast", {"weight": "nan"}, "not understood"),
        ("fast", {"e5_warp": "3", "e20_warp": "2"}, "grow with the load"),
        ("fast", {}, "nothing was measured"),
        ("fast", {"b_warp": "1"}, "has no 'b_warp'"),
        ("kes", {"b_warp": "0.1 stone"}, "one of"),
        ("hanging", {"mass": "1 kg", "longer_warp": "1"}, "width and length"),
        ("kes", {"lt_warp": "0.7"}, "nothing without EM"),
        ("cantilever", {"c_warp": "2", "overhang_warp": "5"}, "half the overhang"),
        ("feel", {"soft": "very"}, "kes, fast, cantilever, hanging"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(method, typed, word):
    with pytest.raises(ToileError, match=word):
        from_measurements(method, typed, fabrics()["oxford"], "Mine")


def test_every_way_of_measuring_takes_each_of_its_entries_in_the_middle_of_its_range():
    for way in METHODS.values():
        for entry in way.entries:
            from assets.units import told

            middle = (entry.low * entry.high) ** 0.5
            assert entry.parse(told(middle, entry.kind, entry.bare)) == pytest.approx(middle, rel=0.01)


# Editing ------------------------------------------------------------------------------------------------------------


def test_an_edited_number_is_the_owners_and_what_followed_from_it_follows():
    cloth = edited(fabric("gray interlock"), "density", "5.4 oz")
    assert 1000 * cloth.density == pytest.approx(183.1, abs=0.1)
    assert cloth.thickness == pytest.approx(cloth.density / 260.0, rel=1e-4)
    assert cloth.origin("density") == "entered by you" and cloth.own
    bent = edited(cloth, "bending", "61 / 24 µN·m")
    assert bent.bending_bias == pytest.approx(2 / (1 / 61e-6 + 1 / 24e-6), rel=1e-4)
    pulled = edited(bent, "stretch_warp", "200 to 900 N/m")
    assert pulled.stretch_warp[:2] == (200, 900) and pulled.limit < bent.limit


def test_each_fact_reads_back_as_it_is_told():
    cloth = fabric("linen")
    for fact in facts(cloth):
        if fact.key:
            assert {f.title: f.value for f in facts(edited(cloth, fact.key, fact.value))}[fact.title] == fact.value


@pytest.mark.parametrize(
    ("key", "text"), [("density", "heavy"), ("density", "1 / 2"), ("bending", "-3"), ("limit", "")]
)
def test_nonsense_is_refused(key, text):
    with pytest.raises((UsageError, InputRefused)):
        edited(fabric("linen"), key, text)
