"""A bar that fills as work is done, and never makes the window wait."""

from PySide6.QtWidgets import QProgressBar

from app.saying import spoken

FINE = 1000


class ProgressBar(QProgressBar):
    """How much of something is done, as a thin bar without words."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextVisible(False)
        self.setRange(0, FINE)
        self.setAccessibleName(spoken("Progress"))

    def show_share(self, share: float) -> None:
        """Show how much is done, 0..1, with the next picture of the window: Qt's own `setValue` paints all that is to
        be painted of the window at once."""
        self.setUpdatesEnabled(False)
        self.setValue(round(FINE * share))
        self.setUpdatesEnabled(True)
