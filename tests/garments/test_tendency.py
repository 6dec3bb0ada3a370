"""Laws of learning from a shop's history: read whole or refused in words, no answer leaks, styles are told apart."""

import gzip
import json

import numpy as np
import pytest

from assets.errors import InputRefused
from garments.history.rentals import FITS, read_history
from garments.history.tendency import auc, fit_tendency, log_loss


def lines(count: int, seed: int = 0, telling: bool = True) -> list[str]:
    """A history in which styles run small or large, and bodies matter; `telling` False: verdicts by chance."""
    random = np.random.default_rng(seed)
    runs = random.normal(0.0, 0.9, 25)
    found = []
    for _ in range(count):
        item, pounds = int(random.integers(25)), float(random.normal(140, 20))
        size = 2 * round((pounds - 90) / 8 + float(random.normal(0, 1.5)))
        z = (size - (pounds - 90) / 4) / 4 + runs[item] + float(random.normal(0, 0.7))
        z = z if telling else float(random.normal(0, 1.3))
        told = {"fit": "small" if z < -1 else "large" if z > 1 else "fit", "item_id": str(item), "size": max(size, 0),
                "user_id": str(random.integers(count)), "category": ["dress", "gown"][item % 2], "height": "5' 6\"",
                "weight": f"{pounds:.0f}lbs", "bust size": "34d+", "age": "33", "rating": "10",
                "review_date": f"April {1 + random.integers(28)}, 2016"}  # fmt: skip
        found.append(json.dumps(told))
    return found


def test_json_lines_gz_and_csv_tell_the_same(tmp_path):
    told = lines(80)
    plain, packed, table = tmp_path / "a.json", tmp_path / "a.json.gz", tmp_path / "a.csv"
    plain.write_text("\n".join([*told, "garbage", '{"fit": "fit"}']))
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    entries = [json.loads(line) for line in told]
    quoted = [",".join('"' + str(v).replace('"', '""') + '"' for v in one.values()) for one in entries]
    table.write_text("\n".join([",".join(entries[0]), *quoted]))
    first, second, third = read_history(plain), read_history(packed), read_history(table)
    assert len(first) == len(second) == len(third) == 80 and first.passed == 2
    for column in ("verdicts", "sizes", "days", "items"):
        assert np.array_equal(getattr(first, column), getattr(third, column))
    assert first.body[0, 0] == pytest.approx(1.6764) and first.body[0, 2:4].tolist() == [34.0, 4.5]
    assert (first.days > 0).all()


def test_heights_weights_and_sizes_are_read_as_people_write_them(tmp_path):
    heights = {"5' 8\"": 1.727, "5'4\"": 1.626, "6'": 1.829, "5’ 11”": 1.803, "5ft 6in": 1.676, "172 cm": 1.72,
               "1.65": 1.65, "tall": np.nan, "": np.nan}  # fmt: skip
    weights = {"137lbs": 62.1, "132 LBS": 59.9, "62kg": 62.0, "?": np.nan}
    sizes = {
        "14": 14.0,
        "10P": 10.0,
        "14R": 14.0,
        "8 Tall": 8.0,
        "M": 9.0,
        "xl": 17.0,
        "One Size": None,
        "": None,
        "4": 4.0,
        10**400: None,
    }
    rows = [{"fit": "fit", "item_id": "7", "height": height, "weight": weight, "size": size}
            for height in heights for weight in weights for size in sizes]  # fmt: skip
    path = tmp_path / "quirks.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    told = read_history(path)
    kept = [one for one in rows if sizes[one["size"]] is not None]
    assert len(told) == len(kept) and told.passed == len(rows) - len(kept)
    assert told.sizes.tolist() == [sizes[one["size"]] for one in kept]
    assert told.body[:, 0] == pytest.approx([heights[one["height"]] for one in kept], abs=0.001, nan_ok=True)
    assert told.body[:, 1] == pytest.approx([weights[one["weight"]] for one in kept], abs=0.1, nan_ok=True)


@pytest.mark.parametrize("content", [b"", b"hello", b'{"fit": "fit"}\n' * 99, b"\x1f\x8b\x08broken", b"\0" * 5000])
def test_what_is_no_history_is_refused_in_words(tmp_path, content):
    for name in ("a.json", "a.json.gz", "a.csv"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputRefused, match=r"a\.(json|csv)"):
            read_history(tmp_path / name)


def test_styles_and_bodies_are_learned_and_chance_is_not(tmp_path):
    for telling in (True, False):
        path = tmp_path / f"{telling}.json"
        path.write_text("\n".join(lines(4000, 1, telling)))
        told = read_history(path)
        later = np.arange(len(told)) % 5 == 0
        model = fit_tendency(told.some(~later))
        odds, seen = model.odds(told.some(later)), told.verdicts[later]
        assert odds.sum(axis=1) == pytest.approx(1.0)
        if telling:
            assert auc(odds, seen) > 0.8
        else:
            assert 0.42 < auc(odds, seen) < 0.58
        share = np.bincount(told.verdicts[~later], minlength=3) / (~later).sum()
        assert log_loss(odds, seen) < log_loss(np.tile(share, (len(seen), 1)), seen) + 0.03


def test_a_style_nobody_has_worn_is_answered_from_its_kind(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("\n".join(lines(1500, 2)))
    told = read_history(path)
    new = told.items >= 20
    odds = fit_tendency(told.some(~new)).odds(told.some(new))
    assert np.isfinite(odds).all() and auc(odds, told.verdicts[new]) > 0.6


def test_the_area_under_the_curve_is_what_it_says():
    verdicts = np.array([0, 0, 1, 1, 2, 2])
    assert auc(np.eye(3)[verdicts], verdicts) == 1.0
    assert auc(np.full((6, 3), 1 / 3), verdicts) == 0.5
    assert len(FITS) == 3
