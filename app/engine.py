"""What the window asks of the engine: functions that run in a worker process and answer with plain values."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.incoming import alone as alone
from app.incoming import film as film
from app.incoming import follow as follow
from app.incoming import garment as garment
from app.incoming import resewn as resewn
from app.incoming import scan as scan
from app.incoming import see as see
from app.remembered import at_hand, before, estimate_of, remember, try_on
from app.saying import speaking
from assets.errors import InputRefused
from assets.progress import Progress, part, silent

if TYPE_CHECKING:
    from app.alteration import Proposal
    from app.matrix import Cell
    from app.movement.moving import Run, Take
    from app.photo.mirror import Mirror, Patch
    from app.photo.onphoto import OnPhoto
    from app.project import Project
    from app.shop.offering import Offered
    from app.stage import Shown
    from body.frame import Frame
    from body.live.follow import Instant
    from body.live.track import Track
    from body.motion import Motion
    from garments.maps import Mapped
    from garments.recommend.suggest import Taste
    from garments.sizing import Advice
    from render.camera import Camera

SUGGESTED = 4
COARSE = 0.025  # edges of the cloth that is shown first [m]
_run: "tuple[str, str, Run] | None" = None
_mirror: "tuple[int, Mirror] | None" = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A garment of the catalogue on one body: its best size, how sure that is (0..1), whether any size suits."""

    design: str
    title: str
    fabric: str
    size: str
    confidence: float
    suits: bool


def warm(progress: Progress = silent) -> None:
    """Load what every try-on needs, so that the first one does not wait for it."""
    from body.model import load_model

    progress(0.0, "starting the engine")
    load_model()
    progress(1.0, "ready")


def sample(progress: Progress = silent) -> "Project":
    """The project that a first start opens."""
    from app.project import sample

    progress(0.0, "opening the sample")
    return sample()


def figure(project: "Project", progress: Progress = silent) -> "Shown":
    """The project's person before anything is put on. Raises ToileError for input that cannot be used."""
    from app import shelf
    from app.pipeline import TryOn
    from app.stage import show

    if (kept := shelf.find(project.person_key)) is not None:
        return kept
    shown = show(TryOn(estimate_of(project, progress), (), (), (), (), ()))
    shelf.keep(project.person_key, shown)
    return shown


def wear(project: "Project", progress: Progress = silent) -> "Shown":
    """The project's person in its garments. Raises ToileError for input that cannot be used."""
    from app import shelf
    from app.stage import show

    progress(0.0, "looking among earlier drapes")
    if (kept := shelf.find(project.key)) is not None:
        return kept
    result = try_on(project, part(progress, 0.0, 0.98))
    progress(0.98, "colouring the maps")
    shown = show(result)
    shelf.keep(project.key, shown)
    return shown


def dress_sample() -> None:
    """Put the sample on the shelf, from where the first start takes it, and compile what previews are made with."""
    from app import preview

    project = sample()
    figure(project)
    if (begun := preview.start(0, project, wear(project))) is not None:
        preview.take_up(begun)


def compare(
    before: "tuple[Mapped, ...]", after: "tuple[Mapped, ...]", progress: Progress = silent
) -> "tuple[Mapped, ...]":
    """The change of maps from one drape to another. Raises InputRefused where they have nothing in common."""
    from app.stage import changes

    progress(0.0, "comparing the drapes")
    return changes(before, after)


def offers(project: "Project", progress: Progress = silent) -> tuple[Offer, ...]:
    """What there is to wear, the best fitting first, each in the size that suits this body."""
    from garments.designs import designs
    from garments.fabric import fabric
    from garments.sizing import advise

    estimate = estimate_of(project, part(progress, 0.0, 0.5))
    found = []
    for k, (name, design) in enumerate(designs().items()):
        progress(0.5 + 0.5 * k / len(designs()), f"sizing {design.TITLE}")
        try:
            advice = advise(name, estimate.measurements, project.evidence.sex)
        except InputRefused:  # It cannot be drafted in every size: it is not on offer.
            continue
        title, cloth = design.TITLE[:1].upper() + design.TITLE[1:], fabric(design.FABRIC).title
        found.append(Offer(name, title, cloth, advice.best, advice.confidence, advice.suits))
    return tuple(sorted(found, key=lambda offer: (not offer.suits, -offer.confidence)))


