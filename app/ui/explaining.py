"""Why a size: what stands in the picture beside the tape lines at which the other sizes were ruled out."""

from typing import TYPE_CHECKING

from app.saying import spoken
from assets.units import show
from garments.ruling import Verdict, ruled_out

if TYPE_CHECKING:
    from app.stage import Shown
    from app.ui.studio import Studio


def explained(studio: "Studio", shown: "Shown") -> dict[str, str]:
    """What is told of each measure, a line for each size, where the person asked for it."""
    k, unit = studio.explained, studio.settings.length
    if k is None or k >= len(shown.advice):
        return {}
    fits = {shown.sizes[k]: shown.fits[k]}
    return {
        place.measure: "\n".join(
            (*(_other(each, unit) for each in place.others), _told(place.best, f"ease {show(place.best.ease, unit)}"))
        )
        for place in ruled_out(shown.advice[k], fits)
    }


def _other(one: Verdict, unit: str) -> str:
    off = show(abs(one.off), unit)
    return _told(one, f"too tight by {off}" if one.off < 0 else f"too wide by {off}")


def _told(one: Verdict, words: str) -> str:
    """A size at a place, with what its drape showed there."""
    said = [spoken(words)]
    if one.pressure is not None and one.strain is not None:
        said += [f"{one.pressure / 1000:.2f} kPa", spoken(f"strain {100 * one.strain:.1f} %")]
    return f"{one.size}: {' · '.join(said)}"
