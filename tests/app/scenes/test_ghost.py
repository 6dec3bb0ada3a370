"""The ghost of the body before: films where something differs, none where nothing does; changes with their sign."""

import numpy as np

from app.scenes.ghost import changes, with_ghost
from body.measurements import Measurement, Measurements
from render.scene import Item, Material, Scene


def ball(radius: float) -> Item:
    """Two rings and two poles: a closed skin."""
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    rings = [[np.cos(t) * np.cos(e), np.sin(e), np.sin(t) * np.cos(e)] for e in (-0.4, 0.4) for t in turn]
    k = np.arange(12)
    j = (k + 1) % 12
    sides = [np.stack([k, k + 12, j], 1), np.stack([j, k + 12, j + 12], 1)]
    caps = [np.stack([k * 0 + 24, k, j], 1), np.stack([k * 0 + 25, j + 12, k + 12], 1)]
    vertices = radius * np.array([*rings, [0, -1, 0], [0, 1, 0]])
    return Item("skin", vertices, np.concatenate([*sides, *caps]))


def test_nothing_changed_draws_nothing() -> None:
    scene = Scene((ball(1.0),))
    assert with_ghost(scene, ball(1.0), ball(1.0)) is scene
    assert with_ghost(scene, ball(1.002), ball(1.0)) is scene


def test_the_larger_of_both_is_a_translucent_film() -> None:
    cloth = Item("tee", ball(1.1).vertices, ball(1.1).faces, Material(double_sided=True))
    shrunk = with_ghost(Scene((ball(1.0), cloth)), ball(1.02), ball(1.0))
    grown = with_ghost(Scene((ball(1.02), cloth)), ball(1.0), ball(1.02))
    for scene, name in ((shrunk, "before"), (grown, "grown")):
        films = scene.items[2:]
        assert {film.name for film in films} == {name}
        assert all(0 < film.material.opacity < 0.6 for film in films)
        assert sum(len(film.faces) for film in films) == len(ball(1.0).faces)
        assert scene.items[1].material.opacity < 1.0, "cloth lets it shine through"


def test_more_change_is_more_opaque() -> None:
    little, much = (with_ghost(Scene((ball(1.0),)), ball(1.0 + d), ball(1.0)).items[1] for d in (0.005, 0.05))
    assert little.material.opacity < much.material.opacity


def test_changes_have_a_sign_and_leave_out_noise() -> None:
    def told(waist: float, hip: float) -> Measurements:
        pairs = (("waist_girth", waist), ("hip_girth", hip))
        return Measurements(tuple(Measurement(name, value, 0.01, "statistics") for name, value in pairs))

    assert changes(told(0.80, 1.0), told(0.79, 1.0001)) == {"waist_girth": 0.79 - 0.80}
