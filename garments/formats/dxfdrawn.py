"""What a DXF drawing holds, piece by piece: blocks, blocks in blocks, or lines that lie in the drawing without any.

Programs differ in how they draw the same piece: the outline as one polyline, as many, or as single lines and arcs; the
layers by AAMA's numbers, by words, or not told apart at all. What has no layer that tells is understood by its place:
the outermost closed line is the outline, what lies in it is marked on it. Parsed with ezdxf (MIT).
"""

import codecs
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assets.errors import Damaged, TooLarge, plainly
from assets.files import read_bytes
from garments.formats.dxfwriting import BOUNDARY, CUTOUT, DRILL, GRAIN, INTERNAL, MIRROR, NOTCH, SEWING
from garments.formats.pieces import FRAMED, nested, sheet
from garments.formats.reading import LARGEST_PATTERN

_WORDS = (
    (r"sew|stitch|seam", SEWING), (r"notch", NOTCH), (r"grain", GRAIN), (r"mirror|fold", MIRROR),
    (r"drill|button", DRILL), (r"cut.?out", CUTOUT), (r"intern|mark|draw", INTERNAL),
    (r"bound|outline|contour|\bcut|perimeter", BOUNDARY),
)  # fmt: skip
_DRAWN = ("LINE", "POLYLINE", "LWPOLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE")
_FLATNESS, _JOINED = 2e-5, 1e-4
_SMALLEST = 1e-4
"""A closed line of less than this share of the largest one's area is no piece of its own."""
_NEARLY = 0.6
_DEEPEST, _MOST, _MOST_BLOCKS = 16, 20_000, 20_000
_MOST_POINTS = 100_000
_ENTITIES = re.compile(
    rb"[\r\n][ \t]*0[ \t]*[\r\n]+[ \t]*(?:(VERTEX)|LINE|POLYLINE|LWPOLYLINE|ARC|CIRCLE|ELLIPSE|SPLINE)[ \t]*[\r\n]"
)
_UNLIKELY = "[\u0180-\u036f\ufffd]"
"""Letters that pairs of Chinese bytes come out as where they are read as UTF-8."""
_BINARY = b"AutoCAD Binary DXF"
_EZDXF_DEFAULT = "cp1252"
"""How ezdxf reads the texts of a drawing that does not tell its version, whatever page it tells."""


class Drawing(NamedTuple):
    """A drawing as ezdxf gives it, in which code page ezdxf took its texts to be, and in which it says they are."""

    document: Any
    read_in: str
    page: str | None

    def texts(self, entities: Iterable[Any]) -> dict[str, str]:
        """What the texts say, by the word before the colon, in small letters."""
        found: dict[str, str] = {}
        for text, _ in self.words(entities):
            key, colon, value = text.partition(":")
            if colon:
                found.setdefault(key.strip().lower(), value.strip().strip('"')[:80])
        return found

    def words(self, entities: Iterable[Any]) -> Iterator[tuple[str, np.ndarray]]:
        """Every text with its place [2]."""
        for entity in entities:
            if entity.dxftype() in ("TEXT", "MTEXT"):
                written = [entity.dxf.text] if entity.dxftype() == "TEXT" else entity.plain_text(split=True)
                place = entity.dxf.get("insert", (0.0, 0.0))
                yield from ((self._read(str(line)), np.array([place[0], place[1]], float)) for line in written)

    def _read(self, text: str) -> str:
        """A text in its own letters: drawings of old versions often tell no code page, or the wrong one."""
        plain = text.encode("utf-8", "replace").decode()
        if text.isascii() or not self.read_in.startswith("cp125"):
            return plain
        try:
            raw = text.encode(self.read_in, "surrogateescape")
        except UnicodeEncodeError:
            return plain
        found = raw.decode("utf-8", "replace")
        if not re.search(_UNLIKELY, found):
            return found
        if self.page not in (None, self.read_in):
            return raw.decode(self.page or "", "replace")
        chinese = self.page is None and re.fullmatch(rb"(?:[\xa1-\xfe]{2}|[\x00-\x7f])+", raw)
        return raw.decode("gb18030", "replace") if chinese else plain


