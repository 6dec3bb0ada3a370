"""The middle of the window: the viewport with its buttons, and what must be said over the picture."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.flat import panel_at, with_panel
from app.project import MAPS, Project, View
from app.saying import spoken
from app.scenes.ghost import with_ghost
from app.scenes.painting import PALE, repainted
from app.scenes.tapes import MAIN, Laid, with_tapes
from app.stage import clothes
from app.ui.controls import Segments
from app.ui.explaining import explained
from app.ui.mapping import Maps
from app.ui.overlays import Banner
from app.ui.playing import Transport
from app.ui.posing import Handles
from app.ui.shortcuts import TITLES, keys_of
from app.ui.showing import Showing
from app.ui.studio import Studio
from app.ui.telling import previewed, told
from app.ui.viewport import REST, Viewport
from assets.units import show
from body.measurements import MEASURES
from garments.atlas import BY_NAME, FAMILIES
from render.picking import pick

if TYPE_CHECKING:
    from app.stage import Shown
    from render.scene import Scene

VIEWS = (("front", "Front"), ("side", "Side"), ("back", "Back"), ("three_quarter", "¾"))
FROM = {"front": "front", "side": "left", "back": "back", "three_quarter": "three_quarter"}
COUNTS = (("one", "1"), ("compare", "1|1"), ("four", "4"))
TAPES = (("tapes", "Tape lines"),)
GHOST = (("ghost", "Before"),)
POINT = 60  # milliseconds until a tape shows that is pointed at: who passes over rows does not make the picture flicker
MAINS = tuple(names[0] for names in FAMILIES.values())
LABELS = (("look", "Look"), *((name, BY_NAME[name].family.capitalize()) for name in MAINS))
HINTS = {
    "compare": "Side by side with an earlier drape; again: with the one before it",
    "look": "Fabric as it looks",
    "tapes": "Where the tape lies for the main measures",
    "ghost": "Blue: the body was larger here; orange: it has grown",
    **{name: f"{BY_NAME[name].title}: {BY_NAME[name].says}" for name in MAINS},
}
"""What buttons do whose names in the menu do not say it all."""
DENSER = 8  # by how much a choice is narrower where it is packed: twice the difference of paddings in the style
ALONGSIDE = 300  # that a card must leave free for the person to be moved beside it, not behind it
HEADROOM = 56  # with the margin of a framed picture, heads then stay below a banner that tells what runs


class Picture(QWidget):
    """Shows what the studio last computed, as the project's view asks. `asked` names an action of the window."""

    asked = Signal(str)

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.viewport = Viewport()
        self.viewport.setParent(self)
        self.setMinimumWidth(self.viewport.minimumWidth())
        self.sides = Segments("View", VIEWS)
        self.counts = Segments("Number of views", COUNTS)
        self.maps = Segments("Map", LABELS)
        self.tapes = Segments("Tape lines", TAPES)
        self.ghost = Segments("What changed", GHOST)
        self.bars = (self.sides, self.counts, self.maps, self.tapes, self.ghost)
        for bar in self.bars:
            bar.setParent(self)
            bar.chosen.connect(self._show_map if bar is self.maps else self.do)
        self._hint()
        studio.settings_changed.connect(self._hint)
        self.mapping = Maps(studio, self.viewport, self._view)
        self.viewport.scale.chosen.connect(self._show_map)
        self.showing = Showing(studio, self.viewport, self)
        self.showing.pinning.drawn.connect(self._view)
        self.banner = Banner(self)
        self.handles = Handles(self.viewport, studio.posing)
        self.transport = Transport(self, self.viewport, studio.playing)
        self._seen: tuple[Shown | None, Shown | None] = (None, None)
        self._placed: tuple[object, ...] = ()
        self._lowest = 0
        studio.changed.connect(self._changed)
        studio.looked.connect(self._looked)
        studio.progressed.connect(self._tell)
        self._point = QTimer(self)
        self._point.setSingleShot(True)
        self._point.setInterval(POINT)
        self._point.timeout.connect(self._view)
        studio.pointed.connect(self._point.start)
        studio.picked.connect(self._view)
        self.viewport.clicked.connect(self._pick)
        studio.posing.struck.connect(self._posed)
        studio.previewing.drawn.connect(self._previewed)
        studio.playing.stepped.connect(self._view)
        studio.playing.changed.connect(self._played)
        self.viewport.moved.connect(lambda: self.sides.choose(None))
        self.viewport.canvas.shown.connect(self._drawn)
        self.viewport.canvas.troubled.connect(self._drawn)
        self.viewport.canvas.troubled.connect(self._tell)
        self._view()
        self._looked()

    def do(self, name: str) -> None:
        """What can be done with the picture, by the name of the action."""
        view = self.studio.project.view
        if name in FROM:
            self.viewport.look_from(FROM[name])
            self.sides.choose(name)
        elif name in MAPS:
            self._show_map("look" if name == main(view.map) else name)
        elif name in ("bands", "limits", "pattern"):
            self.mapping.switch(name)
        elif name in ("one", "four"):
            self.studio.view(
                "Four views" if name == "four" else "One view", replace(view, four=name == "four", beside=None)
            )
            self._view()
        elif self.showing.do(name):
            if isValid(self):  # while a file was chosen another picture may have taken this one's place
                self.counts.choose(_count(self.studio.project.view))
                self._view()
        elif name == "tapes":
            self.studio.view(
                "Hide tape lines" if view.tapes else "Show tape lines", replace(view, tapes=not view.tapes)
            )
            self._view()
        elif name == "ghost":
            self.studio.view(
                "Hide what changed" if view.ghost else "Show what changed", replace(view, ghost=not view.ghost)
            )
            self._view()
        elif name == "frame":
            self.viewport.frame()
        elif name == "copy picture":
            QGuiApplication.clipboard().setImage(self.viewport.picture_with_words())
            said = "The picture is on the clipboard"
            if self.studio.late:
                said = "The picture is on the clipboard: the newest is still being drawn"
            elif self.studio.stale:
                said = f"The picture is on the clipboard: it shows what was before “{self.studio.last_change}”"
            if self.studio.undone:
                said = f"The picture is on the clipboard: it still shows “{self.studio.undone}”, which was taken back"
            self.studio.said.emit(said)

    def _show_map(self, name: str) -> None:
        told = "the fabric" if name == "look" else BY_NAME[name].title.lower()
        self.studio.view(f"Show {told}", replace(self.studio.project.view, map=name))

    def show_theme(self, dark: bool) -> None:
        self.viewport.show_theme(dark)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.viewport.setGeometry(self.rect())
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._placed = ()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(820, 700)

    def _changed(self, before: Project, after: Project) -> None:
        if before.view is not after.view or (before.wishes is not after.wishes and before.key == after.key):
            self._view()
            self._tell()

    def _looked(self) -> None:
        newest = self.studio.shown or self.studio.measured
        if (newest, self.studio.before) != self._seen:
            other, self._seen = newest is not self._seen[0], (newest, self.studio.before)
            self._view()
            self.studio.see((other or self.studio.late) and self._behind)
        self._tell()

    @property
    def _behind(self) -> bool:
        """Whether the scene that is to be seen is not yet: the thread that draws takes its time."""
        canvas, scene = self.viewport.canvas, self.viewport.scene
        return scene is not None and not canvas.empty and not canvas.shows(scene)

    def _drawn(self) -> None:
        """Another picture has come to be seen."""
        if self.studio.late and not self._behind:
            self.studio.see(False)
            self._tell()

    def _view(self) -> None:
        view, shown = self.studio.project.view, self.studio.shown or self.studio.measured
        self.maps.choose(main(view.map))
        self.counts.choose(_count(view))
        self.tapes.choose("tapes" if view.tapes else None)
        self.ghost.choose("ghost" if view.ghost else None)
        self.viewport.show_four(view.four)
        posed, moving = previewed(self.studio) or self.studio.posing.scene, self.mapping.moving()
        self.maps.setEnabled(self.studio.posing.scene is None or moving is not None)
        if moving is not None:
            self.viewport.show_scene(self.showing.lit(self._in_colours(moving) if view.map == "look" else moving))
        elif posed is not None:
            self.mapping.hide()
            self.viewport.show_scene(
                self.showing.lit(self._in_colours(posed, PALE) if previewed(self.studio) else posed)
            )
        elif shown is not None:
            tapes = self._tapes(shown)
            looked = self.mapping.scene(shown)
            looked = self._in_colours(looked) if looked is shown.look else looked
            scene = with_tapes(looked, tapes, self.studio.pointed_at)
            before = self.studio.before
            if view.ghost and before and before.skin and shown.skin and before is not shown:
                scene = with_ghost(scene, before.skin, shown.skin)
            if self.studio.panel and self.studio.panel[0] < len(shown.worn):
                number, panel = self.studio.panel
                scene = with_panel(scene, shown.maps[number], shown.worn[number].cut, panel)
            labels = tuple((self._label(shown, tape.name), tape.runs) for tape in tapes)
            self.viewport.show_scene(self.showing.lit(self.showing.with_marks(scene, shown)), labels)
        else:
            self.mapping.hide()
            self.viewport.show_scene(None)
        self.showing.show(at_rest=shown is not None and posed is None and moving is None)
        if (posed is not None or shown is not None) and moving is None:
            self._place()

    def _in_colours(self, scene: "Scene", pale: float = 0.0) -> "Scene":
        """The scene with the garments in the colours that are wished now."""
        shown = self.studio.shown
        return scene if shown is None else repainted(scene, clothes(shown, self.studio.project.wishes), pale)

    def _pick(self, place: QPointF) -> None:
        """Choose the panel that was clicked on, while patterns are shown beside the person."""
        shown, scene = self.studio.shown, self.viewport.scene
        if not self.studio.settings.flat or shown is None or scene is None or not shown.worn:
            return
        if self.viewport.on_other(place):
            return
        hit = pick(scene, self.viewport.views(self.viewport.width(), self.viewport.height()), place.x(), place.y())
        worn = [each.garment for each in shown.maps]
        name = scene.items[hit.item].name if hit is not None else ""
        if hit is None or name not in worn:
            self.studio.pick_panel(0, None)
            return
        number = worn.index(name)
        self.studio.pick_panel(number, panel_at(shown.maps[number], hit.face))

    def _played(self) -> None:
        """Another movement, or it starts or stops."""
        self.handles.update()
        self._view()
        self._tell()

    def _previewed(self) -> None:
        self._tell()
        self._view()

    def _tapes(self, shown: "Shown") -> "tuple[Laid, ...]":
        """The tapes to draw: the main ones where they are wanted, the one that is pointed at, and those that tell why a
        size is advised."""
        main = MAIN if self.studio.project.view.tapes else ()
        wanted = {self.studio.pointed_at, *main, *explained(self.studio, shown)}
        return tuple(tape for tape in shown.tapes if tape.name in wanted)

    def _label(self, shown: "Shown", name: str) -> str:
        value, title = shown.measurements.get(name), spoken(MEASURES[name].title)
        told = f"{title}  {show(value.value, self.studio.settings.length)}" if value else title
        return "\n".join((told, *filter(None, (explained(self.studio, shown).get(name),))))

    def _posed(self) -> None:
        """The person stands otherwise; between two drags the picture is framed anew, unless somebody moved it."""
        self._view()
        if self.studio.posing.preview is None:
            self.viewport.frame_again()
        self._tell()

    def _tell(self) -> None:
        """Say over the picture whatever is not as the person would expect."""
        said = told(self.studio, self.viewport.canvas.trouble, self.asked.emit)
        moving = self.studio.playing.playing
        hasty = (
            self.studio.posing.dragging
            or (previewed(self.studio) is not None and self.studio.previewing.moving)
            or moving
        )
        self.viewport.hurry(hasty)
        self.viewport.refine_after(None if self.studio.running or hasty else REST)
        self.viewport.show_stale(
            (self.studio.stale or self.studio.late)
            and self.studio.posing.scene is None
            and previewed(self.studio) is None
        )
        if said is None:
            self.banner.hide()
        else:
            self.banner.say(*said)
        self._place()

    def _hint(self) -> None:
        """Tell what the buttons do, by the keys as they are now."""
        changed = self.studio.settings.shortcuts
        for bar in self.bars:
            for name in bar.buttons:
                keys = QKeySequence.listToString(keys_of(name, changed), QKeySequence.SequenceFormat.NativeText)
                told = spoken(HINTS.get(name, TITLES[name]))
                bar.buttons[name].setToolTip(f"{told}  ({keys})" if keys else told)

    def _place(self) -> None:
        """The bars along the lower edge, in as many rows as they need, and what lies over the picture besides."""
        compared, moving, scale = self.studio.before is not None, self.studio.playing.active, self.viewport.scale
        self.showing.place(self.width())
        alone = self.viewport.other is None and not self.viewport.four
        aside = self.showing.taken if alone and self.width() - self.showing.taken >= ALONGSIDE else 0
        for _ in range(2):  # where the scale lies follows from what is left free, and that from where the scale lies
            low = scale.isVisible() and self.viewport.low_scale
            asked = self.size(), self.isVisible(), compared, moving, scale.height() if low else 0
            if asked != self._placed:
                self._placed = asked
                self._lay_bars(compared, moving, scale.height() + 8 if low else 0)
            self.viewport.leave_free(max(HEADROOM, self.viewport.pair.lowest), self._lowest, aside)
        high = scale.isVisible() and not self.viewport.low_scale
        self.banner.place(self.width(), scale.width() + 24 if high else 0, self.showing.taken)
        over = [part.geometry().bottom() for part in (self.banner, *([scale] if high else [])) if part.isVisible()]
        self.viewport.pair.stay_below(max(over, default=0))

    def _lay_bars(self, compared: bool, moving: bool, below: int) -> None:
        """`below` [pixels]: how much of the room above them a scale takes."""
        extra = [self.tapes, *([self.ghost] if compared else [])]
        self.ghost.setVisible(compared)
        bars = [self.sides, self.counts, self.maps, *extra]
        crowded = sum(map(_loose, bars)) + 8 * (len(bars) - 1) > self.width() - 16
        for bar in bars:
            _pack(bar, crowded)
            bar.adjustSize()
            bar.raise_()
        heights = self.sides.sizeHint().height()
        rows = [bars]
        if _span(bars) > self.width() - 16:
            rows = [[]]
            for bar in (self.maps, *extra, self.sides, self.counts):
                if rows[-1] and _span([*rows[-1], bar]) > self.width() - 16:
                    rows.append([])
                rows[-1].append(bar)
        bottom = self.height() - 12
        if moving:
            width, high = min(self.width() - 16, 560), self.transport.sizeHint().height()
            self.transport.setGeometry((self.width() - width) // 2, bottom - high, width, high)
            self.transport.raise_()
            bottom -= high + 8
        for row in rows[::-1]:
            left = (self.width() - _span(row)) // 2
            for bar in row:
                bar.setGeometry(left, bottom - heights, bar.sizeHint().width(), heights)
                left += bar.sizeHint().width() + 8
            bottom -= heights + 8
        self._lowest = self.height() - bottom + below


def _count(view: View) -> str:
    """Which button stands for how many views there are."""
    return "four" if view.four else "compare" if view.beside else "one"


def main(name: str) -> str:
    """The map that stands for the family of another, as buttons and menus show it."""
    return FAMILIES[BY_NAME[name].family][0] if name in BY_NAME else name


def _span(row: list[Segments]) -> int:
    """How wide bars are side by side."""
    return sum(bar.sizeHint().width() for bar in row) + 8 * (len(row) - 1)


def _loose(bar: Segments) -> int:
    """How wide a bar is where its choices are not packed."""
    return bar.sizeHint().width() + (DENSER * len(bar.buttons) if bar.property("dense") else 0)


def _pack(bar: Segments, dense: bool) -> None:
    """Put a bar's choices closer together, or as they are elsewhere."""
    if bool(bar.property("dense")) != dense:
        bar.setProperty("dense", dense)
        for button in bar.buttons.values():
            button.style().unpolish(button)
            button.style().polish(button)
