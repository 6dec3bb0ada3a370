"""A capture that the gates refuse is counted, and the others still tell how far they are apart."""

from pathlib import Path

import pytest

from assets.errors import InputRefused
from benchmarks import body_photos
from benchmarks.table import Share


class Known(Share):
    """Somebody did the work before."""

    def each(self, name, work, count):
        pairs = [[[0.9, 0.7, 1.0], [0.904, 0.7, 1.02]], ["0 degrees: the person leans", [0.9, 0.7, 1.0]]]
        return pairs[:count]


def test_a_refusal_is_a_row():
    refused, *told = body_photos.captures(Path(), 2, Known())
    assert refused["value"] == 1 and "of 4" in refused["claim"] and "the person leans" in refused["claim"]
    assert [row["value"] for row in told if "median" in row["id"]] == pytest.approx([4, 0, 20])
    assert all("1 people" in row["claim"] for row in told if "median" in row["id"])


def test_a_capture_that_is_refused_stops_nobody(monkeypatch):
    def refuse(*args):
        raise InputRefused("too dark")

    person = {"stature": 1.7, "mass": 66.0, "age": 30.0}
    for name, does in {
        "_person": lambda *args: (person, 0.0), "drawn": lambda *args: None, "_picture": lambda *args: None,
        "_guess": refuse, "ruler": lambda model: type("", (), {"values": lambda *args, **more: {}}),
    }.items():  # fmt: skip
        monkeypatch.setattr(body_photos, name, does)
    assert body_photos._captured("", 0) == ["too dark", "too dark"]
    assert body_photos._pictured("", 0) is None
