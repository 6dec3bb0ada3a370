"""What people are like, computed once from the ANSUR II survey: means and covariances of the logarithms of measures.

    python -m body.building.population ../shared/data/ansur

reads `female_half.csv` and `male_half.csv` (every second row; mm, 0.1 kg) and writes
`assets/bodies/population.json`: coefficients only. Source: US Army NATICK/TR-15/007 (2014), released to the public.
Every fifth of these rows is held out of all that ships with Toile, so that benchmarks can try it on them.

Logarithms, because girths grow like powers of weight: on rows held out, the error at BMI below 20 and above 32 stays
within a few mm of zero for chest, hip and thigh, where a linear law is off by 10 to 15 mm.

Some measures are not in the survey and follow from their nearest kin with a doubt of their own; the ratios are house
assumptions:
- waist girth (natural) from the girth at the navel: 0.92 +- 3 % for women, 0.985 +- 2 % for men. Scans put the smallest
  and the largest waist 11.7 % (women) and 4.9 % (men) apart (Stewart et al. 2010); EN 13402-3's charts, which mean the
  natural waist, read at the survey's mean chest give 0.91 and 1.0.
- relaxed upper arm from the flexed biceps: 0.96 and 0.94, +- 3 %.
- underbust from bust: 0.84 +- 3.5 % (EN 13402-3 pairs) for women, 0.95 +- 2 % for men.
- chest breadth from bust girth and chest depth: the survey's own is a caliper pressed on the ribs (its ellipse is 17 to
  24 % short of the girth). Girth is taken as 1.10 of the ellipse's, +- 4 % of the breadth, as in the survey of 1988.
Back width is the survey's interscye, which runs to the outer folds of the armpits: 2 to 3 cm more than a dressmaker's.
The height of the natural waist is taken as ISO 8559-1 has it, midway between tenth rib and top of the hip bone; lengths
that the survey runs to the navel are carried on to it.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from assets.files import ROOT, write_json
from body.building.checksums import list_checksum

SOURCE = "ANSUR II, US Army NATICK/TR-15/007 (2014), approved for public release; two rows of every five"

FOLDS, HELD_OUT = 5, 4

_DIRECT = {
    "stature": "stature",
    "cervicale_height": "cervicaleheight",
    "front_neck_height": "suprasternaleheight",
    "acromial_height": "acromialheight",
    "bust_height": "chestheight",
    "navel_height": "waistheightomphalion",
    "hip_height": "buttockheight",
    "crotch_height": "crotchheight",
    "knee_height": "kneeheightmidpatella",
    "ankle_height": "lateralmalleolusheight",
    "head_girth": "headcircumference",
    "neck_girth": "neckcircumference",
    "neck_base_girth": "neckcircumferencebase",
    "shoulder_girth": "shouldercircumference",
    "bust_girth": "chestcircumference",
    "navel_girth": "waistcircumference",
    "hip_girth": "buttockcircumference",
    "trunk_girth": "verticaltrunkcircumferenceusa",
    "thigh_girth": "thighcircumference",
    "calf_girth": "calfcircumference",
    "ankle_girth": "anklecircumference",
    "wrist_girth": "wristcircumference",
    "hand_girth": "handcircumference",
    "shoulder_length": "shoulderlength",
    "biacromial_breadth": "biacromialbreadth",
    "back_width": "interscyei",
    "arm_length": "sleeveoutseam",
    "foot_length": "footlength",
    "shoulder_breadth": "bideltoidbreadth",
    "chest_depth": "chestdepth",
    "navel_breadth": "waistbreadth",
    "navel_depth": "waistdepth",
    "hip_breadth": "hipbreadth",
    "hip_depth": "buttockdepth",
}
# What a measure's ratio to its kin varies by, women and men: it adds to the logarithm's variance.
_DOUBT = {
    "waist_girth": (0.030, 0.020),
    "upper_arm_girth": (0.030, 0.030),
    "underbust_girth": (0.035, 0.020),
    "chest_breadth": (0.040, 0.040),
}


def read(path: Path, sex: str) -> dict[str, np.ndarray]:
    """The survey's rows as measures of our table: name -> values [m, kg; years for "age"], shape [people]."""
    with open(path, newline="", encoding="latin-1") as stream:
        rows = list(csv.DictReader(stream))
    column = {key: np.array([float(row[key]) for row in rows]) / 1000 for key in _columns()}
    people = {name: column[key] for name, key in _DIRECT.items()}
    man = sex == "male"
    waist = (column["tenthribheight"] + column["iliocristaleheight"]) / 2
    above = waist - people["navel_height"]
    bust = people["bust_girth"]
    people["waist_height"] = waist
    people["back_neck_to_waist"] = column["waistbacklength"] - above
    people["waist_to_hip"] = (waist - people["hip_height"]) * 1.02
    people["crotch_length"] = column["crotchlengthomphalion"] + 2 * above
    people["waist_girth"] = people["navel_girth"] * (0.985 if man else 0.92)
    people["upper_arm_girth"] = column["bicepscircumferenceflexed"] * (0.94 if man else 0.96)
    people["underbust_girth"] = bust * (0.95 if man else 0.84)
    people["chest_breadth"] = np.sqrt(2 * (bust / (1.10 * np.pi)) ** 2 - people["chest_depth"] ** 2)
    people["mass"] = column["weightkg"] * 100
    people["age"] = column["age"] * 1000
    return people


def fold(people: dict[str, np.ndarray], which: int, inside: bool) -> dict[str, np.ndarray]:
    """Every fifth row, beginning with number `which` (0 to 4), or all the others. Number HELD_OUT was never learnt."""
    chosen = (np.arange(len(people["mass"])) % FOLDS == which) == inside
    return {name: value[chosen] for name, value in people.items()}


def statistics(people: dict[str, np.ndarray], sex: str) -> dict:
    """Mean and covariance of the logs, doubts added: {"names", "count", "mean", "covariance"}."""
    names = list(people)
    logs = np.log(np.stack([people[name] for name in names]))
    doubt = np.array([_DOUBT.get(name, (0.0, 0.0))[sex == "male"] for name in names])
    return {
        "names": names,
        "count": logs.shape[1],
        "mean": logs.mean(axis=1),
        "covariance": np.cov(logs) + np.diag(doubt**2),
    }


def plain(women: dict, men: dict) -> dict:
    """The file's content: log units, rounded to a part in 10^5; the lower triangle of each covariance, row by row."""

    def told(part: dict) -> dict:
        triangle = part["covariance"][np.tril_indices(len(part["names"]))]
        return {
            "count": part["count"],
            "mean": [round(float(value), 5) for value in part["mean"]],
            "covariance": [float(f"{value:.5g}") for value in triangle],
        }

    return {
        "schema": "toile.population/1",
        "source": SOURCE,
        "units": "natural logarithms of metres, kilograms and years",
        "names": women["names"],
        "female": told(women),
        "male": told(men),
    }


def _columns() -> set[str]:
    own = {"tenthribheight", "iliocristaleheight", "waistbacklength", "crotchlengthomphalion", "weightkg", "age"}
    return {*_DIRECT.values(), *own, "bicepscircumferenceflexed"}


def main(folder: Path) -> None:
    women, men = (
        statistics(fold(read(folder / f"{sex}_half.csv", sex), HELD_OUT, inside=False), sex)
        for sex in ("female", "male")
    )
    write_json(ROOT / "bodies" / "population.json", plain(women, men))
    list_checksum("bodies/population.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
