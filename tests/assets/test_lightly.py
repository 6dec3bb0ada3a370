"""Libraries that are loaded without what they load for others."""

import subprocess
import sys

import pytest

from assets.lightly import without

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


def test_what_is_loaded_already_stays_and_what_was_left_out_can_be_loaded_after() -> None:
    import colorsys

    sys.modules.pop("this_is_nowhere", None)
    with without("colorsys", "this_is_nowhere"):
        import colorsys as found

        import this_is_nowhere

        assert this_is_nowhere.anything is None
    assert found is colorsys
    with pytest.raises(ModuleNotFoundError):
        import this_is_nowhere
