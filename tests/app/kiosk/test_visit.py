"""A visit at the kiosk: one way on, one way back, no camera before consent, nothing left at its end."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from app.kiosk import visit as visiting
from app.kiosk.shopfront import Shopfront, read_shopfront
from app.kiosk.slip import MOST, code
from app.kiosk.tally import Tally
from app.kiosk.visit import ATTRACT, BODY, CONSENT, FRONT, MIRROR, OVER, SIDE, SLIP, STEPS, Visit
from assets.errors import InputRefused
from body.frame import Frame

PHOTO = Frame(np.zeros((4, 3, 3), np.uint8), name="front")


def walked() -> dict[str, Visit]:
    """A visit at each step, on the whole way."""
    at = {ATTRACT: Visit()}
    at["consent"] = visiting.begin(at[ATTRACT], 1.0)
    at["height"] = visiting.agree(at["consent"], "1", 2.0)
    at["about"] = visiting.tell_height(at["height"], 1.72, 3.0)
    at["front"] = visiting.tell_about(at["about"], 0.0, "loose", 4.0)
    at["side"] = visiting.take(at["front"], PHOTO, 5.0)
    at["body"] = visiting.take(at["side"], PHOTO, 6.0)
    at["tape"] = visiting.measure(at["body"], 7.0)
    at["body"] = visiting.tell_tape(at["tape"], "waist_girth", 0.71, 8.0)
    at["choose"] = visiting.look(at["body"], 9.0)
    at["likes"] = visiting.wonder(at["choose"], 9.2)
    at["choose"] = visiting.tell_likes(at["likes"], (("colour", "warm"),), 9.4)
    at["size"] = visiting.choose(at["choose"], "tee", 10.0)
    at["ask"] = visiting.ask(at["size"], 10.5)
    at["tryon"] = visiting.put_on(at["ask"], "M", 11.0)
    at["mirror"] = visiting.mirror(at["tryon"], 11.5)
    at["fitted"] = visiting.done(at["mirror"], 12.0)
    at["slip"] = visiting.fitted(at["fitted"], "fits", 13.0)
    at["over"] = visiting.leave(at["slip"], 14.0)
    return at


def test_the_whole_way_tells_what_was_told_and_ends_with_nothing() -> None:
    at = walked()
    assert set(at) == set(STEPS) and all(at[step].step == step for step in STEPS)
    slip = at[SLIP]
    assert slip.evidence.height == 1.72 and dict(slip.evidence.tapes) == {"waist_girth": 0.71}
    assert len(slip.evidence.photos) == 2 and slip.evidence.sex == 0.0 and slip.likes == "loose"
    plain = Visit(step=OVER, language=slip.language, touched=14.0)
    assert all(getattr(at[OVER], field.name) == getattr(plain, field.name) for field in fields(Visit))


def test_nothing_is_filmed_before_consent_nor_but_on_the_pages_for_it() -> None:
    for step, visit in walked().items():
        assert visit.may_film == (step in (FRONT, SIDE, MIRROR)), step
    declined = visiting.decline(walked()[CONSENT], 2.0)
    at_body = visiting.tell_about(visiting.tell_height(declined, 1.6, 3.0), None, "regular", 4.0)
    assert at_body.step == BODY and not at_body.may_film and not at_body.photos
    with pytest.raises(ValueError):
        visiting.take(at_body, PHOTO, 5.0)
    with pytest.raises(ValueError):
        visiting.mirror(at_body, 5.0)
    with pytest.raises(ValueError):
        visiting.take(walked()[MIRROR], PHOTO, 5.0)
    later = visiting.decline(walked()[SIDE], 6.0)
    assert later.step == BODY and not later.photos and not later.agreed


def test_back_goes_one_step_and_pictures_that_are_taken_anew_are_forgotten() -> None:
    at = walked()
    for step, visit in at.items():
        before = visiting.back(visit, 20.0)
        assert STEPS.index(before.step) < STEPS.index(step) or step in (ATTRACT, OVER)
    for step in (SIDE, BODY):
        assert not visiting.back(at[step], 20.0).photos
    assert visiting.back(at["tape"], 20.0).photos


def test_idle_for_a_minute_it_asks_and_ten_seconds_later_it_is_over() -> None:
    visit = visiting.touch(walked()["tryon"], 100.0)
    assert visiting.left(visit, 159.9, 60.0, 10.0) is None
    assert visiting.left(visit, 160.0, 60.0, 10.0) == pytest.approx(10.0)
    assert visiting.left(visit, 164.0, 60.0, 10.0) == pytest.approx(6.0)
    assert visiting.left(visit, 999.0, 60.0, 10.0) == 0.0
    assert visiting.left(visiting.touch(visit, 164.0), 170.0, 60.0, 10.0) is None
    assert visiting.left(Visit(), 1e9, 60.0, 10.0) is None


def test_who_told_nothing_leaves_without_an_end() -> None:
    assert visiting.leave(walked()[CONSENT], 2.0).step == ATTRACT
    assert visiting.leave(walked()["about"], 4.0).step == OVER


@pytest.mark.parametrize("height", [0.0, 1.29, 2.21, float("nan"), -1.7])
def test_a_height_that_nobody_has_is_refused(height: float) -> None:
    with pytest.raises(ValueError):
        visiting.tell_height(walked()["height"], height, 3.0)


def test_a_tape_that_nobody_has_is_refused() -> None:
    with pytest.raises(ValueError):
        visiting.tell_tape(walked()["tape"], "waist_girth", 7.1, 3.0)


def test_the_tape_to_ask_for_is_the_one_that_is_least_known() -> None:
    from body.measurements import Measurement, Measurements

    known = Measurements(
        (
            Measurement("bust_girth", 0.92, 0.02, "photos"),
            Measurement("waist_girth", 0.74, 0.03, "photos"),
            Measurement("hip_girth", 0.98, 0.01, "photos"),
        )
    )
    assert visiting.unsure(known, {}) == "waist_girth"
    assert visiting.unsure(known, {"waist_girth": 0.7}) == "bust_girth"
    assert visiting.unsure(known, dict.fromkeys(visiting.TAPED, 0.9)) is None


def test_a_slip_reads_back_as_what_was_written() -> None:
    cv2 = pytest.importorskip("cv2")
    for lines in (("T-shirt: size M, 72 % sure", "waist: 71.0 ± 0.5 cm"), ("T恤：M 码，把握 72%",)):
        made = code(lines)
        assert not made[:4].any() and not made[:, -4:].any()
        picture = np.kron(np.where(made, 0, 255).astype(np.uint8), np.ones((8, 8), np.uint8))
        told, _, _ = cv2.QRCodeDetector().detectAndDecode(picture)
        assert told == "\n".join(lines)


def test_a_slip_never_outgrows_what_a_telephone_reads() -> None:
    many = tuple(f"line {k} {'x' * 60}" for k in range(40))
    assert len(code(many)) <= 8 + 17 + 4 * 25 and MOST < 1000


def test_the_numbers_of_a_day_add_up_and_outlive_damage(tmp_path: Path) -> None:
    tally = Tally(tmp_path / "kiosk")
    for name in ("consent", "consent", "finished"):
        tally.count(name, "2026-11-21")
    tally.count("consent", "2026-11-22")
    assert tally.of("2026-11-21") == {"consent": 2, "finished": 1} and tally.of("2026-11-23") == {}
    assert json.loads((tmp_path / "kiosk" / "2026-11-21.json").read_text())["day"] == "2026-11-21"
    (tmp_path / "kiosk" / "2026-11-21.json").write_text("{torn")
    tally.count("consent", "2026-11-21")
    assert tally.of("2026-11-21") == {"consent": 1} and (tmp_path / "kiosk" / "2026-11-21.damaged").exists()


def test_a_shops_settings_are_read_and_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('shop = "Nadel"\nlanguages = ["zh", "en"]\ngarments = ["tee"]\nidle = 30\nwindowed = true\n')
    told = read_shopfront(path)
    assert told == Shopfront("Nadel", ("zh", "en"), garments=("tee",), windowed=True, idle=30.0)
    wrong = {
        'garments = ["toga"]': "no garment 'toga'",
        "shoe = 1": "no setting 'shoe'",
        'idle = "long"': "idle is a number",
        "idle = 2": "10 to 600",
        'languages = ["tlh"]': "languages are some of",
        "windowed = 1": "windowed is true or false",
        "= broken": "is not TOML",
    }
    for text, sentence in wrong.items():
        path.write_text(text)
        with pytest.raises(InputRefused, match=sentence):
            read_shopfront(path)
