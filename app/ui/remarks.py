"""What is said over the picture: whatever is not as the person would expect, with the ways out."""

from collections.abc import Callable

from app.ui.log import as_sentence
from app.ui.studio import COMPUTING, CURRENT, FAILED, STALE, Studio

WayOut = tuple[str, Callable[[], object]]
Remark = tuple[str, tuple[WayOut, ...], float | None]
"""The sentence, the ways out, and how much is done (0..1; None where nothing is under way)."""


def remark(studio: Studio, trouble: str, ask: Callable[[str], object], stop: Callable[[], None]) -> Remark | None:
    """None where all is as it should be. `trouble` is why nothing can be drawn, `ask` has the window do an action,
    `stop` ends what is computed for the picture."""
    if trouble:
        return as_sentence(f"{trouble}. Measures, drapes, sizes and patterns still work."), (), None
    preview = studio.previewing.scene is not None and studio.project.view.map == "look"
    change = studio.history.undo_name or "the last change"
    if studio.state == COMPUTING:
        return _computing(studio, change, preview, ("Stop", stop))
    if studio.state == FAILED:
        return _failed(studio, change, ask)
    if studio.state == STALE:
        said = "Stopped. Shown: a preview, not draped." if preview else f"Stopped. Shown: before “{change}”."
        return said, (("Drape now", studio.refresh),), None
    if studio.state == CURRENT:
        return _of_movement(studio) if studio.playing.active else _of_pose(studio, preview)
    return _nobody(studio, ask)


def _computing(studio: Studio, change: str, preview: bool, stop: WayOut) -> Remark:
    running = next(iter(studio.running.values()), None)
    share, words = (running.fraction, running.words) if running else (0.0, "")
    if studio.shown is None:
        said = f"The first try-on is made: {words or 'waiting'} …"
    elif preview:
        words = f"; {words}" if words else ""
        said = f"Preview of “{change}”, quick and rough{words}."
    else:
        said = f"Shown: before “{change}”." + (f" Now {words}." if words else "")
    return said, (stop,), share


def _failed(studio: Studio, change: str, ask: Callable[[str], object]) -> Remark | None:
    if studio.failure is None:
        return None
    ways: tuple[WayOut, ...] = (("Try again", studio.refresh), ("Copy details", lambda: ask("copy details")))
    if studio.history.undo_name:
        ways = ((f"Undo {change}", studio.history.undo), *ways)
    return as_sentence(studio.failure.sentence), ways, None


def _nobody(studio: Studio, ask: Callable[[str], object]) -> Remark:
    if studio.stopped:
        return "Stopped before there was a picture.", (("Try again", studio.refresh),), None
    photo: WayOut = ("Open a photo", lambda: ask("open photo"))
    number: WayOut = ("Type a height", lambda: ask("Body"))
    return "Nobody is here yet. Drop a photo, or say how tall the person is.", (photo, number), None


def _of_pose(studio: Studio, preview: bool) -> Remark | None:
    posing = studio.posing
    ease: WayOut = ("Stand at ease", lambda: posing.choose("Stand at ease", None))
    if posing.trouble:
        return f"The pose cannot be shown. {posing.trouble}", (ease,), None
    if posing.waiting:
        return "The body takes the pose …", (), 0.0
    if posing.scene is not None and not posing.dragging and studio.project.wishes:
        shown_as = "shown in this pose as a preview" if preview else "hidden in this pose"
        return f"Garments are draped on the person at ease: {shown_as}.", (ease,), 1.0
    if studio.shown and not studio.shown.holds:
        return "This drape is not to be trusted: " + "; ".join(studio.shown.failures), (), None
    return None


def _of_movement(studio: Studio) -> Remark | None:
    playing = studio.playing
    end: WayOut = ("Stand at ease", playing.stop)
    if playing.trouble:
        return playing.trouble, (end,), None
    done = f"{playing.done} of {playing.total} frames" if playing.total else "the first frame"
    share = playing.done / playing.total if playing.total else 0.0
    if playing.asking:
        stop: WayOut = ("Stop", lambda: studio.cancel("movement"))
        return f"The garments follow the movement: {done} …", (stop,), share
    if playing.report is None:
        return f"Stopped: {done}.", (("Go on", playing.go_on), end), share
    if not playing.report.holds:
        return "This movement is not to be trusted: " + "; ".join(playing.report.lines), (), None
    return None
