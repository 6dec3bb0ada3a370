"""The start of a drape: outside the body, round the right limbs, not torn, for any body and any size."""

import numpy as np
import pytest

from assets.closest import Surface
from assets.mesh import edges
from body.model import Body, load_model
from body.poses import at_ease
from garments.cloth import Cloth, mesh
from garments.dressing.arrange import arrange
from garments.dressing.tubes import tube
from garments.dressing.wearer import Wearer
from garments.garment import garment
from garments.solvers.proximity import crossings
from tests.garments.splitting import split

EDGE = 0.016


def person(sex: float, **towards: float) -> Body:
    """A body of the prior's mean moved along whitened shape directions, by number: b0=3 is three sd of the first."""
    model = load_model()
    mean, covariance = model.prior(sex)
    steps = np.zeros(len(mean))
    for name, sd in towards.items():
        steps[int(name[1:])] = sd
    betas = mean + np.linalg.cholesky(covariance + 1e-9 * np.eye(len(mean))) @ steps
    return model.body(betas, at_ease(model, betas))


BODIES = {
    "woman": person(0.0),
    "man": person(1.0),
    "small": person(0.0, b0=-2.5, b1=-2.0),
    "large": person(1.0, b0=2.5, b1=2.0),
    "heavy": person(0.0, b0=1.0, b1=-3.0),
    "light": person(1.0, b0=-1.0, b1=3.0),
}
CASES = [
    ("tee", "M", "woman"), ("tee", "M", "man"), ("tee", "XS", "large"), ("tee", "XXL", "small"), ("tee", "L", "heavy"),
    ("tee", "L", "light"), ("skirt", "M", "woman"), ("skirt", "XXS", "large"), ("skirt", "XXL", "small"),
    ("skirt", "S", "heavy"), ("trousers", "M", "woman"), ("jeans", "M", "man"), ("trousers", "XXS", "large"),
    ("trousers", "XXL", "small"), ("shorts", "XXL", "heavy"), ("leggings", "S", "light"), ("leggings", "L", "heavy"),
]  # fmt: skip


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def dressed(request) -> tuple[Cloth, Body, np.ndarray]:
    design, size, who = request.param
    cloth = mesh(garment(design, size), EDGE)
    return cloth, BODIES[who], arrange(cloth, BODIES[who])


def inside_of(loop: np.ndarray, point: np.ndarray) -> bool:
    """Whether a point lies inside a closed polygon, both flat: its angles add up to a whole turn."""
    spokes = loop - point
    following = np.roll(spokes, -1, axis=0)
    cross = spokes[:, 0] * following[:, 1] - spokes[:, 1] * following[:, 0]
    return abs(np.arctan2(cross, (spokes * following).sum(axis=1)).sum()) > np.pi


def test_nothing_starts_inside_the_body(dressed):
    cloth, body, start = dressed
    surface = Surface(body.vertices, body.skin.faces)
    a, b, c = (start[cloth.faces[:, k]] for k in range(3))
    for points in (start, (a + b + c) / 3, (a + b) / 2, (b + c) / 2, (c + a) / 2):
        assert surface.closest(points).distance.min() > 0.002


def test_few_edges_are_far_from_their_length(dressed):
    cloth, _, start = dressed
    placed = np.linalg.norm(start[cloth.faces] - np.roll(start[cloth.faces], 1, axis=1), axis=2)
    ratio = placed / np.linalg.norm(cloth.rest - np.roll(cloth.rest, 1, axis=1), axis=2)
    assert np.percentile(ratio, 1) > 0.7
    assert np.percentile(ratio, 99) < 2.5


def test_the_hem_goes_round_what_it_should(dressed):
    cloth, body, start = dressed
    if "hem" not in cloth.lines:
        return
    loop = start[cloth.lines["hem"][:-1]]
    near = np.abs(body.vertices[:, 1] - loop[:, 1].mean()) < 0.02
    wearer = Wearer(body)
    own = body.vertices[near & ~wearer.arm_of["left"] & ~wearer.arm_of["right"]]
    assert len(own) and all(inside_of(loop[:, [0, 2]], point) for point in own[:, [0, 2]])


