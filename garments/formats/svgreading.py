"""What is drawn in an SVG file, group by group: lines as edges, and which of them are pieces, marks, grain, notches."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assets.errors import TooLarge
from garments.edges import Edge, signed_area
from garments.formats.pieces import at_corners, notched, outline, widths
from garments.formats.tracing import named, traced
from garments.pattern import Drill, Notch, Panel

_MOST_SHAPES = 20_000
_CLOSED = 1e-3
_SMALLEST = 2e-4
_STRAIGHT = 1e4  # An arc of a radius so many times its chord cannot be told from a line.
_WIDEST_ALLOWANCE, _COVERED = 0.06, 2e-3
_MANY, _SHORT = 8, 0.02
_WORDS = {
    "grain": r"grain", "notch": r"notch", "drill": r"drill|button", "square": r"square|scale|legend|paperless|logo",
    "cut": r"cut|\bsa\b|seam.?allowance", "sew": r"sew|stitch|fabric|seam\b|outline|main", "line": r"line\b",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line that was drawn: its edges in pixels, +y up, whether it is closed, what its class or name says it is, and
    its own attributes."""

    edges: tuple[Edge, ...]
    closed: bool
    role: str
    told: dict[str, str]

    def points(self) -> np.ndarray:
        return np.concatenate([*(edge.sampled(12) for edge in self.edges), self.edges[-1].end[None]])


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Lines by group: (name, lines). `pixels` in a unit of the drawing's own; `physical` whether it tells its size;
    `metadata` the text of ours."""

    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    pixels: float
    physical: bool
    metadata: str

    @property
    def longest(self) -> float:
        return max(float(np.ptp(line.points(), axis=0).max()) for _, lines in self.groups for line in lines)


def drawing(path: str) -> Drawn:
    """What a file draws. Raises what comes of a file that is no SVG."""
    from svgelements import SVG

    svg = SVG.parse(path, reify=True, ppi=96.0)
    with open(path, "rb") as stream:
        text = stream.read().decode("utf-8", "replace")
    if "<svg" not in text[:5000]:
        raise ValueError("it has no svg element")
    root = re.search(r"<(?:\w+:)?svg\b[^>]*>", text, re.S)
    physical = bool(root and re.search(r"\bwidth\s*=\s*[\"']\s*[\d.]+\s*(mm|cm|in|pt|pc)", root[0]))
    box = getattr(svg, "viewbox", None)
    pixels = float(svg.width) / float(box.width) if box is not None and box.width and svg.width else 1.0
    groups: dict[str, list[Line]] = {}
    for number, (name, line) in enumerate(_lines(svg, "", "")):
        if number > _MOST_SHAPES:
            raise TooLarge(f"{path} draws more than {_MOST_SHAPES:,} lines: keep the pattern pieces alone")
        if line.role != "square":
            groups.setdefault(name, []).append(line)
    found = re.search(r"<metadata id=\"toile\">(.*?)</metadata>", text, re.S)
    told = tuple((name, tuple(lines)) for name, lines in groups.items())
    return Drawn(told, pixels, physical, _plain(found[1]) if found else "")


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _lines(group: Any, name: str, words: str) -> Iterator[tuple[str, Line]]:
    """Every line of a group with the name of the innermost group that has one."""
    from svgelements import Circle, Group, Path, Shape

    for element in group:
        told = {key: str(value) for key, value in (element.values.get("attributes") or {}).items()}
        label = next((value for key, value in told.items() if key.endswith("label") and "}" in key), "")
        own = f"{told.get('class', '')} {told.get('id', '')} {label}"
        if isinstance(element, Group):
            called = told.get("data-name") or label or told.get("id", "") or name
            yield from _lines(element, called, f"{words} {own}")
        elif isinstance(element, Circle) and _role(own, words) == "drill":
            centre = np.array([[element.implicit_center.x, -element.implicit_center.y]])
            yield name, Line((Edge("", np.repeat(centre, 2, axis=0)),), False, "drill", told)
        elif isinstance(element, Shape):
            for sub in Path(element).as_subpaths():
                edges = tuple(_edges(Path(sub)))
                if edges:
                    gap = float(np.linalg.norm(edges[-1].end - edges[0].start))
                    closed = gap < _CLOSED * max(1.0, sum(edge.length for edge in edges)) and len(edges) > 1
                    yield name, Line(edges, closed, _role(own, words), told)


def _role(own: str, words: str) -> str:
    for text in (own, words):
        for role, pattern in _WORDS.items():
            if re.search(pattern, text, re.I):
                return role
    return ""


def _edges(path: Any) -> Iterator[Edge]:
    from svgelements import Arc, Close, CubicBezier, Line, Move, QuadraticBezier

    for part in path:
        if isinstance(part, Move) or part.start is None or part.end is None:
            continue
        if isinstance(part, Arc):
            if part.rx > _STRAIGHT * abs(part.end - part.start):
                yield _edge("bezier", part.start, part.end)
            elif abs(part.rx - part.ry) < 1e-6 * max(abs(part.rx), 1e-9):
                middle = part.point(0.5)
                yield _edge("arc", part.start, middle, part.end)
            else:
                yield from (_edge("bezier", c.start, c.control1, c.control2, c.end) for c in part.as_cubic_curves())
        elif isinstance(part, CubicBezier):
            yield _edge("bezier", part.start, part.control1, part.control2, part.end)
        elif isinstance(part, QuadraticBezier):
            yield _edge("bezier", part.start, part.control, part.end)
        elif isinstance(part, Line | Close) and abs(part.end - part.start) > 1e-9:
            yield _edge("bezier", part.start, part.end)


def _edge(kind: str, *points: Any) -> Edge:
    controls = np.array([[point.x, -point.y] for point in points], float)
    if not np.isfinite(controls).all() or abs(controls).max() > 1e9:
        raise ValueError("a point that is no number")
    return Edge("", controls, kind)


def owned(drawn: Drawn, scale: float, notes: list[str]) -> tuple[Panel, ...]:
    """The pieces [m] with all that is drawn in them."""
    panels: list[Panel] = []
    for name, lines in drawn.groups:
        found = _pieces(lines, scale)
        for number, (line, cut) in enumerate(found, 1):
            called = name or "piece"
            title = called if len(found) == 1 and name else f"{called} {number}"
            panels.append(_panel(_free(title, panels), line, cut, lines, scale, notes))
    return tuple(panels)


def _free(title: str, panels: Sequence[Panel]) -> str:
    taken, name, count = {panel.name for panel in panels}, title, 2
    while name in taken:
        name, count = f"{title} {count}", count + 1
    return name


def _pieces(lines: Sequence[Line], scale: float) -> list[tuple[Line, Line | None]]:
    """Sewing lines of a group's pieces, each with the cutting line close round it, if there is one."""
    import shapely

    closed = [line for line in lines if line.closed and line.role not in ("grain", "notch", "mark")]
    shapes = [shapely.make_valid(shapely.Polygon(scale * line.points())) for line in closed]
    order = [k for k in sorted(range(len(closed)), key=lambda k: -shapes[k].area) if shapes[k].area > _SMALLEST]
    found: list[tuple[Line, Line | None]] = []
    used: set[int] = set()
    for k in order:
        if k in used:
            continue
        used.add(k)
        inside = [n for n in order if n not in used and shapes[k].buffer(_COVERED).contains(shapes[n])]
        said = [n for n in inside if closed[k].role == "cut" and closed[n].role == "sew"]
        inner = next((n for n in said or inside if said or _close(shapes[k], shapes[n])), None)
        used |= set(inside)
        if inner is not None and closed[k].role != "sew":
            found.append((closed[inner], closed[k]))
        else:
            found.append((closed[k], None))
    return found


