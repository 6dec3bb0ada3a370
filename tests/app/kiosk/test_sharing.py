"""Laws of sharing: noise is what the budget says, a budget is spent before anything is told, never twice over."""

import json
import sys
import threading

import pytest

from app.commands import main
from app.kiosk.sharing import ENDINGS, SHARED, Ledger, share
from app.kiosk.tally import Tally
from assets.errors import InputRefused, MissingExtra

DAYS, TODAY = ("2026-11-19", "2026-11-20"), "2026-11-22"


@pytest.fixture
def folder(tmp_path):
    for day in (*DAYS, TODAY):
        path = tmp_path / f"{day}.json"
        path.write_text(json.dumps({"counts": {"consent": 900, "finished": 700, "agreed 1": 3, "shown": 5}}))
    return tmp_path


def test_the_budget_is_written_down_before_and_refuses_what_is_over_it(folder):
    pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
    tally, ledger = Tally(folder), Ledger(folder)
    first = share(tally, ledger, DAYS, 0.6, TODAY)
    assert [one.day for one in first] == list(DAYS)
    for one in first:
        assert set(one.counts) == {*SHARED, *ENDINGS}, "which names are shared follows from nobody's visit"
        assert 0.59 < one.epsilon <= 0.6 and one.left == pytest.approx(1.0 - one.epsilon)
        assert min(one.counts.values()) >= 0
    with pytest.raises(InputRefused, match="budget"):
        share(tally, ledger, (DAYS[0],), 0.6, TODAY)
    assert Ledger(folder).spent() == {one.day: pytest.approx(one.epsilon) for one in first}
    assert share(tally, ledger, (DAYS[0],), 0.3, TODAY)[0].left == pytest.approx(0.1, abs=0.01)


def test_noise_is_as_large_as_it_says(folder):
    pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
    off, within = [], 0
    for _ in range(40):
        (folder / "shared.json").unlink(missing_ok=True)
        told = share(Tally(folder), Ledger(folder), DAYS[:1], 1.0, TODAY)[0]
        off += [abs(told.counts["consent"] - 900), abs(told.counts["finished"] - 700)]
        within = told.within
    assert sum(one <= within for one in off) >= 0.85 * len(off) and len(set(off)) > 10
    assert within < 60


def test_days_that_are_not_over_and_damaged_ledgers_are_refused(folder):
    tally, ledger = Tally(folder), Ledger(folder)
    for days, said in (((TODAY,), "not over"), (("2026-01-01",), "nothing was counted")):
        with pytest.raises(InputRefused, match=said):
            share(tally, ledger, days, 0.5, TODAY)
    with pytest.raises(InputRefused, match="epsilon"):
        share(tally, ledger, DAYS, 5.0, TODAY)
    (folder / "shared.json").write_text("{")
    with pytest.raises(InputRefused, match="damaged"):
        ledger.spend({DAYS[0]: 0.1})


def test_two_who_spend_at_once_do_not_spend_the_same(folder):
    """Eight at a time, each a fifth of the budget: five are served, three are refused."""
    refused, ledgers = [], [Ledger(folder) for _ in range(8)]

    def spend(ledger: Ledger) -> None:
        try:
            ledger.spend({DAYS[0]: 0.2})
        except InputRefused:
            refused.append(ledger)

    threads = [threading.Thread(target=spend, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3 and Ledger(folder).spent()[DAYS[0]] == pytest.approx(1.0)


def test_without_the_library_nothing_is_shared_or_spent(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "opendp", None)
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(MissingExtra, match=r"toile\[privacy\]"):
        share(Tally(folder), Ledger(folder), DAYS, 0.5, TODAY)
    assert not (folder / "shared.json").exists()


def test_on_the_command_line_the_budget_is_shown(folder, capsys):
    assert main(["share", "--kiosk", str(folder)]) == 0
    assert "0 spent, 1 left" in capsys.readouterr().out
    pytest.importorskip("opendp", reason="the extra `privacy` is not installed")
    out = folder / "out" / "told.json"
    out.parent.mkdir()
    assert main(["share", DAYS[0], "--kiosk", str(folder), "--out", str(out)]) == 0
    assert json.loads(out.read_text())["days"][0]["day"] == DAYS[0]
    assert main(["share", "--kiosk", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.split("\n", 2)[2])["days"][DAYS[0]]["left"] == pytest.approx(
        0.5, abs=0.01
    )
