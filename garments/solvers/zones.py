"""Cloth that is crushed between folds goes along as one piece, where each vertex for itself could not move at all.

Two layers pressed to less than a micrometre that still close are stopped by the continuous check (layers.py), and while
the skin moves on they are left behind in it. Whoever is stopped so, and touches, moves as the mean of what all of them
would: a piece that moves alike parts from nothing within itself (rigid impact zones: Provot 1997; Bridson, Fedkiw and
Anderson 2002), and is checked against all others like a single vertex.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from garments.solvers import layers
from garments.solvers.layers import Pairs

STOPPED = 0.1
"""Who can make less than this share of a move is stopped,"""
WISHED = 1.0e-4
"""if the move was longer than this [m]."""
GROWN = 4
"""So often a zone that is stopped itself takes in what is in its way."""


def together(
    moved: np.ndarray, kept: np.ndarray, pairs: Sequence[np.ndarray], zone: np.ndarray | None = None
) -> np.ndarray | None:
    """Which zone each vertex is in, [n], -1: in none; None where nothing is stopped. Of moves [m] [n, 3] `kept` are
    what was free; `pairs` are the four vertices of each pair that could meet, [k, 4]. A `zone` that is stopped itself
    takes in what it could meet."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    wished, made = (np.linalg.norm(each, axis=1) for each in (moved, kept))
    stopped = (wished > WISHED) & (made < STOPPED * wished)
    if not stopped.any():
        return None
    met = np.concatenate([*pairs])
    if zone is not None:
        stopped[met[(stopped & (zone >= 0))[met].any(axis=1)]] = True
        stopped |= zone >= 0
    met = met[stopped[met].sum(axis=1) > 1]
    own, others = np.repeat(met, 4, axis=1).ravel(), np.tile(met, (1, 4)).ravel()
    both = stopped[own] & stopped[others]
    graph = coo_matrix((np.ones(int(both.sum()), np.int8), (own[both], others[both])), (len(moved), len(moved)))
    return np.where(stopped, connected_components(graph, directed=False)[1], -1)


def freed(before: np.ndarray, moved: np.ndarray, faces: np.ndarray, edges: np.ndarray, pairs: Pairs) -> np.ndarray:
    """layers.untangled, where those that are crushed together move as one."""
    known = faces, edges, pairs
    return alike(
        moved,
        lambda moves, between: (layers.untangled(before, moves, *known, between), layers.risky(before, moves, *known)),
    )


def alike(moved: np.ndarray, untangled: Callable[..., tuple[np.ndarray, Sequence[np.ndarray]]]) -> np.ndarray:
    """What of their moves [m] [n, 3] vertices can make. `untangled` tells, of moves and what lowers shares between its
    rounds, what is free and the four vertices of each pair that could meet."""
    kept, met = untangled(moved, _as_they_are)
    zone = together(moved, kept, met)
    for _ in range(GROWN):
        if zone is None:
            break
        wished = joined(moved, kept, zone)
        kept, met = untangled(wished, partial(least, zone=zone))
        zone = together(wished, kept, met, zone)
    return kept


def joined(moved: np.ndarray, kept: np.ndarray, zone: np.ndarray) -> np.ndarray:
    """Moves [m] [n, 3]: what was `kept` of them, and of each zone's the mean."""
    inside = np.flatnonzero(zone >= 0)
    own, out = zone[inside], kept.copy()
    count = np.bincount(own)
    sums = [np.bincount(own, column) for column in moved[inside].T]
    out[inside] = (np.stack(sums, axis=1) / np.maximum(count, 1)[:, None])[own]
    return out


def least(shares: np.ndarray, zone: np.ndarray) -> np.ndarray:
    """Shares [n] with the least of its zone for whoever is in one."""
    inside = np.flatnonzero(zone >= 0)
    lowest, out = np.full(int(zone.max()) + 1, np.inf), shares.copy()
    np.minimum.at(lowest, zone[inside], shares[inside])
    out[inside] = lowest[zone[inside]]
    return out


def _as_they_are(shares: np.ndarray) -> np.ndarray:
    return shares
