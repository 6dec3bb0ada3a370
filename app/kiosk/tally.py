"""A kiosk's numbers of a day: how often each step was reached, how visits ended. Numbers only, nobody in them.

One small JSON file a day, written whole or not at all; a damaged one is set aside and counted anew. So many days are
kept: days that were counted, not days of the calendar, so that a clock that was set wrong deletes nothing at once.
"""

import json
from contextlib import suppress
from pathlib import Path

from assets.files import write_json

KEPT = 90


class Tally:
    """Counts by name in `folder`, a file a day, the last `kept` of them."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self.folder, self.kept = folder, kept

    def count(self, name: str, day: str) -> None:
        """One more of `name` on a `day` as YYYY-MM-DD. Raises CannotWrite."""
        counts = dict(self.of(day))
        counts[name] = counts.get(name, 0) + 1
        self.folder.mkdir(parents=True, exist_ok=True)
        new = not self._path(day).is_file()
        write_json(self._path(day), {"schema": "toile.tally/1", "day": day, "counts": dict(sorted(counts.items()))})
        if new:
            self._tidy(day)

    def days(self) -> tuple[str, ...]:
        """The days that were counted, the latest last."""
        return tuple(sorted(path.stem for path in self.folder.glob("????-??-??.json")))

    def of(self, day: str) -> dict[str, int]:
        """A day's numbers, none where nothing was counted."""
        path = self._path(day)
        try:
            told = json.loads(path.read_text(encoding="utf-8"))["counts"]
            return {str(name): int(count) for name, count in told.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            with suppress(OSError):
                path.replace(path.with_suffix(".damaged"))
            return {}

    def _tidy(self, today: str) -> None:
        """Delete the oldest days but the present one, until so many are left."""
        for day in [day for day in self.days() if day != today][: max(len(self.days()) - self.kept, 0)]:
            with suppress(OSError):
                self._path(day).unlink()
                self._path(day).with_suffix(".damaged").unlink(missing_ok=True)

    def _path(self, day: str) -> Path:
        return self.folder / f"{day}.json"
