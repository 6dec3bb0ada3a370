"""Buttons on cloth: where the pattern has them, turned as the cloth is, in colours that go with it."""

import io
from dataclasses import replace

import numpy as np
import pytest
import trimesh

from app.exports.glb import glb
from app.flat import panel_at
from app.scenes.painting import PEARL, coloured, painted
from app.scenes.sewing import FAR, _borders, sewn
from app.scenes.trimming import TRIMS, Drawn, trimmed
from garments.cloth import Cloth, mesh
from garments.colours.palette import shade
from garments.fastening import LARGE, SMALL, buttons
from garments.garment import Garment, garment, ready_made
from garments.imported.flattening import laid_flat
from garments.imported.readymade import ReadyMade
from render.buffers import corners


@pytest.fixture(scope="module")
def shirt() -> tuple[Garment, Cloth, np.ndarray]:
    """A shirt whose placket lies as it was drawn, on z = 0."""
    made = garment("shirt", "M")
    cloth = mesh(made, 0.03)
    return made, cloth, _laid(cloth, "placket")


@pytest.fixture(scope="module")
def jacket() -> tuple[Garment, Cloth]:
    made = garment("jacket", "M")
    return made, mesh(made, 0.03)


def _laid(cloth: Cloth, *panels: str) -> np.ndarray:
    """Where vertices of these panels lie in their drawings, all others far behind, [n, 3]."""
    at = np.tile((0.0, 0.0, -9.0), (cloth.count, 1))
    drawn = cloth.drawn()
    for panel in panels:
        mine = cloth.panel == cloth.panel_names.index(panel)
        at[cloth.faces[mine]] = np.concatenate([drawn[mine], np.zeros((mine.sum(), 3, 1))], axis=2)
    return at


def _buttons(drawn: Drawn, positions: np.ndarray) -> np.ndarray:
    """The vertices of each button [b, k, 3]."""
    whole = drawn.item("x", positions[drawn.origin]).vertices
    return whole[len(drawn.origin) :].reshape(len(drawn.size), -1, 3)


def test_a_shirt_has_a_button_at_each_hole_of_its_placket_and_its_cuffs(shirt) -> None:
    made, cloth, positions = shirt
    found = buttons(made.pattern)
    assert [each.places[0].panel for each in found].count("placket") == 6
    assert len({each.places[0].panel for each in found if each.places[0].panel.startswith("cuff")}) == 2
    assert all(each.size == SMALL for each in found)
    placed = _buttons(trimmed(made, cloth), positions)
    holes = {drill.name: (drill.x, drill.y) for drill in made.pattern.panel("placket").drills}
    at = [
        (0.5 * (each.min(axis=0) + each.max(axis=0)), np.ptp(each, axis=0))
        for each, told in zip(placed, found, strict=True)
        if told.places[0].panel == "placket"
    ]
    assert np.allclose([middle[:2] for middle, _ in at], list(holes.values()), atol=1e-4)
    assert np.allclose([size[:2] for _, size in at], SMALL, atol=1e-4)
    assert all(0.0 < size[2] < 0.25 * SMALL for _, size in at) and placed[:, :, 2].max() > 0.001


def test_buttons_turn_with_the_cloth(shirt) -> None:
    made, cloth, positions = shirt
    drawn = trimmed(made, cloth)
    turn = trimesh.transformations.euler_matrix(0.5, 0.9, 0.2)[:3, :3]
    moved = _buttons(drawn, positions @ turn.T + (0.1, 0.2, 0.3))
    holes = [k for k, each in enumerate(buttons(made.pattern)) if each.places[0].panel == "placket"]
    assert np.allclose(moved[holes], _buttons(drawn, positions)[holes] @ turn.T + (0.1, 0.2, 0.3), atol=1e-5)


@pytest.mark.parametrize("outer", ["left", "right"])
def test_a_jackets_button_is_on_the_front_that_lies_outside(jacket, outer: str) -> None:
    made, cloth = jacket
    (button,) = buttons(made.pattern)
    assert SMALL < button.size <= LARGE
    positions = _laid(cloth, "front_left", "front_right")
    mine = cloth.panel == cloth.panel_names.index(f"front_{outer}")
    positions[np.unique(cloth.faces[mine])] += (0.0, 0.0, 0.004)
    (placed,) = _buttons(trimmed(made, cloth), positions)
    assert abs(placed[:, 0].mean()) < 1e-3 and placed[:, 2].min() > 0.003


