"""Broken and odd files of other projects, read as garments and as pictures: nothing crashes, hangs or comes out empty.

    python -m benchmarks.badfiles [--quick] [--json FILE]

The files are those of `badfiles` in the folder `../shared/data` beside this one (544 meshes and pictures of trimesh,
assimp, glTF-Validator, tinyobjloader, tinygltf, cgltf, admesh, meshio, PngSuite, image-rs and Pillow); without it the
rows say so. What the Khronos validator says of a glTF file is in the collection's manifest. Every file goes the way of
a person's own, a process of its own included.
"""

import csv
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assets.errors import InputRefused, NothingInIt, ToileError
from benchmarks.table import Row, row, run

FILES = Path(__file__).resolve().parents[2] / "shared" / "data" / "badfiles"
PICTURES = ("png", "jpg")
ASIDE = ("CAMERA", "LIGHT", "ANIMATION", "KHR_MATERIALS", "TEXCOORDS", "TANGENT_SPACE")
"""Words in the validator's codes for faults that are to be told, not refused."""
QUICK = 9
LONGEST = 10.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file: its kind, the validator's errors (None: not asked), the error's name or "", seconds, those
    of them that a processor worked, how many notes were given, whether the fault is one that is only told."""

    file: str
    kind: str
    errors: int | None
    refused: str
    seconds: float
    processor: float
    notes: int
    aside: bool
    sound: bool


def rows(quick: bool) -> Iterator[Row]:
    """The rows of this benchmark."""
    if not FILES.is_dir():
        yield row(
            "files", "files read", None, "", why="the collection of broken files (../shared/data/badfiles) is not here"
        )
        return
    found = [verdict(told) for told in listed()[:: QUICK if quick else 1]]
    meshes = [each for each in found if each.kind not in PICTURES]
    yield row("files", "files read, meshes and pictures", len(found), "")
    crashed = [each for each in found if each.refused and each.refused not in _kinds(InputRefused)]
    yield row("crashed", "answered with anything but a reason of its kind", len(crashed), "", 0)
    slow = max(each.seconds for each in found)
    yield row("slowest", "the longest wait for an answer, a process started for it", slow, "s", LONGEST)
    busy = max(each.processor for each in found)
    yield row(
        "busiest", "the longest processor time of one answer: what the wait is on a machine at leisure", busy, "s"
    )
    empty = [each for each in found if not each.refused and not each.sound]
    yield row("silent", "taken though empty, or with points that are no numbers", len(empty), "", 0)
    yield from _by_kind("pictures", [each for each in found if each.kind in PICTURES])
    yield from _by_kind("meshes", meshes)
    bare = [each for each in meshes if each.refused == "NothingInIt"]
    yield row("no surface", "mesh files refused for having no surface, counted apart", len(bare), "")
    judged = [each for each in meshes if each.errors is not None and each not in bare]
    valid, invalid = ([each for each in judged if (each.errors == 0) is good] for good in (True, False))
    yield row("valid", "with a surface, valid to the Khronos validator", len(valid), "")
    yield _share("valid refused", "of them refused", valid, lambda each: bool(each.refused), 5.0)
    rest = [each for each in invalid if not each.aside]
    yield row(
        "invalid", "invalid to the validator, cameras, lights, animations, material extensions aside", len(rest), ""
    )
    good = [each for each in rest if not each.refused]
    yield _share("invalid taken", "of them taken", rest, lambda each: each in good, 2.0)
    everything = [each for each in meshes if each.errors]
    named = [each for each in everything if each.refused]
    yield row("all invalid", "invalid to the validator, with a surface or without", len(everything), "")
    yield row("all invalid refused", "of them refused for damage or for having no surface", len(named), "")


def listed() -> list[dict[str, str]]:
    """The files of the collection that are read by themselves."""
    with open(FILES / "manifest.csv", newline="") as stream:
        return [told for told in csv.DictReader(stream) if told["role"] == "main"]


def verdict(told: dict[str, str]) -> Verdict:
    """What becomes of one file."""
    from body.frame import load_picture
    from garments.formats.mesh import surface

    picture = told["format"] in PICTURES
    start, worked, refused, notes, sound = time.perf_counter(), _worked(), "", 0, True
    try:
        if picture:
            pixels = load_picture(FILES / told["file"]).pixels
            sound = pixels.size > 0
        else:
            found = surface(FILES / told["file"])
            notes = len(found.notes)
            sound = len(found.faces) > 0 and bool(np.isfinite(found.vertices[found.faces]).all())
    except ToileError as error:
        refused = type(error).__name__
    errors = int(told["validator_errors"]) if told["validator_errors"] else None
    codes = told["validator_codes"]
    aside = any(word in told["file"].upper() + codes for word in ASIDE)
    seconds = time.perf_counter() - start
    return Verdict(told["file"], told["format"], errors, refused, seconds, _worked() - worked, notes, aside, sound)


def _worked() -> float:
    """Processor time [s] of this process and of those that it started and that have ended."""
    found = os.times()
    return found.user + found.system + found.children_user + found.children_system


def _by_kind(name: str, found: list[Verdict]) -> Iterator[Row]:
    """How many were taken, and how many refused for which reason."""
    for reason, count in Counter(each.refused or "taken" for each in found).most_common():
        yield row(f"{name} {reason}", f"{name}: {_WORDS.get(reason, reason)}", count, "")


def _share(id: str, claim: str, found: list[Verdict], counts: object, goal: float) -> Row:
    if not found:
        return row(id, claim, None, "%", why="there is none in the collection")
    share = 100.0 * sum(map(counts, found)) / len(found)  # type: ignore[arg-type, call-overload]
    return row(id, claim, share, "%", goal)


def _kinds(root: type[ToileError]) -> set[str]:
    return {root.__name__}.union(*(_kinds(kind) for kind in root.__subclasses__()), {"MissingExtra"})


_WORDS = {
    "taken": "taken",
    "InputRefused": "refused, broken or no picture",
    "Damaged": "refused, they break the rules of their format",
    NothingInIt.__name__: "refused, whole but without a surface",
    "UnknownKind": "refused, of a kind or version that is not read",
    "Packed": "refused, they need a codec or extension that is not carried",
    "Incomplete": "refused, a file that they need is not beside them",
    "TooLarge": "refused, beyond a limit of size, memory or time",
}


if __name__ == "__main__":
    run(__doc__, rows)
