"""Who is dressed: photos, numbers, tapes. Whatever is not said is estimated, and shows its doubt."""

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.project import Evidence, Project, taped
from app.saying import spoken
from app.scenes.ghost import changes
from app.ui.controls import Quantity, Segments, Unit, button, card, clear, label, section, tool
from app.ui.gradually import Gradually
from app.ui.panels.panel import Panel
from app.ui.studio import Studio
from app.ui.tick import Tick
from body.frame import Frame
from body.measurements import MEASURES

if TYPE_CHECKING:
    from body.conflict import Misfit

MAIN = ("bust_girth", "waist_girth", "hip_girth")
MORE = tuple(name for name, measure in MEASURES.items() if measure.kind != "mass" and name not in (*MAIN, "stature"))
# Where a hand looks for most adults; what is typed may lie anywhere in the table's range.
DRAG = {
    "stature": (1.40, 2.10),
    "mass": (35.0, 150.0),
    "bust_girth": (0.70, 1.50),
    "waist_girth": (0.50, 1.50),
    "hip_girth": (0.70, 1.60),
}
SOURCES = {"tape": "Tape", "photo": "Photo", "scan": "Scan", "statistics": "Statistics"}
PLAIN = ("stature", "mass", "age")
LEFT = 0.0005
SEXES = (("0", "Female"), ("1", "Male"), ("", "Not said"))
THUMB = QSize(124, 148)
PHOTOS_A_ROW = 2