def suggestions(project: "Project", path: str, taste: "Taste", progress: Progress = silent) -> "Offered":
    """What of a catalogue to try on next, by fit, content, what goes with what is worn, and what was learned of the
    shop's customers. Raises ToileError."""
    from app.shop import learning
    from app.shop.offering import articles_of, offered

    estimate = estimate_of(project, part(progress, 0.0, 0.4))
    try:
        past = learning.own()
    except InputRefused:  # It is told where it is learned; suggestions do without.
        past = None
    return offered(estimate, articles_of(Path(path)), taste, past, SUGGESTED, part(progress, 0.4, 1.0))


def soon(project: "Project", progress: Progress = silent) -> "Shown":
    """The project's person in garments of coarse cloth, a fifth of the work; `wear` then starts from it. Raises
    ToileError for input that cannot be used."""
    from app.pipeline import dress
    from app.stage import show

    estimate = estimate_of(project, part(progress, 0.0, 0.3))
    result = dress(estimate, project.wishes, edge=COARSE, start=before(project), progress=part(progress, 0.3, 1.0))
    remember(project, result, coarse=True)
    return show(result)


def sizes(
    project: "Project", designs: tuple[str, ...], likes: str, progress: Progress = silent
) -> "tuple[Advice, ...]":
    """The advice on each design for the project's person, what suits and is sure first. A design that cannot be drafted
    for its chart is left out. Raises ToileError for input that cannot be used."""
    from app.pipeline import advised
    from app.project import Wish

    estimate, found = estimate_of(project, part(progress, 0.0, 0.5)), []
    for k, name in enumerate(designs):
        progress(0.5 + 0.5 * k / len(designs), "comparing sizes")
        try:
            found.append(advised(Wish(name, likes=likes), estimate))
        except InputRefused:
            continue
    return tuple(sorted(found, key=lambda advice: (not advice.suits, -advice.confidence)))


def ready(project: "Project", progress: Progress = silent) -> None:
    """Have the project's try-on at hand, for a live picture to begin at once. Raises ToileError."""
    at_hand(project, progress)


def reflect(number: int, project: "Project", frame: "Frame", track: "Track", progress: Progress = silent) -> None:
    """Make ready to show the project's garments on whoever is tracked in the pictures of one camera, in the light of
    its `frame`; `number` tells this showing from others. Raises ToileError."""
    global _mirror
    from app.photo.mirror import Mirror

    worn = at_hand(project, progress)
    _mirror = number, Mirror(worn.estimate.body, worn.drapes, frame, track)


def mirrored(
    number: int, motions: "tuple[Instant, ...]", size: tuple[int, int], progress: Progress = silent
) -> "tuple[Patch | None, ...]":
    """What to lay over pictures of a width and height [pixels] in which the person moves so. Raises InputRefused where
    nothing was made ready for this showing."""
    if _mirror is None or _mirror[0] != number:
        raise InputRefused("the mirror is not ready: it begins anew")
    return tuple(_mirror[1].show(motion, *size) for motion in motions)


def alter(project: "Project", number: int, language: str, progress: Progress = silent) -> "Proposal":
    """What to change in one of the project's garments so that it fits, with pictures lettered in a language. What it
    leads to is at hand when the change is applied. Raises InputRefused where nothing needs to change or helps."""
    from app import shelf
    from app.alteration import propose
    from app.pipeline import EDGE
    from app.stage import show

    result = try_on(project, part(progress, 0.0, 0.3))
    with speaking(language):
        found, after = propose(result, number, project.view.scaling, part(progress, 0.3, 0.95), edge=EDGE)
    altered = replace(project, wishes=found.wishes)
    remember(altered, after)
    shelf.keep(altered.key, show(after))
    return found


def cells(project: "Project", number: int, people: int | str | None, progress: Progress = silent) -> "tuple[Cell, ...]":
    """The cells of a fit matrix: one of the project's garments in all its sizes on its person, or in the size worn on
    so many people drawn from statistics, or on those of a table. Raises ToileError for what cannot be used."""
    from app import matrix
    from app.people import drawn_people, estimated, read_people
    from app.reports.comparing import NOBODY
    from garments.grading import chart

    result = try_on(project, part(progress, 0.0, 0.5))
    wish, made = result.wishes[number], result.garments[number]
    if people is None:
        sizes = (made.size,) if wish.made or made.cut.wearer else chart(made.cut.chart).sizes
        return matrix.cells([(NOBODY, result.estimate)], matrix.in_sizes(wish, sizes), matrix.EDGE)
    known = read_people(Path(people)) if isinstance(people, str) else drawn_people(people, project.evidence.sex)
    bodies = estimated(known, progress=part(progress, 0.5, 1.0))
    return matrix.cells(bodies, (replace(wish, size=made.size),), matrix.EDGE)


