"""Laws of what size advice learns: shares sum exactly, verdicts shift it, doubt shrinks, nobody is mixed up."""

import math
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.comfort import costs, likely_girths, sizes_of, wanted
from garments.history import feedback
from garments.history.feedback import DAY_ONE, Row, learn
from garments.reasons import OWN, RUNS
from garments.sizing import advise
from tests.garments.test_sizing import body_of


def rows(style: str, verdict: str, count: int, customer: str = "", off: float = 0.0) -> list[Row]:
    return [Row("2026-01-01", customer, style, "M", verdict, off, 0.01) for _ in range(count)]


@pytest.mark.parametrize("preference", [None, "close", "loose"])
def test_every_share_is_exact_and_every_bar_is_whole(preference):
    hers = [replace(row, likes=preference or "") for row in rows("tee", "large", 7, "C1")]
    table = rows("tee", "small", 9) + hers
    told = advise("tee", body_of("M", "female", 0.02), 0.0, preference=preference, learned=learn(table), customer="C1")
    for score in told.scores:
        assert math.fsum(share.amount for share in score.shares) == pytest.approx(score.against, abs=1e-9)
        assert score.small + score.fits + score.large == pytest.approx(1.0)
    assert told.score(told.best).against == 0.0
    assert {RUNS, OWN} <= {share.name for share in told.scores[0].shares}


def test_the_costs_that_shares_speak_of_are_those_that_choose():
    sizes, body = sizes_of("shift_dress", "female"), body_of("L", "female")
    likely = likely_girths(sizes, body)
    one = costs(sizes, likely[None], likely, sizes.made.fabric)
    assert sizes.names[int(one.sum(axis=0)[sizes.real, 0].argmin())] == "L"
    assert one.sum(axis=0)[sizes.real, 0][sizes.names.index("L")] < 0.1


def test_what_is_wanted_grows_with_the_body_and_with_the_taste():
    sizes = sizes_of("tee", "female")
    bodies = np.stack([likely_girths(sizes, body_of(size, "female")) for size in ("S", "M", "L")])
    places = wanted(sizes, bodies, bodies[1], sizes.made.fabric)
    assert (np.diff(places) > 0.05).all()
    looser = wanted(sizes, bodies, bodies[1], sizes.made.fabric, liked=0.02)
    assert looser - places == pytest.approx(0.02, abs=0.006)


def test_who_likes_it_loose_is_advised_no_smaller_size():
    body = body_of("M", "female", 0.01, larger=0.02)
    close, regular, loose = (advise("tee", body, 0.0, preference=p) for p in ("close", "regular", "loose"))
    order = [score.size for score in regular.scores]
    assert order.index(close.best) <= order.index(regular.best) < order.index(loose.best)


def test_a_style_that_came_back_as_too_small_is_said_to_run_small():
    told = learn(rows("tee", "small", 12))
    assert told.style("tee").mean < -0.005 < DAY_ONE.style("tee").mean
    assert told.style("tee").sd < DAY_ONE.style("tee").sd
    assert told.style("another").mean == 0.0
    body = body_of("M", "female", 0.01, larger=0.02)
    before, after = (advise("tee", body, 0.0, learned=table) for table in (DAY_ONE, told))
    assert after.score("L").probability > before.score("L").probability + 0.05


def test_a_customer_is_learned_apart_from_the_styles_and_shrunk():
    mixed = [row for k in range(30) for row in rows(f"style {k}", "small", 1, "C1") + rows(f"style {k}", "fits", 8)]
    told = learn(mixed)
    assert told.customer("C1", False).mean > 0.01
    assert max(abs(effect.mean) for effect in told.styles.values()) < 0.5 * told.customer("C1", False).mean
    one, many = learn(rows("tee", "small", 1)), learn(rows("tee", "small", 20))
    assert 0.0 > one.style("tee").mean > many.style("tee").mean


def test_one_verdict_of_who_never_told_a_preference_leaves_it_open():
    """What fits her once may have fitted one who likes it close, regular or loose: she is hardly better known."""
    told = learn([Row("2026-01-01", "C1", "tee", "M", "fits", 0.0, 0.01, "regular")])
    untold = learn(rows("tee", "fits", 1, "C1"))
    assert untold.customer("C1", False).sd > 1.5 * told.customer("C1", True).sd
    assert untold.customer("C1", True).count == 0 == told.customer("C1", False).count
    body = body_of("M", "female", 0.01)
    day_one = advise("tee", body, 0.0).confidence
    after = advise("tee", body, 0.0, learned=untold, customer="C1").confidence
    often = advise("tee", body, 0.0, learned=learn(rows("tee", "fits", 20, "C1")), customer="C1").confidence
    assert abs(after - day_one) < 0.08 < often - day_one, (day_one, after, often)


def test_what_was_expected_teaches_nothing():
    """A size known to be far too small comes back as too small: the style runs true."""
    told = learn([replace(row, likes="regular") for row in rows("tee", "small", 20, off=-0.09)])
    assert abs(told.style("tee").mean) < 0.001


