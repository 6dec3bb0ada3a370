"""The steps that were made, as a list: a click goes back to any of them, or forward again."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.saying import spoken
from app.ui import theme
from app.ui.controls import label
from app.ui.studio import Studio

START = "As it was opened"


class StepsPage(QDialog):
    """Stays open beside the window and follows the history."""

    def __init__(self, studio: Studio, parent: QWidget) -> None:
        super().__init__(parent)
        self.studio = studio
        self.setWindowTitle(spoken("History"))
        self.resize(300, 440)
        self.list = QListWidget()
        self.list.setAccessibleName(spoken("Steps"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(label("Choose a step to go back to it. Steps below it can be chosen again.", "caption"))
        column.addWidget(self.list, 1)
        self.list.currentRowChanged.connect(self._go)
        studio.changed.connect(self.fill)
        studio.settings_changed.connect(self.fill)
        self.fill()

    def fill(self, *_: object) -> None:
        """Show all steps; the present one is chosen, what was taken back is pale."""
        history = self.studio.history
        self.list.blockSignals(True)
        self.list.clear()
        for k, name in enumerate((START, *history.names)):
            item = QListWidgetItem(spoken(name))
            if k > history.steps:
                item.setForeground(QColor(theme.current().muted))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, taken back")
            self.list.addItem(item)
        self.list.setCurrentRow(history.steps)
        self.list.blockSignals(False)
        self.list.scrollToItem(self.list.currentItem())

    def _go(self, row: int) -> None:
        if row >= 0:
            self.studio.history.go(row)
