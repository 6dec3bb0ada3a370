"""Panels that a file leaves apart by a hair are sewn; slits and what merely lies near stay open."""

import numpy as np

from garments.imported.joining import joined

ROWS, COLUMNS, RADIUS = 12, 8, 0.2
Sheet = tuple[np.ndarray, np.ndarray]


def shell(start: float, end: float, low: float = 0.0) -> Sheet:
    """A part of a tube, 0.6 m tall from `low` [m], between two angles."""
    turn, level = np.meshgrid(np.linspace(start, end, COLUMNS + 1), np.linspace(low, low + 0.6, ROWS + 1))
    corner = np.arange(turn.size).reshape(turn.shape)
    a, b, c, d = (part.ravel() for part in (corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]))
    points = np.stack([RADIUS * np.sin(turn), level, RADIUS * np.cos(turn)], axis=-1).reshape(-1, 3)
    return points, np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def halves(apart: float, slit: float) -> Sheet:
    """A tube of two half shells that stand `apart` [m] behind, and in front leave a `slit` [m]."""
    half, opened = 0.5 * apart / RADIUS, 0.5 * slit / RADIUS
    return both(shell(-np.pi + half, -opened), shell(opened, np.pi - half))


def both(one: Sheet, two: Sheet) -> Sheet:
    return np.concatenate([one[0], two[0]]), np.concatenate([one[1], two[1] + len(one[0])])


def rims(faces: np.ndarray) -> int:
    sides = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    return int((np.unique(sides, axis=0, return_counts=True)[1] == 1).sum())


def test_panels_a_hair_apart_are_sewn_and_a_slit_stays_open():
    before, notes = halves(apart=0.001, slit=0.02), []
    vertices, faces = joined(*before, notes)
    assert rims(faces) == rims(before[1]) - 2 * ROWS, "one seam is closed, the slit is not"
    assert len(faces) == len(before[1]) and f"{ROWS + 1} points" in notes[0]
    seam = np.flatnonzero(np.abs(vertices[:, 0]) + np.abs(vertices[:, 2] + RADIUS) < 1e-4)
    assert len(np.intersect1d(seam, faces)) == ROWS + 1, "the points of the seam lie half way"


def test_a_garment_in_one_piece_and_panels_far_apart_stay_as_they_are():
    for before in (shell(-3.0, 3.0), shell(-np.pi + 0.001, np.pi - 0.001), halves(0.02, 0.02)):
        notes = []
        same, sewn = joined(*before, notes)
        assert same is before[0] and sewn is before[1] and not notes


def test_a_seam_of_one_panel_is_sewn_where_others_show_how_far_panels_stand_apart():
    open_by = 0.0004 / RADIUS
    above, below = (shell(-np.pi + open_by, np.pi - open_by, low) for low in (0.6008, 0.0))
    before = both(above, below)
    _, sewn = joined(*before, [])
    assert rims(before[1]) == 4 * ROWS + 4 * COLUMNS
    assert rims(sewn) == 2 * COLUMNS, "a tube that is closed all round: only its ends are left"


def test_pieces_that_sewing_lays_on_each_other_are_kept_once():
    from assets.meshfile import Geometry
    from garments.imported.mending import mended

    patch = np.array([[0.0, 0.3, 0.4], [0.02, 0.3, 0.4], [0.0, 0.32, 0.4]])
    pair = (np.concatenate([patch, patch + np.array([0.0, 0.0, 5e-4])]), np.arange(6).reshape(2, 3))
    points, faces = both(halves(0.001, 0.03), pair)
    blank = np.full((len(points), 2), np.nan)
    found = mended(Geometry(points, faces, blank, np.zeros(len(faces), int), ("cloth",)), "the garment")
    assert "1 triangles that were there twice were dropped." in found.notes
