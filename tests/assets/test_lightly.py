"""Libraries that are loaded without what they load for others."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from threading import Barrier

import pytest

from assets.lightly import load

LOADS = {
    "from assets.closest import Surface; Surface([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]]).over([[0, 0, 1]])": (
        "open3d", {"dash", "plotly"}
    ),
    "from body.pose import load; load()": ("mediapipe", {"matplotlib"}),
}  # fmt: skip


@pytest.mark.parametrize("used", LOADS)
def test_neither_web_pages_nor_charts_are_loaded(used: str) -> None:
    told = "import sys; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", f"{used}; {told}"], capture_output=True, text=True, check=True)
    library, others = LOADS[used]
    assert library in done.stdout.split() and not others & set(done.stdout.split())


def test_parts_that_are_loaded_stay_and_what_was_left_out_can_be_loaded_after(tmp_path, monkeypatch) -> None:
    (tmp_path / "heavy").mkdir()
    for name, text in {
        "__init__": "from heavy import charts, known",
        "charts": "drawn = 1",
        "known": "is_known = 1",
    }.items():
        (tmp_path / "heavy" / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    heavy = load("heavy", without=("charts",))
    assert heavy.known.is_known and heavy.charts.anything is None and "heavy.charts" not in sys.modules
    assert import_module("heavy.charts").drawn and load("heavy.charts", without=("charts",)).drawn


def test_threads_that_load_a_library_at_once_all_get_it(tmp_path, monkeypatch) -> None:
    (tmp_path / "wanted.py").write_text("import time; time.sleep(0.01); is_known = 1")
    monkeypatch.syspath_prepend(tmp_path)
    looked = Barrier(2)

    class Parts(tuple):
        """Names that are told to both threads before either has put in what stands in for them."""

        def __iter__(self):
            yield from super().__iter__()
            looked.wait(5.0)

    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(load, "wanted", Parts(("charts",))) for _ in range(2)]
    assert all(each.result().is_known for each in both) and "wanted.charts" not in sys.modules
