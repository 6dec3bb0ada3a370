"""Points that tremble at rest and follow at once when they move.

The One-Euro filter (Casiez, Roussel, Vogel, "1 Euro Filter", CHI 2012): a low pass whose cut-off rises with the speed,
so that rest is calm and motion hardly lags. Two things are added: all coordinates of a point share one cut-off, so that
no direction of the picture is special; and the time between values may be anything.
"""

import numpy as np

REST = 0.4  # cut-off at rest [Hz]
GAIN = 8.0  # what speed adds to it [Hz / (m / s)]
SPEED_CUT_OFF = 1.5  # of the speed itself [Hz]
LONGEST = 0.5  # a silence after which nothing of the past is believed [s]


class Smoother:
    """One filter for each of n points in any number of dimensions."""

    def __init__(self, rest: float = REST, gain: float = GAIN, speed_cut_off: float = SPEED_CUT_OFF) -> None:
        self.rest, self.gain, self.speed_cut_off = rest, gain, speed_cut_off
        self._time = -np.inf
        self._value: np.ndarray | None = None
        self._speed: np.ndarray | None = None

    @property
    def speed(self) -> np.ndarray:
        """Of each point, per second [n]."""
        return np.zeros(0) if self._speed is None else np.linalg.norm(self._speed, axis=-1)

    def __call__(self, values: np.ndarray, time: float, metre: float = 1.0) -> np.ndarray:
        """The smoothed points [n, d], in whatever unit a metre has so many of, at a time [s] later than the last.

        A point that is not finite stays where it was; the first values, and those after a silence, come back as they
        are; values that are not newer than the last are not looked at."""
        step = time - self._time
        if self._value is None or self._speed is None or not 0 < step < LONGEST:
            if self._value is None or step >= LONGEST:
                self._time, self._value, self._speed = time, np.array(values, float), np.zeros(np.shape(values))
            return self._value.copy()
        fresh = np.where(np.isfinite(values), values, self._value)
        fresh = np.where(np.isfinite(self._value), fresh, values)
        speed = np.nan_to_num((fresh - self._value) / step)
        self._speed += _share(np.array(self.speed_cut_off), step) * (speed - self._speed)
        cut_off = self.rest + self.gain * self.speed[..., None] / metre
        moved = self._value + _share(cut_off, step) * (fresh - self._value)
        self._value = np.where(np.isfinite(self._value), moved, fresh)
        self._time = time
        return self._value.copy()


def _share(cut_off: np.ndarray, step: float) -> np.ndarray:
    """How far a low pass goes towards the new value within a step [s]."""
    return 1 / (1 + 1 / (2 * np.pi * cut_off * step))
