"""A preview is rough, but not wrong: cloth stays outside, keeps its length, goes along, and never comes apart."""

from dataclasses import replace

import numpy as np
import pytest

from assets.closest import Surface
from assets.mesh import vertex_normals
from body.model import Body, load_model
from body.poses import RELAXED, T
from garments.carried import carried
from garments.cloth import mesh
from garments.drape import EDGE
from garments.dressing.arrange import arrange
from garments.garment import Garment, garment
from garments.pinning import Held, Pin, Spot, Tie, anchor
from garments.preview import Preview
from garments.solvers import membrane, nearby, xpbd
from garments.solvers.sheet import Sheet
from tests.garments.sheets import strip

DEEPEST = 0.003


@pytest.fixture(scope="module")
def body() -> Body:
    return load_model().body(pose=RELAXED)


@pytest.fixture(scope="module")
def dressed(body: Body) -> tuple[tuple[Garment, ...], tuple[np.ndarray, ...]]:
    """A T-shirt and a skirt laid round the body: worse a start than any drape."""
    garments = garment("tee", "M", "female"), garment("skirt", "L", "female")
    tee, skirt = (mesh(made, EDGE) for made in garments)
    shirt = arrange(tee, body)
    return garments, (shirt, arrange(skirt, body, shirt))


@pytest.fixture
def preview(body: Body, dressed: tuple) -> Preview:
    return Preview(*dressed, body.vertices, body.model.skin_faces)


def _depth(preview: Preview, body: Body) -> float:
    return -float(Surface(preview.skin, body.model.skin_faces).closest(preview.positions).distance.min())


def _strain(sheet: Sheet, positions: np.ndarray) -> np.ndarray:
    felt = np.zeros((len(sheet.faces), 6))
    membrane.strains(positions, sheet.faces, membrane.rest_gradients(sheet.rest)[0], sheet.stretch, felt)
    return felt[:, :2]


def test_a_hung_sheet_keeps_its_length_within_some_percent() -> None:
    flat, sheet = strip(0.7, 0.6, 0.012)
    positions = np.stack([flat[:, 2], -flat[:, 0], flat[:, 1]], axis=1)
    held = xpbd.bonds(sheet, flat[:, 0] < 1e-6)
    velocities = np.zeros_like(positions)
    for _ in range(120):
        positions, velocities = xpbd.step(held, (), positions, velocities, 1 / 220, 8)
    strain = _strain(sheet, positions)
    assert np.isfinite(positions).all()
    assert strain.max() < 0.12 and abs(np.ptp(positions[:, 1]) / 0.7 - 1.0) < 0.04


def test_the_walk_finds_the_nearest_point_of_a_tree(body: Body) -> None:
    faces, vertices = body.model.skin_faces, body.vertices.astype(float)
    rng = np.random.default_rng(3)
    smooth = np.isin(np.asarray(body.model.weights).argmax(axis=1), [0, 1, 2, 3, 4, 5, 6, 9, 16, 17, 18, 19])
    chosen = rng.choice(np.flatnonzero(smooth), 2000)
    points = vertices[chosen] + 0.02 * rng.random((2000, 1)) * vertex_normals(vertices, faces)[chosen]
    found = Surface(vertices, faces).closest(points)
    moved = points + 0.002 * rng.normal(size=points.shape)
    feet = nearby.feet(
        nearby.around(faces, len(vertices)), vertices, vertex_normals(vertices, faces), moved, found.faces
    )
    exact = np.abs(Surface(vertices, faces).closest(moved).distance)
    further = np.linalg.norm(moved - feet.point, axis=1) - exact
    assert further.min() > -1e-5 and np.mean(further > 1e-4) < 0.02


