"""The real engine, drawing small pictures: the same files in a fraction of the time."""

from functools import partial

import app.exports.results
import app.reports.sheet
from app.engine import export, figure, film, follow, offers, see, suggestions, wear

__all__ = ["export", "figure", "film", "follow", "offers", "see", "suggestions", "wear"]

SMALL = (72, 96)
app.exports.results.SAMPLES, app.reports.sheet.MAP_CELL = 2, (90, 96)
app.exports.results.write_results = partial(app.exports.results.write_results, size=SMALL)
