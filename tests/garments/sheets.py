"""Flat test cloth: strips and sheets of nearly equilateral triangles."""

import numpy as np

from garments.solvers.balance import Balance
from garments.solvers.implicit import Solver, State
from garments.solvers.sheet import Sheet, uniform

STIFF = [[2000.0, 2000.0, 0.1]] * 2 + [[700.0, 700.0, 0.1]]
SOFT = [3e-5, 3e-5, 3e-5]


def lattice(length: float, width: float, edge: float, angle: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points [m] [n, 2] of a rectangle 0..length, 0..width; faces [m, 3]; rest [m] [m, 3, 2], whose weft lies along the
    length, turned by `angle` [rad]. Rows of points run straight across the length."""
    rows = max(2, round(length / (edge * np.sqrt(3) / 2)))
    columns = max(2, round(width / edge))
    points = []
    for row in range(rows + 1):
        ticks = np.arange(columns + 1.0) if row % 2 == 0 else np.concatenate([[0], np.arange(columns) + 0.5, [columns]])
        points += [(row * length / rows, tick * width / columns) for tick in ticks]
    flat = np.array(points)
    from scipy.spatial import Delaunay

    faces = Delaunay(flat * [1.0, 1.0 + 1e-9]).simplices
    a, b, c = (flat[faces[:, k]] for k in range(3))
    twice = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    faces = np.where(twice[:, None] > 0, faces, faces[:, [0, 2, 1]])[np.abs(twice) > 1e-9 * length * width]
    cosine, sine = np.cos(angle), np.sin(angle)
    return flat, faces.astype(np.int32), flat[faces] @ np.array([[cosine, -sine], [sine, cosine]])


def strip(
    length: float, width: float, edge: float, angle: float = 0.0, *, at: tuple = (0.0, 0.0, 0.0), **fabric
) -> tuple[np.ndarray, Sheet]:
    """Positions [m] [n, 3] of a strip lying along x from the point `at`, and its sheet."""
    flat, faces, rest = lattice(length, width, edge, angle)
    values = {"density": 0.2, "stretch": STIFF, "bending": SOFT} | fabric
    return np.stack([flat[:, 0], np.zeros(len(flat)), -flat[:, 1]], axis=1) + at, uniform(faces, rest, **values)


def at_rest(
    solver: Solver, positions: np.ndarray, time: float = 0.05, steps: int = 200, goal: float = 1e-4
) -> tuple[State, Balance]:
    """Step until the forces balance."""
    state = solver.start(positions)
    for _ in range(steps):
        state = solver.step(state, time)
        balance = solver.balance(state)
        if balance.residual < goal and np.abs(state.velocities).max() < 1e-2:
            break
    return state, balance
