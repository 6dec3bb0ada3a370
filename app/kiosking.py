"""What the kiosk asks of the engine: what the window asks, a first picture on coarse cloth, and to be warm before
anybody comes.

What is on offer is asked for at once, before anything is draped (app.engine.on_offer): no other offers.
"""

from typing import TYPE_CHECKING

import numpy as np

from app.engine import Offer, answered, follow, mirrored, on_offer, soon
from app.engine import figure as measured_figure
from app.engine import wear as worn
from app.project import Evidence, Project, Wish
from assets.progress import Progress, part, silent

if TYPE_CHECKING:
    from app.stage import Shown

__all__ = ["answered", "figure", "follow", "mirrored", "offers", "on_offer", "soon", "warm", "wear"]

STATURE = 1.70
NOBODY = Evidence(height=STATURE, sex=0.0)
COARSE = 0.05
SIZE = (360, 640)
_figure: "tuple[str, Shown] | None" = None


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


def warm(catalogue: str, only: tuple[str, ...], progress: Progress = silent) -> None:
    """Load and compile what a visit needs, on a body that is nobody's: models, the catalogue, the solver's kernels, and
    the measuring of two pictures."""
    from app.pipeline import dress, fit_body
    from garments.recommend.suggest import Taste

    on_offer(Project(NOBODY), catalogue, only, "regular", Taste(), part(progress, 0.0, 0.3))
    dress(fit_body(NOBODY), (Wish("tee", size="M"),), edge=COARSE, progress=part(progress, 0.3, 0.6))
    fit_body(Evidence(height=STATURE, sex=0.0, photos=_nobody()), progress=part(progress, 0.6, 1.0))
    progress(1.0, "ready")


def _nobody() -> tuple:
    """Two small pictures of the mean body, front and side, drawn here."""
    from app.figure import figure
    from body.frame import Frame
    from body.model import load_model
    from body.poses import RELAXED
    from body.stance import ARMS_FORWARD
    from render.camera import Camera
    from render.headless import snapshot
    from render.scene import Scene

    model, pictures = load_model(), []
    for name, rest, turn in (("front", RELAXED, 0.0), ("side", ARMS_FORWARD, np.pi / 2)):
        pose = np.array(rest, float)
        pose[0] = (0.0, turn, 0.0)
        scene = Scene(figure(model.body(None, pose)), turntable=False)
        pixels = snapshot(scene, Camera((0.0, 1.2, 3.4), (0.0, 0.86, 0.0), fov_y=float(np.radians(38))), *SIZE, 1)
        pictures.append(Frame(np.ascontiguousarray(pixels[..., :3]), name=name))
    return tuple(pictures)
