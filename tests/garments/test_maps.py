"""Laws of maps: uniform stretch is uniform, motion changes nothing, pressure keeps its force, a mirror mirrors, a click
reads what is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from garments.atlas import BY_NAME, FAMILIES, MAPS
from garments.cloth import mesh
from garments.compare import change, counterparts
from garments.maps import SENSOR, Mapped, limits, load, mapped, read, summary
from tests.garments.kerchiefs import flat, kerchief, plate, pulled

STRETCH = np.array([[1.04, 0.0], [0.0, 1.10], [0.0, 0.0]])
SHEAR = np.array([[1.03, 0.05], [0.05, 1.03], [0.0, 0.0]])


def turned(x: np.ndarray) -> np.ndarray:
    one, two = np.radians(37.0), np.radians(-61.0)
    about_z = np.array([[np.cos(one), -np.sin(one), 0], [np.sin(one), np.cos(one), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(two), -np.sin(two)], [0, np.sin(two), np.cos(two)]])
    return x @ (about_x @ about_z).T + (0.3, 1.1, -0.2)


def of_panel(maps: Mapped, name: str, panel: str) -> np.ndarray:
    return maps.values[name][np.unique(maps.faces[maps.panel == maps.panels.index(panel)])]


def test_the_table_is_whole() -> None:
    assert len({each.name for each in MAPS}) == len({each.chinese for each in MAPS}) == len(MAPS)
    for each in MAPS:
        assert each.title and each.says and each.unit and each.most > 0 and each.change > 0
        assert any("\u4e00" <= letter <= "\u9fff" for letter in each.chinese)
        assert each.name in FAMILIES[each.family]
    strain = BY_NAME["strain"]
    assert strain.text(0.2) == "20.0 %", "strain is told as in the certificate"
    assert strain.zero + strain.shown(0.2) == pytest.approx(120.0), "100 % of the scale is unstretched, as CLO has it"


def test_a_uniform_stretch_is_uniform_up_to_the_seam_where_threads_cross() -> None:
    maps = mapped(pulled(kerchief(), STRETCH))
    for name, left, right in (("strain", 0.10, 0.10), ("strain_warp", 0.10, 0.04), ("strain_weft", 0.04, 0.10)):
        assert of_panel(maps, name, "left") == pytest.approx(left, abs=1e-6)
        assert of_panel(maps, name, "right") == pytest.approx(right, abs=1e-6)
    fabric = kerchief().fabric
    assert of_panel(maps, "stress_warp", "left") == pytest.approx(float(fabric.stretch_warp.tension(0.10)), rel=1e-4)
    assert of_panel(maps, "stress_weft", "left") == pytest.approx(float(fabric.stretch_weft.tension(0.04)), rel=1e-4)
    assert of_panel(maps, "ease", "left") == pytest.approx(0.01, abs=1e-6)


def test_the_dominant_direction_is_that_of_the_pull() -> None:
    straight = mapped(pulled(kerchief(), STRETCH))
    for face, angle in ((0, 0.0), (len(straight.faces) - 1, np.pi / 2)):
        told = read(straight, "strain", face, np.full(3, 1 / 3))
        assert abs(told.angle) == pytest.approx(angle, abs=1e-3)
        assert np.abs(told.along) == pytest.approx([0, 1, 0], abs=1e-3)
    sheared = mapped(pulled(kerchief(), SHEAR))
    told = read(sheared, "strain", 0, np.full(3, 1 / 3))
    assert told.value == pytest.approx(0.08, abs=1e-5) and abs(told.angle) == pytest.approx(np.pi / 4, abs=1e-3)
    assert np.abs(told.along) == pytest.approx([np.sqrt(0.5), np.sqrt(0.5), 0], abs=1e-3)
    even = mapped(pulled(kerchief(), 1.05 * np.eye(3, 2)))
    assert read(even, "strain", 0, np.full(3, 1 / 3)).angle is None, "stretched alike every way, it has no direction"


def test_the_largest_stress_is_no_less_than_that_of_the_threads_and_equals_it_without_shear() -> None:
    sheared = mapped(pulled(kerchief(), SHEAR))
    for thread in ("stress_warp", "stress_weft"):
        assert (sheared.values["stress"] > sheared.values[thread]).all()
    straight = mapped(pulled(kerchief(), STRETCH))
    threads = np.maximum(straight.values["stress_warp"], straight.values["stress_weft"])
    assert straight.values["stress"] == pytest.approx(threads, rel=1e-5)


def test_stress_does_the_work_of_stretching() -> None:
    """The solver's energy of cloth that gives alike both ways, pulled on the bias, grows by stress times stretch."""
    from garments.drape import sheet_of
    from garments.solvers import membrane

    garment = kerchief()
    garment = replace(garment, fabric=replace(garment.fabric, stretch_weft=garment.fabric.stretch_warp))
    cloth = mesh(garment, 0.02)
    gradients, areas = membrane.rest_gradients(cloth.rest)

    def energy(pull: float) -> float:
        diagonal = np.array([[1 + pull / 2, pull / 2], [pull / 2, 1 + pull / 2], [0, 0]])
        positions = flat(cloth) @ diagonal.T
        return membrane.energy(positions, cloth.faces, gradients, areas, sheet_of(cloth).stretch) / areas.sum()

    stress = mapped(pulled(garment, [[1.03, 0.03], [0.03, 1.03], [0, 0]])).values["stress"]
    work = (energy(0.0605) - energy(0.0595)) / 0.001
    assert stress == pytest.approx(work, rel=2e-3)


