"""What in a catalogue looks like a garment of it, or like a picture; and in what way.

Each article is looked at once, in its own picture or else in a plain one that we make of it without a drape
(garments/stock/flatshot.py); the few numbers of that are kept by what they follow from. A picture that is asked with is
looked at and let go: neither it nor anything of a face is kept. Where a person wears what is meant, the cloth is looked
for between shoulders and knees, never above.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.shop.catalogues import SIZE, cut_of, mannequin
from assets import files
from assets.errors import InputRefused, ToileError
from assets.lab import from_lab
from assets.progress import Progress, silent
from garments.colours.palette import named
from garments.designs import designs
from garments.recommend.content import content
from garments.stock.articles import Article
from garments.stock.seen import Look, balanced, cloth_of, grown, look, nearness

if TYPE_CHECKING:
    from body.frame import Frame
    from body.pose import Person
    from garments.cloth import Cloth
    from garments.garment import Garment

LAYOUT = 2
PARTS = ("all", "top", "bottom")
_WEIGHTS = {"colour": 0.3, "texture": 0.15, "outline": 0.4, "kind": 0.2}
_VOTES = 9
"""Garments of the nearest outlines that say what kind a picture shows, where nobody said."""
_NEAR, _SAME_LENGTH = 0.55, 0.05
_ALIKE = 0.8
_WORDS = {
    "plain": "plain, too", "stripes across": "stripes across, too", "stripes along": "stripes along, too",
    "patterned": "patterned, too",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was seen of a garment; `low`: how high it ends on a person [m], `kind` and `design` as of Content; None and
    "" where a picture does not tell."""

    look: Look
    low: float | None = None
    kind: str = ""
    design: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Like:
    """An article that is like it: how much, from 0 to 1, in what parts, and why in words."""

    id: str
    title: str
    share: float
    parts: dict[str, float]
    why: tuple[str, ...]

    def plain(self) -> dict:
        """As JSON."""
        parts = {name: round(part, 3) for name, part in self.parts.items()}
        return {"id": self.id, "title": self.title, "like": round(self.share, 3), "parts": parts, "why": list(self.why)}


def like(
    asked: Seen, articles: Sequence[Article], count: int = 8, progress: Progress = silent
) -> tuple[tuple[Like, ...], tuple[str, ...]]:
    """The articles that are most like what was seen, and what to know of the answer."""
    looked: list[tuple[Article, Seen]] = []
    for number, told in enumerate(articles):
        progress(number / max(len(articles), 1), f"looking at {told.name}")
        with suppress(ToileError):
            looked.append((told, seen(told)))
    kinds, unseen = _kinds(asked, [its for _, its in looked]), len(articles) - len(looked)
    found = [_compared(asked, told, its, kinds) for told, its in looked]
    notes = (
        []
        if asked.look.outline is not None
        else ["the picture does not tell the outline: colour and texture alone count"]
    )
    notes += [f"{unseen} garments could not be looked at"] if unseen else []
    return tuple(sorted(found, key=lambda one: (-one.share, one.id))[:count]), tuple(notes)


def seen(told: Article) -> Seen:
    """What an article looks like, looked at now if it was not yet. Raises ToileError where it cannot be."""
    if told.trouble:
        raise InputRefused(f"{told.name} cannot be looked at: {told.trouble}")
    kept = _kept(told)
    with suppress(OSError, ValueError, LookupError, TypeError):
        return _read(json.loads(kept.read_text(encoding="utf-8")), told)
    made = _looked_at(told)
    outline = None if made.look.outline is None else made.look.outline.round(4).tolist()
    files.write_json(kept, {
        "colours": made.look.colours.round(2).tolist(), "texture": made.look.texture.round(4).tolist(),
        "outline": outline, "low": made.low,
    })  # fmt: skip
    return _read(json.loads(kept.read_text(encoding="utf-8")), told)


def in_picture(frame: "Frame", part: str = "all") -> Seen:
    """What is seen of cloth in a picture, `part` of what a person there wears. Raises InputRefused where nothing is, or
    where several people are."""
    from body.pose import people

    found = people(frame)
    if len(found) > 1:
        raise InputRefused(f"{len(found)} people are in the picture: cut it so that one is, or a garment alone")
    made = _dressed(frame.pixels, found[0], part) if found else None
    if made is None:
        mask, whole = cloth_of(frame.pixels)
        made = look(balanced(frame.pixels, mask), mask, whole)
    if made is None:
        raise InputRefused("no cloth is to be seen in the picture: take one with the garment in its middle")
    return Seen(made, kind="" if part == PARTS[0] else part)


def _dressed(pixels: np.ndarray, person: "Person", part: str) -> Look | None:
    """What a person wears: the piece of cloth that the trunk is a part of, where it is one garment's, else the trunk's
    colours and texture. None where too little of it is seen."""
    trunk = _worn(person, part)
    pixels = balanced(pixels, person.mask > 0.3)
    cloth = grown(pixels, trunk, person.mask > 0.6)
    if cloth is not None and _ends(person, cloth, part):
        return look(pixels, cloth)
    return look(pixels, trunk, whole=False)


def _kinds(asked: Seen, looked: Sequence[Seen]) -> dict[str, float]:
    """How likely each kind is what is seen, where it is not told: by the garments with the nearest outlines."""
    if asked.kind:
        return {asked.kind: 1.0}
    near = sorted(((nearness(asked.look, its.look).get("outline", 0.0), its.kind) for its in looked), reverse=True)
    found: dict[str, float] = {}
    for outline, kind in near[:_VOTES]:
        found[kind] = found.get(kind, 0.0) + outline**2
    total = sum(found.values())
    return {kind: vote / total for kind, vote in found.items()} if total > 0.0 else {}


