"""Scales of maps: their ends are what was chosen, their legends say so, and the picture shows what a click reads."""

import argparse
from dataclasses import replace

import numpy as np
import pytest

from app.commands.render import add_map, scaling
from app.project import Scaling
from app.scenes.scales import COLOURS, fitting, key, legend, ramp
from app.stage import map_item, map_scene
from assets.errors import UsageError
from garments.atlas import BY_NAME, MAPS
from garments.compare import change
from garments.maps import mapped, read
from render.camera import Camera, single
from render.headless import snapshot
from render.picking import pick
from render.scene import Item, Scene
from tests.garments.kerchiefs import kerchief, plate, pulled

WIDTH, HEIGHT = 240, 180
STRETCH = [[1.04, 0.0], [0.0, 1.10], [0.0, 0.0]]
PLAIN = Scaling()


def waves(x: np.ndarray) -> np.ndarray:
    """A cloth that is stretched here more than there."""
    return x * (1, 1, 0) + np.column_stack([0 * x[:, 0], 0.3 * x[:, 1] ** 2, 0 * x[:, 0]])


@pytest.fixture(scope="module")
def maps():
    drape = pulled(kerchief(), STRETCH, place=waves, body=plate())
    return mapped(replace(drape, pressure=1000 * np.abs(drape.positions[:, 0])))


@pytest.mark.parametrize("name", [each.name for each in MAPS])
def test_every_map_has_a_scale_with_its_unit(maps, name: str) -> None:
    told, shown = BY_NAME[name], legend([maps], name, PLAIN)
    assert shown.title.endswith(f"[{told.scale_unit}]") and shown.ramp.high == told.most
    assert [place for place, _ in shown.ticks] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert shown.ticks[-1][1] == f"≥ {told.zero + told.shown(told.most):g}"
    assert "kerchief M: largest" in shown.words
    assert bool(shown.limits) == told.limited


def test_a_chosen_maximum_ends_the_scale_and_a_change_has_one_of_its_own(maps) -> None:
    changed = change(maps, maps)
    chosen = Scaling({"strain": 0.4, key("strain", True): 0.02})
    assert legend([maps], "strain", chosen).ticks[-1][1] == "≥ 140"
    assert legend([changed], "strain", chosen).ticks[0][1] == "≤ −2"
    assert legend([changed], "strain", chosen).title == "Change: strain [points]"
    assert legend([changed], "strain", chosen).notes[0] == "since kerchief M before"
    middle = ramp(changed, "strain", Scaling(banded=True)).colours(np.array([-0.001, 0.0, 0.001]))
    assert middle == pytest.approx(np.full((3, 3), 0.969)), "what stays as it was is neutral"


def test_scales_end_at_each_fabrics_limit_where_it_has_one(maps) -> None:
    stiff = mapped(pulled(kerchief(cloth="royal_target"), STRETCH))
    by_limit = Scaling(by_limit=True)
    assert ramp(maps, "strain", by_limit).high == maps.limits["strain"]
    assert ramp(stiff, "strain", by_limit).high == stiff.limits["strain"]
    shown = legend([maps, stiff], "strain", by_limit)
    assert "% of the fabric's limit" in shown.title and shown.ticks[-1][1] == "≥ 100"
    assert any("hatched" in note for note in shown.notes), "10 % is over what a twill bears"
    assert ramp(maps, "ease", by_limit).high == BY_NAME["ease"].most


def test_a_limit_is_marked_where_it_lies_and_at_the_end_when_it_is_beyond(maps) -> None:
    limit = maps.limits["strain"]
    for most, place in ((2 * limit, 0.5), (0.5 * limit, 1.0)):
        ((found, words),) = legend([maps], "strain", Scaling({"strain": most})).limits
        assert found == pytest.approx(place) and words.endswith("›") == (place == 1.0)


def test_beside_a_limit_stands_what_the_threads_bear_and_not_the_bias() -> None:
    turn, stretch = 0.2, 0.01  # sheared by 0.2: stretched along the bias, and hardly along a thread
    sheared = mapped(pulled(kerchief(), [[1.0 + stretch, turn], [turn, 1.0 + stretch], [0.0, 0.0]]))
    (note,) = (note for note in legend([sheared], "strain", PLAIN).notes if note.startswith("kerchief"))
    along = f"{100 * (np.hypot(1.0 + stretch, turn) - 1.0):.1f} %"
    assert f"largest strain {100 * (stretch + turn):.1f} %" in note and f"along the threads {along}; limit " in note
    (note,) = (note for note in legend([sheared], "strain_warp", PLAIN).notes if note.startswith("kerchief"))
    assert f"largest strain {along}" in note and "along the threads" not in note


