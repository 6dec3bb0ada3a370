"""What the kiosk asks of the engine: what the window asks, a first picture on coarse cloth, and to be warm before
anybody comes.

What is on offer is asked for at once, before anything is draped (`on_offer`): no other offers.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.engine import Offer, alone, follow, mirrored, reflect
from app.engine import figure as measured_figure
from app.engine import soon as coarsely
from app.engine import wear as worn
from app.project import Evidence, Project, Wish
from app.remembered import estimate_of
from assets.errors import InputRefused
from assets.progress import Progress, part, silent

if TYPE_CHECKING:
    from app.shop.offering import Offered
    from app.stage import Shown
    from garments.recommend.suggest import Taste

__all__ = ["alone", "figure", "follow", "mirrored", "nobody", "offers", "on_offer", "reflect", "soon", "warm", "wear"]

STATURE = 1.70
NOBODY = Evidence(height=STATURE, sex=0.0)
COARSE = 0.05
SIZE = (360, 640)
_figure: "tuple[str, Shown] | None" = None
_warmed = False


def offers(project: Project, progress: Progress = silent) -> tuple[Offer, ...]:
    """None: see `on_offer`."""
    return ()


def figure(project: Project, progress: Progress = silent) -> "Shown":
    """The project's person in nothing, the last one kept: she is asked for twice. Raises ToileError."""
    global _figure
    if _figure is None or _figure[0] != project.person_key:
        _figure = project.person_key, measured_figure(project, progress)
    return _figure[1]


def wear(project: Project, progress: Progress = silent) -> "Shown":
    """The project's person in its garments. Raises ToileError for input that cannot be used."""
    return worn(project, progress) if project.wishes else figure(project, progress)


def on_offer(
    project: Project, path: str, only: tuple[str, ...], likes: str, taste: "Taste", progress: Progress = silent
) -> "Offered":
    """What a catalogue ("": the program's designs) offers the project's person, ready to be put on, and what a
    newcomer may be asked about it; `only` these ids, where there are any. What takes long to put on comes last of them.
    Raises ToileError."""
    from app.shop import offering
    from garments.designs import designs
    from garments.recommend.newcomer import questions

    estimate = estimate_of(project, part(progress, 0.0, 0.4))
    articles = offering.articles_of(Path(path)) if path else offering.of_designs(tuple(designs()))
    there = tuple(article for article in articles if not only or article.id in only)
    found = offering.options(estimate, there, taste, likes, progress=part(progress, 0.4, 1.0))
    ready = tuple(sorted(found, key=lambda option: _pleated(option.wish)))
    return offering.Offered(ready, questions=questions(there))


def soon(project: Project, progress: Progress = silent) -> "Shown":
    """The project's person in garments of coarse cloth. Raises ToileError, too for pleats, which coarse cloth has not:
    half a minute went by before that showed."""
    if any(map(_pleated, project.wishes)):
        raise InputRefused("pleats are not to be seen on coarse cloth")
    return coarsely(project, progress)


def _pleated(wish: Wish) -> bool:
    from garments.designs import designs

    plan = designs().get(wish.design)
    return plan is not None and "pleat" in plan.OPTIONS


def warm(
    catalogue: str,
    only: tuple[str, ...],
    progress: Progress = silent,
    pictures: "Sequence[np.ndarray] | None" = None,
) -> None:
    """Load and compile what a visit needs, once, on a body that is nobody's: models, the catalogue, the solver's
    kernels, and the measuring of two pictures, those of `nobody` or as they are given."""
    global _warmed
    from app.pipeline import dress, fit_body
    from body.frame import Frame
    from garments.recommend.suggest import Taste

    if not _warmed:
        on_offer(Project(NOBODY), catalogue, only, "regular", Taste(), part(progress, 0.0, 0.3))
        dress(fit_body(NOBODY), (Wish("tee", size="M"),), edge=COARSE, progress=part(progress, 0.3, 0.6))
        frames = tuple(Frame(np.ascontiguousarray(each)) for each in pictures or nobody())
        fit_body(Evidence(height=STATURE, sex=0.0, photos=frames), progress=part(progress, 0.6, 1.0))
        _warmed = True
    progress(1.0, "ready")


def nobody() -> list[np.ndarray]:
    """Two small pictures of the mean body, front and side, drawn here, sRGB uint8 [h, w, 3]."""
    from app.scenes.figure import figure
    from body.model import load_model
    from body.poses import RELAXED
    from body.stance import ARMS_FORWARD
    from render.camera import Camera
    from render.headless import snapshot
    from render.scene import Scene

    model, pictures = load_model(), []
    for rest, turn in ((RELAXED, 0.0), (ARMS_FORWARD, np.pi / 2)):
        pose = np.array(rest, float)
        pose[0] = (0.0, turn, 0.0)
        scene = Scene(figure(model.body(None, pose)), turntable=False)
        pixels = snapshot(scene, Camera((0.0, 1.2, 3.4), (0.0, 0.86, 0.0), fov_y=float(np.radians(38))), *SIZE, 1)
        pictures.append(np.ascontiguousarray(pixels[..., :3]))
    return pictures
