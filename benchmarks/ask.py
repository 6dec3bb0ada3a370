"""How many of shoppers' questions are answered rightly, are said not to be known, and are answered wrongly.

    python -m benchmarks.ask [--quick] [--json FILE] [--tell]

The questions, in English and Chinese, lie in benchmarks/questions.toml, with what each asks. Asked are a skirt and a
shirt of the demonstration catalogue, of a woman who was measured. Right is an answer to what was asked, or, where
nothing can answer it, "I don't know"; wrong is an answer to something else. `--tell` prints what went wrong.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

from app.shop.asking import Known, answer
from app.shop.suggesting import sizing
from assets.files import ROOT
from benchmarks.table import Row, parser, row, tell
from body.measurements import Measurement, Measurements
from body.population import population
from garments.stock.catalogue import Catalogue
from garments.stock.finding import find

GARMENTS = ("pencil-skirt-black", "oxford-shirt-sky-blue")
RIGHT = {"chart": ("chart", "measure"), "colour": ("colour", "find"), "stretch": ("stretch", "material")}
TOLD = {"stature": (1.68, 0.006), "mass": (62.0, 1.0), "bust_girth": (0.90, 0.014), "waist_girth": (0.71, 0.012)}
MOST_WRONG = 2.0


def questions() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """By set and by what is asked."""
    return tomllib.loads((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))


def judged(asked: str, known: bool, intent: str) -> str:
    """right, unknown or wrong."""
    if asked == "none":
        return "wrong" if known else "right"
    if intent in RIGHT.get(asked, (asked,)):
        return "right"
    return "wrong" if known else "unknown"


def known_of(shelf: Catalogue, garment: str) -> Known:
    """All that there is to know, of one garment and one woman."""
    found = population().given(TOLD, 0.0)
    measures = Measurements(tuple(Measurement(name, value, sd, "tape") for name, (value, sd) in found.items()))
    return Known(
        shelf.items(shelf.search().ids), shelf.item(garment), measures, 0.0, None,
        sizing(SimpleNamespace(measurements=measures, sex=0.0)), (), find=lambda text: find(shelf, text),  # type: ignore[arg-type]
    )  # fmt: skip


def rows(garments: Sequence[str], tell: bool) -> Iterator[Row]:
    shelf = Catalogue.open(ROOT / "catalogue" / "demo")
    for name, sets in questions().items():
        found: list[tuple[bool, str]] = []
        for known in (known_of(shelf, garment) for garment in garments):
            for asked, texts in sets.items():
                for text in texts:
                    told = answer(text, known)
                    verdict = judged(asked, told.known, told.intent)
                    found.append((any("一" <= letter <= "鿿" for letter in text), verdict))
                    if tell and verdict != "right":
                        print(f"{name}: {verdict} ({asked}, taken for {told.intent or 'nothing'}): {text} {told.text}")
        for language, chinese in (("English", False), ("Chinese", True)):
            mine = [verdict for which, verdict in found if which == chinese]
            many = f"{len(mine) // len(garments)} questions about {len(garments)} garments"
            for verdict in ("right", "unknown", "wrong"):
                goal = MOST_WRONG if verdict == "wrong" and name == "unseen" else None
                share = 100.0 * mine.count(verdict) / len(mine)
                yield row(f"{name} {language}, {verdict}", many, share, "%", goal)
    shelf.close()


def main() -> None:
    options = parser(__doc__ or "", "of one garment only")
    options.add_argument("--tell", action="store_true", help="print what was not answered rightly")
    args = options.parse_args()
    measured = list(rows(GARMENTS[: 1 if args.quick else None], args.tell))
    tell(__doc__ or "", measured, args)


if __name__ == "__main__":
    main()
