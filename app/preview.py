"""What the window asks while a hand moves a slider: the body that follows at once and the garments that go along.

Answered a frame at a time on a lane of its own kind, so that the newest wish is always next and nothing piles up. A
preview is marked as one and never mapped; the drape that follows takes its place. (Immediate feedback before the true
result: Sketchpad's, 1963, and every renderer's since.)
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.project import AUTO, Project, Wish
from app.scenes.figure import figure
from app.scenes.painting import painted
from app.scenes.posing import Rig
from app.scenes.trimming import trimmed
from app.stage import Shown, Worn, of_garment
from assets.progress import Progress, silent
from render.scene import Item, Scene

if TYPE_CHECKING:
    from body.estimate import Evidence
    from garments.garment import Garment

ALIKE = 0.3
"""Shapes whose betas differ no more than this hold their arms alike."""
SWING = 0.05
"""A limb moves so far [m] in a frame at most, for cloth to go along."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """The drape that previews start from: its number, the person's body and the numbers known of them then, and what
    they wear."""

    number: int
    rig: Rig
    evidence: "Evidence"
    worn: tuple[Worn, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What the next frame goes towards: numbers, garments, and the turns of a pose [55, 3], None at ease; nothing that
    does not change while one drags."""

    evidence: "Evidence"
    wishes: tuple[Wish, ...]
    turns: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """A frame: the surfaces by their vertices [m] and normals; whether nothing moves any more. `items` is None where
    those of an earlier frame from the same start serve with new vertices."""

    items: tuple[Item, ...] | None
    surfaces: tuple[tuple[np.ndarray, np.ndarray | None], ...]
    resting: bool

    def scene(self, items: tuple[Item, ...]) -> Scene:
        """The picture, on the items of this or an earlier frame."""
        pairs = zip(items, self.surfaces, strict=True)
        return Scene(tuple(replace(item, vertices=at, normals=normals) for item, (at, normals) in pairs))


def start(number: int, project: Project, shown: Shown) -> Start | None:
    """Where previews start from a try-on; None where they cannot: on a body model that a person brought."""
    if shown.rig is None or len(shown.worn) != len(project.wishes):
        return None
    return Start(number, shown.rig, _numbers(project.evidence), shown.worn)


def wanted(before: Project, after: Project, turns: np.ndarray | None = None) -> Wanted | None:
    """What a preview shows of a change, in a pose; None where only the drape itself can: other photos, other
    garments."""
    one, two = before.evidence, after.evidence
    same = all(getattr(one, name) is getattr(two, name) for name in ("photos", "scan"))
    same = same and all(getattr(one, name) == getattr(two, name) for name in ("sex", "age", "person"))
    if not same or [wish.design for wish in before.wishes] != [wish.design for wish in after.wishes]:
        return None
    return Wanted(_numbers(two), after.wishes, turns)


def take_up(start: Start, progress: Progress = silent) -> None:
    """Make ready to go on from a drape, so that the first frame does not wait for it; also after another preview did.
    Raises ValueError for a drape on other meshes than Toile now makes."""
    global _session
    from body.measure import ruler

    if _session is None or _session.number != start.number or _session.moved:
        _session = _Session(start)
    ruler(_session.model)
    figure(_session.body)


def frame(
    number: int, start: Start | None, wanted: Wanted, whole: bool = True, progress: Progress = silent
) -> Glimpse | None:
    """The next frame from the start of this number; None where the lane does not know it and it was not sent."""
    global _session
    if _session is None or _session.number != number:
        if start is None:
            return None
        _session = _Session(start)
    return _session.frame(wanted, whole)


