"""GarmentCode's pattern specification, JSON: panels, curved edges, stitches, and where each panel lies round the body.

The format of Korosteleva and Sorkine-Hornung, "GarmentCode: Programming Parametric Sewing Patterns" (SIGGRAPH Asia
2023); specification of pygarment 2 (MIT). Lengths are in `units_in_meter`; a curve's control points are in the frame of
its chord; a circle is radius, large, and whether it bulges to the right; panels whose outline runs clockwise are seen
from inside. What the format has no word for (grain, notches, allowances, names of runs) goes along under "toile", which
other programs pass by.
"""

import json
import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import BrokenRule, Damaged, NothingInIt, TooLarge, UnknownKind, plainly
from assets.files import read_bytes
from garments.edges import Edge, arc, curve, line, signed_area
from garments.formats.reading import LARGEST_PATTERN
from garments.formats.stitching import divided, rejoined, stand
from garments.imported.guessing import arranged
from garments.nest import ONE_SIZE, Nest, packed, pattern_packed
from garments.pattern import EdgeRef, Panel, Pattern, Seam

TITLE = "GarmentCode JSON"
SUFFIXES = (".json",)
_UNITS = 100.0
_MOST_PANELS = 1000
_ALLOWANCE = 0.01
_ASSUMED = "It tells neither grain nor seam allowance: the grain is taken as upright, the allowance as 1 cm."
_JOINED = 1e-4
_EXTRA = "toile"
_BROKEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)