@pytest.mark.parametrize("name", [each.name for each in MAPS])
def test_a_rigid_motion_changes_no_map(name: str) -> None:
    rng = np.random.default_rng(2)
    bumps = {"pressure": rng.uniform(0, 300, mesh(kerchief(), 0.02).count)}
    here, there = (mapped(pulled(kerchief(), SHEAR, place=place, **bumps)) for place in (lambda x: x, turned))
    assert there.values[name] == pytest.approx(here.values[name], abs=1e-4 * BY_NAME[name].most)


def test_pressure_keeps_the_force_it_came_from() -> None:
    cloth = mesh(kerchief(), 0.01)
    pressure = np.zeros(cloth.count)
    middle = int(np.argmin(np.linalg.norm(flat(cloth) - (0.2, 0.1), axis=1)))
    area = np.bincount(cloth.faces.ravel(), np.repeat(cloth.rest_areas / 3, 3), cloth.count)
    pressure[middle] = 2.0 / area[middle]
    maps = mapped(pulled(kerchief(), STRETCH, edge=0.01, pressure=pressure))
    assert maps.values["pressure"] @ maps.areas == pytest.approx(2.0, rel=1e-4)
    assert maps.values["pressure"].min() >= -1e-3
    away = np.linalg.norm(maps.flat - maps.flat[maps.values["pressure"].argmax()], axis=1)
    near = away < 3 * SENSOR
    assert maps.values["pressure"][near] @ maps.areas[near] > 0.9, "it spreads about as far as a sensor is wide"


def test_mirrored_in_mirrored_out() -> None:
    garment = kerchief()
    one = pulled(garment, SHEAR)
    mirror = np.array([-1.0, 1.0, 1.0])
    cloth = replace(one.cloth, faces=one.cloth.faces[:, ::-1], rest=one.cloth.rest[:, ::-1] * (-1, 1))
    felt = np.array(one.strain) * (1, 1, -1)
    other = replace(one, cloth=cloth, positions=one.positions * mirror, strain=felt, body=plate(lambda x: x * mirror))
    object.__setattr__(other.body.model, "skin_faces", other.body.model.skin_faces[:, ::-1])
    here, there = mapped(one), mapped(replace(other, garment=_without_pattern(garment)))
    centre = np.full(3, 1 / 3)
    for face in range(0, len(here.faces), 7):
        for name in BY_NAME:
            a, b = read(here, name, face, centre), read(there, name, face, centre)
            assert b.value == pytest.approx(a.value, abs=1e-5 * BY_NAME[name].most)
            if a.angle is not None:
                assert b.angle == pytest.approx(-a.angle, abs=1e-3)
                assert abs(b.along * mirror @ a.along) == pytest.approx(1.0, abs=1e-4)


def _without_pattern(garment):
    """The mirrored cloth has no drafted pattern; its maps then know no edges by name."""
    return replace(garment, pattern=replace(garment.pattern, panels=(), seams=()))


