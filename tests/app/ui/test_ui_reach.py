"""Whoever uses the keyboard alone, or a screen reader, or sees little contrast, gets everywhere in the window."""

from collections.abc import Iterator

import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver

ROOMS = ("Body", "Pose", "Garment", "Fabric", "Colour", "Fit", "Shop")


def seen(interface) -> Iterator[tuple[str, str, object]]:
    """Role, name and object of all that a screen reader finds in sight."""
    from PySide6.QtGui import QAccessible

    for k in range(interface.childCount()):
        child = interface.child(k)
        if child is None or child.state().invisible:
            continue
        yield str(child.role()).split(".")[-1], child.text(QAccessible.Text.Name), child
        yield from seen(child)


NAMED = {
    "Button",
    "PushButton",
    "CheckBox",
    "RadioButton",
    "ComboBox",
    "Slider",
    "EditableText",
    "List",
    "Tree",
    "SpinBox",
}


def nameless(widget) -> list[str]:
    """Where in a window something that can be used has no name."""
    from PySide6.QtGui import QAccessible

    root = QAccessible.queryAccessibleInterface(widget)
    found = list(seen(root))
    assert len(found) > 2
    return [
        f"{role} {child.object()}"
        for role, name, child in found
        if role in NAMED or (child.state().focusable and role != "StaticText")
        if not name.strip() and child.object() is not None
    ]


@pytest.mark.parametrize("doing", ["pins", "section", "flat", "strain", "four"])
def test_a_screen_reader_finds_a_name_for_everything_beside_and_over_the_picture(driver: Driver, doing: str) -> None:
    before = driver.studio.project
    driver.window.do(doing)
    driver.rest(0.05)
    found = nameless(driver.window)
    if doing == "flat":
        driver.window.do("flat")
    driver.studio.do("Back", before)
    driver.current()
    assert found == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_tab_key_reaches_everything_in_a_room(driver: Driver, room: str) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import (
        QAbstractButton,
        QAbstractItemView,
        QAbstractSlider,
        QComboBox,
        QLineEdit,
        QScrollBar,
        QWidget,
    )  # fmt: skip

    driver.room(room)
    driver.rest(0.05)
    driver.window.activateWindow()
    driver.until(driver.window.isActiveWindow)
    driver.window.picture.viewport.setFocus()
    reached: set[QWidget] = set()
    for _ in range(400):
        QTest.keyClick(driver.application.focusWidget() or driver.window, Qt.Key.Key_Tab)
        focused = driver.application.focusWidget()
        if focused is driver.window.picture.viewport:
            break
        reached.add(focused)
    assert focused is driver.window.picture.viewport, "it comes round"
    kinds = (QAbstractButton, QAbstractSlider, QAbstractItemView, QComboBox, QLineEdit)
    wanted = [
        widget
        for kind in kinds
        for widget in driver.window.findChildren(kind)
        if widget.isVisible() and widget.isEnabled() and not isinstance(widget, QScrollBar)
        if widget.window() is driver.window and not isinstance(widget.parent(), QLineEdit | QComboBox)
        if not widget.objectName().startswith("qt_")
    ]

    def by_arrows(widget: QWidget) -> bool:
        group = widget.group() if isinstance(widget, QAbstractButton) else None
        return group is not None and any(other in reached for other in group.buttons())

    assert [w.accessibleName() or w for w in wanted if w not in reached and not by_arrows(w)] == []


def luminance(code: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    parts = [int(code[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["DARK", "LIGHT"])
def test_words_stand_out_from_what_they_lie_on_and_so_do_controls(name: str) -> None:
    from app.ui import theme

    used = getattr(theme, name)
    grounds = ("window", "panel", "field", "hover")
    for words in ("text", "muted", "accent", "good", "bad"):
        for ground in grounds:
            found = contrast(getattr(used, words), getattr(used, ground))
            assert found >= 4.5, f"{words} on {ground}: {found:.2f}"
    assert contrast(used.on_accent, used.accent) >= 4.5
    for ground in ("window", "panel", "field"):
        assert contrast(used.edge, getattr(used, ground)) >= 3.0, f"the edge of controls on {ground}"


def test_an_icon_that_has_no_room_is_nothing_and_no_trouble(application) -> None:
    from PySide6.QtCore import QSize, qInstallMessageHandler

    from app.ui import theme

    told: list[str] = []
    before = qInstallMessageHandler(lambda *parts: told.append(parts[-1]))
    try:
        found = [theme.icon("close").pixmap(QSize(*size)).isNull() for size in ((0, 0), (16, 0), (16, 16))]
    finally:
        qInstallMessageHandler(before)
    assert (found, told) == ([True, True, False], [])
