"""Edges of a pattern that seem to lack their seam: clothes are as good as always sewn alike left and right."""

from collections.abc import Iterator

import numpy as np

from garments.edges import Edge
from garments.nest import Nest

_NEAR, _MIDDLE = 0.01, 0.01
_AT = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


def unsewn(nest: Nest) -> tuple[str, ...]:
    """What to say of edges that are sewn nowhere although those opposite, left for right, are; and of those that meet
    in the middle of the body. For a nest whose panels stand round one."""
    stands = {
        (panel.name, edge.name): _standing(edge, nest.placements[panel.name])
        for panel in nest.pattern.panels
        for edge in panel.edges
    }
    joined = {(ref.panel, ref.edge) for seam in nest.pattern.seams for ref in (*seam.first, *seam.second)}
    return tuple(_told(stands, joined))


def _told(stands: dict[tuple[str, str], np.ndarray], joined: set[tuple[str, str]]) -> Iterator[str]:
    met: set[tuple[str, str]] = set()
    for name, points in stands.items():
        if name in joined or name in met:
            continue
        others = [other for other, there in stands.items() if _alike(points * (-1.0, 1.0, 1.0), there)]
        if others and joined.issuperset(others):
            yield f"{_words(name)} is sewn to nothing, though its like on the other side is: a seam may be missing."
        elif (np.abs(points[:, 0]) < _MIDDLE).all() and (other := next((o for o in others if o != name), None)):
            met.add(other)
            yield f"{_words(name)} and {_words(other)} meet in the middle and are not sewn: it is left open there."


def _standing(edge: Edge, place: np.ndarray) -> np.ndarray:
    """Points of an edge [m] [5, 3] where its panel stands."""
    return edge.at(_AT) @ place[:3, :2].T + place[:3, 3]


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two rows of points lie on each other, run either way."""
    return any(float(np.abs(one - way).max()) < _NEAR for way in (other, other[::-1]))


def _words(name: tuple[str, str]) -> str:
    return f"{name[0]}'s {name[1].replace('_', ' ')}"
