"""Articles: what a catalogue says of one garment, read from a table of TOML and checked.

    [[garment]]
    id = "breton-navy"                 # else the file's name and its number there
    title = "Breton tee"               # or chinese, or both
    chinese = "海魂衫"
    design = "tee"                     # one of Toile's, or file = "polo.glb": a mesh or a pattern beside the table
    fabric = "single_jersey"
    options = { length = "6 cm" }
    colourway = { print = "breton white navy", panels = { neckband = "navy" } }
    stock = { S = 3, M = 0, L = 12 }   # or sizes = ["S", "M", "L"], how many nobody says
    price = 39.0
    currency = "EUR"
    tags = ["women", "summer"]
    text = "..."
    text_chinese = "..."
    picture = "breton.jpg"             # else Toile drapes and draws it

A file may hold one garment without the [[garment]] line. A table [catalogue] tells `title` and `demo = true`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets import units
from assets.errors import InputRefused, ToileError
from garments.blocks.drafting import chosen
from garments.colours.colourway import PLAIN, Colourway, read
from garments.colours.figures import FIGURES
from garments.colours.palette import shade
from garments.designs import designs
from garments.fabric import fabric

LONGEST_LINE, LONGEST_TEXT, MOST_WORDS = 120, 4000, 40
_KEYS = {
    "id", "title", "chinese", "design", "file", "fabric", "options", "colour", "colourway", "stock", "sizes", "price",
    "currency", "tags", "text", "text_chinese", "picture",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Article:
    """A garment on offer. `design` of Toile's with `options`, or else `file`, a mesh or a pattern; `stock` by size,
    None where nobody says how many; `price` None where there is none; `dress` its colourway as it was written; `folder`
    where its files lie. `trouble`: why it cannot be worn, "" where it can; then all else may be empty."""

    id: str
    title: str
    chinese: str = ""
    design: str | None = None
    file: Path | None = None
    fabric: str | None = None
    options: Mapping[str, float] | None = None
    dress: Mapping[str, Any] | None = None
    stock: Mapping[str, int | None] | None = None
    price: float | None = None
    currency: str = ""
    tags: tuple[str, ...] = ()
    text: str = ""
    text_chinese: str = ""
    picture: Path | None = None
    folder: Path = Path()
    trouble: str = ""

    @property
    def name(self) -> str:
        """What it is called, in the language that there is."""
        return self.title or self.chinese

    def called(self, language: str) -> str:
        """What it is called in a language, or else in the one that there is."""
        return self.chinese if language == "zh" and self.chinese else self.name

    @property
    def cost(self) -> str:
        """The price in words, "" where there is none."""
        return "" if self.price is None else f"{self.price:,.2f} {self.currency}".strip()

    def prints(self) -> tuple[Path, ...]:
        """The picture files that its colourway names."""
        panels = (self.dress or {}).get("panels", {})
        paints = (self.dress or {}, *(panels.values() if isinstance(panels, Mapping) else ()))
        figures = [one.get("print") for one in paints if isinstance(one, Mapping)]
        named = [str(one.get("picture", "")) if isinstance(one, Mapping) else one for one in figures]
        return tuple(self.folder / name for name in named if isinstance(name, str) and (self.folder / name).is_file())

    def colourway(self) -> Colourway:
        """Its colours, with the pictures of its prints. Raises ToileError for a picture that cannot be read."""
        return read(self.dress, self.folder) if self.dress else PLAIN


def article(told: object, id: str, folder: Path) -> Article:
    """One garment of a catalogue. Raises ToileError, saying what is wrong with it."""
    if not isinstance(told, Mapping):
        raise InputRefused("it is no table of a garment")
    if unknown := sorted(set(map(str, told)) - _KEYS):
        raise InputRefused(f"nobody knows what {unknown[0]!r} means: it may have {', '.join(sorted(_KEYS))}")
    title, chinese = _line(told, "title"), _line(told, "chinese")
    if not (title or chinese):
        raise InputRefused("it has no title: give it one, or one in Chinese as `chinese`")
    design, file = _line(told, "design") or None, _line(told, "file") or None
    if bool(design) == bool(file):
        raise InputRefused("it needs either a design of Toile's or a file")
    if design and design not in designs():
        raise InputRefused(f"there is no design {design!r}: it is one of {', '.join(sorted(designs()))}")
    cloth = _line(told, "fabric") or None
    if cloth:
        fabric(cloth)
    dress = _dress(told, folder)
    return Article(
        id, title, chinese, design, _beside(folder, file, "file"), cloth, _options(told, design), dress, _stock(told),
        _price(told), _line(told, "currency")[:8], _tags(told), _line(told, "text", LONGEST_TEXT),
        _line(told, "text_chinese", LONGEST_TEXT), _beside(folder, _line(told, "picture") or None, "picture"), folder,
    )  # fmt: skip


def words(made: Article) -> tuple[str, str, str, str]:
    """What an article is found by, the weightiest first: titles, tags, what it is and what it is of, texts."""
    titles, tags, *what = names(made)
    if made.fabric:
        cloth = fabric(made.fabric)
        what += [cloth.title, cloth.chinese, cloth.construction]
    return (
        titles,
        tags,
        " ".join(filter(None, what)),
        f"{made.text} {made.text_chinese}",
    )


def names(made: Article) -> tuple[str, ...]:
    """What an article is called: titles, tags, its design and its colours; not what it is made of."""
    design = (made.design.replace("_", " "), designs()[made.design].TITLE) if made.design else ()
    return (f"{made.title} {made.chinese}", " ".join(made.tags), *design, *(_colours(made.dress) if made.dress else ()))


def _colours(told: Mapping[str, Any]) -> Iterator[str]:
    """Every word of a colourway: colours are found by their names in both languages through the glossary."""
    for value in told.values():
        if isinstance(value, str):
            yield value.replace("_", " ")
        elif isinstance(value, Mapping):
            yield from _colours(value)


def _line(told: Mapping, key: str, longest: int = LONGEST_LINE) -> str:
    value = told.get(key, "")
    if not isinstance(value, str) or len(value) > longest:
        raise InputRefused(f"its {key} is not a text of {longest} letters or fewer")
    return " ".join(value.split()) if longest == LONGEST_LINE else value.strip()


def _beside(folder: Path, name: str | None, what: str) -> Path | None:
    if name is None:
        return None
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputRefused(f"its {what} {name} lies outside of the catalogue")
    if not path.is_file():
        raise InputRefused(f"its {what} {name} is not there")
    return path


def _options(told: Mapping, design: str | None) -> dict[str, float]:
    given = told.get("options", {})
    if not isinstance(given, Mapping):
        raise InputRefused("its options are no table")
    if not given:
        return {}
    if design is None:
        raise InputRefused("options are for designs, and it has none")
    plan = designs()[design]
    return {name: chosen(plan.OPTIONS, {name: _number(name, value)}, plan.TITLE)[name] for name, value in given.items()}


def _number(name: str, value: object) -> float:
    if isinstance(value, str):
        if value.rstrip().endswith(("°", "deg", "degrees", "rad")):
            return units.angle(value)
        return units.quantity(value, "share", "%") if value.rstrip().endswith("%") else units.signed_length(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputRefused(f"its option {name} is no number")
    return float(value)


def _dress(told: Mapping, folder: Path) -> dict[str, Any]:
    """The colourway as it was written, looked at without opening pictures."""
    dress = told.get("colourway", {})
    if not isinstance(dress, Mapping):
        raise InputRefused("its colourway is no table")
    found = dict(dress) | ({"colour": told["colour"]} if "colour" in told else {})
    _look_over(found, folder)
    return found


def _look_over(told: Mapping, folder: Path) -> None:
    panels = told.get("panels", {})
    for paint in (told, *(panels.values() if isinstance(panels, Mapping) else ())):
        if isinstance(paint, str):
            shade(paint)
        elif isinstance(paint, Mapping):
            for key in ("colour", "stitching"):
                if key in paint:
                    shade(str(paint[key]))
            figure = paint.get("print")
            named = str(figure.get("picture", "")) if isinstance(figure, Mapping) else figure
            if isinstance(named, str) and (named.split() or [""])[0].lower() not in FIGURES:
                _beside(folder, named, "print")


def _stock(told: Mapping) -> dict[str, int | None]:
    stock, sizes = told.get("stock", {}), told.get("sizes", [])
    if not isinstance(stock, Mapping) or not isinstance(sizes, list) or len(stock) + len(sizes) > MOST_WORDS:
        raise InputRefused("its sizes are a list, and its stock a table of sizes and numbers")
    found: dict[str, int | None] = {str(size)[:20]: None for size in sizes}
    for size, count in stock.items():
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count < 10**9:
            raise InputRefused(f"its stock of {size} is no whole number")
        found[str(size)[:20]] = count
    return found


def _price(told: Mapping) -> float | None:
    price = told.get("price")
    if price is None:
        return None
    if isinstance(price, bool) or not isinstance(price, int | float) or not 0 <= price < 1e9:
        raise InputRefused(f"its price {price!r} is no amount of money")
    return float(price)


def _tags(told: Mapping) -> tuple[str, ...]:
    tags = told.get("tags", [])
    if not isinstance(tags, list) or len(tags) > MOST_WORDS or not all(isinstance(tag, str) for tag in tags):
        raise InputRefused(f"its tags are a list of {MOST_WORDS} words or fewer")
    return tuple(dict.fromkeys(" ".join(tag.lower().split())[:LONGEST_LINE] for tag in tags if tag.strip()))


def reason(error: ToileError | Exception) -> str:
    """An error as the sentence of a list."""
    said = str(error)
    return said[:1].upper() + said[1:]
