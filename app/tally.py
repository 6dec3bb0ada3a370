"""A kiosk's numbers of a day: how often each step was reached, how visits ended. Numbers only, nobody in them.

One small JSON file a day, written whole or not at all; a damaged one is set aside and counted anew.
"""

import json
from contextlib import suppress
from pathlib import Path

from assets.files import write_json


class Tally:
    """Counts by name in `folder`, a file a day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def count(self, name: str, day: str) -> None:
        """One more of `name` on a `day` as YYYY-MM-DD. Raises CannotWrite."""
        counts = dict(self.of(day))
        counts[name] = counts.get(name, 0) + 1
        self.folder.mkdir(parents=True, exist_ok=True)
        write_json(self._path(day), {"schema": "toile.tally/1", "day": day, "counts": dict(sorted(counts.items()))})

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

    def _path(self, day: str) -> Path:
        return self.folder / f"{day}.json"
