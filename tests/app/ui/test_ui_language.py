"""Another language while the window is open: the same work in it, and no English left to see."""

import re
from collections.abc import Iterator
from functools import reduce

import numpy as np
import pytest

pytest.importorskip("PySide6")

from tests.app.driver import Driver
from tests.app.ui.test_ui_reach import seen

HAN, WORD = re.compile("[一-鿿]"), re.compile(r"[A-Za-z]{3,}")
ENGLISH = re.compile(
    r"\b(Toile|Apache|English|Ctrl|Shift|Alt|Tab|Space|Del|Esc|F\d+|Lab|AgX|Blender|Maya|ASTM|GB/T|EN|PBR|Cusick|AMASS|SMPL-X|"
    r"\w+\.(?:jpg|glb|md|toml)|navy, 藏青, #25304B, lab|npz|BVH|KES|FAST|GSM|rho|kPa|mm|cm|kg|USD|GLB|MP4|GIF|WebP|"
    r"XXS|XXL|XS|XL)\b|#[0-9A-F]{6}"
)
"""Names, files, keys and units, which stay as they are."""


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Folders in which no other test has left names of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "CACHE", "DATA"):
            patch.setenv(f"XDG_{name}_HOME", str(tmp_path_factory.mktemp(name.lower())))
        yield


@pytest.fixture(scope="module")
def chinese(driver: Driver) -> Iterator[Driver]:
    """The window after it was told to speak Chinese; English again when the test is over."""
    speak(driver, "zh")
    yield driver
    speak(driver, "en")
    driver.studio.keep(language="")


def speak(driver: Driver, code: str) -> None:
    """Have the window speak a language, all of it."""
    status = driver.window.status
    driver.window.do(f"language {code}")
    driver.until(lambda: driver.window.status is not status and not driver.window.rewording)


def english(widget) -> list[str]:
    """What a person sees or hears of a window that is not Chinese."""
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QWidget

    from garments.fabric import fabrics

    root = QAccessible.queryAccessibleInterface(widget)
    texts = {(type(child.object()).__name__, name) for _, name, child in seen(root)}
    texts |= {
        (type(each).__name__, each.toolTip()) for each in widget.findChildren(QWidget) if each.isVisibleTo(widget)
    }
    cited = [cloth.source for cloth in fabrics().values()]
    found = []
    for kind, text in texts:
        left = reduce(lambda told, source: told.replace(source, ""), cited, text)
        found += [f"{kind}: {text}"] if WORD.search(ENGLISH.sub("", left)) else []
    return sorted(found)


def test_the_same_work_goes_on_in_another_language(driver: Driver) -> None:
    studio, window = driver.studio, driver.window
    driver.room("Fit")
    driver.key("7")
    project, shown, steps = studio.project, studio.shown, studio.history.steps
    camera, place = window.picture.viewport.cameras["one"], window.geometry()
    seen = driver.window.picture.size()
    for code, title in (("zh", "合身度工作区"), ("en", "Fit room")):
        speak(driver, code)
        now = driver.window
        assert studio.settings.language == code
        assert (studio.project, studio.shown, studio.history.steps) == (project, shown, steps)
        assert not studio.running and studio.state == "current"
        after = now.picture.viewport.cameras["one"]
        assert np.allclose(_way(after), _way(camera), atol=0.02)  # framed anew where its bars leave other room
        assert now.geometry().size() == place.size()
        assert now.picture.isVisible() and now.picture.size() == seen
        assert now.rooms.buttons["Fit"].isChecked() and now.rooms.buttons["Fit"].accessibleName() == title
    studio.keep(language="")
    # The parts that are gone hear nothing any more.
    studio.do("Another height", project)
    driver.turn()
    studio.history.undo()


def test_learning_from_tables_does_not_hold_the_language(driver: Driver) -> None:
    from app.ui.studio import Running

    studio = driver.studio
    for job, told in (("export", ""), ("learn", "en")):
        studio.running[job] = Running(job)
        driver.window.do("language en")
        del studio.running[job]
        assert studio.settings.language == told
    studio.keep(language="")


def test_a_search_finds_in_both_languages(chinese: Driver) -> None:
    search = chinese.window.search
    assert search.found("另存为")[0] == search.found("save as")[0] == "File: Save as…"


def test_an_answer_for_a_part_that_is_gone_is_told_to_nobody(driver: Driver) -> None:
    from PySide6.QtCore import QObject
    from shiboken6 import delete

    heard = []

    studio, parts = driver.studio, (QObject(), QObject())
    for k, part in enumerate(parts):
        studio.ask(part, f"part {k}", "offers", studio.project, done=lambda _, k=k: heard.append(k))
    delete(parts[0])
    driver.until(lambda: not studio.jobs.busy("engine"))
    assert heard == [1] and "part 0" not in studio.running


def _way(camera) -> np.ndarray:
    """Where a camera looks, as a unit vector."""
    way = np.subtract(camera.eye, camera.target)
    return way / np.linalg.norm(way)


def test_the_language_changes_while_a_file_is_chosen_for_the_picture(driver: Driver, monkeypatch) -> None:
    window, before = driver.window, driver.window.picture

    def chosen(name: str) -> bool:
        window.reword()
        driver.until(lambda: not window.rewording)
        driver.turn()
        return True

    monkeypatch.setattr(before.showing, "do", chosen)
    window.do("background picture")
    assert window.picture is not before and window.picture.isVisible()
