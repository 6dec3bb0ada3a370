"""A job file: who is dressed in what, how it is looked at and what is left of it, in TOML that a person can write.

    [job]            name, date (printed in reports; nothing else tells one), maker, seed, edge = "1.6 cm"
    [[body]]         name, and either numbers (height, weight, sex, age, tapes = { waist = "71 cm" }), photos, scan, or
                     file = "body.npz" (of `measure`), project = "look.toile", people = "people.csv", sample = 10
    [[look]]         name, sizes for all its garments, or project = "look.toile"
    [[look.garment]] design = "tee" or file = "polo.glb"; size, fabric, colour, colourway; options, chart, likes,
                     unit, up, scale_to_body
    [pictures]       view, light, background, map, tone, width, height, samples, aperture
    [turn]           frames, rate, width, height, samples
    [report]         template = "shop.toml", or shop, logo, language, accent, note
    [output]         formats, pose: the body's mesh once in each

A value that may vary (size, fabric, colour, colourway, view, light, background, map, format) is one or a list, and
everybody is dressed in every look in every combination. Names of files are taken from the folder of the job file.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from app.batch.looks import Look, apart, looks_of, project_of
from app.exports.turntable import Turn
from app.located import Table, line_of, read_table, typed
from app.people import Person, drawn_people, read_people, read_sex
from app.project import Project
from app.projectfile import save
from app.reports.imprint import Imprint
from app.reports.template import imprint_of, read_template
from app.scenes.appearance import TRANSPARENT, Appearance, backdrop
from assets import units
from assets.errors import ToileError, UsageError
from assets.files import write_text
from assets.progress import Progress, silent
from body.estimate import Evidence, check_numbers
from garments.atlas import BY_NAME
from render.scene import TONES
from render.setups import SETUPS

LARGEST = 256_000
MOST = 5000
"""Drapes of one job."""
VIEWS = ("front", "back", "left", "right", "three_quarter")
PICTURES, FILMS = ("png", "jpg", "webp"), ("turn.mp4", "turn.webm", "turn.webp", "turn.gif")
MESHES = ("glb", "obj", "usda", "usdc", "usd", "usdz")
WORDS = ("pdf", "html", "json", "csv", "sheet", "drape", "comparison")
FORMATS = (*PICTURES, *FILMS, *MESHES, *WORDS)
EDGE = (0.004, 0.05)
_BODY = ("name", "height", "weight", "sex", "age", "tapes", "photos", "person", "scan", "scan_detail")
_WHOLE = ("file", "project", "people", "sample")


@dataclass(frozen=True, slots=True, eq=False)
class Someone:
    """A person to dress: the name, the line of the file, and what is known of them: evidence without its files,
    `photos` and `scan`; or `body`, a file that `measure` left. `trouble`: why nothing can be known."""

    name: str
    line: int
    known: Evidence = field(default_factory=Evidence)
    photos: tuple[Path, ...] = ()
    scan: Path | None = None
    body: Path | None = None
    crowd: int | None = None
    trouble: str = ""

    def evidence(self) -> Evidence:
        """What is known, its files read. Raises ToileError for one that cannot be used."""
        from body.frame import load_picture
        from body.scan import load_scan

        seen = tuple(load_picture(path) for path in self.photos) or self.known.photos
        return replace(self.known, photos=seen, scan=load_scan(self.scan) if self.scan else self.known.scan)


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """What is left of each look: files by their endings, some of FORMATS; pictures from each of VIEWS, in each light,
    before each background (as app.appearance reads it), as cloth or as a map ("look": cloth); bodies in poses."""

    formats: tuple[str, ...] = ("png", "pdf", "json")
    views: tuple[str, ...] = VIEWS
    lights: tuple[str, ...] = ("studio",)
    backgrounds: tuple[str, ...] = ("",)
    maps: tuple[str, ...] = ("look",)
    poses: tuple[str, ...] = ()
    tone: str = "neutral"
    width: int = 900
    height: int = 1200
    samples: int = 12
    aperture: float = 0.0
    turn: Turn = field(default_factory=Turn)

    def looks(self) -> Iterator[tuple[tuple[str, ...], Appearance]]:
        """Every light before every background, and the words that tell them apart in names of files."""
        for light, (number, behind) in product(self.lights, enumerate(self.backgrounds, 1)):
            told = TRANSPARENT if behind == TRANSPARENT else "sweep" if behind == "sweep" else f"background{number}"
            words = (light,) * (len(self.lights) > 1) + (told,) * (len(self.backgrounds) > 1)
            clear = behind == TRANSPARENT
            yield words, Appearance(light, self.tone, None if clear else backdrop(behind), clear, self.aperture)


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A whole job. `imprint`: what reports bear, the job's date with it; `edge` of the cloth's mesh [m]."""

    name: str
    imprint: Imprint
    seed: int
    edge: float
    people: tuple[Someone, ...]
    looks: tuple[Look, ...]
    output: Output

    @property
    def count(self) -> int:
        """How many drapes it asks for."""
        return len(self.people) * len(self.looks)


