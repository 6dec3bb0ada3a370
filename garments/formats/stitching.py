"""Seams as stitches of one edge to one edge, as GarmentCode has them, and back; and where panels would stand."""

from itertools import pairwise
from typing import Any

import numpy as np

from garments.edges import Edge, arc, line
from garments.nest import pattern_unpacked
from garments.pattern import EdgeRef, Panel, Pattern

_SAME = 1e-6
_MATCHES = 1e-4
_MARK = "#"

Side = tuple[str, int]
"""A panel and the number of one of its edges."""


def divided(pattern: Pattern) -> tuple[dict[str, Panel], list[tuple[Side, Side]]]:
    """Panels by name whose edges are divided where a seam's other side has a corner, and the stitches between them.
    What is sewn onto a line inside a panel, as a pocket is, has none: stitches join edges."""
    from dataclasses import replace

    stops = {(panel.name, edge.name): {0.0, 1.0} for panel in pattern.panels for edge in panel.edges}
    seams = [seam for seam in pattern.seams if all(ref[:2] in stops for ref in (*seam.first, *seam.second))]
    stations = [_stations(pattern, seam.first, seam.second) for seam in seams]
    for seam, shared in zip(seams, stations, strict=True):
        for run in (seam.first, seam.second):
            for ref, low, high in _spans(pattern, run):
                inside = shared[(shared > low + _SAME) & (shared < high - _SAME)]
                shares = (inside - low) / (high - low)
                stops[ref.panel, ref.edge] |= set(1.0 - shares if ref.backwards else shares)
    panels, numbers = {}, {}
    for panel in pattern.panels:
        edges: list[Edge] = []
        for edge in panel.edges:
            places = sorted(stops[panel.name, edge.name])
            numbers[panel.name, edge.name] = (len(edges), places)
            edges += _parts(edge, places)
        panels[panel.name] = replace(panel, edges=tuple(edges))
    stitches = []
    for seam, shared in zip(seams, stations, strict=True):
        first, second = (_sides(pattern, run, shared, numbers) for run in (seam.first, seam.second))
        stitches += list(zip(first, second, strict=True))
    return panels, stitches


def _spans(pattern: Pattern, run: tuple[EdgeRef, ...]) -> list[tuple[EdgeRef, float, float]]:
    """Each edge of a run with the shares of the run's length at which it starts and ends."""
    lengths = np.array([pattern.edge(ref).length for ref in run])
    ends = np.cumsum(lengths) / lengths.sum()
    return [
        (ref, float(b - length / lengths.sum()), float(b)) for ref, length, b in zip(run, lengths, ends, strict=True)
    ]


def _stations(pattern: Pattern, first: tuple[EdgeRef, ...], second: tuple[EdgeRef, ...]) -> np.ndarray:
    """Shares of a seam's length at which either side has a corner; corners that nearly meet are one."""
    places = sorted({0.0, 1.0, *(high for run in (first, second) for _, _, high in _spans(pattern, run))})
    kept = [places[0]]
    for place in places[1:]:
        if place - kept[-1] > _SAME:
            kept.append(place)
    kept[-1] = 1.0
    return np.array(kept)


def _sides(
    pattern: Pattern,
    run: tuple[EdgeRef, ...],
    shared: np.ndarray,
    numbers: dict[tuple[str, str], tuple[int, list[float]]],
) -> list[Side]:
    """For every span between stations the edge part that lies there."""
    found = []
    spans = _spans(pattern, run)
    for middle in 0.5 * (shared[1:] + shared[:-1]):
        ref, low, high = next(span for span in spans if middle < span[2] or span is spans[-1])
        share = (middle - low) / (high - low)
        first, places = numbers[ref.panel, ref.edge]
        share = 1.0 - share if ref.backwards else share
        found.append((ref.panel, first + int(np.searchsorted(places, share)) - 1))
    return found


