"""Undo is exact, for any sequence of steps."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.history import History
from app.project import Project, View
from tests.app.people import somebody


def _another(project: Project) -> Project:
    return replace(project, view=View())


@given(st.lists(st.sampled_from(["Height", "Size M", "undo", "redo"]), max_size=40))
@settings(max_examples=100, deadline=None)
def test_undoing_everything_returns_to_the_start_and_redoing_to_the_end(moves: list[str]) -> None:
    start = somebody()
    history = History(start)
    for move in moves:
        if move == "undo":
            history.undo()
        elif move == "redo":
            history.redo()
        else:
            history.do(move, _another(history.present))
    end, steps = history.present, history.steps
    while history.undo_name:
        history.undo()
    assert history.present is start
    for _ in range(steps):
        history.redo()
    assert history.present is end


def test_equal_consecutive_names_are_one_step() -> None:
    history = History(somebody())
    start = history.present
    for _ in range(5):
        history.do("Height", _another(history.present))
    history.do("Weight", _another(history.present))
    assert (history.steps, history.undo_name) == (2, "Weight")
    history.undo()
    history.undo()
    assert history.present is start


def test_a_sealed_step_is_not_extended() -> None:
    history = History(somebody())
    for _ in range(3):
        history.do("Pose the left wrist", _another(history.present))
        history.seal()
    assert history.steps == 3
    for _ in range(2):
        history.do("Height", _another(history.present))
    assert history.steps == 4


def test_a_step_after_an_undo_stands_alone_and_ends_redo() -> None:
    history = History(somebody())
    history.do("Height", first := _another(history.present))
    history.do("Weight", _another(first))
    history.undo()
    history.do("Height", _another(first))
    assert (history.steps, history.redo_name) == (2, None)
    history.undo()
    assert history.present is first


def test_listeners_hear_before_and_after_once_a_change() -> None:
    heard = []
    history = History(start := somebody())
    history.listen(lambda before, after: heard.append((before, after)))
    history.do("nothing", start)
    history.do("Height", after := _another(start))
    history.undo()
    assert heard == [(start, after), (after, start)]


def test_a_new_beginning_has_nothing_to_undo_and_is_heard() -> None:
    heard = []
    history = History(start := somebody())
    history.do("Height", second := _another(start))
    history.listen(lambda before, after: heard.append((before, after)))
    history.restart(third := _another(start))
    assert (history.steps, history.undo_name, history.redo_name) == (0, None, None)
    assert history.present is third and heard == [(second, third)]


@given(st.integers(0, 12), st.lists(st.integers(-2, 14), max_size=8))
@settings(max_examples=50, deadline=None)
def test_a_step_of_the_list_is_reached_at_once_from_any_other(count: int, visits: list[int]) -> None:
    history = History(somebody())
    snapshots = [history.present]
    for k in range(count):
        snapshots.append(_another(history.present))
        history.do(f"step {k}", snapshots[-1])
    heard: list[Project] = []
    history.listen(lambda before, after: heard.append(after))
    for wanted in visits:
        at, told = history.steps, len(heard)
        history.go(wanted)
        inside = 0 <= wanted <= count
        assert history.steps == (wanted if inside else at) and history.present is snapshots[history.steps]
        assert len(heard) - told == int(inside and wanted != at), "however far, it is one change"
        assert history.names == tuple(f"step {k}" for k in range(count))


def test_a_step_that_was_taken_back_is_found_by_what_it_made() -> None:
    history = History(somebody())
    for name, height in (("A", 1.61), ("B", 1.62), ("look", 1.62), ("C", 1.63)):
        history.do(name, replace(history.present, evidence=replace(history.present.evidence, height=height)))
    history.go(1)

    def height(project: Project) -> object:
        return project.evidence.height

    assert history.taken_back(height, 1.62) == "B" and history.taken_back(height, 1.63) == "C"
    assert history.taken_back(height, 1.61) is None and history.taken_back(height, 1.5) is None
