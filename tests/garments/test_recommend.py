"""Laws of suggestions: what does not fit is not shown, nothing twice, reasons sum, the future teaches nothing."""

import json
import math
from datetime import date

import numpy as np
import pytest

from assets.errors import InputRefused
from assets.files import ROOT
from benchmarks.recommend import synthetic
from garments.history.lines import day
from garments.recommend.content import alike, content, harmony, together
from garments.recommend.evaluate import evaluate
from garments.recommend.history import TOP, Contexts, fit_history, ndcg, unseen
from garments.recommend.interactions import collected, read_interactions
from garments.recommend.suggest import Past, Taste, suggest
from garments.sizing import Advice, SizeScore
from garments.stock.articles import Article
from garments.stock.catalogue import Catalogue


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    import os

    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    made = Catalogue.open(ROOT / "catalogue" / "demo")
    yield made.items(made.search().ids)
    made.close()
    os.environ.pop("XDG_CACHE_HOME") if before is None else os.environ.update(XDG_CACHE_HOME=before)


def fits(told: Article) -> Advice:
    """Everything fits in M but jeans."""
    scores = (SizeScore("S", 0.1, ""), SizeScore("M", 0.55, ""), SizeScore("L", 0.35, ""))
    return Advice(told.design or "", "female", "M", scores, (), told.design != "jeans")


def test_what_fits_nowhere_or_is_not_there_is_not_suggested(shelf):
    told = suggest(shelf, fits, Taste(), count=99)
    articles = {one.id: one for one in shelf}
    assert told.offers and all(articles[one.id].design != "jeans" for one in told.offers)
    assert any("fit in no size" in note for note in told.notes)
    for one in told.offers:
        assert (articles[one.id].stock or {}).get(one.size, 1) != 0
    empty = [Article("a", "A", design="tee", stock={"M": 0, "L": 2}), Article("b", "B", design="tee", stock={"M": 0})]
    assert [(one.id, one.size) for one in suggest(empty, fits, Taste()).offers] == [("a", "L")]


def test_nothing_twice_nothing_too_dear_and_not_all_of_one_kind(shelf):
    shown = tuple(one.id for one in suggest(shelf, fits, Taste()).offers)
    again = suggest(shelf, fits, Taste(shown=shown, most=60.0))
    articles = {one.id: one for one in shelf}
    assert not {one.id for one in again.offers} & set(shown)
    assert all((articles[one.id].price or 0.0) <= 60.0 for one in again.offers)
    assert len({articles[id].design for id in shown}) >= 4


def test_somebody_whom_legs_fit_surest_is_shown_more_than_legs():
    from dataclasses import replace

    from garments.recommend.content import content

    names = ("trousers", "jeans", "shorts", "leggings", "skirt", "pencil_skirt", "tee", "shirt", "shift_dress", "coat")
    rack = {name: Article(name, name, design=name) for name in names}

    def sizing(told: Article) -> Advice:
        sure = 0.95 if content(told).kind == "bottom" else 0.6
        score = SizeScore("M", sure, "")
        return replace(fits(told), scores=(score,), suits=True)

    first = [one.id for one in suggest(list(rack.values()), sizing, Taste(), count=6).offers]
    kinds = [content(rack[id]).kind for id in first]
    assert kinds[0] == "bottom" and kinds.count("bottom") <= 3 and len(set(kinds)) >= 3, first


def test_every_suggestion_says_why_and_its_parts_are_its_score(shelf):
    skirt = next(one.id for one in shelf if one.design == "skirt")
    taste = Taste(liked=(shelf[0].id,), worn=(skirt,), tags=("office",))
    for one in suggest(shelf, fits, taste).offers:
        assert one.why and one.score == pytest.approx(math.fsum(one.parts.values()))
    tops = suggest(shelf, fits, Taste(worn=taste.worn)).offers
    assert any("goes with" in why for why in tops[0].why)
    assert {one.design for one in shelf if one.id == tops[0].id} <= {"tee", "tank", "shirt", "jacket", "coat"}


def test_alike_and_together_are_what_they_say(shelf):
    told = [content(one) for one in shelf]
    for one in told:
        assert alike(one, one) == pytest.approx(1.0 if one.kind and one.colour is not None else alike(one, one))
        assert together(one, one)[0] == 0.0
    for one, two in zip(told, told[7:], strict=False):
        assert alike(one, two) == pytest.approx(alike(two, one)) and 0.0 <= alike(one, two) <= 1.0
        assert together(one, two)[0] == pytest.approx(together(two, one)[0])
    black, red, green = np.array([10.0, 0, 0]), np.array([50.0, 60, 40]), np.array([50.0, -50, 20])
    assert harmony(black, red)[0] > harmony(red, green)[0] > 0.0


def test_history_is_learned_and_beats_popularity_where_there_is_something_to_learn():
    scores, why = evaluate(synthetic(700, items=120))
    assert scores[2].ndcg > 1.3 * max(scores[0].ndcg, scores[1].ndcg) and "history" in why
    assert scores[2].coverage > scores[0].coverage


def test_chance_is_not_learned_and_few_rows_are_told():
    random = np.random.default_rng(0)
    rows = [(f"c{random.integers(300)}", f"i{random.integers(60)}", 737_000 + int(random.integers(700)), 1.0, "")
            for _ in range(4000)]  # fmt: skip
    scores, _ = evaluate(collected(rows))
    assert abs(scores[2].ndcg - scores[1].ndcg) < 0.02
    assert scores[2].calibration < 0.05
    few = fit_history(collected(rows[:200]))
    assert few.popularity_only and "not enough data" in few.why