class BodyPanel(Panel):
    TITLE = "Body"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.quantities: dict[str, Quantity] = {}
        self._told: tuple[object, ...] = ()
        self._unfolding = Gradually(self)

    def made(self) -> Iterator[None]:
        self.photos = _Photos(self)
        self.column.addWidget(self.photos)
        self.sex = Segments("Sex", SEXES, ("Statistics of women", "Statistics of men", "Statistics of both"))
        self.sex.chosen.connect(self._choose_sex)
        self.column.addWidget(self.sex)
        yield
        for name, title in (("stature", "Height"), ("mass", "Weight"), ("age", "Age")):
            self._add(name, title)
            yield
        self.column.addSpacing(8)
        self.column.addLayout(self._heading())
        self.compared = _Compared(self.studio)
        self.column.addWidget(self.compared)
        for name in MAIN:
            self._add(name)
            yield
        self.more = QToolButton()
        self.more.setText(spoken("More measures"))
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAccessibleName(spoken("More measures"))
        self.more.toggled.connect(self._show_more)
        self.column.addWidget(self.more)
        self.rest = QVBoxLayout()
        self.rest.setSpacing(8)
        self.column.addLayout(self.rest)
        self.notes = label("", "caption")
        self.notes.setAccessibleName(spoken("Notes on the body"))
        self.column.addWidget(self.notes)
        self.studio.settings_changed.connect(self._units)
        yield
        self._units()

    def look_at(self, name: str) -> None:
        """Bring a measure in sight, and its tape line on the figure."""
        self.more.setChecked(self.more.isChecked() or name in MORE)
        self._unfolding.do(self._unfolded(self.more.isChecked(), name))

    def project_changed(self, before: Project, after: Project) -> None:
        if before.evidence is not after.evidence:
            self._fill()

    def result_changed(self) -> None:
        studio = self.studio
        told = studio.project.evidence, studio.measured, studio.before, studio.stale
        if not all(map(operator.is_, told, self._told)):
            self._fill()

    def _heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(section("Tape measures"), 1)
        self.reset = tool("reset", "Forget all tapes: have everything estimated", lambda: self.go.emit("all estimated"))
        row.addWidget(self.reset)
        return row

    def _add(self, name: str, title: str | None = None, into: QVBoxLayout | None = None) -> Quantity:
        if name == "age":
            title, hint, low, high, unit = "Age", "Age in years", 18.0, 90.0, Unit("years", "years")
        else:
            measure = MEASURES[name]
            title = title or measure.title
            hint = f"{measure.title} · {measure.chinese}\n{measure.definition}\n{measure.how}"
            low, high = measure.low, measure.high
            unit = self._unit("mass" if measure.kind == "mass" else "length")
        quantity = Quantity(title, unit, low, high, hint, DRAG.get(name))
        quantity.edited.connect(lambda value, name=name, title=title: self._set(name, title, value))
        quantity.released.connect(lambda name=name, title=title: self._set(name, title, None))
        quantity.looked_at.connect(lambda on, name=name: self.studio.point_at(name if on else None))
        self.quantities[name] = quantity
        (into or self.column).addWidget(quantity)
        return quantity

    def _set(self, name: str, title: str, value: float | None) -> None:
        evidence = self.studio.project.evidence
        if said(evidence, name) == value:
            return
        if name == "stature":
            after = replace(evidence, height=value)
        elif name == "mass":
            after = replace(evidence, mass=value)
        elif name == "age":
            after = replace(evidence, age=value)
        else:
            after = taped(evidence, name, value)
        self.studio.evidence(title if value is not None else f"{title} estimated", after)

    def _choose_sex(self, value: str) -> None:
        evidence = replace(self.studio.project.evidence, sex=float(value) if value else None)
        self.studio.evidence(f"Sex: {dict(SEXES)[value].lower()}", evidence)

    def _fill(self) -> None:
        evidence, shown = self.studio.project.evidence, self.studio.measured
        self._told = evidence, shown, self.studio.before, self.studio.stale
        self.photos.show_photos(evidence)
        self.sex.choose({0.0: "0", 1.0: "1", None: ""}.get(evidence.sex, "0" if (evidence.sex or 0) < 0.5 else "1"))
        self.reset.setEnabled(bool(evidence.tapes))
        self.compared.setVisible(self.studio.before is not None)
        self._fill_rows(self.quantities)
        in_rows = {misfit.sentence for misfit in shown.misfits} if shown else set()
        notes = [note for note in shown.notes if note not in in_rows] if shown and not self.studio.stale else []
        self.notes.setText(spoken("\n".join(notes)))

    def _fill_rows(self, names: Iterable[str]) -> None:
        """Show what is known of some measures."""
        evidence, shown, before = self.studio.project.evidence, self.studio.measured, self.studio.before
        misfits = {misfit.name: misfit for misfit in shown.misfits} if shown else {}
        differs = changes(before.measurements, shown.measurements) if before and shown else {}
        for name in names:
            quantity = self.quantities[name]
            told = said(evidence, name)
            found = shown.measurements.get(name) if shown else None
            if told is not None:
                sd = MEASURES[name].tape_sd if name in MEASURES else None
                quantity.show_value(told, sd, locked=True, source="Said" if name in PLAIN else "Tape")
            else:
                source = SOURCES.get(found.source, "") if found else ""
                quantity.show_value(found.value if found else None, found.sd if found else None, source=source)
            misfit = misfits.get(name) if told is not None else None
            quantity.show_misfit(self._misfit(misfit) if misfit else "")
            quantity.show_change(_told(differs[name], quantity.unit) if name in differs else "")

    def _misfit(self, misfit: "Misfit") -> str:
        """Why a tape does not fit, and what the body shown leaves of it."""
        left = f"the body shown is {_told(misfit.left, self.quantities[misfit.name].unit)} off"
        return ". ".join(filter(None, (misfit.sentence, left.capitalize() if abs(misfit.left) >= LEFT else "")))

    def _units(self) -> None:
        for quantity in self.quantities.values():
            if quantity.unit.kind != "years":
                quantity.show_unit(self._unit(quantity.unit.kind))
        self._fill()

    def _unit(self, kind: str) -> Unit:
        """Lengths and masses as the settings want them."""
        settings = self.studio.settings
        return Unit(kind, settings.length if kind == "length" else settings.mass)

    def _show_more(self, shown: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.more.setText(spoken("Fewer measures" if shown else "More measures"))
        self._unfolding.do(self._unfolded(shown))

    def _unfolded(self, shown: bool, sought: str = "") -> Iterator[None]:
        """Show the other measures or hide them, one a step; those that are not there yet are made. In the end the one
        that is sought is brought in sight."""
        for name in MORE:
            if shown and name not in self.quantities:
                self._add(name, into=self.rest)
                self._fill_rows([name])
            if name in self.quantities:
                self.quantities[name].setVisible(shown)
                yield
        if sought in self.quantities:
            self.quantities[sought].entry.setFocus(Qt.FocusReason.OtherFocusReason)
            self.studio.point_at(sought)
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.quantities[sought]))


def said(evidence: Evidence, name: str) -> float | None:
    """What the person said of a measure [SI, years], or None."""
    plain = {"stature": evidence.height, "mass": evidence.mass, "age": evidence.age}
    return plain[name] if name in plain else evidence.tapes.get(name)