def _compared(asked: Seen, told: Article, its: Seen, kinds: Mapping[str, float]) -> Like:
    parts = dict(nearness(asked.look, its.look))
    if kinds:
        same = kinds.get(its.kind, 0.0)
        parts["kind"] = 0.6 * same + 0.4 * (asked.design == its.design) if asked.design else same
    share = sum(_WEIGHTS[name] * part for name, part in parts.items()) / sum(_WEIGHTS[name] for name in parts)
    why: list[tuple[float, str]] = []
    if parts["colour"] > _NEAR:
        shade = named(tuple(from_lab(its.look.colours[0]).clip(0.0, 1.0))).english.lower()
        why.append((parts["colour"], f"colour near: {shade}"))
    if asked.look.pattern == its.look.pattern:
        why.append((parts["texture"], _WORDS[its.look.pattern]))
    if parts.get("outline", 0.0) > _ALIKE:
        why.append((parts["outline"], "outline alike"))
    if asked.design and asked.design == its.design:
        why.append((1.0, f"{designs()[its.design].TITLE.lower()}, too"))
    if asked.low is not None and its.low is not None and asked.kind == its.kind != "":
        off = its.low - asked.low
        why.append(
            (
                0.5,
                "same length"
                if abs(off) < _SAME_LENGTH
                else f"{abs(100 * off):.0f} cm {'shorter' if off > 0 else 'longer'}",
            )
        )
    return Like(told.id, told.name, share, parts, tuple(words for _, words in sorted(why, key=lambda one: -one[0])))


def _looked_at(told: Article) -> Seen:
    from body.frame import load_picture
    from garments.stock.flatshot import flatshot

    if told.picture is not None:
        return in_picture(load_picture(told.picture))
    if told.design is None:
        raise InputRefused(f"{told.name} is a mesh without a picture: give it one")
    assert told.design is not None
    made_of = (told.design, tuple(sorted((told.options or {}).items())), told.fabric, cut_of(told)[1])
    garment, cloth, places = _laid(*made_of)
    made = look(*flatshot(garment, told.colourway(), cloth, places))
    if made is None:
        raise InputRefused(f"too little is to be seen of {told.name}")
    return Seen(made, round(float(places[:, 1].min()), 3))


@lru_cache(maxsize=8)
def _laid(design: str, options: tuple, fabric: str | None, sex: str) -> "tuple[Garment, Cloth, np.ndarray]":
    """A garment round the mannequin: other colours of it lie alike."""
    from garments.garment import Cut, sewn
    from garments.stock.flatshot import laid

    made = sewn(Cut(design, SIZE, sex, dict(options)), fabric)
    return made, *laid(made, mannequin(sex))


def _worn(person: "Person", part: str) -> np.ndarray:
    """The person's cloth [h, w]: of the mask what lies between the shoulders and the hips, the hips and the knees, or
    both, and not beside the trunk, where arms are."""
    from body.pose import LEFT_HIP, LEFT_KNEE, LEFT_SHOULDER, RIGHT_HIP, RIGHT_KNEE, RIGHT_SHOULDER

    points = person.points
    shoulders, hips, knees = (
        points[list(pair)] for pair in ((LEFT_SHOULDER, RIGHT_SHOULDER), (LEFT_HIP, RIGHT_HIP), (LEFT_KNEE, RIGHT_KNEE))
    )
    top, middle, bottom = (float(pair[:, 1].mean()) for pair in (shoulders, hips, knees))
    start = top + 0.15 * (middle - top) if part != "bottom" else middle
    end = bottom if part != "top" else middle
    across = np.concatenate([shoulders, hips])[:, 0]
    y, x = np.mgrid[: person.mask.shape[0], : person.mask.shape[1]]
    return (person.mask > 0.6) & (y > start) & (y < end) & (x > across.min()) & (x < across.max())


def _ends(person: "Person", cloth: np.ndarray, part: str) -> bool:
    """Whether cloth that was grown [h, w] is one garment's: a top does not reach the knees, trousers and skirts do not
    reach the shoulders, and what is worn does not reach over the face."""
    from body.pose import LEFT_HIP, LEFT_KNEE, LEFT_SHOULDER, RIGHT_HIP, RIGHT_KNEE, RIGHT_SHOULDER

    rows = np.flatnonzero(cloth.mean(axis=1) > 0.004)
    if not len(rows):
        return False
    shoulders, hips, knees = (
        float(person.points[list(pair)][:, 1].mean())
        for pair in ((LEFT_SHOULDER, RIGHT_SHOULDER), (LEFT_HIP, RIGHT_HIP), (LEFT_KNEE, RIGHT_KNEE))
    )
    if rows[0] < shoulders - 0.35 * (hips - shoulders):
        return False
    return (part != "top" or rows[-1] < knees) and (part != "bottom" or rows[0] > 0.5 * (shoulders + hips))


def _read(told: dict, article: Article) -> Seen:
    outline = None if told["outline"] is None else np.array(told["outline"])
    mine = content(article)
    found = Look(np.array(told["colours"]), np.array(told["texture"]), outline)
    return Seen(found, told["low"], mine.kind, mine.design)


def _kept(told: Article) -> Path:
    """Where the numbers of an article lie, by all that they follow from."""
    parts: list[object] = [LAYOUT, told.design, sorted((told.options or {}).items()), told.fabric, told.dress,
                           sorted({"men", "women"} & set(told.tags))]  # fmt: skip
    for path in (told.picture, *told.prints()):
        parts.append([str(path), path.stat().st_mtime_ns, path.stat().st_size] if path else None)
    folder = files.user_cache() / "likeness"
    folder.mkdir(exist_ok=True)
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
    return folder / f"{digest[:32]}.json"