def test_a_reading_is_the_map_at_that_point() -> None:
    rng = np.random.default_rng(4)
    cloth = mesh(kerchief(), 0.02)
    bent = lambda x: x + np.column_stack([0.1 * x[:, 0] ** 2, 0 * x[:, 0], 0.2 * x[:, 1] ** 2])  # noqa: E731
    maps = mapped(pulled(kerchief(), SHEAR, place=bent, pressure=rng.uniform(0, 99, cloth.count), body=plate()))
    for face in rng.integers(0, len(maps.faces), 20):
        weights = rng.dirichlet(np.ones(3))
        for name in BY_NAME:
            told = read(maps, name, int(face), weights)
            assert told.value == pytest.approx(maps.values[name][maps.faces[face]] @ weights, rel=1e-6, abs=1e-9)
            assert told.place == pytest.approx(maps.vertices[maps.faces[face]].T @ weights)
            assert told.panel == maps.panels[maps.panel[face]] and set(told.others) | {name} == set(
                FAMILIES[BY_NAME[name].family]
            )


def test_limits_are_the_fabrics_own_and_loads_are_held_against_them() -> None:
    garment = kerchief(cloth="royal_target")
    found = limits(garment.fabric)
    assert found["strain"] == garment.fabric.limit and "ease" not in found and "pressure" not in found
    assert found["stress_warp"] == pytest.approx(float(garment.fabric.stretch_warp.tension(garment.fabric.limit)))
    over = np.eye(3, 2) * (1.0, 1.0 + 1.2 * garment.fabric.limit)
    maps = mapped(pulled(garment, over))
    assert load(maps, "strain") == pytest.approx(1.2, rel=1e-3)
    assert load(maps, "stress") == pytest.approx(1.2, rel=1e-3)
    left = np.unique(maps.faces[maps.panel == 0])
    assert load(maps, "strain_warp")[left] == pytest.approx(1.2, rel=1e-3)
    assert load(maps, "strain_weft")[left] == pytest.approx(0.0, abs=1e-4)
    assert not load(maps, "pressure").any()
    assert read(maps, "strain", 0, np.full(3, 1 / 3)).share == pytest.approx(1.2, rel=1e-3)


def test_the_change_between_a_drape_and_itself_is_none() -> None:
    maps = mapped(pulled(kerchief(), SHEAR))
    nothing = change(maps, maps)
    assert nothing.change and not any(values.any() for values in nothing.values.values())
    assert not nothing.limits and not nothing.directions


def test_alike_meshes_change_vertex_by_vertex() -> None:
    before, after = (mapped(pulled(kerchief(), gradient)) for gradient in (np.eye(3, 2), STRETCH))
    assert change(before, after).values["strain"] == pytest.approx(0.10, abs=1e-5)
    assert change(after, before).values["strain"] == pytest.approx(-0.10, abs=1e-5)


def test_other_meshes_and_sizes_meet_by_their_panels() -> None:
    """A point of a larger size answers the point of the smaller one that has the same place between the edges."""
    small, large = mapped(pulled(kerchief(0.2), STRETCH)), mapped(pulled(kerchief(0.26), STRETCH, edge=0.013))
    corners, weights = counterparts(small, large)
    found = np.einsum("ij,ijk->ik", weights, small.vertices[corners])
    assert found == pytest.approx(large.vertices * (0.2 / 0.26), abs=1e-4)
    assert weights.min() >= 0 and weights.sum(axis=1) == pytest.approx(1.0)
    for name in ("strain", "strain_warp", "stress", "ease"):
        assert change(small, large).values[name] == pytest.approx(0.0, abs=1e-3 * BY_NAME[name].most)


def test_a_panel_that_was_not_there_takes_the_closest_points() -> None:
    maps = mapped(pulled(kerchief(), STRETCH))
    renamed = replace(maps, panels=("left", "gusset"), runs={}, flat=maps.flat + np.float32(0.001))
    corners, weights = counterparts(maps, renamed)
    gusset = np.unique(maps.faces[maps.panel == 1])
    found = np.einsum("ij,ijk->ik", weights, maps.vertices[corners])
    assert found[gusset] == pytest.approx(maps.vertices[gusset], abs=1e-5)


def test_the_summary_says_how_much_and_where() -> None:
    told = summary(mapped(pulled(kerchief(), STRETCH)))
    assert set(told) == set(BY_NAME)
    assert told["strain"]["largest"] == told["strain"]["mean"] == pytest.approx(10.0, abs=0.01)
    assert told["strain"]["panel"] in ("left", "right") and told["strain"]["unit"] == "%"
    assert told["ease"]["mean"] == pytest.approx(10.0, abs=0.01) and "limit" not in told["ease"]
    assert told["strain_warp"]["limit"] == told["strain_weft"]["limit"] > 0
    assert "limit" not in told["strain"] and "limit" not in told["stress"], "a limit is one of threads, not of the bias"