def read_job(path: Path) -> Job:
    """A job file. Raises InputRefused, with the line, for whatever in it cannot be done."""
    table = read_table(path, LARGEST, "job file")
    table.only("job", "body", "look", "pictures", "turn", "report", "output")
    head = table.table("job")
    head.only("name", "date", "maker", "seed", "edge")
    edge = head.read("edge", _edge) if "edge" in head.told else 0.012
    people = tuple(one for body in table.tables("body") for one in _people(body))
    looks = tuple(apart([one for look in table.tables("look") for one in looks_of(look)]))
    for kind, found in (("body", people), ("look", looks)):
        if not found:
            raise table.wrong(None, f"there is no [[{kind}]]: a job says who is dressed, and in what")
    if len(people) * len(looks) > MOST:
        raise table.wrong(
            None, f"{len(people)} bodies in {len(looks)} looks are more than {MOST} drapes: split the job"
        )
    return Job(
        head.line("name") or path.stem, _imprint(table, head), head.whole("seed", 0, 0, 2**31), edge,
        people, looks, _output(table),
    )  # fmt: skip


def export(project: Project, name: str, date: str, progress: Progress = silent) -> str:
    """Leave a project as a job: the project beside the job file that names it; the job's name. Raises CannotWrite."""
    path = Path(name).with_suffix(".toml")
    beside = path.with_suffix(".toile")
    save(project, str(beside), progress=progress)
    write_job(path, beside.name, path.stem, date)
    return str(path)


def write_job(path: Path, project: str, name: str, date: str) -> None:
    """Write the job of a project that lies beside it. Raises CannotWrite."""
    quoted = [f'"{view}"' for view in VIEWS]
    write_text(
        path,
        f"""# A job for Toile: python main.py batch {path.name} --out {path.stem}
[job]
name = {_quoted(name)}
date = {_quoted(date)}  # printed in reports

[[body]]
project = {_quoted(project)}

[[look]]
project = {_quoted(project)}
# sizes = ["S", "M", "L"]  # every one of them instead

[pictures]
view = [{", ".join(quoted)}]
light = "studio"

[output]
formats = ["png", "sheet", "glb", "pdf", "json", "csv"]
""",
    )


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _imprint(table: Table, head: Table) -> Imprint:
    """What reports bear: the shop's template, and over it what the job says itself."""
    report = table.table("report")
    if "template" in report.told:
        report.only("template")
        told = report.made("template", read_template, report.file("template"))
    else:
        told = imprint_of(report)
    return replace(told, date=_date(head), maker=head.line("maker") or told.maker)


