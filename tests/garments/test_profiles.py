"""Laws of profiles, questions to newcomers and clicks: groups are found where there are any, answers change what is
shown, a rate is told with its interval or not at all."""

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.recommend.clicks import Count, by_article, by_place, overall
from garments.recommend.content import content
from garments.recommend.history import fit_history
from garments.recommend.interactions import collected
from garments.recommend.newcomer import checked, met, questions
from garments.recommend.profiles import body_groups, body_numbers, body_words, grouped, tastes
from garments.recommend.suggest import Past, Taste, suggest
from garments.stock.articles import Article
from tests.garments.test_recommend import fits

COLOURS, KINDS = ("black", "scarlet", "navy", "sage"), ("tee", "skirt", "shirt", "trousers")


@pytest.fixture(scope="module")
def stock() -> tuple[Article, ...]:
    """Sixteen garments: two for parties, two for the office, of each kind, in four colours."""
    return tuple(
        Article(f"{design}-{colour}", f"{design} {colour}", design=design, dress={"colour": colour},
                tags=("party",) if k < 2 else ("office",), price=30.0)
        for design in KINDS for k, colour in enumerate(COLOURS)
    )  # fmt: skip


def test_groups_are_found_where_there_are_any_and_none_in_noise():
    random = np.random.default_rng(3)
    three = np.concatenate([random.normal(centre, 0.3, (200, 4)) for centre in (-2.0, 0.0, 2.0)])
    found = grouped(three)
    assert found is not None and len(found) == 3 and found.apart > 0.5
    assert [found.of(np.full(4, centre)) for centre in (-2.0, 0.0, 2.0)] == [found.of(r) for r in three[[5, 205, 405]]]
    assert found.shares.sum() == pytest.approx(1.0)
    again = grouped(three * 100.0 + 7.0)
    assert again is not None and np.allclose(again.centres, found.centres), "units do not matter"
    assert grouped(random.normal(0.0, 1.0, (600, 12))) is None and grouped(three[:10]) is None


def test_bodies_fall_into_groups_that_say_what_parts_them():
    for sex in (0, 1):
        groups = body_groups(sex)
        words = {body_words(groups, k) for k in range(len(groups))}
        assert len(words) == len(groups) >= 2
        curved, straight = (groups.of(groups.mean + sign * groups.scale * (0.0, 0.0, 1.5, 1.5)) for sign in (1, -1))
        assert curved != straight and "curved" in body_words(groups, curved)
    measures = {"stature": 1.7, "mass": 57.8, "waist_girth": 0.7, "bust_girth": 0.91, "hip_girth": 0.98}
    assert body_numbers(measures) == pytest.approx([1.7, 20.0, 1.3, 1.4])


def history(stock):
    """Half of the customers take what is for parties, half what is for the office."""
    random, rows = np.random.default_rng(5), []
    sides = [[one.id for one in stock if tag in one.tags] for tag in ("party", "office")]
    for person in range(160):
        mine = random.permutation(sides[person % 2])[:5]
        rows += [(f"c{person}", str(id), 737_000 + int(random.integers(600)), 1.0, "") for id in mine]
    return collected(rows)


def test_a_newcomer_is_offered_what_people_of_her_taste_take(stock):
    told, known = history(stock), {one.id: content(one) for one in stock}
    found = tastes(told, known)
    assert found is not None and len(found.groups) >= 2
    past = Past(fit_history(told), told.item_names, found)
    party = suggest(stock, fits, Taste(answers=(("occasion", "party"),)), past, 4)
    assert all("party" in known[one.id].tags for one in party.offers)
    assert any("people of a like taste take it" in one.why for one in party.offers)
    assert all("as you said: a party" in one.why for one in party.offers)
    assert tastes(collected([("a", "unknown", 737_000, 1.0, "")] * 30), known) is None


def test_questions_part_the_catalogue_and_answers_are_met(stock):
    asked = questions(stock)
    assert {one.name for one in asked} == {"occasion", "colour", "weight"} or {"occasion", "colour"} <= {
        one.name for one in asked
    }
    assert [one.tells for one in asked] == sorted((one.tells for one in asked), reverse=True)
    assert "pattern" not in {one.name for one in asked}, "all are plain: that is not asked"
    for one in asked:
        for choice in one.choices:
            assert any(met(each, content(each), ((one.name, choice.value),)) for each in stock)
    assert questions(stock[:1]) == ()
    assert checked((("occasion", "party"),), asked) == ""
    assert "nobody asks" in checked((("mood", "blue"),), asked) and "is one of" in checked((("colour", "x"),), asked)


def test_nothing_comes_twice_and_kinds_differ(stock):
    taste, seen = Taste(answers=(("occasion", "office"), ("colour", "cool"))), []
    for _ in range(4):
        offers = suggest(stock, fits, Taste(answers=taste.answers, shown=tuple(seen)), None, 4).offers
        assert len({one.id for one in offers}) == len(offers) == 4
        assert len({one.id.split("-")[0] for one in offers}) >= 2
        seen += [one.id for one in offers]
    assert len(set(seen)) == 16


def test_a_rate_is_told_with_its_interval_or_not_at_all():
    assert not overall({}).enough and "not enough data" in overall({"a": Count(20, 3)}).sentence
    whole = overall({"a": Count(4000, 400), "b": Count(4000, 480)})
    assert whole.enough and whole.low < 0.11 < whole.high and whole.share == pytest.approx(0.11, abs=0.001)
    with pytest.raises(InputRefused):
        Count(3, 4)


def test_one_lucky_click_makes_no_favourite():
    counts = {f"a{k}": Count(400, 40) for k in range(8)} | {"lucky": Count(2, 2)}
    rates = {one.of: one for one in by_article(counts)}
    assert rates["lucky"].share < 0.2 and not rates["lucky"].enough
    assert rates["a0"].enough and rates["a0"].share == pytest.approx(0.1, abs=0.01)
    assert by_article(counts)[0].of != "lucky"


def test_intervals_hold_as_often_as_they_say():
    random, held = np.random.default_rng(1), 0
    for _ in range(300):
        true = random.uniform(0.03, 0.3)
        one = overall({"a": Count(500, int(random.binomial(500, true)))})
        held += one.low <= true <= one.high
    assert 0.85 < held / 300 < 0.95
    assert [one.of for one in by_place([Count(100, 30), Count(100, 10)])] == ["place 1", "place 2"]
