"""The window's language: which one, its letters, Qt's own words in it, and another one while the window is open.

A change makes the window's parts anew on the same studio, one after the other: project, history, results, what is being
computed and the project's file stay where they are.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from app.saying import language, speak, tongue
from app.ui.gradually import aside
from app.words import LANGUAGES

if TYPE_CHECKING:
    from app.ui.window import Window

ENGLISH, CHINESE = "en", "zh"
LOCALES = {ENGLISH: "en_GB", CHINESE: "zh_CN"}
ACTIONS = {"language system": "", **{f"language {code}": code for code in LANGUAGES}}
OUTLASTING = frozenset({"figure", "try on", "offers", "suggestions", "movement", "learn"})
"""Jobs that are the studio's own; what else runs answers to the window that asked."""
IDLE = ("thumbnail", "catalogue", "put on", "keep", "follow")


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
            for name in IDLE:
                studio.jobs.cancel(name)
            QTimer.singleShot(0, window.reword)
        return
    window.reflect()


def learnt(wanted: str) -> Iterator[None]:
    """Speak the language for a setting, once it was read."""
    code = choose(wanted)
    yield from aside(lambda: tongue(code))
    apply(code)
