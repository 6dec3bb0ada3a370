"""What passes between the touch of a slider and something to see, and between the cross and a free engine.

    python -m benchmarks.preview [--quick] [--json FILE]

A T-shirt of 5,000 vertices on a body whose waist is dragged. Milliseconds of the processor on one core, the best of
many: a busy machine spoils them least. Times of the window and of stopping are of the wall, and such a machine's. The
window is a real one, under Xvfb where there is no display, drawn by whatever OpenGL there is.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from benchmarks.table import Row, row, run

FRAMES, DRAG = 60, 4.0
PHASES = ("shaping the body", "putting the garments on", "draping", "checking the drape", "colouring the maps")
DELAYS = (0.0, 0.1, 0.35)


def rows(quick: bool) -> Iterator[Row]:
    os.environ["HOME"] = os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
    yield from steps(10 if quick else FRAMES)
    yield from _body(5 if quick else 30)
    yield from _stopped(quick)
    yield from _window(quick)


def _project(height: float = 1.68):
    from app.project import Project, Wish
    from body.estimate import Evidence

    return Project(Evidence(height=height, mass=62.0, sex=0.0), (Wish("tee", "M"),))


def _dressed(project):
    """The body, the T-shirt and where it was laid: to step from, no drape is needed."""
    from app.pipeline import fit_body
    from garments.cloth import mesh
    from garments.drape import EDGE
    from garments.dressing.arrange import arrange
    from garments.garment import garment
    from garments.preview import Preview

    body, made = fit_body(project.evidence).body, garment("tee", "M", "female")
    place = arrange(mesh(made, EDGE), body)
    return body, Preview((made,), (place,), body.vertices, body.model.skin_faces)


def steps(count: int) -> Iterator[Row]:
    """A step of the preview on a body that stands, then on one that moves."""
    from garments.preview import SUBSTEPS

    body, preview = _dressed(_project())
    for _ in range(30):
        preview.frame()
    step = _best(preview._stepped, count)
    told = f"{len(preview.positions):,} vertices, {SUBSTEPS} substeps, contact with the body"
    yield row("step", f"a step of the preview: {told}", step, "ms", 10)
    wide = np.asarray(body.vertices, float) * (1.002, 1.0, 1.002)
    ways = iter([wide, body.vertices] * (count + 1))

    def moving() -> None:
        preview.follow(next(ways))
        preview.frame()

    yield row(
        "frame", "the same with the body moving: cloth carried along, nearest skin found", _best(moving, count), "ms"
    )


def _body(count: int) -> Iterator[Row]:
    from app.pipeline import fit_body
    from body.hasty import changed, said
    from body.measure import ruler
    from body.model import load_model
    from body.poses import at_ease

    model, before = load_model(), _project().evidence
    found, slow = fit_body(before), _best(lambda: fit_body(before), 2)
    start = found.measurements.value("waist_girth")
    after = replace(before, tapes={"waist_girth": start + 0.05})
    betas = found.body.betas

    def follow() -> np.ndarray:
        new = changed(model, betas, None, 0.0, said(before), said(after))
        model.body(new, found.body.pose)
        return new

    quick, new = _best(follow, count), follow()
    yield row("body", "the body follows a tape: shape and surface", quick, "ms", 33)
    yield row("estimate", "what the full estimate of these numbers takes, to compare", slow, "ms")
    missed = abs(ruler(model).read(new, 0.0, None, ["waist_girth"]).values[0] - start - 0.05)
    yield row("body tape", "by how much the body misses a tape that was dragged 5 cm", 1000 * missed, "mm", 1)
    full = fit_body(after).body
    rough = model.body(new, at_ease(model, new))
    gap = np.linalg.norm(full.vertices - rough.vertices, axis=1).mean()
    yield row("body error", "mean distance of its skin to the full estimate's", 1000 * float(gap), "mm")


def _stopped(quick: bool) -> Iterator[Row]:
    """Press stop in every phase of a try-on; the engine is free when it answers the next question."""
    from app.jobs import Jobs

    jobs, worst, number = Jobs(("engine",)), {}, 0
    try:
        _until(jobs, _asked(jobs, "warm", "app.engine:wear", _project()))
        for phase in PHASES[2:3] if quick else PHASES:
            for delay in DELAYS[:1] if quick else DELAYS:
                number += 1
                heard: list[str] = []
                jobs.ask(
                    "wear", "app.engine:wear", _project(1.60 + 0.003 * number),
                    progress=lambda _, words, heard=heard: heard.append(words),
                    done=lambda _, heard=heard: heard.append("done"),
                    failed=lambda why, heard=heard: heard.append(why.sentence),
                )  # fmt: skip
                _until(jobs, lambda heard=heard, phase=phase: heard and (heard[-1] in (phase, "done")))
                _until(jobs, _past(delay))
                start = time.perf_counter()
                jobs.cancel("wear")
                _until(jobs, _asked(jobs, "next", "benchmarks.preview:nothing"))
                worst[phase] = max(worst.get(phase, 0.0), time.perf_counter() - start)
    finally:
        jobs.close()
    for phase, taken in worst.items():
        yield row(f"stop while {phase}", "from the cross until the engine is free, the worst", taken, "s", 0.2)


def nothing(progress: object) -> None:
    """What is asked of a lane to see that it is free."""


def _asked(jobs, name: str, function: str, *arguments) -> Callable[[], object]:
    answers: list[object] = []
    jobs.ask(
        name, function, *arguments, done=lambda value: answers.append(True), failed=lambda why: answers.append(why)
    )
    return lambda: answers


def _until(jobs, condition: Callable[[], object]) -> None:
    while not condition():
        jobs.deliver()
        time.sleep(0.002)


def _past(duration: float) -> Callable[[], object]:
    end = time.monotonic() + duration
    return lambda: time.monotonic() >= end


def _window(quick: bool) -> Iterator[Row]:
    claims = {
        "window fps": ("pictures a second while the waist is dragged", "1/s", 12, ">="),
        "first picture": ("from the first touch to the first picture that shows it", "ms", 200, "<="),
        "window frame": ("processor time of one picture in the window", "ms", 1000 / 12, "<="),
    }
    server = None if quick or os.environ.get("DISPLAY") else _display()
    if quick or not os.environ.get("DISPLAY"):
        why = "--quick" if quick else "no display, and no Xvfb"
        yield from (row(id, claim, None, unit, goal, sense, why) for id, (claim, unit, goal, sense) in claims.items())
        return
    try:
        fps, first, cost, driver = _dragged()
    finally:
        if server is not None:
            server.terminate()
    for (id, (claim, unit, goal, sense)), value in zip(claims.items(), (fps, first, cost), strict=True):
        yield row(id, f"{claim}; {driver}", value, unit, goal, sense)


def _display() -> subprocess.Popen | None:
    program = shutil.which("Xvfb")
    if program is None:
        return None
    read, write = os.pipe()
    command = [program, "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as stream:
        os.environ["DISPLAY"] = f":{stream.readline().strip()}"
    return server


def _dragged() -> tuple[float, float, float, str]:
    """Drag the waist in the window: pictures a second, time to the first [ms], cost of one [ms], and who drew them."""
    from app.ui.starting import prepare

    prepare()
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    from app.ui.panels.body import BodyPanel
    from app.ui.studio import CURRENT, Studio
    from app.ui.window import Window
    from render import headless

    application = QApplication(["toile"])
    studio = Studio(_project())
    studio.keep(toured=True)
    main = Window(studio)
    main.show()
    studio.start()

    def wait(condition: Callable[[], object]) -> None:
        while not condition():
            application.processEvents()
            time.sleep(0.002)

    wait(lambda: studio.state == CURRENT and not studio.jobs.busy())
    wait(_past(3.0))
    canvas, pictures, before = main.picture.viewport.canvas, [], time.process_time()

    def seen() -> None:
        nonlocal before
        if studio.previewing.scene is not None:
            pictures.append((time.perf_counter(), time.process_time() - before))
        before = time.process_time()

    canvas.shown.connect(seen)
    slider = main.rooms.panel("Body", BodyPanel).quantities["waist_girth"].slider

    def touch(kind: QEvent.Type, share: float) -> None:
        place = QPointF(7 + (slider.width() - 14) * share, slider.height() / 2)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QMouseEvent(kind, place, slider.mapToGlobal(place), left, left, none)
        application.sendEvent(slider, event)

    start, share = time.perf_counter(), slider.value() / 1000
    touch(QEvent.Type.MouseButtonPress, share + 0.01)
    while (past := time.perf_counter() - start) < DRAG:
        touch(QEvent.Type.MouseMove, share + 0.01 + 0.15 * past / DRAG)
        application.processEvents()
        time.sleep(0.002)
    touch(QEvent.Type.MouseButtonRelease, share + 0.16)
    main.close()
    driver = headless.driver()
    if len(pictures) < 2:
        return 0.0, float("inf"), float("inf"), driver
    times = np.array(pictures)
    fps = (len(times) - 1) / (times[-1, 0] - times[0, 0])
    return float(fps), 1000 * (times[0, 0] - start), 1000 * float(np.median(times[:, 1])), driver


def _best(work: Callable[[], object], times: int) -> float:
    work()
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return 1000 * min(found)


if __name__ == "__main__":
    run(__doc__, rows)
