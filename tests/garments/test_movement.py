"""Clothes follow a body into another pose, and rest there; a start from other drapes ends where any does."""

import numpy as np
import pytest

from assets.closest import Surface
from body.estimate import Evidence, estimate
from body.model import JOINT_NAMES, Body
from garments.carried import carried, resized
from garments.cloth import mesh
from garments.drape import drape
from garments.dressing.arrange import CLEARANCE, arrange
from garments.garment import garment
from garments.moving import Wearing, known
from garments.solvers.membrane import rest_gradients
from garments.solvers.planes import look, unseen

EDGE, COARSE = 0.03, 0.04


def woman() -> Body:
    return estimate(Evidence(height=1.65, mass=65.0, sex=0.0)).body


def turned(body: Body, angles: dict[str, tuple[float, float, float]]) -> Body:
    pose = np.array(body.pose, float)
    for joint, angle in angles.items():
        pose[JOINT_NAMES.index(joint)] += angle
    return body.model.body(body.betas, pose, body.detail)


def arms_up(share: float) -> dict[str, tuple[float, float, float]]:
    return {"left_shoulder": (0, 0, 1.4 * share), "right_shoulder": (0, 0, -1.4 * share)}


def sitting(share: float) -> dict[str, tuple[float, float, float]]:
    hips = {f"{side}_hip": (-0.8 * share, 0, 0) for side in ("left", "right")}
    return hips | {f"{side}_knee": (0.8 * share, 0, 0) for side in ("left", "right")}


@pytest.mark.parametrize(("what", "pose"), [("tee", arms_up), ("skirt", sitting), ("leggings", sitting)])
def test_a_body_that_takes_another_pose_takes_its_clothes_along(what: str, pose) -> None:
    body = woman()
    first = drape((garment(what, "M", "female"),), body, edge=COARSE)
    wearing = Wearing(first)
    for share in np.linspace(0.125, 1.0, 8):
        wearing.move(turned(body, pose(share)), 1.0 / 15.0)
        (frame,) = wearing.frames()
        assert frame.inside == 0 and frame.self_crossings == 0
        assert np.percentile(frame.strain, 99) < 0.45, "no further than the skin itself is stretched"
    assert np.abs(frame.positions - first[0].positions).max() > 0.05
    wearing.rest()
    (still,) = wearing.frames()
    assert still.inside == 0 and still.self_crossings == 0
    assert np.percentile(still.strain, 99) < 0.4


def test_positions_are_carried_to_a_finer_mesh_and_back() -> None:
    tee = garment("tee", "M", "female")
    coarse, fine = mesh(tee, 0.03), mesh(tee, 0.015)
    x = np.random.default_rng(2).normal(size=3) + np.zeros((coarse.count, 3))
    assert np.allclose(carried(coarse, x, fine), x[0])
    flat = np.zeros((coarse.count, 3))
    flat[coarse.faces.ravel(), 1] = coarse.drawn().reshape(-1, 2)[:, 1]
    there = carried(coarse, flat, fine)
    assert np.median(np.abs(carried(fine, there, coarse) - flat)) < 2e-3


def test_cloth_of_another_size_is_neither_crushed_nor_drawn_where_it_starts() -> None:
    skirt = {size: mesh(garment("skirt", size, "female"), COARSE) for size in ("M", "XL")}
    worn = arrange(skirt["M"], woman(), None, CLEARANCE, lambda: None)

    def round_her(size: str, x: np.ndarray) -> float:
        """How long the weft's threads are there, as a share of their length at rest."""
        threads = np.einsum("mk,mki->mi", rest_gradients(skirt[size].rest)[0][:, :, 0], x[skirt[size].faces])
        return float(np.median(np.linalg.norm(threads, axis=1)))

    free, held = np.zeros(skirt["XL"].count, bool), np.ones(skirt["XL"].count, bool)
    placed = carried(skirt["M"], worn, skirt["XL"])
    assert round_her("XL", placed) < round_her("M", worn) - 0.05
    grown = resized(skirt["M"], placed, skirt["XL"], free)
    assert round_her("XL", grown) == pytest.approx(round_her("M", worn), abs=0.02)
    moved = [np.abs(resized(skirt["M"], placed, skirt["XL"], which) - placed).mean() for which in (free, held)]
    assert moved[1] < 0.8 * moved[0], "what touches the skin keeps its place"
    assert resized(skirt["M"], worn, skirt["M"], free[: len(worn)]) is worn


def test_another_size_starts_from_the_drape_before_and_rests_alike() -> None:
    body = woman()
    small = drape((garment("skirt", "M", "female"),), body, edge=EDGE)
    (warm,) = drape((garment("skirt", "L", "female"),), body, edge=EDGE, start=small)
    (cold,) = drape((garment("skirt", "L", "female"),), body, edge=EDGE)
    assert warm.certificate.holds and cold.certificate.holds
    assert warm.garment.size == "L" and warm.cloth.count == cold.cloth.count
    assert np.percentile(np.abs(warm.positions[:, 1] - cold.positions[:, 1]), 90) < 0.03


def test_in_a_crease_both_walls_are_remembered_from_part_to_part() -> None:
    walls = np.array([[-0.1, 0, 0], [0, -0.1, 0], [0.1, 0, 0], [0, -0.2, 0]], float)
    crease = np.concatenate([walls + np.array([0.0, 0.0, z]) for z in (-0.5, 0.5)])
    faces = np.array([[a, b, c] for k in range(4) for a, b, c in ((k, (k + 1) % 4, k + 4),
                      ((k + 1) % 4, (k + 1) % 4 + 4, k + 4))])  # fmt: skip
    surface = Surface(crease, np.concatenate([faces, [[0, 3, 1], [1, 3, 2], [4, 5, 7], [5, 6, 7]]]))
    first, second = np.array([[-0.001, -0.097, 0.0]]), np.array([[0.001, -0.097, 0.0]])
    flush = np.zeros(len(crease))
    seen, _ = look(surface, unseen(1), first, 0.01, flush)
    still = np.zeros((1, 3)), np.zeros(3)
    later, _ = look(surface, known(seen, first, *still, 0.0, 0.01), second, 0.01, flush)
    assert np.allclose(later.wall_normal, seen.normal), "thrown over to the other wall, it still feels the first"
    again = known(later, second, *still, 0.0, 0.01)
    assert again.wall_normal.any() and not known(later, second, *still, 1e-3, 0.01).wall_normal.any()
