"""What comes in: pictures, live frames, films, scans and garments from files, each read in a worker process."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assets.errors import InputRefused
from assets.progress import Progress, silent

if TYPE_CHECKING:
    import numpy as np

    from body.frame import Frame
    from body.live.track import Track, Tracker
    from body.scan import Scan
    from garments.imported.readymade import ReadyMade

PEOPLE = 1000  # numbers for each showing of a live picture: nobody has one of another's
_show: "tuple[int, Tracker] | None" = None


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture that was looked at: how many people could be dressed, and where each stands, from left to right."""

    frame: "Frame"
    people: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Who is in a live picture, or why nobody is sure to be."""

    track: "Track | None"
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """The photos that a video gave, and what to say of them."""

    photos: "tuple[Frame, ...]"
    remarks: tuple[str, ...]


def see(path: str, progress: Progress = silent) -> Seen:
    """A picture file with the people in it. Raises InputRefused when it cannot be read or nobody can be measured."""
    from body.frame import load_picture
    from body.gates import choose, objections
    from body.pose import people

    progress(0.1, "opening the picture")
    frame = load_picture(Path(path))
    progress(0.3, "looking for people")
    found = people(frame)
    tallest = max((person.height for person in found), default=0)
    if sum(person.height > 0.3 * tallest for person in found) < 2:
        for sentence in objections(choose(found, None, frame.name), frame):
            raise InputRefused(f"{frame.name}: {sentence}")
        return Seen(frame, 1, ())
    places = tuple(f"{100 * (p.box[0] + p.box[2]) / 2 / frame.width:.0f} % from the left" for p in found)
    return Seen(frame, len(found), places)


def follow(
    frame: "Frame",
    zoom: float,
    show: int,
    stature: float | None,
    betas: "np.ndarray | None" = None,
    progress: Progress = silent,
) -> Followed:
    """The person in the newest frame of a live picture, which is `zoom` times as large. A new number of the `show`
    begins anew, with whoever is there, of the shape `betas` [k] where it is known."""
    global _show
    from body.live.track import Tracker
    from body.model import load_model

    if _show is None or _show[0] != show:
        _show = show, Tracker(load_model(), stature, betas, PEOPLE * show)
    track = _show[1].feed(frame, zoom)
    return Followed(track, _show[1].why if track is None else "")


def scan(path: str, progress: Progress = silent) -> "Scan":
    """A file as a scan. Raises InputRefused when it cannot be read."""
    from body.scan import load_scan

    progress(0.1, "opening the scan")
    return load_scan(Path(path))


def garment(path: str, unit: str | None, up: str | None, to_body: bool, progress: Progress = silent) -> "ReadyMade":
    """A file as a garment. Raises UnsureInput when its unit or its axis must be told, else InputRefused."""
    from garments.formats import read_garment

    progress(0.1, "opening the garment")
    return read_garment(Path(path), unit, up, to_body)


def resewn(sewn: str, name: str, progress: Progress = silent) -> "ReadyMade":
    """A garment sewn anew from its pattern, told as `ReadyMade.sewn` is. Raises InputRefused."""
    from garments.imported.assembling import assembled
    from garments.imported.readymade import nest_of

    progress(0.1, "sewing the garment")
    return assembled(nest_of(sewn, name))


def film(path: str, stature: float | None, progress: Progress = silent) -> Film:
    """Photos of one person chosen from a video file. Raises InputRefused when it shows nobody who can be measured."""
    from body.live.turn import from_video
    from body.model import load_model

    return Film(*from_video(Path(path), load_model(), stature, progress=progress))
