"""Shapes whose pictures are known beforehand."""

import numpy as np

from render.scene import Item, Material


def sphere(radius: float = 0.5, centre: tuple = (0.0, 0.5, 0.0), rings: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """A closed sphere: vertices [n, 3], faces [m, 3]."""
    polar = np.linspace(0, np.pi, rings + 1)
    turn = np.linspace(0, 2 * np.pi, 2 * rings, endpoint=False)
    p, t = (grid.ravel() for grid in np.meshgrid(polar, turn, indexing="ij"))
    vertices = np.stack([np.sin(p) * np.sin(t), np.cos(p), np.sin(p) * np.cos(t)], 1) * radius + centre
    return vertices, _grid(rings, 2 * rings, closed=True)


def tube(profile: list[tuple[float, float]], around: int = 48) -> tuple[np.ndarray, np.ndarray]:
    """A surface of revolution through (height, radius) from the bottom up, open at both ends."""
    height, radius = np.array(profile, float).T
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    x, z = np.outer(radius, np.sin(turn)), np.outer(radius, np.cos(turn))
    y = np.repeat(height[:, None], around, axis=1)
    return np.stack([x, y, z], -1).reshape(-1, 3), _grid(len(height) - 1, around, closed=True)[:, ::-1]


def square(size: float = 1.0, height: float = 0.5, parts: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """An upright square that faces +Z, round (0, height, 0)."""
    across = np.linspace(-size / 2, size / 2, parts + 1)
    y, x = (grid.ravel() for grid in np.meshgrid(across[::-1], across, indexing="ij"))
    return np.stack([x, y + height, np.zeros_like(x)], 1), _grid(parts, parts + 1, closed=False)


def ball(material: Material, **placed) -> Item:
    return Item("ball", *sphere(**placed), material)


def sheet(material: Material, **placed) -> Item:
    vertices, faces = square(**placed)
    return Item("sheet", vertices, faces, material, uv=vertices[:, :2])


def mannequin() -> tuple[Item, ...]:
    """A torso, a head and a bell of cloth with folds: skin, cloth, closed and open surfaces."""
    skin = Material(base_colour=(0.6, 0.34, 0.24), roughness=0.5, subsurface=(0.3, 0.12, 0.08))
    cloth = Material(
        base_colour=(0.05, 0.18, 0.32), roughness=0.85, sheen_colour=(0.1, 0.1, 0.1), weave="knit", double_sided=True
    )
    torso = tube([(0.0, 0.06), (0.4, 0.09), (0.9, 0.12), (1.2, 0.17), (1.35, 0.12), (1.42, 0.05), (1.5, 0.05)])
    bell, faces = tube([(0.3 + 0.05 * k, 0.34 - 0.017 * k) for k in range(13)], 96)
    turn = np.arctan2(bell[:, 0], bell[:, 2])
    bell = (
        bell * (1, 1, 1)
        + np.stack([np.sin(turn), 0 * turn, np.cos(turn)], 1) * (0.03 * np.sin(9 * turn) * (0.9 - bell[:, 1]))[:, None]
    )
    uv = np.stack([turn * 0.2, bell[:, 1]], 1)
    return (
        Item("torso", *torso, skin),
        ball(skin, radius=0.12, centre=(0.03, 1.58, 0.02)),
        Item("bell", bell, faces, cloth, uv=uv),
    )


def _grid(rows: int, columns: int, closed: bool) -> np.ndarray:
    """Faces of a grid of rows + 1 by `columns` vertices, counter-clockwise seen with rows downwards."""
    cells = columns if closed else columns - 1
    row, column = (grid.ravel() for grid in np.meshgrid(np.arange(rows), np.arange(cells), indexing="ij"))
    a, b = row * columns + column, row * columns + (column + 1) % columns
    faces = np.concatenate([np.stack([a, a + columns, b], 1), np.stack([b, a + columns, b + columns], 1)])
    return faces.astype(np.int32)
