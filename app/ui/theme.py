"""Colours, type and icons: one palette for dark and one for light, everything else derived from it.

Sizes are logical pixels on a grid of 4; type is the system's own at 13 (body), 11 (captions) and 16 (titles).
The icons are ours, drawn on 24 x 24 with a 1.5 line, and take the colour of the text beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from string import Template

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from assets.files import asset

BODY, CAPTION, TITLE = 13, 11, 16
LEFT, RIGHT, BAR = 320, 300, 36


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for. `edge` outlines controls (3:1), `line` is the one hairline between areas."""

    name: str
    window: str
    panel: str
    text: str
    muted: str
    accent: str
    on_accent: str
    line: str
    edge: str
    field: str
    hover: str
    good: str
    bad: str


DARK = Theme(
    "dark", "#1E1F22", "#26282C", "#E6E6E3", "#9DA0A3", "#E0A458", "#1E1F22",
    "#383A3F", "#74777C", "#1E1F22", "#33363B", "#86C28B", "#F08A7E",
)  # fmt: skip
LIGHT = Theme(
    "light", "#F4F3F0", "#FFFFFF", "#1E1F22", "#66686B", "#985923", "#FFFFFF",
    "#DAD8D3", "#8A8C8F", "#FFFFFF", "#ECEAE5", "#2F6F37", "#B3352A",
)  # fmt: skip


def choose(setting: str) -> Theme:
    """The theme that a person set, or the system's."""
    if setting == "system":
        dark = QApplication.styleHints().colorScheme() != Qt.ColorScheme.Light
        return DARK if dark else LIGHT
    return LIGHT if setting == "light" else DARK


def apply(theme: Theme) -> None:
    """The theme of the whole application from now on: its palette. Windows that are there are to be `redressed`."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if application.property("theme") is None:
        application.setStyle("Fusion")
        application.setFont(font())
    if application.property("theme") != theme.name:
        application.setProperty("theme", theme.name)
        application.setPalette(_palette(theme))


def dress(window: QWidget) -> None:
    """Dress a window, and all that it will ever open, in the theme that the application has at the time. Qt takes five
    times as long to dress an application as to dress its one window."""
    window.setStyleSheet(_sheet())


def redressed(window: QWidget) -> Iterator[None]:
    """Dress a window anew, one widget a step, those that are seen first: Qt bakes colours in where it polishes, and
    a whole window of them at once takes longer than a hand should wait."""
    found = [window, *window.findChildren(QWidget)]
    for widget in sorted(found, key=lambda widget: not widget.isVisible()):
        if isValid(widget):
            style = widget.style()
            style.unpolish(widget)
            style.polish(widget)
            if isinstance(widget, QAbstractButton):
                _retint(widget)
            widget.update()
        yield


def current() -> Theme:
    """The theme in use."""
    application = QApplication.instance()
    return LIGHT if application is not None and application.property("theme") == "light" else DARK


def font(size: int = BODY, bold: bool = False) -> QFont:
    """The system's interface type at a size in pixels, with figures of equal width."""
    return _font(QApplication.font().family(), size, bold)


@lru_cache(maxsize=32)
def _font(family: str, size: int, bold: bool) -> QFont:
    made = QFont(QApplication.font())
    made.setPixelSize(size)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def icon(name: str, colour: str | None = None) -> QIcon:
    """One of assets/icons in the theme's text colour, accented when checked and muted when disabled."""
    theme = current()
    return _icon(name, colour or theme.text, colour or theme.accent, theme.edge)


def set_icon(button: QAbstractButton, name: str, colour: str | None = None) -> None:
    """Give a button an icon that follows the theme; `colour` names a field of Theme."""
    button.setProperty("icon_name", name)
    button.setProperty("icon_colour", colour)
    button.setIcon(icon(name, getattr(current(), colour) if colour else None))


def _retint(button: QAbstractButton) -> None:
    """Draw a button's icon in the present theme."""
    name = button.property("icon_name")
    if name:
        set_icon(button, name, button.property("icon_colour"))


@lru_cache(maxsize=256)
def _icon(name: str, normal: str, checked: str, disabled: str) -> QIcon:
    return QIcon(_Drawing(name, normal, checked, disabled))


class _Drawing(QIconEngine):
    """An icon of ours, drawn in the size and the colour that are asked for, when they are asked for."""

    def __init__(self, name: str, normal: str, checked: str, disabled: str) -> None:
        super().__init__()
        self._made = name, normal, checked, disabled

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        name, normal, checked, disabled = self._made
        colour = disabled if mode == QIcon.Mode.Disabled else checked if state == QIcon.State.On else normal
        return _pixmap(name, colour, size.width(), size.height())

    def paint(self, painter: QPainter, place: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(place, self.pixmap(place.size() * ratio, mode, state))

    def clone(self) -> QIconEngine:
        return _Drawing(*self._made)


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, width: int, height: int) -> QPixmap:
    pixmap = QPixmap(QSize(width, height))
    if pixmap.isNull():  # of a button that is squeezed to nothing
        return pixmap
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    side = min(width, height)
    place = QRectF((width - side) / 2, (height - side) / 2, side, side)
    QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode())).render(painter, place)
    painter.end()
    return pixmap