def test_bands_are_eight_and_end_in_the_colours_of_the_ends(maps) -> None:
    banded = ramp(maps, "strain", Scaling(banded=True))
    colours = banded.colours(np.linspace(0, BY_NAME["strain"].most, 1000))
    assert len(np.unique(colours, axis=0)) == 8
    assert tuple(colours[0]) == COLOURS["heat"][0] and tuple(colours[-1]) == COLOURS["heat"][-1]


def test_even_scales_get_steadily_lighter_or_darker() -> None:
    for name in ("even", "ink"):
        linear = np.array(COLOURS[name]) ** 2.2
        steps = np.diff(np.cbrt(linear @ [0.2126, 0.7152, 0.0722]))
        assert (steps > 0.05).all() or (steps < -0.05).all()


def test_fitting_finds_a_round_end_that_hardly_anything_exceeds(maps) -> None:
    for name in BY_NAME:
        most, values = fitting([maps], name), np.abs(maps.values[name])
        if values.max() > 1e-6:
            assert (values > most).mean() <= 0.011 and most < 2.6 * np.percentile(values, 99)


def drawn(maps, name: str, chosen: Scaling, view: Camera) -> np.ndarray:
    """The map alone, in its own colours without shading or strokes, sRGB 0..1."""
    item = map_item(maps, name, chosen)
    bare = replace(item.material, shading="flat", ramp=replace(item.material.ramp, strokes=False))
    return snapshot(Scene((replace(item, material=bare),), ground=False), view, WIDTH, HEIGHT, 0)[..., :3] / 255.0


@pytest.mark.parametrize("chosen", [PLAIN, Scaling(banded=True), Scaling(by_limit=True)])
@pytest.mark.parametrize("name", [each.name for each in MAPS])
def test_a_click_gives_what_the_map_shows_at_that_pixel(maps, name: str, chosen: Scaling) -> None:
    view = Camera(eye=(0.25, 0.12, 0.9), target=(0.2, 0.12, 0.0))
    chosen = replace(chosen, most={name: fitting([maps], name)})
    pixels = drawn(maps, name, chosen, view)
    scene = map_scene(Item("body", np.zeros((0, 3)), np.zeros((0, 3), int)), [maps], name, chosen)
    off, seen = [], 0
    for x, y in np.random.default_rng(5).integers((30, 30), (WIDTH - 30, HEIGHT - 30), (60, 2)):
        hit = pick(scene, single(view, WIDTH, HEIGHT), x + 0.5, y + 0.5)
        if hit is not None:
            told = read(maps, name, hit.face, hit.barycentric)
            off.append(np.abs(ramp(maps, name, chosen).colours(told.value) - pixels[y, x]).max())
            seen += 1
    assert seen > 30
    # On the line between two bands a pixel may show either.
    assert np.mean(np.array(off) > 0.012) <= (0.05 if chosen.banded else 0.0), max(off)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--map strain --most 140 --bands", Scaling({"strain": 0.4}, banded=True)),
        ("--map ease --most 30 --pattern", Scaling({"ease": 0.03}, pattern=True)),
        ("--map strain --most 3 --against before.npz", Scaling({"change of strain": 0.03})),
        ("--map stress --limits", Scaling(by_limit=True)),
        ("", Scaling()),
    ],
)
def test_the_command_line_sets_the_same_scale(words: str, expected: Scaling) -> None:
    found = scaling(asked(words))
    assert found.most == pytest.approx(dict(expected.most))
    assert (found.banded, found.by_limit, found.pattern) == (expected.banded, expected.by_limit, expected.pattern)


@pytest.mark.parametrize("words", ["--most 140", "--bands", "--map strain --most 90", "--map ease --most -3",
                                   "--map strain --most inf"])  # fmt: skip
def test_scales_that_cannot_be_are_refused(words: str) -> None:
    with pytest.raises(UsageError):
        scaling(asked(words))


def asked(words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_map(parser)
    return parser.parse_args(words.split())


def test_patterns_tell_high_from_low_without_colour(maps) -> None:
    view = Camera(eye=(0.2, 0.1, 0.9), target=(0.2, 0.1, 0.0))
    most = float(maps.values["pressure"].max())
    plain, lined = (
        drawn(maps, "pressure", Scaling({"pressure": most}, pattern=pattern), view) for pattern in (False, True)
    )
    darker = (np.abs(plain - lined).max(axis=2) > 0.05)[HEIGHT // 3 : 2 * HEIGHT // 3]
    left, right = darker[:, WIDTH // 2 - 60 : WIDTH // 2 - 30], darker[:, WIDTH // 2 + 30 : WIDTH // 2 + 60]
    assert 0.0 < left.mean() < right.mean() < 0.75
