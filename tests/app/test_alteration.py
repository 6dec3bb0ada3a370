"""`alter` on the command line: what to change in a drape that does not fit, in words, figures and pictures."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from app.alteration import steps
from app.commands import main
from app.commands.alter import HEAD
from app.pipeline import dress, fit_body
from app.project import Wish
from app.steps import load_try_on, save_try_on
from body.estimate import Evidence
from garments.altering import Change


def test_a_seam_that_goes_against_the_others_says_so() -> None:
    told = steps((Change("waist", -0.015, (("darts", 2, 0.017), ("side", 4, -0.032))),), "cm")
    assert told == ("take in 1.5 cm at the waist: let out 1.7 cm at the darts, 3.2 cm at the side seams",)


def test_a_skirt_that_is_too_small_is_altered(tmp_path: Path, capsys) -> None:
    woman = fit_body(Evidence(height=1.66, mass=66.0, sex=0.0))
    worn = dress(woman, (Wish("skirt", "S"),), edge=0.035)
    save_try_on(worn, tmp_path / "drape.npz")
    assert main(["alter", "--drape", str(tmp_path / "drape.npz"), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "too tight" in said and "add" in said and "at the hip" in said
    told = json.loads((tmp_path / "out" / "alter.json").read_text())
    assert told["fits"] and told["changes"][0]["length"] > 0.01
    sheet = np.asarray(Image.open(tmp_path / "out" / "alter.png").convert("L"))
    assert all((half[:HEAD] < 128).any() for half in np.split(sheet, 2, axis=1)), "neither side says what it shows"
    after = load_try_on(tmp_path / "out" / "drape.npz")
    assert set(after.wishes[0].alterations) == set(told["options"])
    assert after.fits[0].verdict == told["after"]["verdict"]
    refused = ["alter", "--drape", str(tmp_path / "out" / "drape.npz"), "--out", str(tmp_path / "again")]
    assert main(refused) != 0 and "nothing needs to change" in capsys.readouterr().err
