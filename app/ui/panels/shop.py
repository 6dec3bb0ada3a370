"""The shop: a catalogue to search and look through, and what is chosen of it, to put on."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout

from app.engine import Offer
from app.project import Wish
from app.saying import language, spoken
from app.serving import Failure
from app.shop import catalogues as shop
from app.shop.learning import Learned
from app.ui.controls import button, card, clear, label, tool
from app.ui.dialogs import choose_folder, open_file, open_files
from app.ui.goods import Goods
from app.ui.panels.panel import Panel
from app.ui.studio import Studio
from assets.errors import ToileError
from assets.files import ROOT
from garments.stock.articles import Article
from garments.stock.catalogue import Catalogue, Found

CLERK, ARTIST, TEACHER = "clerk", "artist", "teacher"
"""Lanes: who reads catalogues, who draws pictures behind everything else, and who learns from tables."""
TYPED = 90
"""Milliseconds after the last letter until it is searched for."""
DEMO = "A demonstration: nothing here is for sale."


class ShopPanel(Panel):
    TITLE = "Shop"

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self.catalogue: Catalogue | None = None
        self.tags: tuple[str, ...] = ()
        self._drawing: str | None = None
        self._wanted = ""

    def made(self) -> Iterator[None]:
        self.about = label("", "caption")
        self.search = QLineEdit(placeholderText=spoken("Search: dress, 连衣裙 …"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(spoken("Search garments"))
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(TYPED)
        self._typed.timeout.connect(self._find)
        self.search.textChanged.connect(lambda _: self._typed.start())
        self.filter = button("Tags", lambda: None)
        self.filter.setAccessibleName(spoken("Tags to filter by"))
        self.filter.setMenu(QMenu(self.filter))
        self.said = label("", "caption")
        yield
        self.goods = Goods()
        self.goods.chosen.connect(lambda _: self._tell())
        self.goods.activated.connect(lambda _: self.put_on())
        self.goods.wanted.connect(lambda _: self._draw_next())
        self.chosen = QVBoxLayout()
        yield
        self._lay_out()
        self.studio.offers_changed.connect(self._tell)
        yield
        kept = self.studio.settings.catalogue
        self.open(Path(kept) if kept else None)

    def open(self, path: Path | None) -> None:
        """Show another catalogue, the demo's where there is none."""
        where = path or ROOT / "catalogue" / "demo"
        self.said.setText(spoken("Reading the catalogue …"))
        self.studio.ask(
            self, "catalogue", "app.shop.catalogues:refresh", str(where), lane=CLERK,
            done=lambda by: self._opened(where, path, by), failed=lambda failure: self._refused(failure, path),
        )  # fmt: skip

    def look_at(self, id: str) -> None:
        """Choose a garment among all, as soon as the catalogue is there."""
        self._wanted = id
        if self.catalogue is not None:
            self.search.clear()
            self._typed.stop()
            self.tags = ()
            self._fill_tags()
            self._find()

    def put_on(self) -> None:
        """Wear what is chosen; a garment of the same design is replaced."""
        told = self.goods.current()
        if told is None or told.trouble or self.catalogue is None:
            return
        if told.design and not told.prints():  # Nothing of a stranger's is read: at once.
            try:
                self._wear(told, shop.wish_of(told))
            except ToileError as error:
                self.studio.said.emit(str(error))
            return
        self.studio.ask(
            self, "put on", "app.shop.catalogues:wish", str(self.catalogue.path), told.id, lane=CLERK,
            done=lambda wish: self._wear(told, wish),
        )  # fmt: skip

    def _lay_out(self) -> None:
        self.column.setAlignment(Qt.AlignmentFlag(0))
        self.column.addWidget(self.about)
        row = QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addWidget(self.filter)
        row.addWidget(tool("folder", "Open a catalogue…", self._choose))
        self.column.addLayout(row)
        self.column.addWidget(self.said)
        self.goods.setMinimumHeight(240)
        self.column.addWidget(self.goods, 1)
        self.column.addLayout(self.chosen)

    def _choose(self) -> None:
        menu = QMenu(self)
        menu.addAction(spoken("Folder of garments…")).triggered.connect(lambda _=False: self._choose_folder())
        menu.addAction(spoken("Catalogue file…")).triggered.connect(lambda _=False: self._choose_file())
        menu.addAction(spoken("Demo catalogue")).triggered.connect(lambda _=False: self.open(None))
        menu.addSeparator()
        menu.addAction(spoken("Learn from who took what…")).triggered.connect(lambda _=False: self._choose_tables())
        menu.exec(self.cursor().pos())

    def _choose_folder(self) -> None:
        if found := choose_folder(self.studio, self, "A folder of garments"):
            self.open(found)

    def _choose_file(self) -> None:
        kinds = "Catalogues (*.sqlite *.sqlite3 *.db *.toilecat)"
        if found := open_file(self.studio, self, "A catalogue", kinds):
            self.open(found)

    def _choose_tables(self) -> None:
        kinds = "Tables (*.csv *.json *.jsonl *.gz)"
        if found := open_files(self.studio, self, "Purchases, views or ratings", kinds):
            self.learn([str(path) for path in found])

    def learn(self, tables: list[str]) -> None:
        """Learn suggestions from tables of who took what, behind everything else; stopped, what was learned stays."""
        studio = self.studio
        where = studio.settings.catalogue or str(ROOT / "catalogue" / "demo")
        studio.ask(
            studio, "learn", "app.shop.learning:train", tables, where, lane=TEACHER, done=partial(_learned, studio),
            failed=lambda failure: studio.said.emit(failure.sentence),
        )  # fmt: skip

    def _opened(self, where: Path, path: Path | None, by: str) -> None:
        try:
            made = Catalogue.open(where, refresh=False)
        except ToileError as error:
            self.said.setText(spoken(str(error)))
            return
        if self.catalogue is not None:
            self.catalogue.close()
        self.catalogue, self.tags, self.goods.by = made, (), by
        if path is not None or self.studio.settings.catalogue:
            self.studio.keep(catalogue=str(path or ""))
        broken = len(made.broken())
        words = [f"{made.title} · {len(made):,} garments."]
        words += [DEMO] if made.demo else []
        words += [f"{broken:,} cannot be used: see the end of the list."] if broken else []
        self.about.setText(spoken(" ".join(words)))
        self._fill_tags()
        self._find()

    def _refused(self, failure: Failure, path: Path | None) -> None:
        """A catalogue that cannot be opened is said; the one before stays, or the demo takes its place."""
        if self.catalogue is None and path is not None:
            self.open(None)
        self.studio.said.emit(failure.sentence)
        self.said.setText(spoken(failure.sentence))

    def _fill_tags(self) -> None:
        menu = self.filter.menu()
        menu.clear()
        assert self.catalogue is not None
        for tag, count in list(self.catalogue.tags().items())[:40]:
            action = menu.addAction(spoken(f"{tag}  {count:,}"))
            action.setCheckable(True)
            action.setChecked(tag in self.tags)
            action.toggled.connect(lambda on, tag=tag: self._tag(tag, on))
        self.filter.setEnabled(not menu.isEmpty())

    def _tag(self, tag: str, on: bool) -> None:
        self.tags = (*self.tags, tag) if on else tuple(each for each in self.tags if each != tag)
        self.filter.setText(spoken(f"Tags {len(self.tags)}" if self.tags else "Tags"))
        self._find()

    def _find(self) -> None:
        if self.catalogue is None:
            return
        found = self.catalogue.search(self.search.text(), self.tags)
        self.goods.show_all(self.catalogue, found.ids)
        self.said.setText(spoken(self._sentence(found)))
        self.said.setVisible(bool(self.said.text()))
        if self._wanted in found.ids:
            self.goods.setCurrentIndex(self.goods.stock.index(found.ids.index(self._wanted)))
            self.goods.scrollTo(self.goods.currentIndex())
        self._wanted = ""
        self._tell()

    def _sentence(self, found: Found) -> str:
        asked, tags = self.search.text().strip(), " and ".join(self.tags)
        if not found.ids:
            tagged = f" among {tags}" if tags else ""
            return f"Nothing is called “{asked}”{tagged}." if asked else f"Nothing is {tags}."
        words = [f"{len(found.ids):,} found."] if asked or tags else []
        words += [f"Nothing is called “{asked}”: shown for “{found.instead}”."] if found.instead else []
        words += [f"Only {tags}."] if tags else []
        return " ".join(words)

    def _tell(self) -> None:
        """What there is to say of the chosen garment, with the button that puts it on."""
        clear(self.chosen)
        told = self.goods.current()
        if told is None:
            return
        frame, column = card()
        name = told.called(language())
        frame.setAccessibleName(spoken(f"{name}, chosen"))
        column.addWidget(label(name))
        if told.chinese and told.title:
            column.addWidget(label(told.title if name == told.chinese else told.chinese, "caption"))
        if told.trouble:
            column.addWidget(label(told.trouble, "bad"))
        else:
            for line in (_offer_of(told, self.studio.offers), _stock(told), told.text or told.text_chinese):
                if line:
                    column.addWidget(label(line, "caption"))
            row = QHBoxLayout()
            row.addWidget(label(told.cost), 1)
            worn = self._worn(told)
            wear = button("Worn" if worn else "Put on", self.put_on, primary=not worn)
            wear.setAccessibleName(spoken(f"Put on {name}"))
            wear.setEnabled(not worn)
            row.addWidget(wear)
            column.addLayout(row)
        self.chosen.addWidget(frame)

    def _worn(self, told: Article) -> bool:
        return any(wish.article == told.id for wish in self.studio.project.wishes)

    def project_changed(self, before, after) -> None:
        if before.wishes is not after.wishes:
            self._tell()

    def _wear(self, told: Article, wish: Wish) -> None:
        wear(self.studio, told.id, told.name, wish)

    # Pictures that have yet to be drawn ---------------------------------------------------------------------------

    def _draw_next(self) -> None:
        """Have the next picture drawn that is in sight, one at a time and behind everything else."""
        if self._drawing is not None or self.catalogue is None or not self.isVisible():
            return
        id = self.goods.next_wanted()
        if id is None:
            return
        self._drawing = id
        self.studio.ask(
            self, "thumbnail", "app.shop.catalogues:thumbnail", str(self.catalogue.path), id, lane=ARTIST,
            done=partial(self._drawn, id), failed=lambda _: self._drawn(id, None), quiet=True,
            stopped=lambda: self._drawn(id, None),
        )  # fmt: skip

    def _drawn(self, id: str, path: str | None) -> None:
        self._drawing = None
        self.goods.drawn(id, path)
        self._draw_next()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._draw_next()


