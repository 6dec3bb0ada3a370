"""A field of the side panel in which anything is asked about the person and the garment shown; the answer comes with
the rows that it was taken from, each of which opens where it stands.

It is looked up on a lane beside the engine's, and never waits for a drape. What follows from a picture that is no
longer shown says so, until it is answered anew.
"""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.saying import language, spoken
from app.serving import Failure
from app.shop.facts import facts_of
from app.ui.controls import button, clear, label, styled
from app.ui.studio import CURRENT, Studio
from assets.files import ROOT
from body.measurements import MEASURES
from garments.designs import designs
from garments.fabric import fabric

if TYPE_CHECKING:
    from app.shop.facts import Reply
    from app.stage import Shown

LANE, LONGEST, MOST = "clerk", 200, 4
EARLIER = 3
"""So many questions back one may go on from."""
ROOM_OF = {"body": "Body", "chart": "Garment", "advice": "Size", "drape": "Fit", "fabric": "Fabric"}


class Questions(QWidget):
    """`led` names a row (app/shop/asking.py) that somebody wants to see; `answered`: an answer has come. `reply`: the
    present answer, None where there is none; `outdated`: another try-on is shown, or will be, than it was taken
    from."""

    led = Signal(str)
    answered = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.reply: Reply | None = None
        self._asked = ""
        self._earlier: tuple[str, ...] = ()
        self._of: Shown | None = None
        self.field = QLineEdit(placeholderText=spoken("How long is it on me? Between M and L?"))
        self.field.setAccessibleName(spoken("Ask about the person and the garment shown"))
        self.field.setToolTip(
            spoken("Answered from the body, the sizes, the drape and the catalogue alone. English or Chinese.")
        )
        self.field.setMaxLength(LONGEST)
        self.field.setClearButtonEnabled(True)
        self.field.returnPressed.connect(lambda: self.ask(self.field.text()))
        self.field.textChanged.connect(lambda text: None if text else self.forget())
        self.rows = QVBoxLayout()
        self.rows.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addLayout(self.rows)
        studio.looked.connect(self._looked)

    @property
    def outdated(self) -> bool:
        return self.reply is not None and (self._of is not self.studio.shown or self.studio.stale)

    def ask(self, text: str) -> None:
        """Have a question answered from what is shown now."""
        studio, text = self.studio, text.strip()
        if not text:
            return
        if text != self._asked:
            self._earlier = (*self._earlier, self._asked)[-EARLIER:] if self._asked else self._earlier
        self._asked, self._of = text, studio.shown
        if self.reply is None or self.reply.question != text:
            self.reply = None
            self._say("Looking it up …")
        path = studio.settings.catalogue or str(ROOT / "catalogue" / "demo")
        studio.ask(
            self, "question", "app.shop.enquiring:replies", facts_of(studio.shown_project, studio.shown), path, (text,),
            (), self._earlier, lane=LANE, done=self._answered, failed=self._failed, quiet=True,
        )  # fmt: skip

    def forget(self) -> None:
        """No question, no answer; the next one may still go on from it."""
        self.studio.cancel("question")
        self._earlier = (*self._earlier, self._asked)[-EARLIER:] if self._asked else self._earlier
        self.reply, self._asked, self._of = None, "", None
        clear(self.rows)

    def _looked(self) -> None:
        studio = self.studio
        if studio.shown is None:  # Another project: what was asked was about somebody else.
            self._earlier = ()
        if not self._asked:
            return
        if studio.shown is None and self._of is not None:
            self.field.clear()
            self._earlier = ()
        elif studio.state == CURRENT and studio.shown is not self._of:
            self.ask(self._asked)
        if self.reply is not None and self.outdated is self.old.isHidden():
            self.old.setVisible(self.outdated)

    def _answered(self, told: "tuple[Reply, ...]") -> None:
        self.reply = told[0]
        clear(self.rows)
        QTimer.singleShot(0, self.answered.emit)
        self.old = label("This is of the picture as it was before the last change.", "caption")
        self.old.setVisible(self.outdated)
        self.rows.addWidget(self.old)
        if len(self.studio.project.wishes) != 1 and self.reply.about:
            self.rows.addWidget(label(self._name(self.reply.about), "caption"))
        said = label("")
        said.setText(self.reply.text)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setAccessibleName(spoken(f"Answer: {self.reply.text}"))
        self.rows.addWidget(said)
        titles: dict[str, str] = {}
        for link in self.reply.links:
            titles.setdefault(self.title(link), link)
        for title, link in list(titles.items())[:MOST]:
            made = styled(button("", partial(self.led.emit, link)), "link")
            made.setText(f"→ {title}")
            made.setAccessibleName(spoken(f"Show where it stands: {title}"))
            self.rows.addWidget(made)

    def _failed(self, failure: Failure) -> None:
        self.reply = None
        self._say(failure.sentence)
        self.studio.tell(failure)

    def _say(self, words: str) -> None:
        clear(self.rows)
        self.rows.addWidget(label(words, "caption"))

    def title(self, link: str) -> str:
        """What a row is called: the room that it stands in, and its name there."""
        table, _, row = link.partition(":")
        name, _, rest = row.partition("/")
        if table == "catalogue":
            room = "Garment" if name in designs() else "Shop"
            return f"{spoken(room)} · {self._name(name)}"
        if table == "chart":
            return f"{spoken(ROOM_OF[table])} · {spoken('Size chart')}"
        known = {"body": MEASURES[name].title} if name in MEASURES else {}
        known |= {"fabric": fabric(name).title} if table == "fabric" else {}
        thing = spoken(known.get(table, "")) or "/".join(part for part in rest.split("/") if not part.islower())
        return f"{spoken(ROOM_OF[table])} · {thing or spoken(rest)}"

    def _name(self, id: str) -> str:
        """What a garment is called."""
        assert self.reply is not None
        english, chinese = self.reply.names.get(id, (id, id))
        return chinese if language() == "zh" else english[:1].upper() + english[1:]
