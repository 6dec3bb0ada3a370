"""Looks: garments worn together, in the order in which one dresses, kept by name, and shown in one picture.

A look holds garments alone, nothing of a person: it is a project without one (`.toile`), in the user's folder. Its
picture is of the mannequin, unless somebody is named. What lies nearest to the skin is put on first: a coat given
before a shirt is worn over it all the same.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.project import AUTO, Project, Wish
from app.reports.lettering import letter
from app.shop.catalogues import PAPER, SIZE, STATURES, wish_of
from assets import files
from assets.errors import InputRefused
from assets.progress import Progress, part, silent
from body.estimate import Evidence
from garments.grading import size_measurements

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from body.estimate import Estimate
    from garments.stock.articles import Article

DEPTH = {
    "leggings": 0, "tank": 1, "tee": 2, "shift_dress": 3, "wrap_dress": 3, "qipao": 3, "shirt": 3, "shorts": 4,
    "trousers": 4, "jeans": 4, "skirt": 4, "pencil_skirt": 4, "circle_skirt": 4, "pleated_skirt": 4, "hoodie": 6,
    "jacket": 7, "coat": 8,
}  # fmt: skip
"""How far from the skin a design is worn; what is not named comes between bottoms and what goes over all."""
WOMEN = "female"
"""Whose mannequin wears a look of nobody."""
_UNNAMED, _UNTUCKED = 5, 4.5
_TOPS = frozenset(("tank", "tee", "shirt"))
_NAME = re.compile(r"[^\W_][\w \-]{0,59}")
_WIDTH, _HEIGHT, _SAMPLES, _CAPTION, _LINE, _GUTTER = 900, 1200, 24, 26, 34, 8
MOST = 200


def in_order(wishes: Sequence[Wish], tucked: bool = True) -> tuple[Wish, ...]:
    """Garments in the order of dressing; `tucked`: tops go under what is worn on the legs, else over it."""

    def depth(wish: Wish) -> float:
        if not tucked and wish.design in _TOPS:
            return _UNTUCKED + 0.01 * DEPTH[wish.design]
        return DEPTH.get(wish.design, _UNNAMED) if wish.made is None else _UNNAMED

    return tuple(sorted(wishes, key=depth))


def of_articles(articles: Sequence["Article"]) -> tuple[Wish, ...]:
    """Articles as they are put on, in order. Raises ToileError for one that cannot be worn."""
    return in_order([replace(wish_of(one), size=AUTO, article=one.id) for one in articles])


def names() -> tuple[str, ...]:
    """The looks that are kept."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toile"))[:MOST])


def keep(name: str, wishes: Sequence[Wish]) -> Path:
    """Keep garments under a name; one of that name is replaced. Raises InputRefused and CannotWrite."""
    from app import projectfile

    if not wishes:
        raise InputRefused("a look needs a garment: put something on first")
    if name not in names() and len(names()) >= MOST:
        raise InputRefused(f"{MOST} looks are kept already: delete one first")
    path = _path(name)
    projectfile.save(Project(Evidence(), tuple(wishes)), str(path))
    return path


def kept(name: str, progress: Progress = silent) -> tuple[Wish, ...]:
    """The garments of a look, in order. Raises InputRefused where there is none of that name."""
    from app import projectfile

    path = _path(name)
    if not path.is_file():
        raise InputRefused(f"there is no look {name!r}: there are {', '.join(names()) or 'none'}")
    return projectfile.load(str(path), progress).project.wishes


def drop(name: str) -> None:
    """Delete a look. Raises InputRefused where there is none."""
    if name not in names():
        raise InputRefused(f"there is no look {name!r}: there are {', '.join(names()) or 'none'}")
    _path(name).unlink(missing_ok=True)


def worn(wishes: Sequence[Wish], person: "Estimate | None", progress: Progress = silent) -> "TryOn":
    """A look put on somebody, or on the mannequin in its size. Raises ToileError."""
    from app.pipeline import dress, fit_body

    if person is None:
        body = size_measurements(SIZE, WOMEN)
        tapes = {name: body[name] for name in ("bust_girth", "waist_girth", "hip_girth")}
        nobody = Evidence(height=STATURES[WOMEN], sex=0.0, tapes=tapes)
        person = fit_body(nobody, progress=part(progress, 0.0, 0.2))
        wishes = [replace(wish, size=SIZE) if wish.size == AUTO and not wish.made else wish for wish in wishes]
    return dress(person, tuple(wishes), progress=part(progress, 0.2, 1.0))


def picture(result: "TryOn", titles: Sequence[str], name: str, progress: Progress = silent) -> np.ndarray:
    """A look as one picture to share [h, w, 3]: front and three quarters beside each other, what it is called and what
    is in it below."""
    from app.stage import camera, scene
    from render.headless import snapshot

    looked, shots = scene(result), []
    for k, view in enumerate(("front", "three_quarter")):
        seen = snapshot(
            looked, camera(result, view, 0.5 * _WIDTH / _HEIGHT), _WIDTH // 2, _HEIGHT, _SAMPLES,
            progress=part(progress, 0.5 * k, 0.5 * (k + 1)),
        )  # fmt: skip
        shots.append(seen[..., :3])
    between = np.full((_HEIGHT, _GUTTER, 3), PAPER, np.uint8)
    return _captioned(np.concatenate([shots[0], between, shots[1]], axis=1), [name, *titles])


def _captioned(pixels: np.ndarray, lines: Sequence[str]) -> np.ndarray:
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (pixels.shape[1], pixels.shape[0] + 2 * _CAPTION + _LINE * len(lines)), PAPER)
    sheet.paste(Image.fromarray(np.ascontiguousarray(pixels)), (0, 0))
    draw = ImageDraw.Draw(sheet)
    for k, line in enumerate(lines):
        letter(draw, (_CAPTION, pixels.shape[0] + _CAPTION + _LINE * k), line, (40, 40, 38), _CAPTION - 2)
    return np.asarray(sheet)


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name) or name != name.strip():
        raise InputRefused(f"a look is called by letters, digits, spaces and -, 60 at most, not {name[:60]!r}")
    return _folder() / f"{name}.toile"


def _folder() -> Path:
    folder = files.user_data() / "looks"
    folder.mkdir(exist_ok=True)
    return folder