def wear(studio: Studio, id: str, name: str, wish: Wish) -> None:
    """Put an article on; a garment of the same design is replaced, its size and chart stay."""
    wishes = studio.project.wishes
    wish = replace(wish, article=id)
    same = [worn.design == wish.design for worn in wishes]
    if any(same):
        after = tuple(
            replace(wish, size=worn.size, chart=worn.chart) if match and not wish.made else wish if match else worn
            for worn, match in zip(wishes, same, strict=True)
        )
    else:
        after = (*wishes, wish)
    studio.wishes(f"Put on {name}", after)


def _stock(told: Article) -> str:
    """The sizes that there are, in words."""
    there = [size for size, count in (told.stock or {}).items() if count is None or count > 0]
    gone = [size for size, count in (told.stock or {}).items() if count == 0]
    words = [f"Sizes {', '.join(there)}"] if there else []
    words += [f"{', '.join(gone)} sold out"] if gone else []
    return "; ".join(words)


def _offer_of(told: Article, offers: tuple[Offer, ...]) -> str:
    """How a garment of this design would fit, as far as that is known."""
    return next((sentence(offer) for offer in offers if offer.design == told.design), "")


def sentence(offer: Offer) -> str:
    """How well a garment of the catalogue would fit."""
    if not offer.suits:
        return f"No size suits; {offer.size} comes closest"
    return f"Size {offer.size}, {100 * offer.confidence:.0f} % sure"


def _learned(studio: Studio, told: Learned) -> None:
    """Say what was learned, whichever panel asked for it."""
    studio.said.emit(f"Learned: {told.words[0]}")
    studio.learned.emit()
