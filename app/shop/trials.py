"""A trial of two ways of suggesting, kept as a file of lines: its plan, then the arm and the outcome of each visit.

Nobody is in it: the word by which a visit finds its arm is not kept, only a salted hash of it, by which a visit that is
ended again is known and not counted again. A line that a crash cut off is passed over.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

from assets.errors import CannotWrite, InputRefused
from assets.files import read_text, why_not, write_text
from garments.recommend.trial import Finding, Plan, arm_of, judged

SCHEMA = "toile.trial/1"
_LARGEST = 200_000_000
_MARK = 24  # hexadecimal digits: no two of a billion visits are taken for one


def start(path: Path, arms: tuple[str, str], base: float, least: float, alpha: float, power: float) -> Plan:
    """Begin a trial in a new file. Raises InputRefused where there is one already, and CannotWrite."""
    if path.exists():
        raise InputRefused(f"there is a trial in {path} already: go on with it, or name another file")
    plan = Plan(arms, secrets.token_hex(16), base, least, alpha, power)
    write_text(path, json.dumps({"schema": SCHEMA} | asdict(plan)) + "\n")
    return plan


def opened(path: Path) -> tuple[Plan, Sequence[tuple[int, bool]]]:
    """The plan of a trial and the outcomes so far. Raises InputRefused."""
    plan, lines = _read(path)
    return plan, tuple(outcome for line in lines if (outcome := _outcome(line, plan.arms)) is not None)


def arm(path: Path, visit: str) -> str:
    """What the arm of a visit is called; `visit` names the visit, not the customer. Raises InputRefused."""
    plan, _ = _read(path)
    return plan.arms[arm_of(plan, visit)]


def count(path: Path, visit: str, well: bool) -> tuple[str, bool]:
    """Put down how a visit ended; its arm, and whether it was counted: one that was counted already stays as it was,
    for what was looked at must not change. Raises InputRefused, CannotWrite."""
    plan, _ = _read(path)
    mine = plan.arms[arm_of(plan, visit)]
    try:
        with path.open("r+b") as stream, _alone(stream):
            _, lines = _read(path)
            mark = hashlib.sha256(f"{plan.salt}\0ended\0{visit}".encode()).hexdigest()[:_MARK]
            if any(mark in line and _outcome(line, plan.arms) is not None for line in lines):
                return mine, False
            line = json.dumps({"arm": mine, "well": well, "visit": mark}) + "\n"
            stream.seek(-1, os.SEEK_END)
            whole = stream.read(1) == b"\n"
            stream.write((b"" if whole else b"\n") + line.encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise CannotWrite(f"cannot write {path}: {why_not(error)}") from error
    return mine, True


@contextmanager
def _alone(stream: IO[bytes]) -> Iterator[None]:
    """The file to ourselves, where the system knows of locks: whoever else counts waits."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)


def report(path: Path) -> Finding:
    """What a trial says by now. Raises InputRefused."""
    return judged(*opened(path))


def _read(path: Path) -> tuple[Plan, list[str]]:
    """The plan of a trial and the lines after it. Raises InputRefused."""
    lines = read_text(path, _LARGEST, "trial").splitlines()
    try:
        told = json.loads(lines[0])
        if told.pop("schema") != SCHEMA:
            raise InputRefused(f"{path} is the trial of another Toile")
        return Plan(tuple(told.pop("arms")), **told), lines[1:]
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise InputRefused(f"{path} is no trial: begin one with `main.py trial FILE --start A,B`") from error


def _outcome(line: str, arms: tuple[str, str]) -> tuple[int, bool] | None:
    try:
        told = json.loads(line)
        return arms.index(told["arm"]), bool(told["well"])
    except (LookupError, TypeError, ValueError):
        return None