def move(project: "Project", clip: "str | Motion", first: int, most: int, progress: Progress = silent) -> "Take":
    """The project's person, dressed, in a movement (one of Toile's by name, or a file's): frames from `first` on, at
    most so many. Asked again, it goes on where it was. Raises ToileError for input that cannot be used."""
    from app.movement.moving import take

    return take(_moving(project, clip, progress), first, most, progress)


def save_movement(project: "Project", clip: "str | Motion", path: str, progress: Progress = silent) -> str:
    """Write a movement of the project's person as one file, by its ending, in the look of its view; answer where. What
    is not computed yet is. Raises ToileError."""
    from app.exports.footage import write_one
    from app.scenes.appearance import of_view

    run = _moving(project, clip, progress)
    run.advance(run.total, part(progress, 0.0, 0.5))
    write_one(run, Path(path), of_view(project.view), part(progress, 0.5, 1.0))
    return path


def _moving(project: "Project", clip: "str | Motion", progress: Progress) -> "Run":
    """The run that was asked for before, as far as it is, or a new one."""
    global _run
    from app.movement.moving import Run, motion_of

    told = clip if isinstance(clip, str) else clip.digest
    if _run is None or _run[:2] != (project.key, told):
        result = try_on(project, progress)
        progress(0.0, "finding the steps")
        _run = project.key, told, Run(result, motion_of(clip, result.estimate.body))
    return _run[2]


def export(project: "Project", folder: str, progress: Progress = silent) -> str:
    """Write the files that the command line writes; the folder's name. Raises CannotWrite."""
    from app.exports.results import write_results
    from app.reports.template import own
    from app.scenes.appearance import of_view

    imprint = replace(own(), date=time.strftime("%Y-%m-%d"))
    result = try_on(project, part(progress, 0.0, 0.4))
    write_results(
        result, Path(folder), progress=part(progress, 0.4, 1.0), pose=project.pose, scaling=project.view.scaling,
        appearance=of_view(project.view), imprint=imprint,
    )  # fmt: skip
    return folder


def share_look(project: "Project", path: str, progress: Progress = silent) -> str:
    """Write what the project's person wears as one picture to share; answer where. Raises ToileError."""
    from app.picturefile import png
    from app.shop import looks
    from assets.files import write_bytes

    result = at_hand(project, part(progress, 0.0, 0.6))
    worn = [f"{garment.title}, {garment.size}" for garment in result.garments]
    pixels = looks.picture(result, worn, Path(path).stem, part(progress, 0.6, 1.0))
    write_bytes(Path(path), png(pixels))
    return path


def on_photo(project: "Project", progress: Progress = silent) -> "tuple[OnPhoto, ...]":
    """The project's photos with its garments on. Raises InputRefused where none shows how the person stands."""
    from app.photo.onphoto import on_photos

    result = try_on(project, part(progress, 0.0, 0.3))
    return on_photos(project.evidence, result.estimate.body, result.drapes, progress=part(progress, 0.3, 1.0))


def turntable(project: "Project", path: str, progress: Progress = silent) -> str:
    """Write the project's person turning round, in the look of its view; answer where. Raises ToileError."""
    from app.exports.turntable import write_turntable
    from app.scenes.appearance import of_view

    result = try_on(project, part(progress, 0.0, 0.1))
    write_turntable(result, [Path(path)], None, of_view(project.view), part(progress, 0.1, 1.0))
    return path


def save_part(project: "Project", path: str, progress: Progress = silent) -> str:
    """Write the dressed person as a mesh, or the patterns of what is worn, by the file's ending; answer where. Raises
    ToileError."""
    from app.exports.single import PATTERNS, check_kinds, write_meshes, write_patterns

    ending = Path(path).suffix
    if ending.lower() not in PATTERNS:
        check_kinds([ending])
    result = try_on(project, part(progress, 0.0, 0.5))
    progress(0.5, f"writing {Path(path).name}")
    if ending.lower() in PATTERNS:
        return ", ".join(map(str, write_patterns(result, Path(path))))
    write_meshes(result, [Path(path)])
    return path


def save_view(
    project: "Project", path: str, eye: "Camera", size: tuple[int, int], transparent: bool, language: str,
    progress: Progress = silent,
) -> str:  # fmt: skip
    """Write the picture as the project's view shows it to an eye, lettered in a language; answer where. Raises
    ToileError."""
    from app.exports.single import write_view

    result = try_on(project, part(progress, 0.0, 0.2))
    with speaking(language):
        write_view(result, Path(path), project.view, eye, size, transparent, part(progress, 0.2, 1.0))
    return path