def _parts(edge: Edge, places: list[float]) -> list[Edge]:
    if len(places) == 2:
        return [edge]
    spans = pairwise(places)
    parts = [edge.part(low, high, f"{edge.name}{_MARK}{k}") for k, (low, high) in enumerate(spans)]
    if edge.straight:
        return [line(part.name, part.start, part.end) for part in parts]
    return parts


def rejoined(told: dict[str, Any], panels: dict[str, Panel]) -> Pattern | None:
    """The pattern that was divided, its edges taken from `panels`; None when these are no longer those that it had."""
    told = dict(told)
    drawn = []
    for panel in told["panels"]:
        found = panels.get(panel["name"])
        edges = _joined(found, panel["edges"]) if found else None
        if edges is None:
            return None
        drawn.append({**panel, "edges": [[edge.name, edge.controls.tolist(), edge.kind] for edge in edges]})
    return pattern_unpacked({**told, "panels": drawn})


def _joined(panel: Panel, names: list[str]) -> list[Edge] | None:
    groups: dict[str, list[Edge]] = {}
    for edge in panel.edges:
        groups.setdefault(edge.name.split(_MARK)[0], []).append(edge)
    if list(groups) != list(names):
        return None
    edges = [_whole(name, parts) for name, parts in groups.items()]
    return None if any(edge is None for edge in edges) else [edge for edge in edges if edge is not None]


def _whole(name: str, parts: list[Edge]) -> Edge | None:
    """The edge that parts were cut from, extended from the first by the speeds at the joints; None if they were not."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return first.named(name)
    if all(part.straight for part in parts):
        whole = line(name, first.start, last.end)
    elif all(part.kind == "arc" for part in parts):
        whole = arc(name, first.start, parts[len(parts) // 2].start, last.end)
    elif len({(len(part.controls), part.kind) for part in parts}) == 1:
        spans = [1.0]
        for before, after in pairwise(parts):
            speeds = [float(np.linalg.norm(np.diff(p.controls, axis=0)[k])) for p, k in ((before, -1), (after, 0))]
            spans.append(spans[-1] * speeds[1] / max(speeds[0], 1e-12))
        whole = _extended(name, first, sum(spans))
        whole = Edge(name, np.concatenate([whole.controls[:-1], [last.end]]))
    else:
        return None
    shares = np.cumsum([0.0, *(part.length for part in parts)]) / sum(part.length for part in parts)
    off = np.linalg.norm(whole.at(shares[:-1]) - np.array([part.start for part in parts]), axis=1)
    return whole if off.max() < _MATCHES else None


def _extended(name: str, part: Edge, factor: float) -> Edge:
    """A Bezier edge run on to `factor` times its parameter (de Casteljau)."""
    points, controls = np.array(part.controls), [part.start]
    while len(points) > 1:
        points = points[:-1] + factor * (points[1:] - points[:-1])
        controls.append(points[0])
    return Edge(name, np.array(controls))


def stand(pattern: Pattern) -> dict[str, np.ndarray]:
    """Where each panel [4, 4] may stand round a person [m], flat, by what it goes round."""
    places = {"front": (0.0, 1.1, 0.3), "back": (0.0, 1.1, -0.3), "arm": (0.45, 1.2, 0.1), "leg": (0.15, 0.6, 0.3),
              "neck": (0.0, 1.55, 0.2), "head": (0.0, 1.7, 0.25)}  # fmt: skip
    found = {}
    for panel in pattern.panels:
        words = panel.wraps.split()
        matrix = np.eye(4)
        matrix[:3, 3] = next(
            (places[word] for word in ("leg", "arm", "neck", "head", "back") if word in words), places["front"]
        )
        if "back" in words:
            matrix[:3, [0, 2]] *= -1.0
            matrix[2, 3] = -abs(matrix[2, 3])
        if "right" in words:
            matrix[0, 3] *= -1.0
        found[panel.name] = matrix
    return found
