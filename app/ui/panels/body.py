"""Who is dressed: photos, numbers, tapes. Whatever is not said is estimated, and shows its doubt."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.project import Evidence, Project, taped
from app.ui.controls import Quantity, Segments, Unit, button, card, clear, label, section, tool
from app.ui.panels.panel import Panel
from app.ui.studio import Studio
from body.measurements import MEASURES

MAIN = ("bust_girth", "waist_girth", "hip_girth")
MORE = tuple(
    name for name, measure in MEASURES.items() if measure.kind != "mass" and name not in (*MAIN, "stature")
)
# Where a hand looks for most adults; what is typed may lie anywhere in the table's range.
DRAG = {
    "stature": (1.40, 2.10),
    "mass": (35.0, 150.0),
    "bust_girth": (0.70, 1.50),
    "waist_girth": (0.50, 1.50),
    "hip_girth": (0.70, 1.60),
}
SEXES = (("0", "Female"), ("1", "Male"), ("", "Not said"))
THUMB = QSize(124, 148)
PHOTOS_A_ROW = 2


class BodyPanel(Panel):
    TITLE = "Body"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.quantities: dict[str, Quantity] = {}
        self.photos = _Photos(self)
        self.column.addWidget(self.photos)
        self.sex = Segments("Sex", SEXES, ("Statistics of women", "Statistics of men", "Statistics of both"))
        self.sex.chosen.connect(self._choose_sex)
        self.column.addWidget(self.sex)
        self._add("stature", "Height")
        self._add("mass", "Weight")
        self._add("age", "Age")
        self.column.addSpacing(8)
        self.column.addWidget(section("Tape measures"))
        for name in MAIN:
            self._add(name)
        self.more = QToolButton()
        self.more.setText("More measures")
        self.more.setCheckable(True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setAccessibleName("More measures")
        self.more.toggled.connect(self._show_more)
        self.column.addWidget(self.more)
        self.rest = QVBoxLayout()
        self.rest.setSpacing(8)
        self.column.addLayout(self.rest)
        self.notes = label("", "caption")
        self.notes.setAccessibleName("Notes on the body")
        self.column.addWidget(self.notes)
        studio.settings_changed.connect(self._units)
        self._units()

    def project_changed(self, before: Project, after: Project) -> None:
        if before.evidence is not after.evidence:
            self._fill()

    def result_changed(self) -> None:
        self._fill()

    def _add(self, name: str, title: str | None = None, into: QVBoxLayout | None = None) -> Quantity:
        if name == "age":
            title, hint, low, high, unit = "Age", "Age in years", 18.0, 90.0, Unit("years", "years")
        else:
            measure = MEASURES[name]
            title = title or measure.title
            hint = f"{measure.definition}\n{measure.how}"
            low, high = measure.low, measure.high
            unit = Unit("mass" if measure.kind == "mass" else "length", "kg" if measure.kind == "mass" else "cm")
        quantity = Quantity(title, unit, low, high, hint, DRAG.get(name))
        quantity.edited.connect(lambda value, name=name, title=title: self._set(name, title, value))
        quantity.released.connect(lambda name=name, title=title: self._set(name, title, None))
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
        self.photos.show_photos(evidence)
        self.sex.choose({0.0: "0", 1.0: "1", None: ""}.get(evidence.sex, "0" if (evidence.sex or 0) < 0.5 else "1"))
        for name, quantity in self.quantities.items():
            told = said(evidence, name)
            found = shown.measurements.get(name) if shown else None
            if told is not None:
                quantity.show_value(told, locked=True)
            else:
                quantity.show_value(found.value if found else None, found.sd if found else None)
        self.notes.setText("\n".join(shown.notes) if shown and not self.studio.stale else "")

    def _units(self) -> None:
        settings = self.studio.settings
        for quantity in self.quantities.values():
            if quantity.unit.kind != "years":
                unit = settings.length if quantity.unit.kind == "length" else settings.mass
                quantity.show_unit(Unit(quantity.unit.kind, unit))
        self._fill()

    def _show_more(self, shown: bool) -> None:
        if not self.rest.count():
            for name in MORE:
                self._add(name, into=self.rest)
            self._units()
        for name in MORE:
            self.quantities[name].setVisible(shown)
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.more.setText("Fewer measures" if shown else "More measures")


def said(evidence: Evidence, name: str) -> float | None:
    """What the person said of a measure [SI, years], or None."""
    plain = {"stature": evidence.height, "mass": evidence.mass, "age": evidence.age}
    return plain[name] if name in plain else evidence.tapes.get(name)


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
        words = "Drop photos of the whole person here: front, side, more if you like. Numbers alone will do, too."
        self.hint = label(words, "caption")
        column.addLayout(self.pictures)
        column.addWidget(self.hint)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(button("Open photo…", lambda: panel.go.emit("open photo"), "photo"))
        buttons.addWidget(button("Capture…", lambda: panel.go.emit("capture"), "camera"))
        column.addLayout(buttons)
        layout.addWidget(self.frame)

    def show_photos(self, evidence: Evidence) -> None:
        if evidence.photos == self._shown:
            return
        self._shown = evidence.photos
        clear(self.pictures)
        for k, photo in enumerate(evidence.photos):
            shown = _thumbnail(photo, f"Photo {k + 1}", partial(self._remove, k))
            self.pictures.addWidget(shown, *divmod(k, PHOTOS_A_ROW), Qt.AlignmentFlag.AlignLeft)
        self.hint.setVisible(not evidence.photos)

    def _remove(self, k: int) -> None:
        evidence = self.panel.studio.project.evidence
        photos = evidence.photos[:k] + evidence.photos[k + 1 :]
        self.panel.studio.evidence("Remove photo", replace(evidence, photos=photos, person=None))


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
    picture.setAccessibleName(f"{title}: {photo.name}")
    row = QHBoxLayout()
    row.addWidget(label(title, "caption"), 1)
    row.addWidget(tool("close", f"Remove {title.lower()}", remove))
    column.addWidget(picture)
    column.addLayout(row)
    return made
