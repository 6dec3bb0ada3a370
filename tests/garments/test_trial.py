"""Laws of trials: no difference is called one in alpha at most however often one looks; a real one is found."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.commands import main
from app.shop import trials
from assets.errors import InputRefused
from garments.recommend.trial import Plan, arm_of, judged, log_evidence

PLAN = Plan(("content", "history"), "salt", base=0.1, least=0.05)


def found(first: float, second: float, visits: int, trials_: int, seed: int = 1) -> float:
    """Share of trials that, looked at after every visit, call the arms different."""
    random = np.random.default_rng(seed)
    many = 0
    for _ in range(trials_):
        one, two = random.random(visits) < first, random.random(visits) < second
        ahead = np.cumsum(two[one != two])
        many += len(ahead) > 0 and log_evidence(ahead, np.arange(1, len(ahead) + 1), PLAN.spread).max() >= np.log(20)
    return many / trials_


def test_chance_passes_for_a_difference_in_alpha_of_trials_at_most_whenever_one_looks():
    assert found(0.1, 0.1, 4 * PLAN.most, 400) <= 0.05
    assert found(0.5, 0.5, 60, 400) <= 0.05


def test_a_difference_that_matters_is_found_as_often_as_planned_and_a_large_one_always():
    assert found(0.1, 0.15, PLAN.most, 400) > PLAN.power - 0.04
    assert found(0.1, 0.3, PLAN.most, 50) == 1.0


def test_arms_are_even_stable_and_of_each_trial_its_own():
    visits = [f"visit {k}" for k in range(2000)]
    mine = [arm_of(PLAN, visit) for visit in visits]
    other = [arm_of(Plan(PLAN.arms, "other"), visit) for visit in visits]
    assert mine == [arm_of(PLAN, visit) for visit in visits]
    assert abs(np.mean(mine) - 0.5) < 0.04 and abs(np.mean(np.equal(mine, other)) - 0.5) < 0.04


def test_the_evidence_is_the_mixtures_and_its_mean_under_chance_is_one():
    ahead = np.arange(13)
    ways = np.array([np.prod(np.arange(12 - k + 1, 13)) / np.prod(np.arange(1, k + 1)) for k in ahead])
    assert float((ways * 0.5**12 * np.exp(log_evidence(ahead, np.full(13, 12), 3.0))).sum()) == pytest.approx(1.0)


def test_a_report_says_when_to_stop_and_what_is_lacking():
    none = judged(PLAN, [])
    assert not none.stop and none.p == 1.0 and any("too few" in line for line in none.words)
    clear = judged(PLAN, [(k % 2, k % 2 == 1 or k % 20 == 0) for k in range(400)])
    assert clear.stop and clear.better == "history" and clear.p < 0.05 and clear.odds[0] > 1.0
    assert judged(PLAN, [(1 - arm, well) for arm, well in [(0, False), (1, True)] * 60]).better == "content"
    even = judged(PLAN, [(k % 2, k % 20 < 2) for k in range(2 * PLAN.most)])
    assert even.stop and not even.better and "no difference" in " ".join(even.words)
    lopsided = judged(PLAN, [(0, False)] * 100 + [(1, False)] * 30)
    assert any("beware" in line for line in lopsided.words)


def test_a_trial_is_kept_without_the_words_of_visits_and_outlasts_a_torn_line(tmp_path, capsys):
    path = tmp_path / "a.jsonl"
    assert main(["trial", str(path), "--start", "content,history", "--base", "0.2", "--least", "0.1"]) == 0
    for k in range(40):
        assert main(["trial", str(path), "--visit", f"secret {k}", "--ended", "well" if k % 3 else "otherwise"]) == 0
    with path.open("a") as stream:
        stream.write('{"arm": "cont')
    trials.count(path, "secret again", True)
    capsys.readouterr()
    assert main(["trial", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sum(told["visits"]) == 41 and sum(told["well"]) == 27
    assert "secret" not in path.read_text()
    with pytest.raises(InputRefused, match="already"):
        trials.start(path, ("a", "b"), 0.1, 0.03, 0.05, 0.8)
    (tmp_path / "b.jsonl").write_text("[]\n")
    with pytest.raises(InputRefused, match="no trial"):
        trials.opened(tmp_path / "b.jsonl")


def test_a_visit_that_is_ended_again_counts_once_and_as_it_ended_first(tmp_path, capsys):
    path, counted = tmp_path / "a.jsonl", []
    trials.start(path, ("content", "history"), 0.2, 0.1, 0.05, 0.8)
    for ended in ("well", "well", "otherwise"):
        assert main(["trial", str(path), "--visit", "secret", "--ended", ended, "--json"]) == 0
        counted.append(json.loads(capsys.readouterr().out)["counted"])
    told = trials.report(path)
    assert counted == [True, False, False] and sum(told.visits) == sum(told.well) == 1
    assert main(["trial", str(path), "--visit", "secret", "--ended", "well"]) == 0
    assert "counted before" in capsys.readouterr().out
    assert trials.count(path, "another", False)[1] and sum(trials.report(path).visits) == 2
    assert "secret" not in path.read_text()


def test_a_visit_that_two_end_at_once_counts_once(tmp_path):
    path = tmp_path / "trial.jsonl"
    trials.start(path, ("content", "history"), 0.2, 0.1, 0.05, 0.8)
    names = [f"visit {k}" for k in range(20)]
    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(lambda k: trials.count(path, names[k % 20], True)[1], range(160)))
    assert sum(counted) == sum(trials.report(path).visits) == len(names)


def test_a_plan_that_cannot_be_is_refused():
    for wrong in ({"arms": ("a", "a")}, {"base": 0.99}, {"least": 0.0}, {"alpha": 0.7}, {"salt": ""}):
        with pytest.raises(InputRefused):
            Plan(**{"arms": ("a", "b"), "salt": "s"} | wrong)


def test_a_trial_chooses_how_is_suggested(tmp_path, capsys):
    from argparse import Namespace

    from app.commands import suggest

    path = tmp_path / "trial.jsonl"
    trials.start(path, suggest.WAYS, 0.1, 0.03, 0.05, 0.8)
    ways = [suggest._way(Namespace(trial=path, visit=str(visit), way=None)) for visit in range(40)]
    assert set(ways) == set(suggest.WAYS) and ways[7] == trials.arm(path, "7")
    assert main(["suggest", "--no-photo", "--height", "170 cm", "--trial", str(path)]) == 2
    assert "--visit" in capsys.readouterr().err