def _close(outer: Any, inner: Any) -> bool:
    """Whether an outline runs inside another at the distance of a seam allowance all the way."""
    import shapely

    return bool(inner.area > 0.4 * outer.area and shapely.hausdorff_distance(inner, outer) < 2.0 * _WIDEST_ALLOWANCE)


def _panel(name: str, line: Line, cut: Line | None, lines: Sequence[Line], scale: float, notes: list[str]) -> Panel:
    import shapely

    edges = _outline(line, scale, f"piece {name}", notes)
    border = scale * (cut or line).points()
    room = shapely.Polygon(border).buffer(0.01)
    mine = [
        each for each in lines if each not in (line, cut) and room.contains(shapely.LineString(scale * each.points()))
    ]
    grain: np.ndarray | None = None
    marks: list[Edge] = []
    inner: list[Edge] = []
    drills: list[Drill] = []
    notches: list[tuple[dict[str, str], np.ndarray]] = []
    for each in mine:
        run = [_scaled(edge, scale, each.told.get("data-name", "")) for edge in each.edges]
        if each.role == "grain" and grain is None:
            grain = np.array([run[0].start, run[-1].end])
        elif each.role == "drill":
            drills.append(Drill(each.told.get("data-name") or f"drill_{len(drills) + 1}", *map(float, run[0].start)))
        elif each.role == "notch":
            notches.append((each.told, run[0].start))
        elif each.role == "line" and len(run) == 1 and at_corners(edges, run[0]):
            inner += run
        else:
            marks += run
    if grain is None:
        notes.append(f"Piece {name} has no grain line.")
    allowances = widths(edges, [np.concatenate([border, border[:1]])]) if cut else {}
    return Panel(name, edges, grain, "", 0.0, allowances, _notches(edges, notches), _numbered(inner, "line"),
                 _numbered(marks, "mark"), tuple(drills))  # fmt: skip


