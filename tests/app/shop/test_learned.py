"""Laws of learning on the machine: it is kept without anybody in it, comes back the same, and can be stopped."""

import json

import numpy as np
import pytest

from app.commands import main
from app.shop import clicks, learning
from assets.errors import Cancelled, InputRefused
from assets.files import ROOT, user_data
from garments.history import feedback
from garments.recommend.suggest import Taste
from garments.stock.catalogue import Catalogue


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    return tmp_path


@pytest.fixture
def table(home):
    """Customers who take what is for the office after what is for the office, and the rest otherwise."""
    shelf = Catalogue.open(ROOT / "catalogue" / "demo")
    articles = shelf.items(shelf.search().ids)
    shelf.close()
    sides = [[one.id for one in articles if ("office" in one.tags) == office] for office in (True, False)]
    random, rows = np.random.default_rng(2), ["user_id,item_id,date,event"]
    for person in range(150):
        for step, id in enumerate(random.permutation(sides[person % 2])[:5]):
            rows.append(f"secret{person},{id},2025-{1 + (person + 2 * step) % 12:02d}-{1 + person % 28:02d},purchase")
    rows += ["broken", ",,,"]
    path = home / "sold.csv"
    path.write_text("\n".join(rows))
    return path


def test_what_was_learned_comes_back_the_same_and_nobody_is_in_it(table):
    assert learning.own() is None and learning.state() is None
    found = learning.train([str(table)], str(ROOT / "catalogue" / "demo"))
    assert (found.interactions, found.customers, found.passed) == (750, 150, 2) and len(found.scores) == 3
    assert found.tastes >= 2 and learning.state() == found
    past = learning.own()
    assert past is not None and past.tastes is not None
    told = past.scores(("oxford-shirt-white",))
    assert told and max(told.values()) == pytest.approx(1.0)
    for path in (user_data() / "suggestions").iterdir():
        assert b"secret" not in path.read_bytes()
    with np.load(user_data() / "suggestions" / "learned.npz") as arrays:
        assert not any("secret" in str(arrays[name]) for name in arrays.files)


def test_it_can_be_stopped_and_leaves_what_was_learned(table):
    learning.train([str(table)], "", scored=False)
    before = {path.name: path.read_bytes() for path in (user_data() / "suggestions").iterdir()}
    heard = []

    def stop(fraction: float, words: str) -> None:
        heard.append(fraction)
        if fraction > 0.4:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        learning.train([str(table)], "", progress=stop)
    assert heard == sorted(heard) and len(heard) > 10
    assert {path.name: path.read_bytes() for path in (user_data() / "suggestions").iterdir()} == before


def test_feedback_is_learned_from_and_nothing_is_refused(home):
    with pytest.raises(InputRefused, match="nothing to learn from"):
        learning.train([], "")
    day, rows = "2026-03-01", []
    for person in range(8):
        for style in ("tee", "skirt", "shirt"):
            rows.append(feedback.Row(day, f"p{person}", style, "M", "fits", 0.0, 0.01))
    feedback.add(feedback.own_table(), [*rows, feedback.Row(day, "", "coat", "M", "large", 0.0, 0.01)])
    found = learning.train([], "", scored=False)
    assert (found.interactions, found.customers, found.items) == (24, 8, 3) and "not enough data" in found.why
    assert learning.forget() and learning.own() is None and not learning.forget()


def test_a_damaged_model_is_told(table):
    learning.train([str(table)], "", scored=False)
    (user_data() / "suggestions" / "learned.npz").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(InputRefused, match="--forget"):
        learning.own()


def test_clicks_are_counted_by_nobody_and_survive_damage():
    for _ in range(3):
        clicks.shown(("a", "b"))
    clicks.taken("b", 1)
    articles, places = clicks.counted()
    assert (articles["a"].shown, articles["b"].taken) == (3, 1) and [one.taken for one in places] == [0, 1]
    for _ in range(9):
        clicks.taken("b", 1)
    assert clicks.counted()[0]["b"].taken == 3, "never more than were shown"
    (user_data() / "clicks.json").write_text("[")
    assert clicks.counted() == ({}, ()) and (user_data() / "clicks.damaged").exists()


def test_on_the_command_line(table, capsys):
    assert main(["learn"]) == 0 and "nothing was learned yet" in capsys.readouterr().out
    assert main(["learn", str(table), "--unscored", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["customers"] == 150
    assert main(["suggest", "--questions", "--json"]) == 0
    assert {one["name"] for one in json.loads(capsys.readouterr().out)} >= {"occasion", "colour"}
    assert main(["suggest", "--clicks"]) == 0 and "not enough data" in capsys.readouterr().out
    wrong = ["suggest", "--no-photo", "--height", "168 cm", "--sex", "female", "--answer", "mood=blue"]
    assert main(wrong) == 2 and "nobody asks" in capsys.readouterr().err
    assert Taste(answers=(("colour", "warm"),)).answers
