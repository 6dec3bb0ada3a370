"""From a photo to a picture of the person in a T-shirt: five lines.

python examples/photo_to_picture.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.exports.results import write_pictures  # noqa: E402
from app.pipeline import try_on  # noqa: E402
from app.project import Wish  # noqa: E402
from body.estimate import Evidence  # noqa: E402
from body.frame import load_picture  # noqa: E402


def main(photo: Path = ROOT / "assets" / "samples" / "front.jpg", out: Path = Path("out")) -> None:
    """Dress the person of a photo who is 1.70 m tall; pictures lie in `out`."""
    # Who it is: a photo has no scale of its own, so the height [m] goes with it. More photos and tapes make it surer.
    person = Evidence(height=1.70, photos=(load_picture(photo),))
    # What is worn, from the skin outwards: designs by name. The size is chosen, unless you name one: Wish("tee", "M").
    wishes = (Wish("tee", colour="#25304B"),)
    # The body that the photo shows, the size that suits, the garment sewn and draped: half a minute.
    result = try_on(person, wishes)
    # What there is to know: the size with its probability, how it fits by region, what is in doubt.
    print(*result.summary(), sep="\n")
    # Pictures as PNG files: views by name, or none for all of them; map_name="strain" colours the cloth by its strain.
    write_pictures(result, out, views=("front", "three_quarter"))


if __name__ == "__main__":
    main()
