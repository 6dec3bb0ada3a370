"""How fast a catalogue of 10,000 garments opens, answers and scrolls.

    python -m benchmarks.catalogue [--quick] [--json FILE]

Processor seconds of one process; the garments are the demo's, numbered, in tables of 500. Searches are a shop's: words,
prefixes, two languages, slips of the finger, tags. Scrolling is measured in the window's own list, drawn
by the processor, 33 garments further each frame.
"""

import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.table import Row, row, run
from garments.stock import demo
from garments.stock.catalogue import Catalogue

MANY, A_TABLE = 10_000, 500
SEARCH, FRAME, OPEN = 50.0, 1000.0 / 60.0, 1.0
QUERIES = (
    "", "dress", "d", "dr", "navy", "red dress", "连衣裙", "红", "红色 衬衫", "striped tee", "linen summer dress",
    "drss", "jaens", "trosers", "hirt", "女 夏", "qipao scarlet", "波点连衣裙", "office trousers pinstripe", "xyzzy",
    "women",
)  # fmt: skip
ROUNDS = 5


def rows(quick: bool) -> Iterator[Row]:
    many = MANY // 10 if quick else MANY
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        shop = Path(folder) / "shop"
        write(shop, many)
        taken, made = _timed(lambda: Catalogue.open(shop))
        yield row("first open", f"{many:,} garments read, checked and indexed", taken, "s")
        taken, made = _timed(lambda: Catalogue.open(shop))
        yield row("open again", "finding out that nothing changed", taken, "s", OPEN)
        yield from _searches(made, quick)
        ids = made.search().ids
        rng = np.random.default_rng(0)
        pages = [tuple(np.array(ids)[rng.integers(0, len(ids), 12)]) for _ in range(50)]
        taken, _ = _timed(lambda: [made.items(page) for page in pages])
        yield row(
            "page", "twelve garments from anywhere in the list, read whole", 1000 * taken / len(pages), "ms", FRAME
        )
        made.close()
        yield from _scrolling(shop, quick)


def write(folder: Path, many: int) -> None:
    """A catalogue of so many garments."""
    folder.mkdir()
    entries = itertools.islice(itertools.cycle(list(demo.entries())), many)
    for number, table in enumerate(_chunks(entries, A_TABLE)):
        lines = ["[catalogue]", f'title = "{many:,} garments"', ""]
        for k, entry in enumerate(table):
            told = {
                **entry,
                "id": f"{entry['id']}-{number}-{k}",
                "title": f"{entry['title']}, no. {number * A_TABLE + k}",
            }
            lines += ["[[garment]]", *(f"{key} = {demo.written(value)}" for key, value in told.items()), ""]
        (folder / f"{number:03d}.toml").write_text("\n".join(lines))


def _searches(made: Catalogue, quick: bool) -> Iterator[Row]:
    taken, _ = _timed(lambda: made.search("drss"))
    yield row(
        "search first slip", "the first word that nothing is called: spelling is read", 1000 * taken, "ms", SEARCH
    )
    times = {}
    for query in QUERIES:
        times[query] = min(_timed(lambda query=query: made.search(query))[0] for _ in range(2 if quick else ROUNDS))
    slowest = max(times, key=lambda query: times[query])
    claim = f"the slowest of {len(QUERIES)} searches, {slowest!r}; all that is found, ranked"
    yield row("search slowest", claim, 1000 * times[slowest], "ms", SEARCH)
    yield row("search median", "the middle one", 1000 * float(np.median(list(times.values()))), "ms", SEARCH)
    taken = min(_timed(lambda: made.search("dress", ("party", "summer")))[0] for _ in range(3))
    yield row("search with tags", "'dress' among what bears two tags", 1000 * taken, "ms", SEARCH)


def _scrolling(shop: Path, quick: bool) -> Iterator[Row]:
    """Frames of the window's list while it is scrolled from end to end."""
    try:
        times = scrolled(shop, 60 if quick else 300)
    except (ImportError, RuntimeError) as error:
        yield row("scroll", "a frame of the scrolled list", None, "ms", FRAME, why=str(error))
        return
    claim = "a frame of the list scrolled through all of it, pictures drawn as they come"
    yield row("scroll median", claim, float(np.median(times)), "ms", FRAME)
    yield row("scroll 95th", "the 95th percentile of these frames", float(np.percentile(times, 95)), "ms", FRAME)
    yield row("scroll worst", "the longest of them", max(times), "ms")


def scrolled(shop: Path, frames: int) -> list[float]:
    """Milliseconds of each frame of the list while it goes from its first to its last garment."""
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.shop import catalogues as shown
    from app.ui.goods import Goods

    application = QApplication.instance() or QApplication(["benchmark"])
    goods = Goods()
    goods.by = shown.program()
    goods.resize(320, 720)
    goods.show_all(Catalogue.open(shop, refresh=False))
    goods.show()
    application.processEvents()
    bar = goods.verticalScrollBar()
    found = []
    for frame in range(frames):
        start = time.process_time()
        bar.setValue(round(bar.maximum() * frame / (frames - 1)))
        application.processEvents()
        found.append(1000 * (time.process_time() - start))
    goods.hide()
    return found


def _timed(work):
    start = time.process_time()
    done = work()
    return time.process_time() - start, done


def _chunks(entries, size: int):
    while chunk := list(itertools.islice(entries, size)):
        yield chunk


if __name__ == "__main__":
    run(__doc__ or "", rows)
