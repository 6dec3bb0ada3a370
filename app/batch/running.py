"""Jobs: everybody of a job file in every look, by worker processes, into one folder; stopped, a job goes on.

Each drape is a piece of work of its own, made from a body and wishes alone on one core of a process that is started for
it, so that its files come out alike from the window, the command line or a server, in whatever order, by however many
processes. What is done is marked with the digest of what it follows from, and is not done again; what fails is told at
the end and stops nothing else. The same job and program give the same bytes on one machine, `run.json` aside.
"""

import csv
import hashlib
import io
import json
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch.jobfile import Job, Output, Someone
from app.batch.leaving import leave, names
from app.jobs import Jobs
from app.matrix import judged, one_thread_each, picture
from app.people import estimated_each
from app.project import Project, Wish
from app.reports.comparing import comparison
from app.reports.imprint import Imprint, told_run
from app.serving import Failure
from app.shelf import program
from app.steps import load_estimate, packed_estimate, unpacked_estimate
from assets import files
from assets.errors import Cancelled, CannotWrite, ToileError
from assets.files import user_cache, why_not, write_bytes, write_json, write_text
from assets.progress import Progress, part, silent

if TYPE_CHECKING:
    from body.estimate import Estimate
    from garments.colours.colourway import Colourway

OWN = ".toile-job"
"""The folder in a job's that holds what is known of it."""
STATES = ("holds", "too tight", "failed")
WAIT = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One person in one look: both by name, the body as body.npz, what is worn in which colourways (the folder of each
    and the garments' colours), what is to be left, and the digest of the program that asks for it."""

    person: str
    look: str
    body: bytes
    wishes: tuple[Wish, ...]
    ways: "tuple[tuple[str, str, tuple[Colourway, ...]], ...]"
    edge: float
    seed: int
    output: Output
    imprint: Imprint
    program: str

    @property
    def key(self) -> str:
        """The digest of what its files follow from, the program included."""
        from garments.colours.colourway import plain

        pictures: list[Any] = []
        colours = [[name, where, [plain(way, pictures) for way in ways]] for name, where, ways in self.ways]
        asked = {one.name: repr(getattr(self.output, one.name)) for one in fields(Output)}
        told = [self.person, self.look, hashlib.sha256(self.body).hexdigest(), Project(wishes=self.wishes).key, colours,
                [hashlib.sha256(each.tobytes()).hexdigest() for each in pictures], self.edge, self.seed, asked,
                repr(self.imprint), self.program]  # fmt: skip
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def run_job(job: Job, folder: Path, processes: int = 1, progress: Progress = silent) -> list[dict[str, Any]]:
    """Do what of a job `folder` does not hold yet, on so many worker processes (0: in this one), and write result.json,
    result.csv and run.json. The rows, as they stand in result.json. Raises CannotWrite; a stop through `progress`
    keeps what is done."""
    started = time.time()
    with _alone(folder):
        _tidy(folder)
        bodies = _bodies(job, folder / OWN, part(progress, 0.0, 0.1))
        found = dict(_pieces(job, bodies))
        rows: dict[tuple[int, int], dict[str, Any] | None] = {
            place: _kept(folder, piece) if isinstance(piece, Piece) else piece for place, piece in found.items()
        }
        missing = {place: piece for place, piece in found.items() if rows[place] is None and isinstance(piece, Piece)}
        done = len(rows) - len(missing)
        progress(0.1, f"{done} of {len(rows)} drapes are there already" if done else "draping")
        for place, row in _worked(missing, folder, processes, partial(_told, progress, done, len(rows))):
            rows[place] = row
        finished = [known for place in found if (known := rows[place]) is not None]
        _write(job, finished, folder)
        if "comparison" in job.output.formats:
            _compare(job, found, rows, folder)
        write_json(folder / "run.json", told_run({"seconds": time.time() - started, "done now": len(missing)}))
    progress(1.0, "written")
    return finished


def work(piece: Piece, folder: str, progress: Progress = silent) -> dict[str, Any]:
    """Drape one piece and leave its files; the row that tells of it. Raises ToileError for what cannot be draped."""
    from app.pipeline import dress, recoloured

    estimate = unpacked_estimate(piece.body)
    result = dress(estimate, piece.wishes, edge=piece.edge, seed=piece.seed, progress=part(progress, 0.0, 0.6))
    row = _row(piece.person, piece.look) | {
        "garments": [drape.garment.name for drape in result.drapes],
        "state": "failed" if not result.holds else "holds" if all(d.wearable for d in result.drapes) else "too tight",
        "verdict": "; ".join(result.failures() or tuple(fit.verdict for fit in result.fits)),
    }
    written: dict[str, str] = {}
    for number, (_, where, ways) in enumerate(piece.ways):
        wishes = tuple(replace(wish, colour=None, colourway=way) for wish, way in zip(piece.wishes, ways, strict=True))
        share = part(progress, 0.6 + 0.4 * number / len(piece.ways), 0.6 + 0.4 * (number + 1) / len(piece.ways))
        left = leave(recoloured(result, wishes), piece.output, piece.imprint, Path(folder) / where, share)
        written |= {f"{where}/{file}": digest for file, digest in left.items()}
    if "comparison" in piece.output.formats:
        write_bytes(_picture(Path(folder), piece), picture(result))
        row["compared"] = [judged(result, k) for k in range(len(result.drapes))]
    return row | {"colourways": [name for name, _, _ in piece.ways if name], "files": written}


def failures(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What failed, a line each."""
    return [f"{row['person']}, {row['look']}: {row['verdict']}" for row in rows if row["state"] == "failed"]


def _told(progress: Progress, before: int, whole: int, share: float, words: str) -> None:
    progress(0.1 + 0.9 * (before + share * (whole - before)) / whole, words)


def _bodies(job: Job, own: Path, progress: Progress) -> "list[tuple[Someone, bytes | str]]":
    """Everybody's body.npz, or why there is none. What was found is kept: it is not looked for again."""
    found: dict[int, bytes | str] = {}
    crowds: dict[int, list[int]] = {}
    for k, person in enumerate(job.people):
        progress(0.5 * k / len(job.people), f"finding the body of {person.name}")
        if person.trouble:
            found[k] = person.trouble
        elif person.crowd is not None:
            crowds.setdefault(person.crowd, []).append(k)
        else:
            try:
                found[k] = _body(person, own)
            except ToileError as error:
                found[k] = str(error)
    for members in crowds.values():
        progress(0.5, f"finding {len(members)} bodies")
        found |= dict(zip(members, _crowd([job.people[k] for k in members], own, progress), strict=True))
    return [(person, found[k]) for k, person in enumerate(job.people)]


def _body(person: Someone, own: Path) -> bytes:
    from app.pipeline import fit_body

    if person.body:
        return packed_estimate(load_estimate(person.body))
    evidence = person.evidence()
    kept = own / f"{_digest(Project(evidence).person_key)}.npz"
    if not kept.exists():
        write_bytes(kept, packed_estimate(fit_body(evidence)))
    return kept.read_bytes()


def _crowd(people: Sequence[Someone], own: Path, progress: Progress) -> list[bytes | str]:
    """Bodies of those who are estimated together, all of them anew where one is missing."""
    told = [Project(person.known).person_key for person in people]
    kept = [own / f"{_digest([*told, k])}.npz" for k in range(len(people))]
    if not all(path.exists() for path in kept):
        found: list[Estimate | ToileError] = estimated_each([person.known for person in people], progress)
        for path, one in zip(kept, found, strict=True):
            write_bytes(path, str(one).encode() if isinstance(one, ToileError) else packed_estimate(one))
    read = [path.read_bytes() for path in kept]
    return [data if data[:2] == b"PK" else data.decode() for data in read]


def _pieces(
    job: Job, bodies: "Sequence[tuple[Someone, bytes | str]]"
) -> Iterator[tuple[tuple[int, int], Piece | dict[str, Any]]]:
    """The pieces by person and look; of a person without a body the row that says so."""
    folders = names([person.name for person in job.people])
    below, made_by = names([look.name for look in job.looks]), program()
    for k, (person, body) in enumerate(bodies):
        for n, look in enumerate(job.looks):
            if isinstance(body, str):
                yield (k, n), _row(person.name, look.name) | {"verdict": f"line {person.line}: {body}"}
                continue
            colours = names([name or "plain" for name, _ in look.ways])
            ways = tuple(
                (name, "/".join((folders[k], below[n], *((colour,) if len(look.ways) > 1 else ()))), way)
                for (name, way), colour in zip(look.ways, colours, strict=True)
            )
            asked = job.edge, job.seed, job.output, job.imprint, made_by
            yield (k, n), Piece(person.name, look.name, body, look.wishes, ways, *asked)


def _row(person: str, look: str) -> dict[str, Any]:
    """A row of what failed."""
    return {"person": person, "look": look, "garments": [], "state": "failed", "verdict": "", "colourways": [],
            "files": {}}  # fmt: skip


def _worked(
    missing: Mapping[tuple[int, int], Piece], folder: Path, processes: int, progress: Progress
) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    """Pieces with the rows of what came of them, as they are done. What is done lies in the folder with its mark."""
    heard = threading.Event()
    lanes = tuple(f"dresser {k + 1}" for k in range(min(max(processes, 1), len(missing))))
    jobs = Jobs(lanes, heard.set, in_place=processes == 0, log=user_cache() / "batch.log")
    hands = _Hands(jobs, missing, folder, progress)
    try:
        with one_thread_each():
            for lane in lanes:
                jobs.start(lane)
        for lane in lanes:
            hands.next(lane)
        while hands.done < len(missing):
            heard.wait(WAIT)
            heard.clear()
            jobs.deliver()
            yield from hands.taken()
        yield from hands.taken()
    finally:
        jobs.close(0.5)


class _Hands:
    """Who gives the next piece to a lane that is free, and hears what came of it."""

    def __init__(self, jobs: Jobs, missing: Mapping[tuple[int, int], Piece], folder: Path, progress: Progress) -> None:
        self.jobs, self.folder, self.progress, self.whole = jobs, folder, progress, max(len(missing), 1)
        self.waiting, self.done = list(missing.items()), 0
        self.shares: dict[tuple[int, int], float] = {}
        self.found: list[tuple[tuple[int, int], dict[str, Any]]] = []

    def next(self, lane: str) -> None:
        if not self.waiting:
            return
        place, piece = self.waiting.pop(0)
        self.jobs.ask(
            f"piece {place}", "app.batch.running:work", piece, str(self.folder), lane=lane,
            done=partial(self._done, lane, place, piece), failed=partial(self._failed, lane, place, piece),
            progress=partial(self._at, place, piece), cancelled=_stopped,
        )  # fmt: skip

    def taken(self) -> list[tuple[tuple[int, int], dict[str, Any]]]:
        """What is done since it was last asked."""
        found, self.found = self.found, []
        return found

    def _at(self, place: tuple[int, int], piece: Piece, share: float, words: str) -> None:
        self.shares[place] = share
        self.progress(sum(self.shares.values()) / self.whole, f"{piece.person}, {piece.look}: {words}")

    def _done(self, lane: str, place: tuple[int, int], piece: Piece, row: dict[str, Any]) -> None:
        write_json(_mark(self.folder, piece), row)
        self._over(lane, place, piece, row)

    def _failed(self, lane: str, place: tuple[int, int], piece: Piece, failure: Failure) -> None:
        if failure.kind == CannotWrite.__name__:
            raise CannotWrite(failure.sentence)
        self._over(lane, place, piece, _row(piece.person, piece.look) | {"verdict": failure.sentence})

    def _over(self, lane: str, place: tuple[int, int], piece: Piece, row: dict[str, Any]) -> None:
        self.done += 1
        self.found.append((place, row))
        self._at(place, piece, 1.0, row["state"])
        self.next(lane)


def _stopped() -> None:
    raise Cancelled("stopped")


def _mark(folder: Path, piece: Piece) -> Path:
    return folder / OWN / f"{piece.key}.json"


def _picture(folder: Path, piece: Piece) -> Path:
    return folder / OWN / f"{piece.key}.png"


def _kept(folder: Path, piece: Piece) -> dict[str, Any] | None:
    """The row of a piece that is done and whose files are as they were left; None for any other."""
    with suppress(OSError, ValueError, KeyError, AttributeError):
        row = json.loads(_mark(folder, piece).read_text())
        written = row["files"].items()
        if written and all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == told for name, told in written):
            return row
    return None


def _write(job: Job, rows: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """The table of what came of a job, without anything that differs from one run to the next."""
    head = {
        "schema": "toile.batch/1",
        "name": job.name,
        "date": job.imprint.date,
        "maker": job.imprint.maker,
        "seed": job.seed,
    }
    write_json(folder / "result.json", {**head, "seed": job.seed, "pieces": rows})
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["person", "look", "garments", "state", "verdict", "files"])
    for row in rows:
        told = " + ".join(row["garments"])
        writer.writerow([row["person"], row["look"], told, row["state"], row["verdict"], len(row["files"])])
    write_text(folder / "result.csv", stream.getvalue())


def _compare(job: Job, found: Mapping[tuple[int, int], Any], rows: Mapping[tuple[int, int], Any], folder: Path) -> None:
    """A comparison of all looks for everybody: comparison.pdf in the person's folder."""
    folders = names([person.name for person in job.people])
    for k, name in enumerate(folders):
        several = []
        for place, piece in found.items():
            if place[0] == k:
                row = rows[place]
                path = _picture(folder, piece) if isinstance(piece, Piece) else None
                shown = path.read_bytes() if path and path.exists() and row["state"] != "failed" else b""
                several.append((_compared(row), shown))
        (folder / name).mkdir(exist_ok=True)
        write_bytes(folder / name / "comparison.pdf", comparison(several, job.imprint))


def _compared(row: Mapping[str, Any]) -> dict[str, Any]:
    """A look's row as one of app.matrix: regions of several garments by the garment's name, the worst of all."""
    told = row.get("compared", [])
    found = {"person": row["person"], "garment": row["look"], "state": "failed", "verdict": row["verdict"]}
    if not told:
        return {**found, "regions": []}
    several = len(told) > 1
    regions = [
        {**region, "name": f"{each['garment']}: {region['name']}" if several else region["name"]}
        for each in told
        for region in each["regions"]
    ]
    worst = max(told, key=lambda each: (each["state"] != "fits", each["strain"] / max(each["limit"], 1e-9)))
    return {**found, "state": worst["state"], "regions": regions, "strain": worst["strain"], "limit": worst["limit"]}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else does a job into this folder meanwhile. Raises CannotWrite where somebody does."""
    try:
        (folder / OWN).mkdir(parents=True, exist_ok=True)
        lock = open(folder / OWN / "lock", "w")  # noqa: SIM115
    except OSError as error:
        raise CannotWrite(f"cannot write into {folder}: {why_not(error)}") from error
    with lock:
        if not _locked(lock.fileno()):
            raise CannotWrite(f"another job is being done into {folder}: wait for it, or give another --out")
        yield


def _locked(handle: int) -> bool:
    """Whether the lock is ours now; where the system knows none, it always is."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _tidy(folder: Path) -> None:
    """Take away what a job that was killed had not finished."""
    for left in folder.rglob(f"{files.STAGED}*"):
        if left.name != OWN and left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps([told, program()]).encode()).hexdigest()[:24]
