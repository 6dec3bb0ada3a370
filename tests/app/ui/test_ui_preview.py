"""Between a touch of a slider and the drape a preview is shown, says so, and is never a map."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from app import preview
from app.preview import Glimpse, Wanted
from app.project import Project, Wish, taped
from app.ui import previewing as previewing_module
from app.ui.previewing import Previewing
from app.ui.remarks import remark
from body.estimate import Evidence
from tests.app.driver import Driver
from tests.app.people import somebody


class Lane:
    """Stands in for the lane that previews: keeps what was asked until it is to answer."""

    def __init__(self, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[tuple] = []
        self.driver, self._ask = driver, driver.studio.jobs.ask
        monkeypatch.setattr(driver.studio.jobs, "ask", self.ask)

    def ask(self, name: str, function: str, *arguments, **callbacks):
        if not function.startswith("app.preview:"):
            return self._ask(name, function, *arguments, **callbacks)
        if name == "preview":
            self.asked.append((arguments, callbacks))
        return None

    @property
    def wanted(self) -> Wanted:
        return self.asked[-1][0][2]

    def answer(self, resting: bool = False, known: bool = True) -> None:
        """A frame: the body one centimetre to the left."""
        items = self.driver.studio.shown.look.items
        moved = tuple(replace(item, vertices=item.vertices + np.float32(0.01)) for item in items)
        surfaces = tuple((item.vertices, item.normals) for item in moved)
        self.asked[-1][1]["done"](Glimpse(moved, surfaces, resting) if known else None)
        self.driver.application.processEvents()


@pytest.fixture
def driver(application, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    monkeypatch.setattr(preview, "start", lambda number, project, shown: (number, project.key))
    # No lane can go on from such a start, and how soon it said so would decide the tests.
    monkeypatch.setattr(Previewing, "_take_up", lambda self: None)
    made = Driver(application, somebody())
    made.current()
    yield made
    made.close()


@pytest.fixture
def lane(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> Lane:
    return Lane(driver, monkeypatch)


def _waist(driver: Driver, value: float, rests: bool = False) -> None:
    """Set the waist; the drape is computed when the hand `rests`."""
    driver.studio.evidence("Waist girth", taped(driver.studio.project.evidence, "waist_girth", value))
    if not rests:
        driver.studio._pause.stop()
    driver.application.processEvents()


def test_one_frame_is_asked_for_at_a_time_and_the_newest_wish_is_next(driver: Driver, lane: Lane) -> None:
    for value in (0.80, 0.82, 0.84):
        _waist(driver, value)
    assert len(lane.asked) == 1 and lane.wanted.evidence.tapes["waist_girth"] == 0.80
    lane.answer()
    assert len(lane.asked) == 2 and lane.wanted.evidence.tapes["waist_girth"] == 0.84
    for _ in range(2 * previewing_module.FRAMES):
        lane.answer()
    assert len(lane.asked) <= previewing_module.FRAMES + 2


def test_a_preview_says_so_and_the_drape_takes_its_place(driver: Driver, lane: Lane) -> None:
    before = driver.studio.shown
    _waist(driver, 0.80, rests=True)
    lane.answer()
    picture = driver.window.picture
    said = remark(driver.studio, "", lambda name: None, lambda: None)
    assert said is not None and said[0].startswith("Preview of “Waist girth”")
    assert driver.window.status.drape.text().startswith("preview, not draped")
    assert picture.viewport.scene.items[0] is driver.studio.previewing.scene.items[0]
    assert not picture.viewport.veil.isVisible()
    assert driver.studio.shown is before and driver.studio.state == "computing"
    driver.current()
    assert driver.studio.previewing.scene is None
    assert picture.viewport.scene.items[0].vertices is driver.studio.shown.look.items[0].vertices


def test_a_map_is_never_of_a_preview(driver: Driver, lane: Lane) -> None:
    _waist(driver, 0.81)
    lane.answer()
    assert driver.studio.previewing.scene is not None
    driver.window.picture.do("strain")
    viewport = driver.window.picture.viewport
    assert viewport.scene is not driver.studio.previewing.scene and viewport.veil.isVisible()
    assert not driver.window.status.drape.text().startswith("preview")
    asked = len(lane.asked)
    _waist(driver, 0.80)
    assert len(lane.asked) == asked


def test_a_lane_that_forgot_is_told_again(driver: Driver, lane: Lane) -> None:
    _waist(driver, 0.80)
    lane.answer()
    assert lane.asked[-1][0][1] is None
    lane.answer(known=False)
    assert lane.asked[-1][0][1] is not None


def test_stop_keeps_the_last_frame_and_asks_for_no_more(driver: Driver, lane: Lane) -> None:
    _waist(driver, 0.80)
    lane.answer()
    scene, count = driver.studio.previewing.scene, len(lane.asked)
    driver.window.picture._stop()
    lane.answer()
    assert len(lane.asked) == count and driver.studio.previewing.scene is not scene


def test_an_undone_change_shows_its_drape_and_no_preview(driver: Driver, lane: Lane) -> None:
    _waist(driver, 0.80)
    lane.answer()
    driver.studio.history.undo()
    driver.application.processEvents()
    assert driver.studio.previewing.scene is None


@pytest.mark.parametrize(
    "after",
    [
        Project(Evidence(height=1.7, sex=1.0), (Wish("tee"),)),
        Project(Evidence(height=1.7, sex=0.0, age=40.0), (Wish("tee"),)),
        Project(Evidence(height=1.7, sex=0.0), (Wish("skirt"),)),
        Project(Evidence(height=1.7, sex=0.0), ()),
    ],
)
def test_what_only_a_drape_can_show_is_not_previewed(after: Project) -> None:
    before = Project(Evidence(height=1.7, sex=0.0), (Wish("tee"),))
    assert preview.wanted(before, after) is None
    same = replace(before, evidence=replace(before.evidence, height=1.75), wishes=(Wish("tee", "XL"),))
    assert preview.wanted(before, same) is not None