def test_legs_go_round_their_own_legs(dressed):
    cloth, body, start = dressed
    wearer = Wearer(body)
    lines = {name: path for name, path in cloth.lines.items() if name.startswith(("thigh_", "hem_"))}
    for name, path in lines.items():
        loop, side = start[path[:-1]], name.split("_")[1]
        for each, leg in wearer.leg_of.items():
            near = leg & (np.abs(body.vertices[:, 1] - loop[:, 1].mean()) < 0.012)
            inside = [inside_of(loop[:, [0, 2]], point) for point in body.vertices[near][:, [0, 2]]]
            assert inside and abs(np.mean(inside) - (each == side)) < 0.02, name


def test_the_two_legs_do_not_start_in_each_other(dressed):
    cloth, _, start = dressed
    if len(cloth.seam("crotch back")):
        assert len(crossings(start, cloth.faces, edges(cloth.faces))) < 0.02 * cloth.count


def test_sleeves_go_round_their_own_arms(dressed):
    cloth, body, start = dressed
    wearer = Wearer(body)
    for side, arm in wearer.arms.items():
        if f"cuff_{side}" in cloth.lines:
            loop = start[cloth.lines[f"cuff_{side}"][:-1]]
            along = np.array([(loop.mean(axis=0) - arm.joints[0]) @ (arm.joints[1] - arm.joints[0])])
            along /= np.linalg.norm(arm.joints[1] - arm.joints[0])
            centre, axis = (found[0] for found in arm.at(along))
            u = np.cross(axis, (0.0, 0.0, 1.0))
            frame = np.stack([u, np.cross(axis, u)], axis=1)
            assert inside_of((loop - centre) @ frame, np.zeros(2))


@pytest.mark.parametrize("design", ["shirt", "jacket", "coat"])
def test_no_finger_starts_in_a_sleeve_that_is_too_long(design):
    cloth, body = mesh(garment(design, "XXL", "female"), EDGE), BODIES["small"]
    start, pairs = arrange(cloth, body), edges(cloth.faces)
    way = start[pairs[:, 1]] - start[pairs[:, 0]]
    length = np.linalg.norm(way, axis=1)
    distance, _ = Surface(body.skin.vertices, body.skin.faces).hits(start[pairs[:, 0]], way / length[:, None])
    hands = np.isin(pairs, tube(cloth, "left arm").on).all(axis=1) | np.isin(pairs, tube(cloth, "right arm").on).all(
        axis=1
    )
    assert not (distance < length)[hands].any()


def test_the_start_looks_outward_and_is_alike_on_both_sides(dressed):
    cloth, body, start = dressed
    normals = np.cross(
        start[cloth.faces[:, 1]] - start[cloth.faces[:, 0]], start[cloth.faces[:, 2]] - start[cloth.faces[:, 0]]
    )
    away = Surface(body.vertices, body.skin.faces).closest(start[cloth.faces].mean(axis=1)).normals
    assert np.mean((normals * away).sum(axis=1) > 0) > 0.9
    left, right = start[start[:, 0] > 0.0], start[start[:, 0] < 0.0]
    assert abs(np.abs(left[:, 0]).mean() - np.abs(right[:, 0]).mean()) < 0.004


@pytest.mark.parametrize("overlap", [0.0, 0.02])
def test_fronts_split_at_the_centre_start_as_one_front_does(overlap):
    whole, halves = mesh(garment("tee"), EDGE), mesh(split(overlap), EDGE)
    body = BODIES["woman"]
    one, two = arrange(whole, body), arrange(halves, body)
    surface = Surface(body.vertices, body.skin.faces)
    assert surface.closest(two).distance.min() > 0.002
    for line in ("bust", "hem", "cuff_left"):
        ours, theirs = one[whole.lines[line]], two[halves.lines[line]]
        assert np.linalg.norm(ours.mean(axis=0) - theirs.mean(axis=0)) < 0.02, line
        assert np.allclose(np.ptp(ours, axis=0), np.ptp(theirs, axis=0), atol=0.03), line