def read(path: str, unit: str | None = None) -> dict[str, Any]:
    """The pattern of a specification as plain values. Runs in the reader process."""
    try:
        document = json.loads(read_bytes(Path(path), LARGEST_PATTERN, "pattern"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Damaged(f"{path} is damaged: it is no JSON ({plainly(error)})") from error
    if not isinstance(document, dict) or not isinstance(document.get("pattern"), dict):
        raise UnknownKind(f"{path} is no GarmentCode specification: it has no pattern in it")
    try:
        return packed(_nest(document, Path(path), unit))
    except _BROKEN as error:
        raise Damaged(f"{path} is damaged: it breaks GarmentCode's rules ({plainly(error)})") from error


def write(nest: Nest) -> bytes:
    """The base size as a specification; edges that are sewn to several are divided, for stitches join one to one."""
    pattern = nest.pattern
    panels, stitches = divided(pattern)
    placed = nest.placements or stand(pattern)
    drawn = {}
    for panel in pattern.panels:
        drawn[panel.name] = _panel_told(panels[panel.name], placed[panel.name])
    document = {
        "pattern": {
            "panels": drawn,
            "stitches": [[{"panel": panel, "edge": edge} for panel, edge in stitch] for stitch in stitches],
            "panel_order": list(drawn),
        },
        "parameters": {},
        "parameter_order": [],
        "properties": {
            "curvature_coords": "relative",
            "normalize_panel_translation": False,
            "normalized_edge_loops": True,
            "units_in_meter": int(_UNITS),
        },
        _EXTRA: {"size": nest.base, "pattern": _without_edges(pattern)},
    }
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _refuse(word: str) -> float:
    raise BrokenRule(f"{word} is no number")


def _nest(document: dict, path: Path, unit: str | None) -> Nest:
    from garments.imported.understanding import UNITS

    told = document["pattern"]
    properties = document.get("properties") or {}
    told_unit = properties.get("units_in_meter", _UNITS)
    if not isinstance(told_unit, int | float) or not 0.0 < told_unit < math.inf:
        raise BrokenRule(f"{str(told_unit)[:20]!r} units in a metre")
    scale = UNITS[unit] if unit else 1.0 / told_unit
    absolute = properties.get("curvature_coords", "relative") == "absolute"
    panels, placed = [], {}
    if not told.get("panels"):
        raise NothingInIt(f"{path} has no pattern piece in it: its list of panels is empty")
    if len(told["panels"]) > _MOST_PANELS:
        raise TooLarge(f"{path} has {len(told['panels']):,} pieces, and a garment at most {_MOST_PANELS:,}: split it")
    for name, each in told["panels"].items():
        try:
            panel, mirrored = _panel(str(name), each, scale, absolute)
            placed[panel.name] = _placement(each, scale, mirrored)
        except _BROKEN as error:
            raise BrokenRule(f"panel {str(name)[:40]}: {plainly(error)}") from error
        panels.append(panel)
    extra = document.get(_EXTRA)
    if isinstance(extra, dict):
        labelled = {panel.name: _labelled(panel, told["panels"][panel.name]) for panel in panels}
        ours = rejoined(extra["pattern"], labelled)
        if ours is not None:
            return Nest(ours.name, {str(extra["size"]): ours}, str(extra["size"]), placed)
    name = path.stem.removesuffix("_specification")
    plain = Pattern(name, tuple(panels), _seams(told.get("stitches", ()), panels), {}, {})
    return Nest(name, {ONE_SIZE: arranged(plain, placed)}, ONE_SIZE, placed, notes=(_ASSUMED,))


def _labelled(panel: Panel, told: dict) -> Panel:
    labels = [str(each.get("label", "")) for each in told["edges"]]
    return replace(panel, edges=tuple(edge.named(label) for edge, label in zip(panel.edges, labels, strict=True)))


def _panel(name: str, told: dict, scale: float, absolute: bool) -> tuple[Panel, bool]:
    """The panel as it looks from outside, and whether it was drawn mirrored."""
    corners = scale * np.array(told["vertices"], float).reshape(-1, 2)
    edges = _in_order([_edge(n, edge, corners, scale, absolute) for n, edge in enumerate(told["edges"])])
    mirrored = signed_area(np.concatenate([edge.sampled(24) for edge in edges])) < 0.0
    if mirrored:
        edges = [Edge(edge.name, edge.controls * (-1.0, 1.0), edge.kind) for edge in edges]
    points = np.concatenate([edge.controls for edge in edges])
    low, high = points.min(axis=0), points.max(axis=0)
    middle = 0.5 * (low[0] + high[0])
    grain = np.array([[middle, low[1] + 0.2 * (high[1] - low[1])], [middle, low[1] + 0.8 * (high[1] - low[1])]])
    return Panel(name, tuple(edges), grain, "", _ALLOWANCE), mirrored


def _in_order(edges: list[Edge]) -> list[Edge]:
    """Edges end to end, as old specifications do not always list them; as they are where they make no loop."""
    left, loop = edges[1:], edges[:1]
    while left:
        ends = [(np.linalg.norm(e.start - loop[-1].end), np.linalg.norm(e.end - loop[-1].end)) for e in left]
        nearest = int(np.argmin([min(pair) for pair in ends]))
        if min(ends[nearest]) > _JOINED:
            return edges
        edge = left.pop(nearest)
        loop.append(edge if ends[nearest][0] <= _JOINED else edge.reversed())
    return loop


def _edge(number: int, told: dict, corners: np.ndarray, scale: float, absolute: bool) -> Edge:
    start, end = (corners[int(k)] for k in told["endpoints"])
    name, bent = f"edge_{number}", told.get("curvature")
    if bent is None:
        return line(name, start, end)
    kind: str = "quadratic" if isinstance(bent, list) else bent["type"]
    params: list = [bent] if isinstance(bent, list) else bent["params"]
    if kind == "circle":
        return _circle(name, start, end, scale * float(params[0]), bool(params[1]), bool(params[2]))
    if kind not in ("quadratic", "cubic"):
        raise BrokenRule(f"a curve of type {kind!r}")
    along = end - start
    frame = np.stack([along, [-along[1], along[0]]])
    controls = np.array(params, float).reshape(-1, 2)
    inner = scale * controls if absolute else start + controls @ frame
    return curve(name, start, *inner, end)


def _circle(name: str, start: np.ndarray, end: np.ndarray, radius: float, large: bool, right: bool) -> Edge:
    along = end - start
    half = 0.5 * float(np.linalg.norm(along))
    if radius < 0.98 * half:
        raise BrokenRule(f"{name} is an arc whose circle is smaller than the way that it spans")
    root = np.sqrt(max(radius**2 - half**2, 0.0))
    rise = max(radius, half) + (root if large else -root)
    aside = np.array([-along[1], along[0]]) / (2.0 * half)
    return arc(name, start, 0.5 * (start + end) + (-rise if right else rise) * aside, end)


def _placement(told: dict, scale: float, mirrored: bool) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    turn = np.array(told.get("rotation", (0.0, 0.0, 0.0)), float)
    if turn.size not in (3, 9):
        raise BrokenRule(f"its rotation is {turn.size} numbers, and three angles are meant")
    matrix = np.eye(4)
    matrix[:3, :3] = (
        turn.reshape(3, 3) if turn.size == 9 else Rotation.from_euler("xyz", turn, degrees=True).as_matrix()
    )
    matrix[:3, 3] = scale * np.array(told.get("translation", (0.0, 0.0, 0.0)), float)
    if mirrored:
        matrix[:3, [0, 2]] *= -1.0
    return matrix


def _seams(stitches: list, panels: list[Panel]) -> tuple[Seam, ...]:
    """A seam for each stitch; both outlines run counter-clockwise, so that one side is walked backwards."""
    by_name = {panel.name: panel for panel in panels}
    count: Counter[str] = Counter()
    seams = []
    for stitch in stitches:
        if len(stitch) > 2 and isinstance(stitch[2], dict):
            raise BrokenRule(f"a stitch joins {len(stitch)} edges: write one for each pair")
        first, second = (EdgeRef(str(side["panel"]), f"edge_{int(side['edge'])}") for side in stitch[:2])
        for ref in (first, second):
            if ref.panel not in by_name or all(edge.name != ref.edge for edge in by_name[ref.panel].edges):
                raise BrokenRule(f"a stitch joins {ref.edge} of {ref.panel}, which it does not have")
        count[name := f"{first.panel} to {second.panel}"] += 1
        lengths = [by_name[ref.panel].edge(ref.edge).length for ref in (first, second)]
        together = len(stitch) > 2 and stitch[2] == "right_wrong"
        seams.append(
            Seam(f"{name} {count[name]}", (first,), (second._replace(backwards=not together),), lengths[0] - lengths[1])
        )
    return tuple(seams)


def _panel_told(panel: Panel, placed: np.ndarray) -> dict[str, Any]:
    from scipy.spatial.transform import Rotation

    corners = np.array([edge.start for edge in panel.edges])
    return {
        "translation": (_UNITS * placed[:3, 3]).tolist(),
        "rotation": Rotation.from_matrix(placed[:3, :3]).as_euler("xyz", degrees=True).tolist(),
        "vertices": (_UNITS * corners).tolist(),
        "edges": [_edge_told(edge, number, len(corners)) for number, edge in enumerate(panel.edges)],
    }


def _edge_told(edge: Edge, number: int, count: int) -> dict[str, Any]:
    told: dict[str, Any] = {"endpoints": [number, (number + 1) % count], "label": edge.name}
    along = edge.end - edge.start
    square = float(along @ along)
    inner = edge.controls[1:-1] - edge.start
    if edge.kind == "arc":
        (middle,) = edge.at(np.array([0.5])) - edge.start
        rise = float(along[0] * middle[1] - along[1] * middle[0]) / np.sqrt(square)
        half = 0.5 * np.sqrt(square)
        if abs(rise) > 1e-9:
            radius = (half**2 + rise**2) / (2.0 * abs(rise))
            told["curvature"] = {"type": "circle", "params": [_UNITS * radius, int(abs(rise) > radius), int(rise < 0)]}
    elif not edge.straight:
        frame = np.stack([along, [-along[1], along[0]]])
        kind = "quadratic" if len(inner) == 1 else "cubic"
        told["curvature"] = {"type": kind, "params": (inner @ frame.T / square).tolist()}
    return told


def _without_edges(pattern: Pattern) -> dict[str, Any]:
    """All of the pattern but the shapes of its outlines, which the specification itself holds."""
    told = pattern_packed(pattern)
    for panel in told["panels"]:
        panel["edges"] = [edge[0] for edge in panel["edges"]]
    return told
