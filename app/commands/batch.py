"""A job: bodies in looks, pictures, films, meshes and reports of each, as a job file says."""

import argparse
import os
import signal
from pathlib import Path
from typing import NoReturn

from app.commands import _options as options

HELP = "do a job file: bodies in looks, pictures and reports of each; goes on after a stop"
MOST_PROCESSES = 64
TOLD = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("job", type=Path, metavar="JOB.toml", help="who is dressed in what, and what is left of it")
    parser.add_argument("--processes", type=int, metavar="N", help="drapes at a time (as many as there are cores, 8)")
    parser.add_argument("--check", action="store_true", help="read the job and say what it asks for, no more")
    options.add_out(parser, required=False)


def run(args: argparse.Namespace) -> int:
    from app.batch.jobfile import MESHES, read_job
    from app.batch.running import failures, run_job
    from app.exports.glb import check_kinds
    from assets.errors import Cancelled, DrapeFailed, InputRefused, UsageError

    processes = min(os.cpu_count() or 1, 8) if args.processes is None else args.processes
    if not 1 <= processes <= MOST_PROCESSES:
        raise UsageError(f"--processes goes from 1 to {MOST_PROCESSES}: got {processes}")
    job = read_job(args.job)
    check_kinds(f".{kind}" for kind in job.output.formats if kind in MESHES)
    folder = args.out or args.job.with_suffix("")
    if args.check:
        people, looks = _counted(len(job.people), "body", "bodies"), _counted(len(job.looks), "look", "looks")
        print(f"{job.name}: {people} in {looks}, {_counted(job.count, 'drape', 'drapes')}, into {folder}")
        refused = [f"line {one.line}: {one.name}: {one.trouble}" for one in job.people if one.trouble]
        for line in refused[:TOLD]:
            print(f"refused: {line}")
        if refused:
            raise InputRefused(f"{args.job.name}: {len(refused)} of {people} cannot be dressed: {refused[0]}")
        return 0
    options.check_writable(folder)
    options.check_pictures()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        rows = run_job(job, folder, processes, options.printed_progress())
    except KeyboardInterrupt:
        raise Cancelled(f"stopped; what is done lies in {folder}, and the same command goes on from there") from None
    failed = failures(rows)
    done = f"{len(rows) - len(failed)} of {_counted(len(rows), 'look', 'looks')} done"
    print(f"{done}; what is left lies in {folder}, and result.csv lists it")
    for line in failed[:TOLD]:
        print(f"failed: {line}")
    if failed:
        raise DrapeFailed(f"{len(failed)} of {_counted(len(rows), 'look', 'looks')} failed; result.csv says why")
    return 0


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
