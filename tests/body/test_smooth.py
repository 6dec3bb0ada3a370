"""Rest is calm, motion is followed at once, and neither time nor gaps are taken for granted."""

import numpy as np
import pytest

from body.live.smooth import LONGEST, Smoother


def run(values: np.ndarray, times: np.ndarray, metre: float = 1.0) -> np.ndarray:
    """Smoothed values [t, n, d]."""
    smoother = Smoother()
    return np.array([smoother(value, time, metre) for value, time in zip(values, times, strict=True)])


def moving(speed: float, times: np.ndarray) -> np.ndarray:
    """A point that goes along x, [t, 1, 2]."""
    return np.stack([speed * times, 0 * times], axis=1)[:, None]


@pytest.fixture
def times() -> np.ndarray:
    """Irregular, at about 25 a second."""
    return np.cumsum(np.random.default_rng(1).uniform(0.02, 0.06, 100))


def test_what_stands_still_comes_back_as_it_is(times):
    still = np.tile(np.array([[3.0, -2.0], [0.0, 5.0]]), (100, 1, 1))
    assert np.array_equal(run(still, times), still)


def test_trembling_is_calmed_and_not_moved(times):
    noise = 0.002 * np.random.default_rng(2).standard_normal((100, 40, 2))
    calm = run(noise, times)
    assert np.diff(noise, axis=0).std() > 5 * np.diff(calm, axis=0).std()
    assert noise[30:].std() > 3 * calm[30:].std()
    assert np.abs(calm[30:].mean()) < 0.0005


@pytest.mark.parametrize("speed", [0.3, 1.0, 3.0])
def test_a_steady_motion_is_followed_within_a_frame(times, speed):
    lag = (moving(speed, times) - run(moving(speed, times), times))[20:, 0, 0] / speed
    assert lag.max() < 0.06 and lag.mean() < 0.04
    assert lag.min() > -1e-9


def test_faster_is_never_later(times):
    slow, fast = (
        ((moving(speed, times) - run(moving(speed, times), times))[20:, 0, 0] / speed).mean() for speed in (0.2, 2.0)
    )
    assert fast < slow


def test_a_step_is_reached_and_never_passed(times):
    step = np.where(times > times[20], 0.3, 0.0)[:, None, None] * np.array([1.0, 0.0])
    after = run(step, times)[:, 0, 0]
    assert (np.diff(after) > -1e-12).all() and after.max() <= 0.3
    assert after[24] > 0.25 and after[-1] > 0.299


def test_turned_in_turned_out_and_larger_in_larger_out(times):
    walk = np.cumsum(np.random.default_rng(3).normal(0, 0.02, (100, 5, 2)), axis=0)
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    assert np.allclose(run(walk @ turn, times), run(walk, times) @ turn, atol=1e-12)
    assert np.allclose(run(500 * walk, times, 500.0), 500 * run(walk, times), atol=1e-9)


def test_a_point_that_is_lost_waits_where_it_was(times):
    walk = moving(0.5, times)
    walk[40:45] = np.nan
    calm = run(walk, times)
    assert np.isfinite(calm).all() and np.allclose(calm[40:45], calm[39])
    assert abs(calm[60, 0, 0] - walk[60, 0, 0]) < 0.03


def test_after_a_silence_nothing_of_the_past_remains():
    smoother = Smoother()
    for k in range(10):
        smoother(np.array([[1.0, 1.0]]), 0.04 * k)
    assert np.array_equal(smoother(np.array([[9.0, 9.0]]), 0.36 + LONGEST), [[9.0, 9.0]])


def test_what_is_not_newer_is_not_looked_at():
    smoother = Smoother()
    first = smoother(np.array([[1.0, 1.0]]), 1.0)
    for time in (1.0, 0.5):
        assert np.array_equal(smoother(np.array([[9.0, 9.0]]), time), first)
