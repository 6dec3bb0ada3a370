"""What is drawn in an SVG file, group by group: lines as edges, and which of them are pieces, marks, grain, notches."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np

from assets.errors import BrokenRule, Damaged, TooLarge
from assets.files import read_bytes
from garments.edges import Edge, cross, signed_area
from garments.formats.pieces import FRAMED, at_corners, nested, notched, outline, sheet, widths
from garments.formats.reading import LARGEST_PATTERN
from garments.formats.svgshapes import strokes
from garments.formats.tracing import named, traced
from garments.pattern import Drill, Notch, Panel

_MOST_SHAPES, _MOST_NUMBERS = 20_000, 200_000
_DRAWN = re.compile(r"""\s(?:d|points)\s*=\s*("[^"]*"|'[^']*')""")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_CLOSED = 1e-3
_SMALLEST = 2e-4
_WIDEST_ALLOWANCE, _COVERED = 0.06, 2e-3
_TWICE = 5e-4
"""Outlines that are nowhere farther apart [m] are one, drawn twice."""
_MANY, _SHORT, _MOST_JOINED = 8, 0.02, 400
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBERED = r"path|rect|polygon|polyline|circle|ellipse|line|use|g\d|svg|layer|xmlid"
_LAYER = (
    r"(?i:layer|ebene|calque|capa|livello|camada|laag|слой|图层|圖層|レイヤー|레이어|"
    r"g|group|gruppe|groupe|grupo|gruppo|组|编组|群組)[ _-]?\d*"
)
_PURPOSE = (
    r"(?i:(?:(?:cut(?:ting)?|sa|seam|allowance|sew(?:ing)?|stitch(?:ing)?|outline|main|fabric|grain|on|fold|notch(?:es)?|"
    r"drill|holes?|buttons?|square|scale|legend|paperless|logo|lines?)[ _.-]*)+\d*)"
)
_FOLD_ASIDE = 0.04
_UNSEEN = ("hidden", "collapse")
_WORDS = {
    "grain": r"grain", "fold": r"on.?fold|fold.?line", "notch": r"notch", "drill": r"drill|button",
    "square": r"square|scale|legend|paperless|logo",
    "cut": r"cut|\bsa\b|seam.?allowance", "sew": r"sew|stitch|fabric|seam\b|outline|main", "line": r"line\b",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line that was drawn: its edges in pixels, +y up, whether it is closed, what its class or name says it is, and
    its own attributes; `filled`: whether it has no stroke; `made_of`: those that were joined to it."""

    edges: tuple[Edge, ...]
    closed: bool
    role: str
    told: dict[str, str]
    called: str = ""
    filled: bool = False
    made_of: "tuple[Line, ...]" = ()

    def points(self) -> np.ndarray:
        return np.concatenate([*(edge.sampled(12) for edge in self.edges), self.edges[-1].end[None]])


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Lines by group: (name, lines). `pixels` in a unit of the drawing's own; `physical` whether it tells its size;
    `metadata` the text of ours; `pixel` how long [m] one is where the size is not told, and why."""

    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    pixels: float
    physical: bool
    metadata: str
    pixel: tuple[float, str]

    @property
    def longest(self) -> float:
        return max(float(np.ptp(line.points(), axis=0).max()) for _, lines in self.groups for line in lines)


def drawing(path: str) -> Drawn:
    """What a file draws. Raises what comes of a file that is no SVG."""
    from svgelements import SVG

    text = _text(Path(path))
    root = re.search(r"<(?:\w+:)?svg\b[^>]*>", text, re.S)
    if root is None:
        raise BrokenRule("it has no svg element")
    numbers = sum(1 for way in _DRAWN.finditer(text) for _ in _NUMBER.finditer(way[1]))
    if numbers > _MOST_NUMBERS:
        raise TooLarge(
            f"{path} draws lines of {numbers // 2:,} points, and a pattern has at most "
            f"{_MOST_NUMBERS // 2:,}: keep its pieces alone"
        )
    if re.search(r"<(?:\w+:)?use\b", text):
        _require_few(text, path)
    physical = bool(re.search(r"\bwidth\s*=\s*[\"']\s*[\d.]+\s*(mm|cm|in|pt|pc)", root[0]))
    svg = SVG.parse(io.StringIO(re.sub(r"^\s*<\?xml[^>]*\?>", "", text)), reify=False, ppi=96.0)
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
    return Drawn(told, pixels, physical, _plain(found[1]) if found else "", _pixel(text, root[0]))


def _text(path: Path) -> str:
    """The file's text, of whichever width its letters are."""
    data = read_bytes(path, LARGEST_PATTERN, "pattern")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    said = re.search(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w-]{1,20})""", data[:200])
    code = said[1].decode() if said else "utf-8"
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode(code, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _pixel(text: str, root: str) -> tuple[float, str]:
    """How long [m] a pixel of a drawing without a physical size is, and which program it is from: Illustrator's are
    points; Inkscape's before 0.92 are a 90th of an inch."""
    old = re.search(r"inkscape:version=[\"']0\.(\d+)", root)
    if "Generator: Adobe Illustrator" in text[:2000]:
        return 0.0254 / 72.0, "It is from Illustrator, which does not tell a unit: 72 pixels are taken for an inch."
    if old and int(old[1]) < 92:
        return 0.0254 / 90.0, "It is from an Inkscape before 0.92: 90 pixels are taken for an inch."
    return 0.0254 / 96.0, "It does not tell its unit: 96 pixels are taken for an inch."


