"""A shop's template of reports: what it says, and what is refused, with its line."""

import tomllib
from pathlib import Path

import pytest
from PIL import Image

from app.reports.imprint import VERSION
from app.reports.template import read_template
from assets.errors import InputRefused
from assets.files import ROOT


def test_it_tells_the_shop_its_logo_and_language(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), "navy").save(tmp_path / "logo.jpg")
    path = tmp_path / "shop.toml"
    path.write_text('shop = "Nord"\nlogo = "logo.jpg"\nlanguage = "zh"\naccent = "#2B5C8A"\n')
    told = read_template(path)
    assert (told.shop, told.language, told.accent, told.logo[1:4]) == ("Nord", "zh", "#2B5C8A", b"PNG")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('shop = "Nord"\nlogo = "none.png"', 2, "no file"),
        ('logo = "shop.toml"', 1, "no picture"),
        ('language = "tlh"', 1, "no 'tlh'"),
        ('accent = "red; }"', 1, "is a colour like"),
        ('colour = "red"', 1, "not known here"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(text)
    with pytest.raises(InputRefused, match=f"shop.toml, line {line}: .*{reason}"):
        read_template(path)


def test_reports_bear_the_version_that_is_packaged() -> None:
    assert tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]["version"] == VERSION
