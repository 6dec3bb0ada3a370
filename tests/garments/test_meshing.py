"""Sewn meshes: closed, turned outward, well-shaped, true to the flat pattern."""

from itertools import pairwise

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.cloth import mesh
from garments.edges import line
from garments.garment import garment
from garments.meshing import flat_panels
from garments.pattern import Panel, Pattern

MADE = {
    "tee": garment("tee"),
    "long tee": garment("tee", "XXL", "male", options={"sleeve_length": 1.0}),
    "skirt": garment("skirt"),
    "flared skirt": garment("skirt", options={"flare": 1.2}),
}


@pytest.fixture(scope="module", params=[(name, edge) for name in MADE for edge in (0.01, 0.016)], ids=str)
def made(request):
    name, edge = request.param
    return MADE[name], mesh(MADE[name], edge), edge


def directed(faces: np.ndarray) -> np.ndarray:
    return np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])


def angles(rest: np.ndarray) -> np.ndarray:
    found = []
    for k in range(3):
        first, second = rest[:, (k + 1) % 3] - rest[:, k], rest[:, (k + 2) % 3] - rest[:, k]
        cosine = (first * second).sum(axis=1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)
        found.append(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    return np.stack(found, axis=1)


def test_angles_are_wide(made):
    smallest = angles(made[1].rest).min(axis=1)
    assert np.percentile(smallest, 1) >= 30.0
    assert smallest.min() > 12.0


def test_faces_are_turned_alike_and_no_edge_has_three(made):
    _, counts = np.unique(directed(made[1].faces), axis=0, return_counts=True)
    assert counts.max() == 1


def test_holes_are_where_the_wearer_goes_through(made):
    garment_, cloth, _ = made
    edges = np.unique(np.sort(directed(cloth.faces), axis=1), axis=0)
    openings = {"tee": 4, "skirt": 2}[garment_.design]
    assert cloth.count - len(edges) + len(cloth.faces) == 2 - openings


def test_open_edges_are_the_openings_and_nothing_else(made):
    _, cloth, _ = made
    edges, counts = np.unique(np.sort(directed(cloth.faces), axis=1), axis=0, return_counts=True)
    names = [name for name in cloth.lines if name in ("hem", "neckline", "cuff_left", "cuff_right", "top")]
    assert set(edges[counts == 1].ravel()) == {int(v) for name in names for v in cloth.lines[name]}


def test_flat_shapes_are_kept(made):
    garment_, cloth, _ = made
    assert cloth.rest_areas.min() > 0.0
    assert cloth.rest_areas.sum() == pytest.approx(garment_.pattern.area, rel=1e-3)


def test_edges_have_the_length_that_was_asked_for(made):
    _, cloth, edge = made
    lengths = np.linalg.norm(cloth.rest - np.roll(cloth.rest, 1, axis=1), axis=2)
    assert np.median(lengths) == pytest.approx(edge, rel=0.1)
    assert lengths.max() < 2.2 * edge


def test_lines_go_all_round_along_edges_and_have_the_pattern_s_girth(made):
    garment_, cloth, _ = made
    lengths = {}
    for k in range(3):
        pairs = np.sort(cloth.faces[:, [k, (k + 1) % 3]], axis=1)
        size = np.linalg.norm(cloth.rest[:, k] - cloth.rest[:, (k + 1) % 3], axis=1)
        lengths |= dict(zip(map(tuple, pairs.tolist()), size.tolist(), strict=True))
    for name, path in cloth.lines.items():
        assert path[0] == path[-1], name
        total = sum(lengths[tuple(sorted(pair))] for pair in zip(path[:-1].tolist(), path[1:].tolist(), strict=True))
        assert total == pytest.approx(garment_.pattern.girth(name), rel=0.01), name


@pytest.mark.parametrize(("design", "size"), [("shirt", "M"), ("jacket", "XXL")])
def test_lines_of_narrow_panels_and_coarse_meshes_go_along_edges(design, size):
    """The placket's are two points of its outline apart; the jacket's ends where the outline has none."""
    pattern = garment(design, size).pattern
    for panel, flat in zip(pattern.panels, flat_panels(pattern, 0.024), strict=True):
        sides = {frozenset(pair) for pair in directed(flat.triangles).tolist()}
        for each in panel.lines:
            run = flat.runs[each.name].tolist()
            assert sides.issuperset(map(frozenset, pairwise(run))), (panel.name, each.name)


def test_seams_join_two_sheets_of_cloth(made):
    _, cloth, _ = made
    pairs, counts = np.unique(np.sort(directed(cloth.faces), axis=1), axis=0, return_counts=True)
    shared = {tuple(pair) for pair in pairs[counts == 2].tolist()}
    for name, path in zip(cloth.seam_names, cloth.seam_paths, strict=True):
        for pair in zip(path[:-1].tolist(), path[1:].tolist(), strict=True):
            assert tuple(sorted(pair)) in shared, name


def test_a_panel_too_narrow_for_the_mesh_is_refused():
    points = [(0.0, 0.0), (0.4, 0.0), (0.4, 0.3), (0.311, 0.001), (0.101, 0.001), (0.0, 0.3)]
    edges = tuple(line(str(k), point, points[(k + 1) % 6]) for k, point in enumerate(points))
    strip = Panel("strip", edges, np.array([[0.0, 0.0], [0.0, 1.0]]), "trunk")
    with pytest.raises(InputRefused, match="strip is too narrow"):
        flat_panels(Pattern("strip", (strip,), (), {}, {}), 0.02)