def test_cloth_goes_rigidly_with_a_rigid_surface(body: Body) -> None:
    vertices = body.vertices.astype(float)
    near = nearby.around(body.model.skin_faces, len(vertices))
    points = vertices[::7] + 0.03
    first = Surface(vertices, near.faces).over(points)[0]
    feet = nearby.feet(near, vertices, nearby.normals(vertices, near.faces), points, first)
    turn = np.linalg.qr(np.random.default_rng(5).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    after = nearby.carried(near, feet, vertices, vertices @ turn.T + 0.2, points)
    assert np.allclose(after, points @ turn.T + 0.2, atol=1e-9)


def test_a_garment_stays_outside_a_body_that_grows_and_shrinks(preview: Preview, body: Body) -> None:
    mean, covariance = body.model.prior(0.0)
    larger = body.model.body(mean + 2.0 * np.sqrt(np.diag(covariance)) * np.eye(len(mean))[0], RELAXED)
    for target in (larger, body):
        preview.follow(target.vertices)
        for _ in range(40):
            preview.frame()
            assert np.isfinite(preview.positions).all()
        assert np.allclose(preview.skin, target.vertices)
        assert _depth(preview, body) < DEEPEST


def test_a_garment_goes_along_with_a_raised_arm(preview: Preview, body: Body) -> None:
    target = body.model.body(body.betas, T)
    for share in np.linspace(0.05, 1.0, 20):
        preview.follow(body.model.body(body.betas, (1 - share) * RELAXED + share * T).vertices)
        preview.frame()
    for _ in range(20):
        preview.frame()
    sleeve = preview.cloths[0].lines["cuff_left"]
    wrist, shoulder = target.joints[20], target.joints[16]
    along = (preview.positions[sleeve] - shoulder) @ (wrist - shoulder) / ((wrist - shoulder) @ (wrist - shoulder))
    assert np.isfinite(preview.positions).all() and _depth(preview, body) < DEEPEST
    assert 0.1 < along.mean() < 0.7


def test_another_size_lies_where_the_last_one_lay(preview: Preview, body: Body, dressed: tuple) -> None:
    old, place = preview.cloths[0], dressed[1][0]
    assert np.allclose(carried(old, place, old), place, atol=1e-5)
    larger = garment("tee", "XL", "female")
    start = carried(old, place, mesh(larger, EDGE))
    assert Surface(place, old.faces).over(start)[0].shape == (len(start),)
    assert np.allclose([start.min(0), start.max(0)], [place.min(0), place.max(0)], atol=0.02)
    assert preview.wear((larger, dressed[0][1]))
    for _ in range(30):
        preview.frame()
    assert np.isfinite(preview.positions).all() and _depth(preview, body) < DEEPEST
    assert not preview.wear((larger, dressed[0][1]))


def test_a_skirt_stays_over_the_shirt_that_it_was_put_on_over(preview: Preview) -> None:
    for _ in range(30):
        preview.frame()
    a, b = preview.bounds[1:]
    shirt = preview.cloths[0].faces
    near = Surface(preview.positions[:a], shirt).closest(preview.positions[a:b])
    belt = preview.cloths[1].lines["waist"]
    out = preview.positions[a:b][belt] - near.points[belt]
    outward = vertex_normals(preview.positions[:a], shirt)[shirt[near.faces[belt], 0]]
    close = np.linalg.norm(out, axis=1) < 0.03
    assert close.any() and (np.einsum("ij,ij->i", out, outward)[close] > -1e-4).mean() > 0.95


def test_what_is_pinned_or_tacked_is_held_and_goes_along_with_the_body(preview: Preview, body: Body) -> None:
    tee, skirt = preview.garments
    cloth, x, skin = preview.cloths[0], preview.positions, body.vertices.astype(float)
    cuff, ends = cloth.lines["cuff_left"], cloth.lines["cuff_right"][:4:3]
    pinned = cuff[np.argmax(x[cuff, 0])]
    there = x[pinned] + (0.03, 0.01, 0.0)
    place = anchor(there, skin, body.model.skin_faces)

    def spot(vertex: int, panel: str) -> Spot:
        mine = (cloth.faces == vertex) & (cloth.panel == cloth.panel_names.index(panel))[:, None]
        return Spot(panel, *map(float, cloth.rest[mine][0]))

    held = Held((Pin(spot(pinned, "sleeve_left"), place),), (Tie(*(spot(end, "sleeve_right") for end in ends)),))
    assert not preview.wear((replace(tee, held=held), skirt))
    aside = np.array([0.03, 0.0, 0.0])
    preview.follow(skin + aside)
    for _ in range(25):
        preview.frame()
    now = preview.positions
    assert np.linalg.norm(now[pinned] - there - aside) < 5e-3
    assert np.linalg.norm(np.subtract(*now[ends])) < 5e-3 < 2e-2 < np.linalg.norm(np.subtract(*x[ends]))


def test_a_drape_of_other_meshes_is_refused(body: Body, dressed: tuple) -> None:
    with pytest.raises(ValueError, match="other meshes"):
        Preview(dressed[0], (dressed[1][0][:-1], dressed[1][1]), body.vertices, body.model.skin_faces)
