"""Requests come back, can be stopped, and outlive their worker."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app import jobs as jobs_module
from app.jobs import Jobs
from app.serving import Failure

SLACK = 2.0  # on a machine that is busy with other things; killing the worker takes longer
WORK = "tests.app.workload:"


class Heard:
    """The callbacks of one request, remembered."""

    def __init__(self) -> None:
        self.results: list = []
        self.failures: list[Failure] = []
        self.progress: list[tuple[float, str]] = []
        self.cancelled = 0

    def callbacks(self) -> dict[str, Callable]:
        return {
            "done": self.results.append,
            "failed": self.failures.append,
            "progress": lambda fraction, words: self.progress.append((fraction, words)),
            "cancelled": self._cancel,
        }

    def _cancel(self) -> None:
        self.cancelled += 1


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    made = Jobs(("engine",))
    yield made
    made.close()


def _until(jobs: Jobs, condition: Callable[[], object], limit: float = 15.0) -> float:
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < limit, "waited in vain"
        time.sleep(0.005)
        jobs.deliver()
    return time.monotonic() - start


def test_values_travel_and_the_worker_is_another_process_that_remembers(jobs: Jobs) -> None:
    heard = Heard()
    array = np.arange(6.0)
    array.flags.writeable = False
    jobs.ask("double", WORK + "double", array, **heard.callbacks())
    jobs.ask("who", WORK + "process", **heard.callbacks())
    jobs.ask("one", WORK + "remember", **heard.callbacks())
    jobs.ask("two", WORK + "remember", **heard.callbacks())
    _until(jobs, lambda: len(heard.results) == 4)
    assert np.array_equal(heard.results[0], array * 2)
    assert heard.results[1] != os.getpid()
    assert heard.results[2:] == [1, 2]
    assert (0.5, "doubling") in heard.progress


def test_cancel_is_heard_at_once_and_the_worker_is_free_within_a_fifth_of_a_second(jobs: Jobs) -> None:
    heard, after = Heard(), Heard()
    jobs.ask("slow", WORK + "slow", 30.0, **heard.callbacks())
    _until(jobs, lambda: heard.progress)
    assert jobs.cancel("slow") and heard.cancelled == 1
    jobs.ask("next", WORK + "process", **after.callbacks())
    assert _until(jobs, lambda: after.results) < 0.2
    assert not heard.results and not heard.failures
    assert not jobs.cancel("slow")


@pytest.mark.parametrize("how", ["computes", "waits"])
def test_work_that_tells_no_progress_is_stopped_as_soon(jobs: Jobs, how: str) -> None:
    heard, after = Heard(), Heard()
    jobs.ask("mute", WORK + "mute", how, **heard.callbacks())
    _until(jobs, lambda: heard.progress)
    jobs.cancel("mute")
    jobs.ask("next", WORK + "process", **after.callbacks())
    assert _until(jobs, lambda: after.results) < 0.2 + SLACK
    assert heard.cancelled == 1 and not heard.failures and not jobs.restarts


def test_the_newest_request_of_a_name_replaces_the_older(jobs: Jobs) -> None:
    heard = Heard()
    for duration in (30.0, 20.0, 0.01):
        jobs.ask("slow", WORK + "slow", duration, **heard.callbacks())
    _until(jobs, lambda: heard.results)
    assert heard.results == ["awake"] and not jobs.busy()


def test_errors_of_the_tree_are_said_as_they_are_and_blunders_with_details(jobs: Jobs) -> None:
    heard = Heard()
    jobs.ask("refuse", WORK + "refuse", **heard.callbacks())
    jobs.ask("blunder", WORK + "blunder", **heard.callbacks())
    _until(jobs, lambda: len(heard.failures) == 2)
    refused, blunder = heard.failures
    assert (refused.sentence, refused.kind) == ("a height of 17.8 m cannot be", "InputRefused")
    assert "KeyError" in blunder.sentence and "blunder" in blunder.details


def test_what_cannot_travel_to_the_worker_is_a_failure_and_the_lane_goes_on(jobs: Jobs) -> None:
    heard, after = Heard(), Heard()
    jobs.ask("stuck", WORK + "double", lambda: None, **heard.callbacks())
    jobs.ask("next", WORK + "process", **after.callbacks())
    _until(jobs, lambda: heard.failures and after.results)
    assert "pickle" in heard.failures[0].details and not jobs.busy()


def test_a_worker_that_dies_is_said_and_started_again(jobs: Jobs) -> None:
    heard, after = Heard(), Heard()
    jobs.ask("die", WORK + "die", **heard.callbacks())
    jobs.ask("next", WORK + "process", **after.callbacks())
    _until(jobs, lambda: heard.failures and after.results)
    assert "started again" in heard.failures[0].sentence


@pytest.mark.skipif(os.name != "posix", reason="a disk is filled by a limit of POSIX")
@pytest.mark.parametrize("log", ["engine.log", "no folder/engine.log"])
def test_the_true_cause_is_said_where_not_even_the_log_can_be_written(tmp_path: Path, log: str) -> None:
    full, heard = Jobs(("engine",), log=tmp_path / log), Heard()
    full.ask("cramped", WORK + "cramped", **heard.callbacks())
    _until(full, lambda: heard.failures)
    full.close()
    assert heard.failures[0].sentence == "the disk is full" and full.restarts == 0


def test_a_worker_that_does_not_listen_is_ended_after_a_grace(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "GRACE", 0.1)
    heard, after = Heard(), Heard()
    jobs.ask("warm", WORK + "process", **heard.callbacks())
    _until(jobs, lambda: heard.results)
    jobs.ask("deaf", WORK + "deaf", 60.0, **heard.callbacks())
    jobs.cancel("deaf")
    jobs.ask("next", WORK + "process", **after.callbacks())
    _until(jobs, lambda: after.results)
    assert heard.cancelled == 1 and not heard.failures


def test_closing_lets_a_worker_tidy_up(tmp_path: Path) -> None:
    short, heard = Jobs(("engine",)), Heard()
    short.ask("tidy", WORK + "tidy", str(tmp_path / "half"), **heard.callbacks())
    _until(short, lambda: (tmp_path / "half").exists())
    short.close()
    assert not (tmp_path / "half").exists()


def test_in_place_the_same_function_simply_runs() -> None:
    here, heard = Jobs(in_place=True), Heard()
    here.ask("who", WORK + "process", **heard.callbacks())
    here.ask("refuse", WORK + "refuse", **heard.callbacks())
    assert heard.results == [os.getpid()] and heard.failures[0].kind == "InputRefused"
