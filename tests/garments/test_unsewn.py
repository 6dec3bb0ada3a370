"""Seams that a specification lacks are told, whichever they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from garments.formats import garmentcode
from garments.imported.unsewn import unsewn
from garments.nest import unpacked

SHIRT = Path(__file__).resolve().parents[3] / "shared" / "data" / "garments" / "gc_shirt_mean_specification.json"


@pytest.mark.skipif(not SHIRT.is_file(), reason="the patterns of others (../shared/data/garments) are not here")
def test_any_one_seam_that_is_missing_is_said():
    found = unpacked(garmentcode.read(str(SHIRT)), "shirt")
    assert unsewn(found) == ()
    for seam in found.pattern.seams:
        without = replace(found.pattern, seams=tuple(each for each in found.pattern.seams if each is not seam))
        told = " ".join(unsewn(replace(found, patterns={found.base: without})))
        for panel, edge, *_ in (*seam.first, *seam.second):
            assert f"{panel}'s {edge.replace('_', ' ')}" in told
