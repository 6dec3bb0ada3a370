"""What a person made in Toile: who is dressed, what they wear, how it is looked at.

A Project is a frozen value. It is all that undo restores and a file saves; drapes, fits and scenes follow from it
and are named by `Project.key`, the digest of what they follow from.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assets.files import asset
from body.estimate import Evidence
from garments.atlas import BY_NAME
from garments.colours.colourway import PLAIN, Colourway
from garments.colours.palette import shade
from garments.designs import design
from garments.garment import READY_MADE_FABRIC
from garments.pinning import NOTHING, Held

if TYPE_CHECKING:
    from body.frame import Frame
    from body.poses import Pose
    from body.scan import Scan
    from garments.imported.readymade import ReadyMade

AUTO = "auto"
MAPS = ("look", *BY_NAME)
MOST_PHOTOS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """One garment to wear: a design's name, a size of the chart, "auto" or "made to measure", a fabric's name or the
    design's own.

    `colour` is sRGB as "#RRGGBB", or None for the fabric's own; `colourway` what differs from it. `made`: a garment
    from a file, by whose name `design` goes; it has one size. `chart`: the size chart, as garments.grading.charts_for
    takes it. `options` of the design that differ from its own; `alterations` are added to them for this person.
    `article`: its id where it is from a catalogue. `likes`: the fit that is liked, one of garments.sizing.PREFERENCES,
    None where nobody said. `held`: pins and tacks that hold it in the drape.
    """

    design: str
    size: str = AUTO
    fabric: str | None = None
    colour: str | None = None
    made: "ReadyMade | None" = None
    chart: str | None = None
    options: Mapping[str, float] = field(default_factory=dict)
    alterations: Mapping[str, float] = field(default_factory=dict)
    colourway: Colourway = PLAIN
    article: str = ""
    likes: str | None = None
    held: Held = NOTHING

    @property
    def colours(self) -> Colourway:
        """The colourway with the wish's colour."""
        return replace(self.colourway, colour=shade(self.colour)) if self.colour else self.colourway


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """How maps are coloured: the values [SI] at the ends of scales that a person chose, by map (of a change by "change
    of" map); in bands or smooth; up to each fabric's limit or all alike; with a pattern besides colour or without."""

    most: Mapping[str, float] = field(default_factory=dict)
    banded: bool = False
    by_limit: bool = False
    pattern: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """How the result is looked at.

    - map: one of MAPS, on its scale, or its change `against` the drape of another project, by its key.
    - four views or one, with tape lines and the `ghost` of the body before, or without; `xray`: through the cloth.
    - beside: the key of a project whose drape stands next to this one; section: the height of a cut [m].
    - light: one of render.setups.SETUPS; tone: of render.scene.TONES; background: as app.appearance reads it, "" the
      window's own.
    """

    map: str = "look"
    four: bool = False
    tapes: bool = False
    ghost: bool = False
    scaling: Scaling = field(default_factory=Scaling)
    against: str | None = None
    light: str = "studio"
    tone: str = "neutral"
    background: str = ""
    xray: bool = False
    beside: str | None = None
    section: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """Everything that is saved and undone. `pose` None: standing at ease, as garments are draped. `lent`: what is known
    of the sample's person, as long as she is shown: she makes way for one's own photos."""

    evidence: Evidence = field(default_factory=Evidence)
    wishes: tuple[Wish, ...] = ()
    view: View = field(default_factory=View)
    pose: "Pose | None" = None
    lent: Evidence | None = None

    @property
    def person_key(self) -> str:
        """The digest of what is known of the person."""
        told = self.evidence
        numbers = [told.height, told.mass, told.sex, told.age, sorted(told.tapes.items()), told.person, told.remarks]
        seen = [(_frame_digest(photo), photo.burst, photo.aim) for photo in told.photos]
        scanned = [_scan_digest(told.scan), told.scan_detail] if told.scan else None
        return _digest([numbers, seen, scanned])

    @property
    def key(self) -> str:
        """The digest of what results follow from: the person and the garments; not their colours, which are painted on
        any drape, nor the view, nor the pose."""
        return _digest([self.person_key, [_wish_key(wish) for wish in self.wishes]])


def own_fabric(wish: Wish) -> str:
    """The name of the fabric that a garment is of."""
    return wish.fabric or (READY_MADE_FABRIC if wish.made else design(wish.design).FABRIC)


def taped(evidence: Evidence, name: str, value: float | None) -> Evidence:
    """The same evidence with one measure taped [m], or no longer taped."""
    tapes = {known: length for known, length in evidence.tapes.items() if known != name}
    if value is not None:
        tapes[name] = float(value)
    return replace(evidence, tapes=tapes)


def sample() -> Project:
    """The try-on that a first start opens: the synthetic person of assets/samples, by two photos and their height.

    Reads the pictures, which takes a moment.
    """
    from body.frame import load_picture

    told = json.loads(asset("samples", "sample.json").read_text())
    photos = tuple(load_picture(asset("samples", name)) for name in ("front.jpg", "side.jpg"))
    evidence = Evidence(height=told["measurements"]["stature"], sex=told["sex"], photos=photos)
    return Project(evidence, (Wish("tee"), Wish("skirt")), lent=evidence)


def _wish_key(wish: Wish) -> list:
    cut = [sorted(wish.options.items()), sorted(wish.alterations.items())]
    asked = [wish.design, wish.size, wish.fabric, *cut, _chart_key(wish.chart)]
    asked.append(_made_digest(wish.made) if wish.made else None)
    return [*asked, *([wish.likes] if wish.likes else []), *([wish.held.plain()] if wish.held else [])]


def _chart_key(named: str | None) -> list:
    """A chart's name; of a person's own table the file's name and what is in it, wherever it lies."""
    table = Path(named) if named and named.lower().endswith(".csv") else None
    if table is None or not table.is_file():
        return [named, None]
    return [table.name, hashlib.sha256(table.read_bytes()).hexdigest()]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


@lru_cache(maxsize=64)
def _frame_digest(frame: "Frame") -> str:
    return hashlib.sha256(repr(frame.pixels.shape).encode() + frame.pixels.tobytes()).hexdigest()


@lru_cache(maxsize=4)
def _scan_digest(scan: "Scan") -> str:
    return hashlib.sha256(repr(scan.points.shape).encode() + scan.points.tobytes()).hexdigest()


@lru_cache(maxsize=16)
def _made_digest(made: "ReadyMade") -> str:
    arrays = (made.vertices, made.faces, made.flat, made.panel)
    return hashlib.sha256(b"".join([str(made.cut).encode(), *(array.tobytes() for array in arrays)])).hexdigest()