def _date(head: Table) -> str:
    value = head.told.get("date", "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return head.line("date")


def _edge(value: Any) -> float:
    found = units.length(str(value))
    if not EDGE[0] <= found <= EDGE[1]:
        raise UsageError(f"goes from {units.show(EDGE[0], 'cm')} to {units.show(EDGE[1], 'cm')}: got {value}")
    return found


def _people(body: Table) -> Iterator[Someone]:
    """The person or the people of a [[body]]."""
    body.only(*_BODY, *_WHOLE)
    given = [key for key in _WHOLE if key in body.told]
    beside = {"people": ("name", "people"), "sample": ("name", "sample", "sex")}
    for key in body.told if given else ():
        if key not in beside.get(given[0], ("name", given[0])):
            raise body.wrong(key, f"is told by {given[0]} already: leave one of them out")
    line = line_of(body.text, body.way)
    number = body.way[-1] + 1 if isinstance(body.way[-1], int) else 1
    name = body.line("name") or f"body {number}"
    if not given:
        yield _one(body, name, line)
    elif given[0] == "file":
        yield Someone(name, line, body=body.file("file"))
    elif given[0] == "project":
        known = project_of(body).evidence
        body.made("project", check_numbers, known)
        yield Someone(name, line, known)
    else:
        yield from _crowd(body, given[0], number, line)


def _crowd(body: Table, key: str, number: int, line: int) -> Iterator[Someone]:
    found: list[Person] = (
        body.made("people", read_people, body.file("people"))
        if key == "people"
        else drawn_people(body.whole("sample", 1, 1, MOST), body.read("sex", _sex) if "sex" in body.told else None)
    )
    if not found:
        raise body.wrong(key, "there is nobody in this table")
    for person in found:
        name = person.name or f"body {number}, line {person.line}"
        known = _possible(person.known)
        if isinstance(known, ToileError):
            yield Someone(name, line, trouble=f"line {person.line} of the table: {known}")
        else:
            yield Someone(name, line, known, crowd=number)


def _possible(known: Evidence | ToileError) -> Evidence | ToileError:
    """What a table tells of a person, or why nobody can be so."""
    if not isinstance(known, ToileError):
        try:
            check_numbers(known)
        except ToileError as error:
            return error
    return known


def _one(body: Table, name: str, line: int) -> Someone:
    photos, scan = body.files("photos"), body.file("scan") if "scan" in body.told else None
    tapes: dict[str, float] = {}
    told = body.table("tapes")
    for key in told.told:
        measure = told.made(key, _measure, key)
        if measure in tapes:
            raise told.wrong(key, "this tape is given twice")
        tapes[measure] = told.read(key, _length)
    height, mass = (body.read(key, how) if key in body.told else None
                    for key, how in (("height", _length), ("weight", _mass)))  # fmt: skip
    age = body.number("age", 0.0, 0.0, 130.0) if "age" in body.told else None
    if photos and height is None:
        raise body.wrong("photos", 'carry no scale: add the person\'s height, like height = "178 cm"')
    if height is None and mass is None and not tapes and scan is None:
        raise body.wrong(None, 'nothing is known of this person: give at least height = "178 cm"')
    known = Evidence(
        height, mass, body.read("sex", _sex) if "sex" in body.told else None, age, tapes,
        person=body.whole("person", 1, 1, 100) if "person" in body.told else None,
        scan_detail=body.yes("scan_detail") if "scan_detail" in body.told else True,
    )  # fmt: skip
    body.made(None, check_numbers, known)
    return Someone(name, line, known, photos, scan)


def _measure(key: str) -> str:
    from body.measurements import canonical

    return canonical(key)


def _length(value: Any) -> float:
    return units.length(typed(value))


def _mass(value: Any) -> float:
    return units.mass(typed(value))


def _sex(value: Any) -> float:
    return read_sex(typed(value))


def _output(table: Table) -> Output:
    from body.motion import pose_from

    plain, pictures, turn, left = Output(), table.table("pictures"), table.table("turn"), table.table("output")
    pictures.only("view", "light", "background", "map", "tone", "width", "height", "samples", "aperture")
    turn.only("frames", "rate", "width", "height", "samples")
    left.only("formats", "pose")
    for name in left.lines("pose"):
        left.made("pose", pose_from, name)
    numbers = {key: turn.whole(key, getattr(plain.turn, key), 1, 4096) for key in turn.told}
    try:
        turning = Turn(**numbers)
    except UsageError as error:
        raise turn.wrong(None, str(error)) from error
    backgrounds = pictures.lines("background", plain.backgrounds)
    behind = tuple(pictures.made("background", _background, pictures, one) for one in backgrounds)
    formats = left.lines("formats", plain.formats, FORMATS)
    if "turn.mp4" in formats and TRANSPARENT in behind:
        raise left.wrong("formats", "a film in MP4 cannot be transparent: leave out turn.mp4, or that background")
    return Output(
        formats,
        pictures.lines("view", plain.views, VIEWS),
        pictures.lines("light", plain.lights, tuple(SETUPS)),
        behind,
        pictures.lines("map", plain.maps, ("look", *BY_NAME)),
        left.lines("pose"),
        pictures.choice("tone", TONES[:2]) or plain.tone,
        pictures.whole("width", plain.width, 16, 8192),
        pictures.whole("height", plain.height, 16, 8192),
        pictures.whole("samples", plain.samples, 1, 1024),
        pictures.read("aperture", _length) / 2 if "aperture" in pictures.told else 0.0,
        turning,
    )


def _background(pictures: Table, written: str) -> str:
    """A background as app.appearance reads it, a picture by its whole path."""
    beside = pictures.path.parent / written
    told = str(beside) if written and Path(written).suffix and beside.is_file() else written
    if told != TRANSPARENT:
        backdrop(told)
    return told