def _outline(line: Line, scale: float, what: str, notes: list[str]) -> tuple[Edge, ...]:
    """The outline [m], counter-clockwise; edges named as the drawing says, or numbered."""
    edges = [_scaled(edge, scale) for edge in line.edges]
    names = line.told.get("data-edges", "").split()
    if names and len(names) == len(edges):
        edges = [edge.named(name) for edge, name in zip(edges, names, strict=True)]
        # The numbers in the file are rounded: ends are joined exactly again.
        edges = [Edge(e.name, np.concatenate([e.controls[:-1], f.controls[:1]]), e.kind) for e, f in
                 zip(edges, [*edges[1:], edges[0]], strict=True)]  # fmt: skip
        if signed_area(np.concatenate([edge.sampled(12) for edge in edges])) < 0.0:
            edges = [edge.reversed() for edge in reversed(edges)]
        return tuple(edges)
    return outline([_smoothed(edges)], what, notes)


def _smoothed(edges: list[Edge]) -> list[Edge]:
    """Edges in which long runs of short straight ones, as programs flatten curves to, are curves again."""
    found: list[Edge] = []
    run: list[Edge] = []
    for edge in [*edges, None]:
        if edge is not None and edge.straight and edge.length < _SHORT:
            run.append(edge)
            continue
        found += traced(np.array([*(e.start for e in run), run[-1].end])) if len(run) >= _MANY else run
        run = []
        found += [edge] if edge is not None else []
    return found


def _scaled(edge: Edge, scale: float, name: str = "") -> Edge:
    return Edge(name or edge.name, scale * edge.controls, edge.kind)


def _numbered(edges: list[Edge], prefix: str) -> tuple[Edge, ...]:
    """Edges with their own names where they have one that is theirs alone, else numbered."""
    own = [edge.name for edge in edges]
    numbers = named(edges, prefix)
    return tuple(e if e.name and own.count(e.name) == 1 else n for e, n in zip(edges, numbers, strict=True))


def _notches(edges: Sequence[Edge], found: list[tuple[dict[str, str], np.ndarray]]) -> tuple[Notch, ...]:
    """Notches as our own drawings tell them, else where they lie."""
    names = {edge.name for edge in edges}
    told = {
        (each["data-edge"], each["data-at"], each.get("data-mark", "single")): None
        for each, _ in found
        if each.get("data-edge") in names and re.fullmatch(r"[01]\.\d+", each.get("data-at", ""))
    }
    lying = [point for each, point in found if each.get("data-edge") not in names]
    return (*(Notch(edge, float(at), mark) for edge, at, mark in told), *notched(edges, lying))
