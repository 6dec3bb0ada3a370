"""The window's language: which one, its letters, Qt's own words in it, and another one while the window is open.

A change builds the window anew on the same studio: project, history, results and what is being computed stay where they
are; place, size, room, cameras and the project's file go over to the new window.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QDialog

from app.saying import language, speak
from app.ui import theme
from app.words import LANGUAGES

if TYPE_CHECKING:
    from app.ui.window import Window

ENGLISH, CHINESE = "en", "zh"
LOCALES = {ENGLISH: "en_GB", CHINESE: "zh_CN"}
ACTIONS = {"language system": "", **{f"language {code}": code for code in LANGUAGES}}
OUTLASTING = frozenset({"figure", "try on", "offers", "movement"})
"""Jobs that are the studio's own; what else runs answers to the window that asked."""
IDLE = ("thumbnail", "catalogue", "put on", "keep", "follow")
_open: list["Window"] = []
"""Windows that were built anew: nobody else holds them."""


def choose(wanted: str) -> str:
    """The language for a setting ("" as the system has it): English where the letters of another one are not there."""
    code = wanted or next((code for code in LANGUAGES if QLocale.system().name().startswith(code)), ENGLISH)
    return code if code != CHINESE or has_letters() else ENGLISH


def has_letters() -> bool:
    """Whether a font for Chinese is installed: without one, every letter would be a box."""
    return bool(QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese))


def apply(code: str) -> None:
    """Speak a language from here on: ours and Qt's own words, dates and numbers."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    speak(code)
    QLocale.setDefault(QLocale(LOCALES[code]))
    for before in application.findChildren(QTranslator):
        application.removeTranslator(before)
        before.deleteLater()
    translator = QTranslator(application)
    if translator.load(f"qtbase_{LOCALES[code]}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(translator)


def change(window: "Window", wanted: str) -> None:
    """Speak another language from now on, once nothing that the window asked for is under way."""
    studio = window.studio
    if wanted == CHINESE and not has_letters():
        studio.said.emit("No font for Chinese is installed: install one, such as Noto Sans CJK or WenQuanYi Micro Hei")
    elif set(studio.running) - OUTLASTING - set(IDLE):
        studio.said.emit("The language can be changed as soon as this is done")
    else:
        studio.keep(language=wanted)
        if choose(wanted) != language():
            QTimer.singleShot(0, lambda: rebuild(window))
        return
    window.reflect()


def let_go() -> None:
    """Hold no window any more: Qt ends, and none may outlive it."""
    _open.clear()


def rebuild(before: "Window") -> "Window":
    """The window in the language of the settings, in the place of the one before."""
    studio = before.studio
    for name in IDLE:
        studio.jobs.cancel(name)
    for page in before.findChildren(QDialog):
        page.close()
    apply(choose(studio.settings.language))
    theme.apply(theme.choose(studio.settings.theme))
    after = type(before)(studio)
    after.take_over(before)
    _open[:] = [after]
    after.show()
    before.hide()
    before.deleteLater()
    return after