def _require_few(text: str, path: str) -> None:
    """Raise TooLarge or Damaged for a drawing whose `use` elements, each carried out, draw endlessly much."""
    root = ElementTree.fromstring(text.encode("utf-8", "replace"), ElementTree.XMLParser(encoding="utf-8"))
    named_ = {each.get("id"): each for each in root.iter() if each.get("id")}
    known: dict[Element, int] = {}
    within: set[Element] = set()

    def count(each: Element) -> int:
        if each in within:
            raise Damaged(f"{path} is damaged: a `use` in it is made of itself")
        if each not in known:
            within.add(each)
            target = next((v for k, v in each.attrib.items() if k.rpartition("}")[2] == "href"), "")
            used = named_.get(target.removeprefix("#")) if each.tag.rpartition("}")[2] == "use" else None
            known[each] = 1 + sum(map(count, each)) + (count(used) if used is not None else 0)
            within.discard(each)
        return known[each]

    if count(root) > _MOST_SHAPES:
        raise TooLarge(f"{path} draws more than {_MOST_SHAPES:,} lines: keep the pattern pieces alone")


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _lines(group: Any, name: str, words: str, used: bool = False) -> Iterator[tuple[str, Line]]:
    """Every line of a group with the name of the innermost group that has one; what is `used` keeps the user's."""
    from svgelements import Circle, Group, Shape, Use

    for element in group:
        if element.values.get("visibility") in _UNSEEN or element.values.get("display") == "none":
            continue
        told = {key: str(value) for key, value in (element.values.get("attributes") or {}).items()}
        label = next((value for key, value in told.items() if key.endswith("label") and "}" in key), "")
        own = " ".join(told.get(key, "") for key in ("class", "id", "marker-start", "marker-end", "href", _LINK))
        own = f"{own} {label}"
        if isinstance(element, Group | Use):
            numbered = isinstance(element, Use) and not _called(told, label)
            own_name = name if numbered else told.get("data-name") or label or _id(told) or name
            called = (name or own_name) if used else own_name
            yield from _lines(element, called, f"{words} {own}", used or isinstance(element, Use))
        elif isinstance(element, Circle) and _role(own, words) == "drill":
            centre = np.array([[element.implicit_center.x, -element.implicit_center.y]])
            yield name, Line((Edge("", np.repeat(centre, 2, axis=0)),), False, "drill", told)
        elif isinstance(element, Shape):
            filled = element.stroke.value is None
            for edges in strokes(element):
                gap = float(np.linalg.norm(edges[-1].end - edges[0].start))
                closed = gap < _CLOSED * max(1.0, sum(edge.length for edge in edges)) and len(edges) > 1
                yield name, Line(edges, closed, _role(own, words), told, _called(told, label), filled)