def test_effects_are_found_again():
    random = np.random.default_rng(5)
    true = {f"style {k}": float(0.01 * random.standard_normal()) for k in range(30)}
    table = []
    for name, runs in true.items():
        for _ in range(60):
            off = float(random.uniform(-0.08, 0.08))
            felt = off + runs + 0.015 * float(random.standard_normal())
            verdict = "small" if felt < -feedback.FITTING else "large" if felt > feedback.FITTING else "fits"
            table += [Row("2026-01-01", "", name, "M", verdict, off, 0.005)]
    told = learn(table)
    error = [told.style(name).mean - runs for name, runs in true.items()]
    assert np.sqrt(np.mean(np.square(error))) < 0.005
    said = np.mean([told.style(name).sd for name in true])
    assert 0.5 < np.sqrt(np.mean(np.square(error))) / said < 1.6


def test_day_one_says_what_it_lacks():
    told = advise("tee", body_of("M", "female"), 0.0)
    assert any("close or loose" in lack for lack in told.lacks)
    assert any("this style" in lack for lack in told.lacks)
    assert advise("tee", body_of("M", "female"), 0.0, preference="regular").confidence >= told.confidence


def test_a_chart_of_one_size_and_one_of_half_sizes_are_advised_from(tmp_path):
    one, many = tmp_path / "one.csv", tmp_path / "many.csv"
    one.write_text("size,bust,waist,hip\n38,94,78,102\n")
    many.write_text("size,bust,waist,hip\n" + "".join(f"{k},{82 + k},{66 + k},{90 + k}\n" for k in range(30)))
    told = advise("tee", body_of("M", "female"), 0.0, chart=str(one))
    assert told.best == "38" and told.confidence == 1.0 and told.second is None
    told = advise("tee", body_of("M", "female"), 0.0, chart=str(many), preference="regular")
    assert abs(int(told.best) - 12) <= 1 and told.confidence < 0.5 and told.score(told.best).fits > 0.9


def test_what_lies_nowhere_round_the_body_has_no_wrong_size(monkeypatch):
    from garments import comfort

    monkeypatch.setattr(comfort, "regions", lambda girths: ())
    comfort.sizes_of.cache_clear()
    told = advise("tee", body_of("M", "female"), 0.0)
    comfort.sizes_of.cache_clear()
    assert told.suits and told.best == "M" and "no size" in told.reasons[0]


def test_the_second_choice_is_another_size():
    told = advise("tee", body_of("M", "female", 0.03, larger=0.035), 0.0)
    assert told.second in {"M", "L"} - {told.best}


def test_a_table_keeps_and_forgets(tmp_path):
    path = tmp_path / "feedback.sqlite"
    assert feedback.known(path) is DAY_ONE
    feedback.add(path, rows("tee", "small", 3, "C-secret") + rows("skirt", "fits", 2))
    assert len(feedback.read(path)) == 5 and ("C-secret", False) in feedback.known(path).customers
    assert feedback.forget(path, "C-secret") == 3
    assert b"C-secret" not in path.read_bytes()
    assert feedback.known(path).styles.keys() == {"tee", "skirt"} and not feedback.known(path).customers


def test_a_table_from_before_preferences_were_kept_is_read_and_goes_on(tmp_path):
    path = tmp_path / "feedback.sqlite"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE feedback(day, customer, style, size, verdict, off REAL, sd REAL)")
        base.execute("INSERT INTO feedback VALUES('2026-01-01', 'C1', 'tee', 'M', 'fits', 0.0, 0.01)")
    assert [row.likes for row in feedback.read(path)] == [""]
    feedback.add(path, [Row("2026-01-02", "C1", "tee", "M", "fits", 0.0, 0.01, "loose")])
    assert [row.likes for row in feedback.read(path)] == ["", "loose"]
    table = tmp_path / "table.csv"
    table.write_text("day,customer,style,size,verdict,off,sd,likes\n2026-01-01,,tee,M,fits,0,0,close\n")
    assert [row.likes for row in feedback.read(table)] == ["close"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("style,size\ntee,M\n", "no column day"),
        ("day,customer,style,size,verdict,off,sd\n2026-01-01,,tee,M,tight,0,0\n", "line 2"),
        ("day,customer,style,size,verdict,off,sd\n2026-01-01,,tee,M,fits,nan,0\n", "line 2"),
        ("day,customer,style,size,verdict,off,sd\n2026-01-01,,tee,M,fits\n", "line 2"),
        ("day,customer,style,size,verdict,off,sd,likes\n2026-01-01,,tee,M,fits,0,0,huge\n", "no fit 'huge'"),
    ],
)
def test_a_broken_table_is_refused_in_words(tmp_path, text, words):
    path = tmp_path / "table.csv"
    path.write_text(text)
    with pytest.raises(InputRefused, match=words):
        feedback.read(path)
    (tmp_path / "no.sqlite").write_bytes(b"not a database at all, whatever it says" * 99)
    with pytest.raises(InputRefused, match="no feedback table"):
        feedback.read(tmp_path / "no.sqlite")
