"""The examples run as they stand, and the guides name only what there is."""

import re
import runpy
from functools import partial
from pathlib import Path

import pytest

from app.commands import studio as studio_command
from tests.test_house import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
GUIDES = sorted((ROOT / "docs").glob("*.md"))
COARSE = 0.03


def run(name: str):
    """The main function of an example."""
    return runpy.run_path(str(ROOT / "examples" / f"{name}.py"))["main"]


def test_five_lines_lead_from_a_photo_to_a_picture(tmp_path: Path, monkeypatch, capsys) -> None:
    from PIL import Image

    from app import pipeline
    from app.exports import results

    monkeypatch.setattr(pipeline, "dress", partial(pipeline.dress, edge=COARSE))
    monkeypatch.setattr(results, "write_pictures", partial(results.write_pictures, size=(90, 120), samples=1))
    run("photo_to_picture")(out=tmp_path)
    assert re.search(r"T-shirt: size \w+, \d+ % sure", capsys.readouterr().out)
    with Image.open(tmp_path / "front.png") as picture:
        # Somebody in navy stands in the middle.
        red, green, blue = picture.convert("RGB").resize((1, 1), box=_middle(picture.size)).getpixel((0, 0))
    assert blue > red and blue > green


def _middle(size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The chest of somebody who fills a picture of this size."""
    width, height = size
    return 0.45 * width, 0.30 * height, 0.55 * width, 0.38 * height


def test_a_size_is_advised_from_numbers(capsys) -> None:
    run("size_from_numbers")(("skirt",))
    assert re.match(r"skirt: size \w+, \d+ % sure.*\n  ", capsys.readouterr().out)


def test_a_pattern_is_written_to_print(tmp_path: Path) -> None:
    run("pattern_to_print")(tmp_path)
    heads = {path.suffix: path.read_bytes()[:400] for path in tmp_path.iterdir()}
    assert heads[".pdf"].startswith(b"%PDF") and b"<svg" in heads[".svg"] and b"SECTION" in heads[".dxf"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_tried_and_tells_how_it_is_started(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert f"python examples/{path.name}" in text
    assert f'run("{path.stem}")' in Path(__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_a_guide_leads_only_to_what_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)", text)
    assert links and [link for link in links if ":" not in link and not (path.parent / link).exists()] == []
    for command in re.findall(r"main\.py (\w+)", text):
        assert command == "studio" or (Path(studio_command.__file__).parent / f"{command}.py").is_file(), command
    for module in re.findall(r"`((?:app|body|garments|render|assets|benchmarks|tests)/[\w/]+\.py)`", text):
        assert (ROOT / module).is_file() or ("NAME" in module and (ROOT / module).parent.is_dir()), module