def _called(told: dict[str, str], label: str) -> str:
    """What a shape is called by whoever drew it; nothing where only the program numbered it, or it says what for it
    is drawn."""
    name = told.get("data-name") or label or _id(told)
    numbered = re.fullmatch(r"[a-zA-Z_-]*\d*", name) and re.match(_NUMBERED, name)
    return "" if numbered or re.fullmatch(_PURPOSE, name) else name


def _id(told: dict[str, str]) -> str:
    """An element's id, in the letters that Illustrator writes as their numbers in it."""
    return re.sub("_x([0-9A-F]{2,4})_", lambda found: chr(int(found[1], 16)), told.get("id", ""))


def _role(own: str, words: str) -> str:
    for text in (own, words):
        for role, pattern in _WORDS.items():
            if re.search(pattern, text, re.I):
                return role
    return ""


def owned(drawn: Drawn, scale: float, notes: list[str]) -> tuple[Panel, ...]:
    """The pieces [m] with all that is drawn in them."""
    panels: list[Panel] = []
    frame = _frame(drawn)
    notes += [FRAMED] if frame is not None else []
    for name, group in drawn.groups:
        lines = [line for line in group if line is not frame]
        found = _pieces(lines, scale)
        for number, (line, cut, others) in enumerate(found, 1):
            own = line.called or (cut.called if cut else "")
            alone = name if len(found) == 1 and not (own and re.fullmatch(_LAYER, name)) else ""
            title = alone or own or f"{name or 'piece'} {number}"
            title = _free(title, panels)
            notes += [nested(title, others, "")] if others else []
            panels.append(_panel(title, line, cut, lines, scale, notes))
    return tuple(panels)


def _frame(drawn: Drawn) -> Line | None:
    """The line that is the edge of the sheet, where one is drawn."""
    import shapely

    closed = [line for _, lines in drawn.groups for line in lines if line.closed]
    found = sheet([shapely.make_valid(shapely.Polygon(line.points())) for line in closed])
    return closed[found] if found is not None else None


def _free(title: str, panels: Sequence[Panel]) -> str:
    taken, name, count = {panel.name for panel in panels}, title, 2
    while name in taken:
        name, count = f"{title} {count}", count + 1
    return name


def _pieces(lines: Sequence[Line], scale: float) -> list[tuple[Line, Line | None, int]]:
    """Sewing lines of a group's pieces, each with the cutting line close round it, if there is one; where several lie
    so in one another, which is none that is said to be either, how many do."""
    import shapely

    closed = [line for line in lines if line.closed and line.role not in ("grain", "notch", "mark", "fold")]
    closed = closed or _joined(lines, scale)
    shapes = [shapely.make_valid(shapely.Polygon(scale * line.points())) for line in closed]
    order = [k for k in sorted(range(len(closed)), key=lambda k: -shapes[k].area) if shapes[k].area > _SMALLEST]
    found: list[tuple[Line, Line | None, int]] = []
    used: set[int] = set()
    for k in order:
        if k in used:
            continue
        used.add(k)
        inside = [n for n in order if n not in used and shapes[k].buffer(_COVERED).contains(shapes[n])]
        said = [n for n in inside if closed[k].role == "cut" and closed[n].role == "sew"]
        near: list[int] = []
        for n in inside:
            if _close(shapes[k], shapes[n]) and not any(_same(shapes[n], shapes[m]) for m in (k, *near)):
                near.append(n)
        unsaid = len(near) > 1 and not closed[k].role
        inner = None if unsaid else next(iter(said or near), None)
        used |= set(inside)
        if inner is not None and closed[k].role != "sew":
            found.append((closed[inner], closed[k], 0))
        else:
            found.append((closed[k], None, len(near) if unsaid else 0))
    return found


