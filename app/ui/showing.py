"""How the person is shown: in which light, before what, beside which earlier drape, cut open, with its pins."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.project import View
from app.scenes.appearance import SWEEP, backdrop
from app.scenes.section import of_shown
from app.scenes.tapes import through_cloth
from app.stage import map_scene
from app.ui.dialogs import open_file
from app.ui.photos import PICTURES
from app.ui.pinning import Pinning
from app.ui.section import SectionCard
from app.ui.studio import Studio
from app.ui.viewport import Viewport
from assets.errors import ToileError
from assets.units import show
from render.setups import SETUPS, lit

if TYPE_CHECKING:
    from app.scenes.section import Cut
    from app.stage import Shown
    from render.scene import Backdrop, Scene

WAIST = 0.62
"""Where a cross-section begins, as a part of the height."""
WHITE = "#FFFFFF"
LEAST, MOST_TOLD = 0.005, 2  # differences of ease [m] that are told beside a drape, and how many
Change = Callable[[View], tuple[str, View]]


def _light(name: str) -> Change:
    return lambda view: ("Light", replace(view, light=name))


def _background(words: str) -> Change:
    return lambda view: ("Background", replace(view, background=words))


CHANGES: dict[str, Change] = {
    **{f"light {name}": _light(name) for name in SETUPS},
    "agx": lambda view: ("Contrast", replace(view, tone="neutral" if view.tone == "agx" else "agx")),
    "background": _background(""),
    "background sweep": _background(SWEEP),
    "background white": _background(WHITE),
    "xray": lambda view: ("X-ray", replace(view, xray=not view.xray)),
}
"""What the name of an action changes: the name of the step, and the view after it."""


def eases(shown: "Shown | None", other: "Shown | None", unit: str) -> list[str]:
    """What two drapes that look alike differ in, a line a region of a garment: the ease of one, and how much more or
    less that is than in the other; the largest differences of at least half a centimetre. Lengths in "cm" or "in"."""
    if shown is None or other is None:
        return []
    pairs = [
        (here.ease - there.ease, f"{fit.garment}, {here.name}", here.ease)
        for fit, beside in zip(shown.fits, other.fits, strict=False)
        for here in fit.regions
        for there in beside.regions
        if here.name == there.name and here.is_girth and abs(here.ease - there.ease) >= LEAST
    ]
    told = sorted(pairs, key=lambda pair: -abs(pair[0]))[:MOST_TOLD]
    return [
        f"{place}: ease {show(ease, unit)}, {show(abs(by), unit)} {'more' if by > 0 else 'less'}"
        for by, place, ease in told
    ]


class Showing:
    """Keeps the viewport as the project's view asks."""

    def __init__(self, studio: Studio, viewport: Viewport, parent: QWidget) -> None:
        self.studio, self.viewport, self.parent = studio, viewport, parent
        self.section = SectionCard(parent)
        self.section.moved.connect(self._cut_at)
        self.section.closed.connect(lambda: self._cut_at(None))
        self.pinning = Pinning(studio, viewport, parent)
        self._backdrop: tuple[str, Backdrop | None] = ("", None)
        self._cut: tuple[Shown, Cut] | None = None

    def do(self, name: str) -> bool:
        """Do an action by its name; whether it is one of these."""
        if name in CHANGES:
            self.studio.view(*CHANGES[name](self.studio.project.view))
        elif name == "compare":
            self._compare()
        elif name == "section":
            self._cut_at(WAIST * self._tallest() if self.studio.project.view.section is None else None)
        elif name == "background picture":
            self._choose_background()
        else:
            return self.pinning.do(name)
        return True

    def checked(self) -> tuple[str, ...]:
        """The names of the actions that stand for how the person is shown now, one of each group."""
        view = self.studio.project.view
        behind = {"": "background", SWEEP: "background sweep", WHITE: "background white"}
        return f"light {view.light}", behind.get(view.background, "background picture")

    def switches(self) -> tuple[tuple[str, bool], ...]:
        """The names of the actions that are on or off, and whether they are on."""
        view, tool = self.studio.project.view, self.pinning.tool
        shown = (("agx", view.tone == "agx"), ("xray", view.xray), ("section", view.section is not None))
        return (*shown, ("pin", tool == "pin"), ("tack", tool == "tack"))

    def lit(self, scene: "Scene") -> "Scene":
        """The scene in the light that is chosen, through the cloth where that is wished."""
        view = self.studio.project.view
        return lit(through_cloth(scene) if view.xray else scene, view.light, view.tone)

    def with_marks(self, scene: "Scene", shown: "Shown") -> "Scene":
        """The scene with pins and tacks and the line of the cross-section, where they are wished; its card is
        filled."""
        scene = self.pinning.with_marks(scene)
        height = self.studio.project.view.section
        if height is None or shown.skin is None:
            self.section.hide()
            return scene
        if self._cut is None or self._cut[0] is not shown or self._cut[1].height != height:
            self._cut = shown, of_shown(shown, height)
        found = self._cut[1]
        self.section.show_cut(found, self._tallest(), self.studio.settings.length)
        return replace(scene, lines=(*scene.lines, *found.lines()))

    def show(self, at_rest: bool) -> None:
        """Show what is behind the person and, of one who stands at ease, the drape to compare with."""
        if not at_rest:
            self.section.hide()
        self._show_beside(at_rest)
        words = self.studio.project.view.background
        if words != self._backdrop[0]:
            self._backdrop = words, self._read(words)
        self.viewport.show_backdrop(self._backdrop[1])

    @property
    def taken(self) -> int:
        """How much [pixels] of the picture's upper right corner cards take."""
        cards = (self.section, self.pinning.card)
        return max((card.width() + 24 for card in cards if not card.isHidden()), default=0)

    def place(self, width: int) -> None:
        self.section.move(width - self.section.width() - 12, 12)
        if not self.section.isHidden():
            self.section.raise_()
        self.pinning.place(width, 12 if self.section.isHidden() else self.section.geometry().bottom() + 8)

    def _tallest(self) -> float:
        shown = self.studio.shown
        return float(shown.skin.vertices[:, 1].max()) if shown is not None and shown.skin is not None else 1.8

    def _cut_at(self, height: float | None) -> None:
        self.studio.view("Cross-section", replace(self.studio.project.view, section=height))

    def _compare(self) -> None:
        """Side by side with the newest other drape, or with the one before that where it is already."""
        view, others = self.studio.project.view, [key for key, _ in self._others()]
        if not others:
            self.studio.said.emit("There is one drape yet: change the size, the garment or the body, then compare")
            return
        at = others.index(view.beside) + 1 if view.beside in others else 0
        self.studio.view("Side by side", replace(view, beside=others[at % len(others)], four=False))

    def _others(self) -> tuple[tuple[str, str], ...]:
        return tuple(other for other in self.studio.drapes() if other[0] != self.studio.shown_key)

    def _show_beside(self, at_rest: bool) -> None:
        view, names = self.studio.project.view, dict(self.studio.drapes())
        chosen = view.beside if at_rest and view.beside in dict(self._others()) else None
        other = self.studio.drape(chosen) if chosen else None
        if other is None or chosen is None:
            self.viewport.show_beside(None)
            return
        mapped = view.map != "look"
        scene = map_scene(other.bare, other.maps, view.map, view.scaling) if mapped else other.look
        now, unit = self.studio.shown, self.studio.settings.length
        there = "\n".join([names[chosen], *eases(other, now, unit)])
        here = "\n".join([names.get(self.studio.shown_key, ""), *eases(now, other, unit)])
        self.viewport.show_beside(self.lit(scene), (there, here))

    def _choose_background(self) -> None:
        kinds = f"Pictures ({' '.join('*' + end for end in PICTURES)})"
        if path := open_file(self.studio, self.parent, "A picture behind the person", kinds):
            self.studio.view("Background", replace(self.studio.project.view, background=str(path)))

    def _read(self, words: str) -> "Backdrop | None":
        try:
            return backdrop(words)
        except ToileError as error:
            self.studio.said.emit(str(error))
            return None
