"""Settings survive a round trip, and nothing in the file can stop a start."""

from pathlib import Path

import pytest

from app import settings
from app.settings import Settings


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def test_what_is_saved_is_loaded() -> None:
    written = Settings(
        theme="light", length="in", mass="lb", toured=True, folder='/a "quoted" päth\\',
        language="zh",
        recent=("/one.toile", "/zwei ü.toile"), shortcuts={"save as": "Ctrl+Shift+S", "alone": ""},
    )  # fmt: skip
    settings.save(written)
    assert settings.load() == written


DAMAGED = [
    "",
    "language = 'tlh'",
    "theme = [",
    "theme = 3\nlength = 'furlong'",
    "other = 1",
    "\x00",
    "recent = 7\nshortcuts = [[]]",
]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_costs_only_the_choices(text: str) -> None:
    settings.path().write_text(text)
    assert settings.load() == Settings()


def test_files_are_looked_for_where_the_last_one_was_else_at_home(tmp_path: Path) -> None:
    assert Settings(folder=str(tmp_path)).place == str(tmp_path)
    assert Settings().place == Settings(folder=str(tmp_path / "gone")).place == str(Path.home())