def _joined(lines: Sequence[Line], scale: float) -> list[Line]:
    """The closed line that the lines of a group make end to end, where they make one."""
    strokes = [line for line in lines if line.role in ("", "sew", "cut") and line.edges]
    if len(strokes) < 2 or len(strokes) > _MOST_JOINED:
        return []
    try:
        edges = outline([[_scaled(edge, scale) for edge in line.edges] for line in strokes], "", [])
    except Damaged:
        return []
    edges = tuple(_scaled(edge, 1.0 / scale) for edge in edges)
    return [Line(edges, True, "", {}, strokes[0].called, strokes[0].filled, tuple(strokes))]


def _close(outer: Any, inner: Any) -> bool:
    """Whether an outline runs inside another at the distance of a seam allowance all the way."""
    import shapely

    return bool(inner.area > 0.4 * outer.area and shapely.hausdorff_distance(inner, outer) < 2.0 * _WIDEST_ALLOWANCE)


def _same(one: Any, other: Any) -> bool:
    import shapely

    return bool(shapely.hausdorff_distance(one, other) < _TWICE)


def _panel(name: str, line: Line, cut: Line | None, lines: Sequence[Line], scale: float, notes: list[str]) -> Panel:
    import shapely

    edges = _outline(line, scale, f"piece {name}", notes)
    border = scale * (cut or line).points()
    room = shapely.Polygon(border).buffer(0.01)
    mine = [
        each
        for each in lines
        if each not in (line, cut, *line.made_of) and room.contains(shapely.LineString(scale * each.points()))
    ]
    grain: np.ndarray | None = None
    marks: list[Edge] = []
    inner: list[Edge] = []
    drills: list[Drill] = []
    notches: list[tuple[dict[str, str], np.ndarray]] = []
    fold: str | None = None
    for each in mine:
        run = [_scaled(edge, scale, each.told.get("data-name", "")) for edge in each.edges]
        if each.role == "grain" and grain is None:
            grain = np.array([run[0].start, run[-1].end])
        elif each.role == "drill":
            drills.append(Drill(each.told.get("data-name") or f"drill_{len(drills) + 1}", *map(float, run[0].start)))
        elif each.role == "notch":
            notches.append((each.told, scale * each.points().mean(axis=0) if each.closed else run[0].start))
        elif each.role == "fold":
            fold = fold or _fold(edges, run)
        elif each.role == "line" and len(run) == 1 and at_corners(edges, run[0]):
            inner += run
        elif line.filled or not each.filled:  # letters and arrows are shapes without a stroke
            marks += run
    if grain is None:
        notes.append(f"Piece {name} has no grain line.")
    allowances = widths(edges, [np.concatenate([border, border[:1]])]) if cut else {}
    return Panel(name, edges, grain, "", 0.0, allowances, _notches(edges, notches), _numbered(inner, "line"),
                 _numbered(marks, "mark"), tuple(drills), fold)  # fmt: skip


def _fold(edges: Sequence[Edge], run: Sequence[Edge]) -> str | None:
    """The straight edge that a line drawn along it says is the fold."""
    longest = max(run, key=lambda edge: edge.length)
    best: tuple[float, str | None] = (_FOLD_ASIDE, None)
    for edge in edges:
        if edge.straight and longest.straight:
            way, along = (each.end - each.start for each in (longest, edge))
            aside = abs(float(cross(along, longest.at(np.array([0.5]))[0] - edge.start))) / edge.length
            if abs(float(cross(way, along))) < 0.02 * edge.length * longest.length:
                best = min(best, (aside, edge.name))
    return best[1]


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
    lying: list[np.ndarray] = []
    for each, point in found:
        if each.get("data-edge") not in names and not any(np.linalg.norm(point - other) < 1e-3 for other in lying):
            lying.append(point)
    return (*(Notch(edge, float(at), mark) for edge, at, mark in told), *notched(edges, lying))