class _Session:
    """One drape on its way to something else."""

    def __init__(self, start: Start) -> None:
        from body.model import load_model
        from garments.preview import Preview

        self.number, self.model = start.number, load_model()
        self.evidence, self.worn = start.evidence, start.worn
        self.wishes: list[tuple] = []
        self.moved = False
        rig = start.rig
        self.body = self.model.body(rig.betas, rig.ease, rig.detail)
        self.betas = self._eased = np.asarray(rig.betas, float)
        self._ease = self._turns = np.asarray(rig.ease, float)
        garments = [_made(worn, None) for worn in start.worn]
        draped = [worn.positions for worn in start.worn]
        self.preview = Preview(garments, draped, self.body.vertices, self.model.skin_faces) if garments else None

    def frame(self, wanted: Wanted, whole: bool) -> Glimpse:
        self.moved = True
        self._follow(wanted.evidence, wanted.turns)
        if self.preview is not None and (wishes := _told(wanted.wishes)) != self.wishes:
            made = [_made(worn, wish) for worn, wish in zip(self.worn, wanted.wishes, strict=True)]
            self.preview.wear(made)
            self.wishes, whole = wishes, True
        if self.preview is None:
            return _seen(figure(self.body), whole, True)
        self.preview.frame()
        at = replace(self.body, vertices=self.preview.skin)
        return _seen((*figure(at), *self._garments()), whole, self.preview.resting)

    def _follow(self, evidence: "Evidence", turns: np.ndarray | None) -> None:
        """The body as the numbers now have it, on its way to the pose."""
        reshaped = not _same(self.evidence, evidence) and self._reshape(evidence)
        target = self._ease if turns is None else np.asarray(turns, float)
        turned = not np.array_equal(target, self._turns)
        if not (reshaped or turned):
            return
        body = self.model.body(self.betas, target, self.body.detail)
        if turned and self.preview is not None:
            far = float(np.linalg.norm(body.vertices - self.body.vertices, axis=1).max())
            if far > SWING:
                target = _between(self._turns, target, SWING / far)
                body = self.model.body(self.betas, target, self.body.detail)
        self._turns, self.body = target, body
        if self.preview is not None:
            self.preview.follow(body.vertices)

    def _reshape(self, evidence: "Evidence") -> bool:
        """Whether the shape became another by these numbers; one that cannot be stays, and the estimate says why."""
        from assets.errors import ToileError
        from body.hasty import changed, said
        from body.poses import at_ease

        try:
            betas = changed(self.model, self.betas, self.body.detail, evidence.sex, said(self.evidence), said(evidence))
        except ToileError:
            return False
        if np.abs(betas - self._eased).max() > ALIKE:
            self._ease, self._eased = np.asarray(at_ease(self.model, betas), float), betas
        self.evidence, self.betas = evidence, betas
        return True

    def _garments(self) -> list[Item]:
        assert self.preview is not None
        items = []
        for number, (made, cloth) in enumerate(zip(self.preview.garments, self.preview.cloths, strict=True)):
            vertices, normals = self.preview.shape(number)
            bare = trimmed(made, cloth, pressed=False).item(made.name, vertices, normals)
            items.append(painted(bare, of_garment(made)))
        return items


_session: _Session | None = None


def _made(worn: Worn, wish: Wish | None) -> "Garment":
    """The garment that was worn, or what is wished in its place; a size left to Toile stays."""
    from garments.garment import Cut, sewn

    if wish is None:
        return sewn(worn.cut, worn.fabric)
    size = worn.cut.size if wish.size in (AUTO, worn.cut.size) else wish.size
    wearer = worn.cut.wearer if size == worn.cut.size else None
    cut = Cut(wish.design, size, worn.cut.chart, wish.options, wearer, wish.alterations)
    return replace(sewn(cut, wish.fabric, colourway=wish.colours), held=wish.held)


def _numbers(evidence: "Evidence") -> "Evidence":
    return replace(evidence, photos=(), scan=None)


def _seen(items: tuple[Item, ...], whole: bool, resting: bool) -> Glimpse:
    return Glimpse(items if whole else None, tuple((item.vertices, item.normals) for item in items), resting)


def _between(one: np.ndarray, two: np.ndarray, share: float) -> np.ndarray:
    """Turns [55, 3] on the shortest way from one pose to another."""
    from body.posing.skeleton import matrices, vectors

    start = matrices(one)
    way = vectors(start.transpose(0, 2, 1) @ matrices(two))
    return vectors(start @ matrices(share * way))


def _same(one: "Evidence", two: "Evidence") -> bool:
    return (one.height, one.mass, dict(one.tapes)) == (two.height, two.mass, dict(two.tapes))


def _told(wishes: tuple[Wish, ...]) -> list[tuple]:
    return [(wish.design, wish.size, wish.fabric, wish.options, wish.alterations, wish.held) for wish in wishes]
