"""Laws of likeness: a thing is most like itself, moved or larger; colour, stripes and outline are told apart."""

import json

import numpy as np
import pytest

from app.shop import likeness
from app.shop.likeness import Seen, in_picture, like
from assets.errors import InputRefused
from body.frame import Frame
from garments.articles import Article
from garments.seen import Look, cloth_of, look, nearness

PAPER, RED, NAVY = (236, 235, 232), (170, 30, 40), (30, 40, 90)


def skirt(colour, stripes: str = "", scale: int = 1, left: int = 60) -> np.ndarray:
    """A trapezium on paper, with white stripes across or along."""
    pixels = np.full((300 * scale, 300 * scale, 3), PAPER, np.uint8)
    y, x = np.mgrid[: 300 * scale, : 300 * scale] / scale
    inside = (y > 50) & (y < 250) & (np.abs(x - left - 80) < 30 + 0.2 * (y - 50))
    pixels[inside] = colour
    lines = {"across": y % 20 < 10, "along": x % 20 < 10, "": np.zeros_like(inside)}[stripes]
    pixels[inside & lines] = 250
    return pixels


def of(pixels: np.ndarray) -> Look:
    found = look(pixels, *cloth_of(pixels))
    assert found is not None and found.outline is not None
    return found


def test_a_thing_is_like_itself_wherever_it_lies_and_however_large_it_is():
    one = of(skirt(RED))
    for other in (skirt(RED, left=110), skirt(RED, scale=2)):
        assert min(nearness(one, of(other)).values()) > 0.85
    assert all(value == pytest.approx(1.0) for value in nearness(one, one).values())


def test_colour_stripes_and_outline_are_each_told_apart():
    red, navy, across, along = (of(skirt(*told)) for told in ((RED,), (NAVY,), (RED, "across"), (RED, "along")))
    assert [each.pattern for each in (red, navy, across, along)] == ["plain"] * 2 + ["stripes across", "stripes along"]
    assert nearness(red, navy)["colour"] < 0.3 < 0.95 < nearness(red, navy)["texture"]
    assert nearness(across, along)["texture"] < nearness(across, across)["texture"] - 0.2
    wide = of(np.swapaxes(skirt(RED), 0, 1))
    assert nearness(red, wide)["outline"] < 0.5 and nearness(red, wide)["colour"] > 0.9
    for one, two in ((red, navy), (across, along), (red, wide)):
        assert nearness(one, two) == pytest.approx(nearness(two, one))


def test_an_uneven_background_tells_no_outline_and_nothing_is_refused(monkeypatch):
    monkeypatch.setattr("body.pose.people", lambda frame: ())
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    assert not cloth_of(noise)[1] and in_picture(Frame(noise)).look.outline is None
    assert in_picture(Frame(skirt(NAVY))).look.pattern == "plain"
    with pytest.raises(InputRefused, match="no cloth"):
        in_picture(Frame(skirt(NAVY)[::30, ::30]))


def test_articles_are_looked_at_once_and_their_likeness_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    shown = {"a": skirt(RED), "b": skirt(NAVY), "c": skirt(RED, "across")}
    articles = [Article(name, name.upper(), design="skirt", dress={"colour": name}) for name in shown]
    looked: list[str] = []

    def seen_now(told: Article) -> Seen:
        looked.append(told.id)
        return Seen(of(shown[told.id]), 0.5)

    monkeypatch.setattr(likeness, "_looked_at", seen_now)
    monkeypatch.setattr(likeness, "content", lambda told: type("C", (), {"kind": "bottom", "design": "skirt"}))
    asked = Seen(of(skirt(RED, left=100)), 0.52, "bottom", "skirt")
    found, notes = like(asked, [*articles, Article("d", "D", trouble="broken")])
    assert found[0].id == "a" and any("colour near" in why for why in found[0].why) and "same length" in found[0].why
    assert all(0.0 <= one.share <= 1.0 for one in found) and notes == ("1 garments could not be looked at",)
    assert like(asked, articles)[0][0].plain() == found[0].plain() and looked == ["a", "b", "c"]
    kept = [json.loads(path.read_text()) for path in (tmp_path / "toile" / "likeness").iterdir()]
    assert len(kept) == 3 and all(set(told) == {"colours", "texture", "outline", "low"} for told in kept)
