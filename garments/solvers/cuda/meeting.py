"""Which cloth can come to touch which, on a card, and how far it may move: proximity.py, listing.py and layers.py.

Pairs are listed anew as soon as one vertex has moved too far: on a card all cost hardly more than some.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from garments.solvers import layers, listing, proximity
from garments.solvers.cuda import kernels
from garments.solvers.cuda.card import Card
from garments.solvers.layers import Links

Pairs = tuple[Any, Any]


class Meeting:
    """The pairs of one cloth, faces [m, 3] and edges [k, 2], on a card. In the place of listing.Listing."""

    def __init__(self, card: Card, faces: np.ndarray, edges: np.ndarray, count: int) -> None:
        self.card, self.faces, self.edges = card, card.up(faces), card.up(edges)
        self._edges = edges
        self._points = card.up(np.arange(count, dtype=np.int32)[:, None])
        self._places, self._margin = np.zeros((count, 3)), np.full(count, -np.inf)
        self._pairs: Pairs | None = None

    def pairs(
        self, x: np.ndarray, needed: np.ndarray, margin: np.ndarray, tick: Callable[[], None] = lambda: None
    ) -> Any:
        """As listing.Listing.pairs; the pairs stay on the card."""
        tick()
        moved = x - self._places
        moved -= moved.mean(axis=0)
        far = needed + np.sqrt(np.einsum("ij,ij->i", moved, moved)) > self._margin
        if self._pairs is None or far.any():
            self._places, self._margin = x.copy(), margin.copy()
            self._pairs = self._candidates(self.card.up(x), self.card.up(margin))
        return self._pairs

    def _candidates(self, x: Any, margin: Any) -> Pairs:
        """listing.candidates."""
        call, faces, edges = self.card.call, self.faces, self.edges
        spans = [call(proximity.boxes, x, parts, margin) for parts in (self._points, faces, edges)]
        cell = 1.8 * float(self.card.xp.median((spans[1][1] - spans[1][0]).max(axis=1)))
        facing = self._overlaps(spans[0], spans[1], self._points, faces, cell, False)
        crossing = self._overlaps(spans[2], spans[2], edges, edges, cell, True)
        return (
            facing[call(listing._within, x, faces, edges, facing, 0, margin)],
            crossing[call(listing._within, x, faces, edges, crossing, 1, margin)],
        )

    def _overlaps(self, one: Any, other: Any, own: Any, others: Any, cell: float, same: bool) -> Any:
        """proximity.overlaps."""
        card, xp, scale = self.card, self.card.xp, 1.0 / cell
        count, size = len(others), 1
        while size < 4 * count:
            size *= 2
        touched = xp.zeros(count, xp.int64)
        card.call(kernels.touched, *other, scale, touched)
        ends = xp.cumsum(touched)
        keys = xp.zeros(int(ends[-1]), xp.int64)
        card.call(kernels.listed, *other, scale, size, ends, keys)
        keys = xp.sort(keys)
        starts = xp.searchsorted(keys, xp.arange(size + 1, dtype=xp.int64) * count)
        found, number, ends = xp.zeros((1, 2), xp.int32), xp.zeros(len(own), xp.int64), xp.zeros(len(own), xp.int64)
        known = (*one, *other, own, others, scale, size, starts, keys, same)
        card.call(kernels.matched, *known, ends, number, found, False)
        ends = xp.cumsum(number)
        found = xp.zeros((int(ends[-1]), 2), xp.int32)
        card.call(kernels.matched, *known, ends, number, found, True)
        return found

    def links(self, x: np.ndarray, pairs: Pairs, thickness: Any, area: Any, reach: float) -> Links:
        """layers.near; thickness [m] and area [m2] [n] are the card's."""
        card, there, found = self.card, self.card.up(x), []
        for kind, some in enumerate(pairs):
            parts = card.call(layers._measure, there, self.faces, self.edges, some, kind, thickness, area, reach)
            found.append(Links(*(card.down(part) for part in parts)))
        facing = layers.felt(x, self._edges, found[0])
        return Links(*(np.concatenate(both) for both in zip(facing.parts, found[1].parts, strict=True)))

    def freed(
        self, before: np.ndarray, moved: np.ndarray, between: Callable[[np.ndarray], np.ndarray] | None = None, *,
        pairs: Pairs,
    ) -> tuple[np.ndarray, list[np.ndarray]]:  # fmt: skip
        """layers.untangled, and the vertices of the pairs that could meet: all pairs of a round see the moves of the
        round before."""
        card, xp = self.card, self.card.xp
        x, moves, scale = card.up(before), card.up(moved), xp.ones(len(before))
        risky = [
            card.call(layers._risky, x, moves, scale, self.faces, self.edges, pairs[kind], kind) for kind in (0, 1)
        ]
        sides = [self._vertices(risky[kind], kind) for kind in (0, 1)]
        rounds, met = 0, True
        while met:
            met, before_ = False, scale.copy()
            for kind in (0, 1):
                part = xp.ones(len(risky[kind]))
                card.call(kernels.free, x, moves, self.faces, self.edges, risky[kind], kind, before_, part)
                short = xp.flatnonzero(part < 1.0)
                if len(short):
                    met = True
                    share = xp.maximum(0.9 * part[short], 0.1) if rounds < layers.ROUNDS else xp.zeros(len(short))
                    who = sides[kind][short]
                    card.lessened(scale, who, before_[who] * share[:, None])
            rounds += 1
            if between is not None:
                scale = card.up(between(card.down(scale)))
        return card.down(scale)[:, None] * moved, [card.down(side) for side in sides]

    def _vertices(self, pairs: Any, kind: int) -> Any:
        """The four vertices of each pair, [k, 4]."""
        xp = self.card.xp
        if kind == 0:
            return xp.concatenate([pairs[:, :1], self.faces[pairs[:, 1]]], axis=1)
        return xp.concatenate([self.edges[pairs[:, 0]], self.edges[pairs[:, 1]]], axis=1)
