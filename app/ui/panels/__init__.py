"""The rooms of the work, in its order; one panel at a time."""

from app.ui.panels.body import BodyPanel
from app.ui.panels.colour import ColourPanel
from app.ui.panels.fabric import FabricPanel
from app.ui.panels.fit import FitPanel
from app.ui.panels.garment import GarmentPanel
from app.ui.panels.panel import Panel
from app.ui.panels.pose import PosePanel
from app.ui.panels.shop import ShopPanel

ROOMS: dict[str, type[Panel]] = {
    "Body": BodyPanel,
    "Pose": PosePanel,
    "Garment": GarmentPanel,
    "Fabric": FabricPanel,
    "Colour": ColourPanel,
    "Fit": FitPanel,
    "Shop": ShopPanel,
}
