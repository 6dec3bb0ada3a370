"""Which size a person takes, from a height and three tapes: no drape, so it takes a moment.

python examples/size_from_numbers.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.pipeline import advised, fit_body
from app.project import Wish
from body.estimate import Evidence


def main(designs: tuple[str, ...] = ("shirt", "jeans")) -> None:
    """Advise sizes, and say what would make them surer."""
    # Numbers are in metres and kilograms; a sex of 0 is female, 1 male, and None leaves it open.
    person = Evidence(height=1.68, mass=61.0, sex=0.0, tapes={"bust": 0.90, "waist": 0.73, "hip": 0.98})
    estimate = fit_body(person)
    for design in designs:
        advice = advised(Wish(design), estimate)
        # "shirt: size M, 71 % sure", then why, then what is not known.
        print(advice.sentence, *advice.reasons, *advice.lacks, sep="\n  ")


if __name__ == "__main__":
    main()
