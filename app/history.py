"""One undo stack of whole Project snapshots. Arrays are shared between snapshots, so each costs a few bytes.

Steps are named; a step with the name of the one before it extends that step, so that dragging a slider is one step.
(The idea of one hook that tells what changed is Anki's `changes`, 2021.)
"""

from collections.abc import Callable

from app.project import Project

MOST = 500
Listener = Callable[[Project, Project], None]


class History:
    """The present project, what was, and what was taken back. Listeners hear `changed(before, after)`."""

    def __init__(self, project: Project) -> None:
        self.present = project
        self._past: list[tuple[str, Project]] = []
        self._future: list[tuple[str, Project]] = []
        self._listeners: list[Listener] = []
        self._sealed = False

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    @property
    def steps(self) -> int:
        """How many steps can be undone."""
        return len(self._past)

    @property
    def undo_name(self) -> str | None:
        return self._past[-1][0] if self._past else None

    @property
    def redo_name(self) -> str | None:
        return self._future[-1][0] if self._future else None

    def newest(self, told: Callable[[Project], object]) -> str | None:
        """The name of the newest step that changed what `told` tells of a project."""
        after = self.present
        for name, before in reversed(self._past):
            if told(before) != told(after):
                return name
            after = before
        return None

    def taken_back(self, told: Callable[[Project], object], there: object) -> str | None:
        """The name of the step that was taken back and made `told` tell `there`; None where none of them did."""
        before = told(self.present)
        for name, after in reversed(self._future):
            now = told(after)
            if now == there != before:
                return name
            before = now
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """All steps from the first on: those that can be undone, then those that were taken back."""
        return (*(name for name, _ in self._past), *(name for name, _ in reversed(self._future)))

    def do(self, name: str, project: Project) -> None:
        """Make `project` the present. `name` is what undo will offer to take back."""
        if project is self.present:
            return
        if name != self.undo_name or self._future or self._sealed:
            self._past.append((name, self.present))
            del self._past[:-MOST]
        self._future.clear()
        self._sealed = False
        self._become(project)

    def seal(self) -> None:
        """End the present step: the next is one of its own, though it has the same name."""
        self._sealed = True

    def restart(self, project: Project) -> None:
        """Begin anew from `project`, with nothing to undo."""
        self._past.clear()
        self._future.clear()
        self._become(project)

    def undo(self) -> None:
        self.go(self.steps - 1)

    def redo(self) -> None:
        self.go(self.steps + 1)

    def go(self, steps: int) -> None:
        """Go back, or forward again, to where so many steps can be undone; nowhere where that cannot be."""
        if steps == self.steps or not 0 <= steps <= len(self.names):
            return
        project = self.present
        while self.steps != steps:
            leave, enter = (self._past, self._future) if steps < self.steps else (self._future, self._past)
            name, before = leave.pop()
            enter.append((name, project))
            project = before
        self._become(project)

    def _become(self, project: Project) -> None:
        before, self.present = self.present, project
        for listener in tuple(self._listeners):
            listener(before, project)