def test_cloth_without_buttons_is_drawn_as_it_is() -> None:
    made = garment("tee", "M")
    cloth = mesh(made, 0.03)
    drawn = trimmed(made, cloth)
    assert drawn.parts is cloth.panel and len(drawn.faces) == len(cloth.faces)
    positions = np.random.default_rng(0).normal(size=(cloth.count, 3))
    assert drawn.item("tee", positions[drawn.origin]).vertices.shape == (len(drawn.origin), 3)


def test_the_cloths_faces_come_first_and_buttons_are_no_panel(shirt, result) -> None:
    made, cloth, positions = shirt
    item = trimmed(made, cloth).item("shirt", positions)
    assert np.array_equal(item.faces[: len(cloth.faces)], cloth.faces) and len(item.faces) > len(cloth.faces)
    (seen,) = result.maps
    assert panel_at(seen, 0) == "front" and panel_at(seen, len(seen.panel)) is None


@pytest.mark.parametrize(("colour", "pearl"), [("white", True), ("navy", False)])
def test_light_cloth_has_buttons_of_mother_of_pearl_and_dark_cloth_darker_ones(shirt, colour: str, pearl: bool) -> None:
    made, cloth, positions = shirt
    told = coloured(replace(made, colour=shade(colour)))
    item = painted(trimmed(made, cloth).item("shirt", positions), told)
    button, hole, _ = item.materials[-TRIMS:]
    assert len(item.materials) == len(cloth.panel_names) + TRIMS == item.parts.max() + 1
    assert len(set(map(id, item.materials[:-TRIMS]))) == 1
    assert (button.base_colour == PEARL) is pearl and max(hole.base_colour) < max(button.base_colour)
    assert pearl or sum(button.base_colour) < sum(told.colour)


def test_a_glb_has_the_buttons(shirt) -> None:
    made, cloth, positions = shirt
    item = painted(trimmed(made, cloth).item("shirt", positions), coloured(made))
    seen = trimesh.load(io.BytesIO(glb([item])), file_type="glb")
    assert len(seen.geometry) == 1 + TRIMS
    assert sum(len(each.faces) for each in seen.geometry.values()) == len(item.faces)


def test_every_face_keeps_what_it_knows_of_its_line_where_lines_meet(shirt) -> None:
    _, cloth, _ = shirt
    known = sewn(cloth)
    _, first, split = corners(cloth.faces, cloth.rest, known)
    assert np.allclose(known.reshape(-1, 4)[first][split], known, atol=2e-5)
    assert len(first) < 1.2 * len(corners(cloth.faces, cloth.rest)[0])


def test_no_face_between_two_seams_draws_a_line_where_none_is(shirt) -> None:
    _, cloth, _ = shirt
    _, seam = _borders(cloth)
    zero = sewn(cloth)[..., 2] < 1e-6
    joined, some = zero & np.roll(zero, -1, axis=1), seam.any(axis=1) & ~seam.all(axis=1)
    assert not (joined & ~seam)[~seam.all(axis=1)].any()
    assert joined[some].any(axis=1).all()


def test_a_mesh_without_a_pattern_shows_no_seam_between_its_triangles() -> None:
    turn, up = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False), np.linspace(0.0, 0.5, 9))
    vertices = np.stack([0.2 * np.sin(turn), up, 0.2 * np.cos(turn)], axis=-1).reshape(-1, 3)
    corner = np.arange(len(vertices)).reshape(9, 24)
    a, b, d = corner[:-1], np.roll(corner, -1, axis=1)[:-1], corner[1:]
    c = np.roll(corner, -1, axis=1)[1:]
    faces = np.concatenate([np.stack(each, axis=-1).reshape(-1, 3) for each in ((a, b, c), (a, c, d))])
    made = ReadyMade("tube", vertices, faces, laid_flat(vertices, faces), np.zeros(len(faces), int), False, ())
    assert (sewn(mesh(ready_made(made), 0.04)) == FAR).all()
