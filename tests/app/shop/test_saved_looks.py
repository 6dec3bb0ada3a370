"""Laws of looks: dressed from the skin outwards, kept without a person, drawn as one picture."""

import numpy as np
import pytest

from app.commands import main
from app.project import Wish
from app.shop import looks
from assets.errors import InputRefused
from assets.files import ROOT, user_data
from garments.stock.catalogue import Catalogue


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


def test_one_dresses_from_the_skin_outwards_whatever_was_said_first():
    told = [Wish(name) for name in ("coat", "trousers", "jacket", "shirt", "leggings")]
    order = [wish.design for wish in looks.in_order(told)]
    assert order == ["leggings", "shirt", "trousers", "jacket", "coat"]
    assert [wish.design for wish in looks.in_order(reversed(told))] == order
    assert [wish.design for wish in looks.in_order(told, tucked=False)][1:3] == ["trousers", "shirt"]


def test_a_look_is_kept_by_name_without_a_person_and_comes_back():
    shelf = Catalogue.open(ROOT / "catalogue" / "demo")
    wishes = looks.of_articles([shelf.item("suit-trousers-midnight"), shelf.item("oxford-shirt-blue-stripe")])
    shelf.close()
    assert [wish.design for wish in wishes] == ["shirt", "trousers"]
    path = looks.keep("Monday at work", wishes)
    again = looks.kept("Monday at work")
    assert looks.names() == ("Monday at work",) and path.parent == user_data() / "looks"
    assert [(wish.design, wish.article, wish.fabric) for wish in again] == [
        (wish.design, wish.article, wish.fabric) for wish in wishes
    ]
    assert again[0].colourway.print is not None
    looks.keep("Monday at work", again[:1])
    assert len(looks.kept("Monday at work")) == 1
    looks.drop("Monday at work")
    assert looks.names() == ()


@pytest.mark.parametrize("name", ["../evil", "", " a", "a/b", "x" * 99, "a.toile"])
def test_a_name_is_no_path(name):
    with pytest.raises(InputRefused, match="is called by letters"):
        looks.keep(name, (Wish("tee"),))


def test_what_is_not_there_is_said():
    with pytest.raises(InputRefused, match="no look"):
        looks.kept("nothing")
    with pytest.raises(InputRefused, match="no look"):
        looks.drop("nothing")
    with pytest.raises(InputRefused, match="needs a garment"):
        looks.keep("empty", ())


def test_a_caption_stands_below_the_picture():
    pixels = np.full((60, 80, 3), 200, np.uint8)
    one, two = (looks._captioned(pixels, lines) for lines in (["a look"], ["a look", "a tee", "a skirt"]))
    assert (one[:60] == 200).all() and two.shape[0] > one.shape[0] > 60
    assert (two[60:].min(axis=(0, 1)) < 100).all()


def test_on_the_command_line(capsys):
    assert main(["outfit"]) == 0 and "no look is kept yet" in capsys.readouterr().out
    ids = ["--article", "pencil-skirt-black", "--article", "oxford-shirt-white"]
    assert main(["outfit", "office", *ids]) == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(",")[0] for line in told] == ["Oxford shirt", "Pencil skirt"]
    assert main(["outfit"]) == 0 and capsys.readouterr().out.strip() == "office"
    assert main(["outfit", "other", "--article", "nothing"]) == 3
    assert main(["outfit", "office", "--drop"]) == 0 and looks.names() == ()
