"""What must be said over the picture, with the ways out: one sentence, from the state of the studio."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.ui.log import as_sentence
from app.ui.studio import COMPUTING, EMPTY, FAILED, STALE, Studio

if TYPE_CHECKING:
    from render.scene import Scene

WayOut = tuple[str, Callable[[], object]]
Told = tuple[str, tuple[WayOut, ...], float | None]
"""The sentence, the ways out, and how much is done of what runs."""


def previewed(studio: Studio) -> "Scene | None":
    """The preview, where it may be shown: a map tells of drapes only."""
    return studio.previewing.scene if studio.project.view.map == "look" else None


def stop(studio: Studio) -> None:
    """Stop the preview, and what is computed for the picture."""
    studio.previewing.stop()
    for name in ("sample", "figure", "try on"):
        studio.cancel(name)


def told(studio: Studio, trouble: str | None, ask: Callable[[str], object]) -> Told | None:
    """What to say; None where all is as it should be. `trouble`: why nothing can be drawn; `ask` asks for an action of
    the window by its name."""
    if trouble:
        return as_sentence(f"{trouble}. Measures, drapes, sizes and patterns still work."), (), None
    if studio.state == COMPUTING:
        return _of_work(studio)
    if studio.state == FAILED and studio.failure:
        copy: WayOut = ("Copy details", lambda: ask("copy details"))
        ways: tuple[WayOut, ...] = (("Try again", studio.refresh), copy)
        if studio.history.undo_name:
            ways = ((f"Undo {studio.history.undo_name}", studio.history.undo), *ways)
        return as_sentence(studio.failure.sentence), ways, None
    if studio.state == STALE:
        said = f"Stopped. {_shown(studio)}"
        if previewed(studio) is not None:
            said = "Stopped. Shown: a preview, not draped."
        return said, (("Drape now", studio.refresh),), None
    if studio.state == EMPTY and studio.stopped:
        return "Stopped before there was a picture.", (("Try again", studio.refresh),), None
    if studio.state == EMPTY:
        photo: WayOut = ("Open a photo", lambda: ask("open photo"))
        number: WayOut = ("Type a height", lambda: ask("Body"))
        return "Nobody is here yet. Drop a photo, or say how tall the person is.", (photo, number), None
    if studio.playing.active:
        return _of_movement(studio)
    return _of_pose(studio)


def _of_work(studio: Studio) -> Told:
    running = next(iter(studio.running.values()), None)
    done = running.fraction if running else 0.0
    way: WayOut = ("Stop", lambda: stop(studio))
    if studio.shown is None:
        return f"The first try-on is made: {running.words if running else 'waiting'} …", (way,), done
    if previewed(studio) is not None:
        words = f"; {running.words}" if running else ""
        return f"Preview of “{studio.last_change}”, quick and rough{words}.", (way,), done
    words = f" Now {running.words}." if running else ""
    return f"{_shown(studio)}{words}", (way,), done


def _shown(studio: Studio) -> str:
    """What is shown, where it is not the project as it is now."""
    if studio.undone:
        return f"Shown: with “{studio.undone}”, which was taken back."
    return f"Shown: before “{studio.last_change}”."


def _of_pose(studio: Studio) -> Told | None:
    ease: WayOut = ("Stand at ease", lambda: studio.posing.choose("Stand at ease", None))
    if studio.posing.trouble:
        return f"The pose cannot be shown. {studio.posing.trouble}", (ease,), None
    if studio.posing.waiting:
        return "The body takes the pose …", (), 0.0
    if studio.posing.scene is not None and not studio.posing.dragging and studio.project.wishes:
        shown_as = "hidden in this pose" if previewed(studio) is None else "shown in this pose as a preview"
        return f"Garments are draped on the person at ease: {shown_as}.", (ease,), 1.0
    if studio.shown and not studio.shown.holds:
        return "This drape is not to be trusted: " + "; ".join(studio.shown.failures), (), None
    return None


def _of_movement(studio: Studio) -> Told | None:
    playing = studio.playing
    end: WayOut = ("Stand at ease", playing.stop)
    if playing.trouble:
        return playing.trouble, (end,), None
    done = f"{playing.done} of {playing.total} frames" if playing.total else "the first frame"
    share = playing.done / playing.total if playing.total else 0.0
    if playing.asking:
        halt: WayOut = ("Stop", lambda: studio.cancel("movement"))
        return f"The garments follow the movement: {done} …", (halt,), share
    if playing.report is None:
        return f"Stopped: {done}.", (("Go on", playing.go_on), end), share
    if not playing.report.holds:
        return "This movement is not to be trusted: " + "; ".join(playing.report.lines), (), None
    return None
