"""What the kiosk asks of the engine: what the window asks, and to be warm before anybody comes.

Sizes of all that is on offer are asked for at once, before anything is draped (app.engine.sizes): no other offers.
"""

from app.engine import Offer, figure, follow, sizes, wear
from app.project import Evidence, Project
from assets.progress import Progress, part, silent

__all__ = ["figure", "follow", "offers", "sizes", "warm", "wear"]

NOBODY = Evidence(height=1.70, sex=0.0)
COARSE = 0.05


def offers(project: Project, progress: Progress = silent) -> tuple[Offer, ...]:
    """None: see `sizes`."""
    return ()


def warm(designs: tuple[str, ...], progress: Progress = silent) -> None:
    """Load and compile what a visit needs, on a body that is nobody's: models, charts, the solver's kernels."""
    from body.model import load_model
    from body.poses import RELAXED
    from garments.drape import drape
    from garments.garment import garment

    sizes(Project(NOBODY), designs, "regular", part(progress, 0.0, 0.7))
    drape((garment("tee"),), load_model().body(None, RELAXED), edge=COARSE, progress=part(progress, 0.7, 1.0))
    progress(1.0, "ready")