def test_open_fronts_do_not_start_in_each_other():
    cloth = mesh(split(0.02), EDGE)
    start = arrange(cloth, BODIES["woman"])
    assert len(crossings(start, cloth.faces, edges(cloth.faces))) < 0.02 * cloth.count


@pytest.mark.parametrize("size", ["S", "M", "XL"])
def test_a_high_collar_starts_outside_the_mouth(size):
    """No edge of it passes through skin, as one would whose end lies in the open mouth."""
    worn, body = mesh(garment("qipao", size), 0.025), BODIES["woman"]
    start, pairs = arrange(worn, body), edges(worn.faces)
    way = start[pairs[:, 1]] - start[pairs[:, 0]]
    length = np.linalg.norm(way, axis=1)
    reach, _ = Surface(body.skin.vertices, body.skin.faces).hits(start[pairs[:, 0]], way / length[:, None])
    collar = worn.faces[worn.panel == worn.panel_names.index("collar")]
    assert not (reach < length)[np.isin(pairs, collar).all(axis=1)].any()


@pytest.mark.parametrize(("design", "who"), [("shirt", "man"), ("jacket", "woman")])
def test_a_collar_starts_turned_over_its_stand(design, who):
    """Its free edge lies below the edge that it falls from and further out, and it passes through nothing."""
    worn = mesh(garment(design, "M", "male" if who == "man" else "female", options={"collar": 0.045}), 0.025)
    start = arrange(worn, BODIES[who])
    leaf, stand = (worn.panel == worn.panel_names.index(name) for name in ("collar", "stand"))
    roll = np.intersect1d(worn.faces[leaf], worn.faces[stand])
    fall = np.setdiff1d(worn.faces[leaf], worn.faces[~leaf])
    nearest = roll[np.linalg.norm(start[fall][:, None] - start[roll][None], axis=2).argmin(axis=1)]
    assert (start[fall, 1] - start[nearest, 1]).mean() < -0.01
    middle = start[roll].mean(axis=0)
    out = [np.linalg.norm((start[each] - middle)[:, [0, 2]], axis=1) for each in (fall, nearest)]
    assert (out[0] > out[1]).mean() > 0.9
    pairs = edges(worn.faces)
    met = crossings(start, worn.faces, pairs)
    assert not np.isin(worn.faces[met[:, 1]], fall).any() and not np.isin(pairs[met[:, 0]], fall).any()


def test_every_tube_closes_once():
    for design in ("tee", "skirt", "trousers", "leggings"):
        cloth = mesh(garment(design), 0.02)
        for name in ("trunk", "left arm", "right arm", "left leg", "right leg"):
            found = tube(cloth, name)
            if found is None:
                continue
            assert np.isfinite(found.turn).all() and np.isfinite(found.depth).all()
            for path in found.lines.values():
                turns = found.turn[np.searchsorted(found.on, path[:-1])]
                steps = (np.diff(np.append(turns, turns[0])) + 0.5) % 1.0 - 0.5
                assert abs(abs(steps.sum()) - 1.0) < 1e-6, (design, name)


def test_the_same_garment_and_body_give_the_same_start():
    cloth = mesh(garment("tee"), 0.02)
    assert np.array_equal(arrange(cloth, BODIES["woman"]), arrange(cloth, BODIES["woman"]))


def test_a_second_garment_starts_outside_the_first():
    skirt, tee = (mesh(garment(name), EDGE) for name in ("skirt", "tee"))
    body = BODIES["woman"]
    first = arrange(tee, body)
    second = arrange(skirt, body, first)
    surface = Surface(body.vertices, body.skin.faces)
    for loop in ("waist", "hip"):
        path = second[skirt.lines[loop]]
        distance = np.linalg.norm(first[None] - path[:, None], axis=2)
        under = distance.argmin(axis=1)
        close = distance.min(axis=1) < 0.03
        assert close.any()
        assert np.all(surface.closest(path).distance[close] > surface.closest(first[under]).distance[close])