@lru_cache(maxsize=64)
def _svg(name: str) -> str:
    return asset("icons", f"{name}.svg").read_text()


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.LinkVisited: theme.good, role.BrightText: theme.bad,
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.field,
        role.AlternateBase: theme.panel, role.Text: theme.text, role.Button: theme.panel,
        role.ButtonText: theme.text, role.Highlight: theme.accent, role.HighlightedText: theme.on_accent,
        role.ToolTipBase: theme.panel, role.ToolTipText: theme.text, role.PlaceholderText: theme.muted,
        role.Link: theme.accent, role.Accent: theme.accent, role.Mid: theme.edge,
        role.Light: theme.hover, role.Midlight: theme.hover, role.Dark: theme.line, role.Shadow: theme.line,
    }.items():  # fmt: skip
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.edge))
    return palette


@lru_cache(maxsize=1)
def _sheet() -> str:
    """The one style sheet: it names the palette's colours, so that another theme needs no other sheet."""
    colours = {name: f"palette({role})" for name, role in _ROLES.items()}
    return Template(_SHEET).substitute(colours, caption=CAPTION, title=TITLE, body=BODY)


_ROLES = {
    "window": "window", "panel": "button", "text": "text", "muted": "placeholder-text", "accent": "highlight",
    "on_accent": "highlighted-text", "line": "dark", "edge": "mid", "field": "base", "hover": "midlight",
    "good": "link-visited", "bad": "bright-text",
}  # fmt: skip
_SHEET = """
* { font-size: ${body}px; }
QWidget#panel, QWidget#side, QWidget#status, QScrollArea#panel, QWidget#room { background: $panel; }
QWidget#card { background: $panel; border: 1px solid $line; border-radius: 6px; }
QWidget#card[chosen="true"] { border-color: $accent; }
QFrame#hairline { background: $line; border: none; }
QLabel#caption, QLabel#doubt { color: $muted; font-size: ${caption}px; }
QLabel#change { color: $accent; font-size: ${caption}px; font-weight: 600; }
QLabel#section { color: $muted; font-size: ${caption}px; font-weight: 600; letter-spacing: 1px; }
QLabel#title { font-size: ${title}px; font-weight: 600; }
QLabel#good { color: $good; }
QLabel#bad { color: $bad; }
QToolTip { color: $text; background: $panel; border: 1px solid $line; padding: 4px 8px; }
QMenuBar { background: $window; padding: 2px 4px; }
QMenuBar::item { padding: 5px 10px; border-radius: 6px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $edge; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QPushButton { background: $panel; border: 1px solid $edge; border-radius: 6px; padding: 5px 12px; min-height: 16px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border-color: $accent; }
QPushButton:checked { color: $accent; border-color: $accent; background: $hover; }
QPushButton:disabled { color: $edge; border-color: $line; }
QPushButton#primary { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton#link { background: transparent; border-color: transparent; color: $accent; text-align: left;
  padding: 1px 2px; }
QPushButton#link:hover { background: $hover; }
QPushButton#link:focus { border-color: $accent; }
QPushButton#primary:disabled { background: $line; color: $muted; border-color: $line; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px; }
QToolButton:hover { background: $hover; }
QToolButton:checked { color: $accent; background: $hover; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $edge; }
QToolButton::menu-indicator { image: none; }
QToolButton#room { text-align: left; padding: 2px 12px; border-radius: 6px; }
QToolButton#room:checked { font-weight: 600; }
QToolButton#steps { color: $muted; font-size: ${caption}px; }
QToolButton#pose { font-size: ${caption}px; }
QLineEdit { background: $field; border: 1px solid $edge; border-radius: 6px; padding: 3px 6px; min-height: 18px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus { border-color: $accent; }
QLineEdit:disabled { border-color: $line; }
QLineEdit#entry { border-color: transparent; background: transparent; padding: 2px 4px; }
QLineEdit#entry:hover { border-color: $edge; }
QLineEdit#entry:focus { border-color: $accent; background: $field; }
QLineEdit[wrong="true"], QLineEdit#entry[wrong="true"] { border-color: $bad; }
QWidget#segments { background: $panel; border: 1px solid $line; border-radius: 6px; }
QWidget#segments QToolButton { border-radius: 5px; padding: 4px 8px; }
QWidget#segments[dense="true"] QToolButton { padding: 4px 4px; }
QWidget#segments[narrow="true"] QToolButton { padding: 4px 0; min-width: 16px; }
QLabel#onpicture { color: $text; background: transparent; }
QWidget#segments QToolButton:checked { background: $accent; color: $on_accent; }
QListView, QTreeView, QPlainTextEdit { background: $panel; border: 1px solid $line; outline: none; padding: 4px; }
QListView::item { padding: 6px 8px; border-radius: 4px; color: $text; }
QTreeView::item { padding: 4px 2px; color: $text; }
QListView::item:selected, QListView::item:hover { background: $hover; color: $text; }
QListView::item:disabled { color: $edge; }
QTreeView::item:selected, QTreeView::item:hover { background: $hover; color: $text; }
QListView:focus, QTreeView:focus, QPlainTextEdit:focus { border-color: $accent; }
QHeaderView::section { background: $panel; color: $muted; font-size: ${caption}px; border: none; padding: 4px 2px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QScrollArea { border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $edge; border-radius: 3px; min-height: 32px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $edge; border-radius: 3px; min-width: 32px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
"""
