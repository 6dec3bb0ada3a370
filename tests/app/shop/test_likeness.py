"""Laws of likeness: a thing is most like itself, moved or larger; colour, stripes and outline are told apart."""

import json
from pathlib import Path

import numpy as np
import pytest

from app.shop.likeness import in_picture, like, seen
from assets.errors import InputRefused
from assets.files import ROOT
from assets.lab import from_lab, to_lab
from body.frame import Frame, load_picture
from garments.colours.palette import named
from garments.stock.articles import Article
from garments.stock.catalogue import Catalogue
from garments.stock.seen import Look, balanced, cloth_of, grown, look, nearness

PHOTOS = Path(__file__).resolve().parents[4] / "shared" / "data" / "photos"

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


def test_warm_light_and_shade_are_taken_off_where_the_ground_tells_them():
    plain, warm = skirt(NAVY), (skirt(NAVY) * np.array([1.0, 0.95, 0.86])).astype(np.uint8)
    mask = cloth_of(plain)[0]
    truth, before, after = (to_lab((one[mask].mean(axis=0) / 255.0) ** 2.2) for one in (
        balanced(plain, mask), warm, balanced(warm, mask)
    ))  # fmt: skip
    assert np.linalg.norm((after - truth)[1:]) < 0.4 * np.linalg.norm((before - truth)[1:])
    assert nearness(of(plain), of(balanced(warm, mask)))["colour"] > nearness(of(plain), of(warm))["colour"]


def test_cloth_is_grown_from_a_part_of_it_and_no_further():
    pixels = skirt(RED)
    pixels[251:, 60:200] = NAVY
    mask = cloth_of(skirt(RED))[0]
    part = np.zeros(mask.shape, bool)
    part[120:180, 120:160] = True
    found = grown(pixels, part, np.ones(mask.shape, bool))
    assert found is not None and (found & mask).sum() > 0.9 * mask.sum() and (found & ~mask).sum() < 0.05 * mask.sum()
    assert grown(pixels, np.zeros(mask.shape, bool), mask) is None


def test_an_uneven_background_tells_no_outline_and_nothing_is_refused():
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    assert not cloth_of(noise)[1] and in_picture(Frame(noise)).look.outline is None
    assert in_picture(Frame(skirt(NAVY))).look.pattern == "plain"
    with pytest.raises(InputRefused, match="no cloth"):
        in_picture(Frame(skirt(NAVY)[::30, ::30]))


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """Some skirts and a tee of the demonstration, looked at once for all tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        shelf = Catalogue.open(ROOT / "catalogue" / "demo")
        yield tuple(shelf.item(id) for id in (
            "a-line-skirt-navy", "a-line-skirt-red-gingham", "pencil-skirt-black", "crew-neck-tee-terracotta",
        ))  # fmt: skip
        shelf.close()


def test_articles_are_looked_at_once_and_their_likeness_says_why(articles):
    asked = seen(articles[0])
    found, notes = like(asked, [*articles, Article("d", "D", trouble="broken")])
    assert found[0].id == articles[0].id and notes == ("1 garments could not be looked at",)
    assert {"colour near: navy", "plain, too", "same length", "skirt, too"} <= set(found[0].why)
    assert [one.id for one in found].index("crew-neck-tee-terracotta") == len(found) - 1
    assert all(0.0 <= one.share <= 1.0 for one in found)
    from assets.files import user_cache

    kept = sorted((user_cache() / "likeness").iterdir())
    stamps = [path.stat().st_mtime_ns for path in kept]
    assert like(asked, articles)[0][0].plain() == found[0].plain()
    assert [path.stat().st_mtime_ns for path in kept] == stamps and len(kept) == len(articles)
    told = [json.loads(path.read_text()) for path in kept]
    assert all(set(one) == {"colours", "texture", "outline", "low"} for one in told)


def test_a_plain_picture_of_a_garment_finds_it_and_its_kind(articles):
    from app.shop.likeness import _laid
    from garments.stock.flatshot import flatshot

    one = articles[1]
    made, cloth, places = _laid(one.design, (), one.fabric, "female")
    pixels, mask = flatshot(made, one.colourway(), cloth, places)
    shown = np.full((mask.shape[0] + 80, mask.shape[1] + 80, 3), PAPER, np.uint8)
    shown[40:-40, 40:-40][mask] = (0.8 * pixels[mask]).astype(np.uint8)
    found, _ = like(in_picture(Frame(shown)), articles)
    assert found[0].id == one.id
    assert found[0].parts["kind"] > next(each for each in found if "tee" in each.id).parts["kind"]


@pytest.mark.skipif(not PHOTOS.exists(), reason="the pictures (../shared/data/photos) are not here")
def test_real_photos_are_read_by_the_real_finder():
    kameez = load_picture(PHOTOS / "man_kameez_apose.jpeg")
    one = in_picture(kameez)
    dimmed = Frame((np.asarray(kameez.pixels) * 0.8).astype(np.uint8))
    again = nearness(one.look, in_picture(dimmed).look)
    assert again["colour"] > 0.75 and again["texture"] > 0.6
    other = nearness(one.look, in_picture(load_picture(PHOTOS / "man_apose_indoor1.jpeg"), "top").look)
    assert other["colour"] < again["colour"]
    assert named(tuple(from_lab(one.look.colours[0]).clip(0.0, 1.0))).english