def drawing(path: str) -> Drawing:
    """The drawing in a file, whatever its version, binary or text. Raises Damaged, or TooLarge before it is parsed."""
    import ezdxf
    from ezdxf import DXFError, recover

    try:
        data = read_bytes(Path(path), LARGEST_PATTERN, "pattern")
        if data.startswith(_BINARY):
            found = ezdxf.readfile(path)
            return Drawing(found, found.encoding, found.encoding)
        _require_few(data, path)
        found, _ = recover.read(io.BytesIO(data if b"\n" in data else data.replace(b"\r", b"\n")))
    except (DXFError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(f"{path} is damaged: it is no DXF drawing ({plainly(error)})") from error
    head = data[:20_000]
    return Drawing(found, found.encoding if b"$ACADVER" in head else _EZDXF_DEFAULT, _page(head))


def _require_few(data: bytes, path: str) -> None:
    """Raise TooLarge for a drawing of more lines, or more points of lines, than the patterns of any garment have."""
    kinds = Counter(bool(found[1]) for found in _ENTITIES.finditer(data))
    for count, most, what in ((kinds[False], _MOST, "lines"), (kinds[True], _MOST_POINTS, "points")):
        if count > most:
            raise TooLarge(f"{path} draws {count:,} {what}, and a pattern at most {most:,}: keep its pieces alone")


def _page(head: bytes) -> str | None:
    """The code page that a drawing's header tells, as Python calls it; None where it tells none that there is."""
    told = re.search(rb"\$DWGCODEPAGE\s+3\s+\w*?(\d{3,5})\b", head)
    try:
        return codecs.lookup(f"cp{told[1].decode()}").name if told else None
    except LookupError:
        return None


class Drawn:
    """A piece's lines and points by layer, in the drawing's unit, what its texts say, and at which points they name
    which rule of grading."""

    def __init__(
        self, entities: Iterable[Any], told: dict[str, str], name: str, rules: Sequence[tuple[np.ndarray, int]] = ()
    ) -> None:
        self.rules = rules
        self.notes: list[str] = []
        self.strokes: dict[int, list[np.ndarray]] = {}
        self.points: dict[int, list[np.ndarray]] = {}
        for entity in entities:
            layer, kind = _layer(entity), entity.dxftype()
            if kind == "POINT" or (kind == "CIRCLE" and layer == DRILL):
                place = entity.dxf.location if kind == "POINT" else entity.ocs().to_wcs(entity.dxf.center)
                self.points.setdefault(layer, []).append(np.array([place.x, place.y]))
            elif (points := _stroke(entity)) is not None:
                self.strokes.setdefault(layer, []).append(points)
        self.size = told.get("size", "")
        suffix = f"_{self.size}" if self.size else ""
        self.title = told.get("piece name") or (name.removesuffix(suffix) if suffix else name)
        self.quantity = told.get("quantity", "")

    @property
    def has_outline(self) -> bool:
        return bool(self.strokes.get(BOUNDARY) or self.strokes.get(SEWING))

    @property
    def extent(self) -> float:
        points = np.concatenate([*self.strokes.get(BOUNDARY, []), *self.strokes.get(SEWING, [])])
        return float(np.ptp(points, axis=0).max())


def pieces(drawn: Drawing) -> list[Drawn]:
    """All pieces of a drawing: blocks that draw one, else what is closed in a block or in the drawing itself."""
    blocks = {b.name: b for b in drawn.document.blocks if not b.name.startswith(("*", "_")) and len(b)}
    within = {each.dxf.name for block in blocks.values() for each in block if each.dxftype() == "INSERT"}
    top = [name for name in blocks if name not in within] or list(blocks)
    seen: set[str] = set()
    found = [piece for name in top for piece in _of(blocks[name], blocks, drawn, seen)]
    found = found or [piece for name in top for piece in _loose(blocks[name], drawn.texts(blocks[name]), name)]
    return found or list(_loose(drawn.document.modelspace(), {}, "piece"))


def _of(block: Any, blocks: dict[str, Any], drawing: Drawing, seen: set[str]) -> Iterator[Drawn]:
    """The piece that a block draws, or those of the blocks in it; nothing of blocks that were seen."""
    if block.name in seen or len(seen) > _MOST_BLOCKS:
        return
    seen.add(block.name)
    told, rules = drawing.texts(block), list(_rules(drawing.words(block)))
    own = Drawn(block, told, block.name, rules)
    inner = [each.dxf.name for each in block if each.dxftype() == "INSERT" and each.dxf.name in blocks]
    if own.has_outline or ("piece name" in told and inner):
        whole = own if not inner else Drawn(_entities(block, 0, []), told, block.name, rules)
        if whole.has_outline:
            yield whole
            return
    for name in dict.fromkeys(inner):
        yield from _of(blocks[name], blocks, drawing, seen)


def _rules(words: Iterable[tuple[str, np.ndarray]]) -> Iterator[tuple[np.ndarray, int]]:
    for text, place in words:
        found = re.fullmatch(r"\s*#\s*(\d{1,6})\s*", text)
        if found:
            yield place, int(found[1])


def _entities(block: Iterable[Any], depth: int, count: list[int]) -> Iterator[Any]:
    """The entities of a block and of those that are placed in it, where they lie."""
    for entity in block:
        count.append(1)
        if len(count) > _MOST:
            raise TooLarge("a piece of this drawing has more lines than any garment: keep the pattern pieces alone")
        if entity.dxftype() != "INSERT":
            yield entity
        elif depth < _DEEPEST:
            yield from _entities(entity.virtual_entities(), depth + 1, count)


def _loose(space: Iterable[Any], told: dict[str, str], name: str) -> Iterator[Drawn]:
    """Closed lines, drawn in one or in many strokes, that lie in no other: each a piece with what lies in it."""
    import shapely

    entities = list(_entities(space, 0, []))
    drawn = Drawn(shown := [each for each in entities if _shown(each)], told, name)
    notes = (
        [f"Lines that the drawing hides, {hidden} of them, are left out."]
        if (hidden := len(entities) - len(shown))
        else []
    )
    rings = [(layer, ring) for layer, strokes in drawn.strokes.items() for ring in _rings(strokes)]
    shapes = [shapely.make_valid(shapely.Polygon(ring)) for _, ring in rings]
    largest = max((shape.area for shape in shapes), default=0.0)
    order = [
        k for k in sorted(range(len(rings)), key=lambda k: -shapes[k].area) if shapes[k].area > _SMALLEST * largest
    ]
    if (edge := sheet([shapes[k] for k in order])) is not None:
        order.pop(edge)
        notes.append(FRAMED)
    outer: list[int] = []
    for k in order:
        if not any(shapes[n].buffer(1e-6).contains(shapes[k]) for n in outer):
            outer.append(k)
    for number, k in enumerate(sorted(outer), 1):
        title = name if told.get("piece name") or (len(outer) == 1 and name != "piece") else f"{name} {number}"
        piece = Drawn((), told, title)
        piece.notes = [
            *notes,
            *_nested(title, [shapes[n] for n in order if n != k and rings[n][0] != SEWING], shapes[k]),
        ]
        piece.strokes[BOUNDARY] = [rings[k][1]]
        wide = float(np.ptp(rings[k][1], axis=0).max())
        room, border = shapes[k].buffer(0.02 * wide), shapely.LineString(rings[k][1]).buffer(_JOINED * wide)
        shapely.prepare((room, border))
        for layer, strokes in drawn.strokes.items():
            lines = [shapely.LineString(each) for each in strokes]
            within = shapely.contains(room, lines) & ~shapely.contains(border, lines)
            kept = [each for each, inside in zip(strokes, within, strict=True) if inside]
            role = layer if layer not in (0, BOUNDARY) else INTERNAL
            piece.strokes.setdefault(role, []).extend(kept)
        for layer, points in drawn.points.items():
            piece.points[layer] = [point for point in points if room.contains(shapely.Point(point))]
        yield piece


def _shown(entity: Any) -> bool:
    """Whether an entity is seen: it may be hidden itself, or its layer be off or frozen."""
    layers, called = entity.doc.layers if entity.doc else {}, entity.dxf.get("layer", "0")
    layer = layers.get(called) if called in layers else None
    return not entity.dxf.get("invisible", 0) and (layer is None or not (layer.is_off() or layer.is_frozen()))


def _nested(title: str, others: Sequence[Any], shape: Any) -> list[str]:
    """What to tell of outlines in a piece that are nearly as large as it."""
    count = sum(1 for other in others if other.area > _NEARLY * shape.area and shape.buffer(1e-6).contains(other))
    advice = ', or as blocks with a text like "Size: S"; a sewing line belongs on layer 14'
    return [nested(title, count, advice)] if count else []


def _rings(strokes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Closed lines [k, 2] among strokes, joined end to end where they meet."""
    from scipy.spatial import cKDTree

    near = _JOINED * float(np.ptp(np.concatenate(strokes), axis=0).max())
    tree, taken = cKDTree([end for each in strokes for end in (each[0], each[-1])]), np.zeros(len(strokes), bool)
    found = []
    for number, stroke in enumerate(strokes):
        if taken[number]:
            continue
        taken[number], chain = True, [stroke]
        while np.linalg.norm(stroke[0] - chain[-1][-1]) > near:
            end = _end_at(tree, chain[-1][-1], near, taken)
            if end is None:
                break
            taken[end // 2] = True
            chain.append(strokes[end // 2][:: 1 - 2 * (end % 2)])
        points = np.concatenate([stroke, *(each[1:] for each in chain[1:])])
        if len(points) > 3 and np.linalg.norm(points[0] - points[-1]) <= near:
            found.append(np.concatenate([points[:-1], points[:1]]))
    return found


def _end_at(tree: Any, place: np.ndarray, near: float, taken: np.ndarray) -> int | None:
    """The end that is nearest to a place among those in the tree, two a stroke, whose stroke is not `taken` [n]; None
    where none lies near."""
    asked = 8
    while True:
        away, ends = tree.query(place, k=min(asked, tree.n), distance_upper_bound=near)
        there = np.isfinite(away)
        free = [(far, int(end)) for far, end in zip(away[there], ends[there], strict=True) if not taken[end // 2]]
        if free:
            return min(free)[1]
        if asked >= tree.n or not there.all():
            return None
        asked *= 4


def _layer(entity: Any) -> int:
    """AAMA's number of a layer, by its own number or by what it is called."""
    called = str(entity.dxf.get("layer", "0"))
    for pattern, layer in _WORDS:
        if re.search(pattern, called, re.IGNORECASE):
            return layer
    found = re.search(r"\d{1,4}", called)
    return int(found[0]) if found else 0


def _stroke(entity: Any) -> np.ndarray | None:
    """The points [k, 2] of a line of any kind; None of what is no line."""
    from ezdxf import path

    if entity.dxftype() not in _DRAWN:
        return None
    try:
        way = path.make_path(entity)
        ends = np.array([tuple(p)[:2] for p in way.control_vertices()], float)
        size = float(np.ptp(ends, axis=0).max())
        points = np.array([tuple(p)[:2] for p in way.flattening(_FLATNESS * size, 8)], float) if size > 0.0 else ends
    except (TypeError, ValueError, ArithmeticError, LookupError):
        return None
    good = len(points) > 1 and np.isfinite(points).all() and np.ptp(points, axis=0).max() > 0.0
    return points if good else None