def test_the_future_teaches_nothing():
    told = synthetic(300, items=60)
    past = told.some(np.flatnonzero(told.days < np.quantile(told.days, 0.8)))
    later = told.some(np.flatnonzero(told.days >= np.quantile(told.days, 0.8)))
    people, truth = unseen(past, later)
    contexts = Contexts.of(past, people)
    for taken, wanted, row in zip(contexts.taken, truth, fit_history(past).best(contexts)[0], strict=True):
        assert not set(taken.tolist()) & wanted
        assert not set(taken.tolist()) & set(row.tolist())


def test_the_gain_of_a_perfect_list_is_one():
    assert ndcg(np.array([[3, 1, 2]]), [{1, 2, 3, 4}]) == pytest.approx(1.0)
    assert ndcg(np.array([[5, 6, 7]]), [{1}]) == 0.0
    assert ndcg(np.array([[5, 1]]), [{1}]) == pytest.approx(1 / math.log2(3))


def test_a_table_is_read_under_its_many_names_or_refused(tmp_path):
    lines = [json.dumps({"customer_id": f"c{k % 7}", "article_id": f"a{k % 11}", "t_dat": f"2024-0{1 + k % 9}-11"})
             for k in range(60)]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("\n".join([*lines, "broken", "{}"]))
    told = read_interactions(tmp_path / "a.jsonl")
    assert len(told) == 60 and told.passed == 2 and (np.diff(told.days) >= 0).all()
    table = ["userId,movieId,rating,timestamp"]
    table += [f"{k % 9},{k % 13},{1 + k % 5},{1_000_000_000 + k}" for k in range(100)]
    (tmp_path / "b.csv").write_text("\n".join(table))
    assert len(read_interactions(tmp_path / "b.csv")) == 60
    table = ["\ufeffOrder No;Customer ID;Purchase Date;Product No.;Staff"]
    table += [f"{k};c{k % 7};{1 + k % 28}.03.2025 10:15;p{k % 11};x" for k in range(40)]
    (tmp_path / "odd.csv").write_text("\n".join(table))
    told = read_interactions(tmp_path / "odd.csv")
    assert len(told) == 40 and told.days[0] == date(2025, 3, 1).toordinal() and told.person_names[0] == "c0"
    table = ["会员号,款号,日期", *(f"c{k % 7},p{k % 11},2025年3月{1 + k % 28}日" for k in range(40))]
    (tmp_path / "zh.csv").write_text("\n".join(table))
    assert (read_interactions(tmp_path / "zh.csv").days == told.days).all()
    table = [",user_id,item_id,date,score", *(f"{k},c{k % 7},p{k % 11},2025-03-{1 + k % 28:02},0.4" for k in range(40))]
    (tmp_path / "pandas.csv").write_text("\n".join(table))
    told = read_interactions(tmp_path / "pandas.csv")
    assert len(told) == 40 and (told.kinds == -1).all(), "its numbers of lines are no ratings, nor is a score of 0 to 1"
    assert day("20250301") == day("1.3.2025") == day("2025-03-01") == date(2025, 3, 1).toordinal()
    table = ["Kundennummer;Artikel-Nr.;Bestelldatum;Ereignis;Bewertung"]
    table += [
        f"c{k % 7};p{k % 11};{1 + k % 28:02}.03.2025;{('Kauf', 'Ansicht', 'Retoure')[k % 3]};4,5" for k in range(60)
    ]
    (tmp_path / "german.csv").write_text("\n".join([*table, table[1]]))
    told = read_interactions(tmp_path / "german.csv")
    assert (len(told), told.passed) == (40, 20) and set(told.weights.tolist()) == {1.0, 0.3}, "returned; told twice"
    table = ["shopper_id,product_code,event_time,event_type,stars"]
    table += [f"c{k % 7},p{k % 11},03/{1 + k % 28:02}/2025 10:15,product_view," for k in range(40)]
    (tmp_path / "month_first.csv").write_text("\n".join(table))
    told = read_interactions(tmp_path / "month_first.csv")
    assert len(told) == 40 and told.days[-1] == day("28/03/2025") == day("Mar 28, 2025") and told.weights.max() == 0.3
    (tmp_path / "c.csv").write_text("a,b\n1,2\n" * 50)
    with pytest.raises(InputRefused, match="user_id"):
        read_interactions(tmp_path / "c.csv")


def test_a_known_customer_is_told_that_others_took_it(shelf):
    ids = [one.id for one in shelf[:30]]
    random = np.random.default_rng(1)
    rows = []
    for person in range(400):
        first = int(random.integers(30))
        for step in range(5):
            rows.append((f"c{person}", ids[(first + step) % 30], 737_000 + person + 40 * step, 1.0, ""))
    told = collected(rows)
    past = Past(fit_history(told), told.item_names)
    assert not past.model.popularity_only
    found = suggest(shelf, fits, Taste(taken=(ids[10], ids[11])), past)
    assert found.offers[0].parts.get("history", 0.0) > 0.1
    assert suggest(shelf, fits, Taste(), past).notes[0].startswith("nothing is known")


def test_a_shop_of_hardly_more_garments_than_a_list_holds_is_scored() -> None:
    """Who took many of them has fewer left than others: lists are as long all the same, what was taken last."""
    random = np.random.default_rng(2)
    rows = [(f"c{random.integers(60)}", f"i{random.integers(TOP + 1)}", 737_000 + int(random.integers(300)), 1.0, "")
            for _ in range(400)]  # fmt: skip
    scores, _ = evaluate(collected(rows))
    assert len(scores) == 3 and all(0.0 < score.ndcg <= 1.0 and score.customers > 10 for score in scores)
