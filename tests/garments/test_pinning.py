"""Laws of pins and tacks: what is pinned stays where it was, what is tacked comes together, on another body too."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from assets.errors import InputRefused
from body.model import JOINT_NAMES, Body, load_model
from body.poses import RELAXED
from garments.drape import Drape, drape
from garments.garment import garment
from garments.moving import Wearing
from garments.pinning import (
    NOTHING,
    Anchor,
    Held,
    Pin,
    Spot,
    Tie,
    anchor,
    on_cloth,
    over_skin,
    threads_of,
)

EDGE = 0.03


@cache
def body() -> Body:
    return load_model().body(pose=RELAXED)


@cache
def tee() -> Drape:
    return drape((garment("tee", "L", "female"),), body(), edge=EDGE)[0]


def spot(vertex: int, panel: str) -> Spot:
    cloth = tee().cloth
    face, corner = np.argwhere((cloth.faces == vertex) & (cloth.panel == cloth.panel_names.index(panel))[:, None])[0]
    return Spot(panel, *map(float, cloth.rest[face, corner]))


def lowest(panel: str, aside: float) -> int:
    """The vertex of a panel's hem nearest to `aside` [m] of the person's middle."""
    cloth, x = tee().cloth, tee().positions
    mine = np.unique(cloth.faces[cloth.panel == cloth.panel_names.index(panel)])
    return int(mine[np.argmin(x[mine, 1] + abs(x[mine, 0] - aside))])


def test_a_pinned_point_stays_and_tacked_points_meet_when_the_size_changes() -> None:
    """Two points of the hem are pinned, one of them 5 cm up from where it was; two others are tacked."""
    skin, x = body().skin, tee().positions
    left, right = lowest("front", 0.12), lowest("front", -0.12)
    up = x[right] + (0.0, 0.05, 0.0)
    pins = tuple(
        Pin(spot(vertex, "front"), anchor(place, skin.vertices, skin.faces))
        for vertex, place in ((left, x[left]), (right, up))
    )
    tie = Tie(spot(lowest("back", 0.08), "back"), spot(lowest("back", 0.02), "back"))
    smaller = replace(garment("tee", "M", "female"), held=Held(pins, (tie,)))
    (found,) = drape((smaller,), body(), edge=EDGE, start=(tee(),))
    assert found.certificate.holds, found.certificate.reasons
    at = [found.positions[on_cloth(one, found.cloth)] for one in (*(pin.spot for pin in pins), tie.first, tie.second)]
    assert np.linalg.norm(at[0] - x[left]) < 2e-3 and np.linalg.norm(at[1] - up) < 2e-3
    assert np.linalg.norm(at[2] - at[3]) < 5e-3 < np.linalg.norm(x[lowest("back", 0.08)] - x[lowest("back", 0.02)])


def test_what_is_tacked_to_the_body_lies_on_the_skin_and_goes_along_with_it() -> None:
    skin, x = body().skin, tee().positions
    vertex = lowest("front", 0.0)
    face = anchor(x[vertex], skin.vertices, skin.faces).face
    under = skin.vertices[skin.faces[face]].mean(axis=0)
    pin = Pin(spot(vertex, "front"), over_skin(under, face, skin.vertices, skin.faces), skin=True)
    (found,) = drape((replace(tee().garment, held=Held((pin,))),), body(), edge=EDGE, start=(tee(),))
    assert found.certificate.holds, found.certificate.reasons
    assert np.linalg.norm(found.positions[vertex] - under) < 5e-3 < np.linalg.norm(x[vertex] - under)
    turned = np.array(body().pose, float)
    turned[JOINT_NAMES.index("pelvis"), 1] += 0.1
    bent = body().model.body(body().betas, turned, body().detail)
    wearing = Wearing((found,))
    wearing.move(bent, 1.0 / 15.0)
    there = bent.skin.vertices[skin.faces[face]].mean(axis=0)
    assert np.linalg.norm(wearing.frames()[0].positions[vertex] - there) < 5e-3 < np.linalg.norm(there - under)


def test_an_anchor_is_where_it_was_and_goes_along_with_the_skin() -> None:
    skin, rng = body().skin, np.random.default_rng(2)
    turn = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    for place in rng.uniform((-0.3, 0.1, -0.2), (0.3, 1.6, 0.2), (8, 3)):
        found = anchor(place, skin.vertices, skin.faces)
        assert found.on(skin.vertices, skin.faces) == pytest.approx(place, abs=1e-6)
        assert found.on(skin.vertices @ turn.T + 0.4, skin.faces) == pytest.approx(turn @ place + 0.4, abs=1e-5)


def test_an_anchor_of_another_body_model_is_refused() -> None:
    with pytest.raises(InputRefused, match="another body model"):
        Anchor(10**6, 0.3, 0.3, 0.0).on(body().vertices, body().skin.faces)


def test_what_is_not_worn_holds_nothing_and_another_garment_is_found_by_its_design() -> None:
    cloth, skin = tee().cloth, body().skin
    here, there = spot(lowest("front", 0.0), "front"), spot(lowest("back", 0.0), "back")
    ties = (Tie(here, there), Tie(here, there, "skirt"), Tie(here, Spot("hood", 0.0, 0.0)), Tie(here, there, "tee"))
    pins = (Pin(Spot("hood", 0.0, 0.0), Anchor(0, 0.0, 0.0, 0.0)),)
    inner, outer = replace(tee().garment, held=Held(pins, ties)), tee().garment
    bounds = np.array([0, cloth.count, 2 * cloth.count])
    found = threads_of((inner, outer), (cloth, cloth), bounds, skin.vertices, skin.faces)
    first, second = lowest("front", 0.0), lowest("back", 0.0)
    assert found.ends.tolist() == [[first, second], [first, second + cloth.count]]
    assert len(threads_of((outer,), (cloth,), bounds, skin.vertices, skin.faces)) == 0


def test_what_holds_is_told_in_plain_values_and_read_again() -> None:
    here = Spot("front", 0.01, -0.2)
    held = Held((Pin(here, Anchor(7, 0.25, 0.5, 0.003), True),), (Tie(here, Spot("back", 0.0, 0.1), "skirt"),))
    assert Held.from_plain(held.plain()) == held
    assert held and not NOTHING and Held.from_plain(NOTHING.plain()) == NOTHING
    assert held.told == "held by 2 tacks"
    with pytest.raises((ValueError, TypeError, IndexError)):
        Held.from_plain([[[1]], []])