def _told(change: float, unit: Unit) -> str:
    """A difference with its sign: millimetres tell more of it than centimetres."""
    if unit.unit in ("cm", "m"):
        return f"{1000 * change:+.0f} mm"
    text = unit.show(abs(change))
    return f"{'+' if change > 0 else '−'}{text}"


class _Compared(QWidget):
    """Says that changes are shown, and puts an end to it."""

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        words = "Beside each measure: what the last change did. In the picture, blue was larger, orange has grown."
        row.addWidget(label(words, "caption"), 1)
        row.addWidget(tool("close", "Stop comparing", studio.forget_before))


class _Photos(QWidget):
    """The photos, or how to bring one."""

    def __init__(self, panel: BodyPanel) -> None:
        super().__init__()
        self.panel = panel
        self._shown: tuple | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.frame, column = card()
        self.pictures = QGridLayout()
        self.pictures.setSpacing(8)
        words = "Drop photos of the whole person here: front, side, more if you like; or a 3D scan. Numbers do, too."
        self.hint = label(words, "caption")
        self.scan = QVBoxLayout()
        column.addLayout(self.pictures)
        column.addWidget(self.hint)
        column.addLayout(self.scan)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(button("Open photo…", lambda: panel.go.emit("open photo"), "photo"))
        buttons.addWidget(button("Capture…", lambda: panel.go.emit("capture"), "camera"))
        column.addLayout(buttons)
        column.addWidget(button("Open scan…", lambda: panel.go.emit("open scan"), "body"))
        layout.addWidget(self.frame)

    def show_photos(self, evidence: Evidence) -> None:
        shown_now = evidence.photos, evidence.scan, evidence.scan_detail
        if shown_now == self._shown:
            return
        self._shown = shown_now
        clear(self.scan)
        if evidence.scan is not None:
            self.scan.addWidget(_named(f"Scan: {evidence.scan.name}", "Remove the scan", self._remove_scan))
            surface = Tick("Keep the scan's own surface")
            surface.setToolTip(spoken("Off: a smooth body of the same measures"))
            surface.setChecked(evidence.scan_detail)
            surface.toggled.connect(self._keep_surface)
            self.scan.addWidget(surface)
        clear(self.pictures)
        turn = tuple(photo for photo in evidence.photos if photo.burst)
        shown: list[tuple[Frame, ...]] = [(photo,) for photo in evidence.photos if not photo.burst]
        titles = [f"Photo {k + 1}" for k in range(len(shown))]
        if turn:
            shown, titles = [*shown, turn], [*titles, f"From {len({photo.burst for photo in turn})} sides"]
        for k, (title, photos) in enumerate(zip(titles, shown, strict=True)):
            thumbnail = _thumbnail(photos[0], title, partial(self._remove, photos))
            self.pictures.addWidget(thumbnail, *divmod(k, PHOTOS_A_ROW), Qt.AlignmentFlag.AlignLeft)
        self.hint.setVisible(not evidence.photos and evidence.scan is None)

    def _remove(self, gone: tuple[Frame, ...]) -> None:
        evidence = self.panel.studio.project.evidence
        photos = tuple(photo for photo in evidence.photos if all(photo is not other for other in gone))
        self.panel.studio.evidence("Remove photo", replace(evidence, photos=photos, person=None, remarks=()))

    def _keep_surface(self, keep: bool) -> None:
        evidence = self.panel.studio.project.evidence
        self.panel.studio.evidence("Scan's surface", replace(evidence, scan_detail=keep))

    def _remove_scan(self) -> None:
        evidence = self.panel.studio.project.evidence
        self.panel.studio.evidence("Remove scan", replace(evidence, scan=None))


def _named(name: str, remove_hint: str, remove: Callable[[], None]) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(label(name, "caption"), 1)
    row.addWidget(tool("close", remove_hint, remove))
    return made


def _thumbnail(photo, title: str, remove: Callable[[], None]) -> QWidget:
    height, width, _ = photo.pixels.shape
    image = QImage(photo.pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    picture = QLabel()
    fitted = image.scaled(THUMB, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    picture.setPixmap(QPixmap.fromImage(fitted))
    picture.setFixedSize(fitted.size())
    picture.setAccessibleName(spoken(f"{title}: {photo.name}"))
    row = QHBoxLayout()
    row.addWidget(label(title, "caption"), 1)
    row.addWidget(tool("close", f"Remove {title.lower()}", remove))
    column.addWidget(picture)
    column.addLayout(row)
    return made
