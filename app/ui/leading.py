"""Where the row stands that an answer was taken from: the window opens it (app/shop/asking.py tells how rows are
named)."""

from typing import TYPE_CHECKING

from app.project import own_fabric
from app.ui.panels.body import BodyPanel
from app.ui.panels.shop import ShopPanel
from garments.designs import designs

if TYPE_CHECKING:
    from app.ui.window import Window

ROOM_OF = {"chart": "Garment", "drape": "Fit", "catalogue": "Garment", "fabric": "Fabric"}


def lead(window: "Window", link: str) -> None:
    """Show a row: "body:waist_girth", "advice:tee/M", "catalogue:breton-tee/price" ..."""
    table, _, row = link.partition(":")
    name = row.partition("/")[0]
    if table == "body":
        window.rooms.use("Body", BodyPanel, lambda panel: panel.look_at(name))
    elif table == "advice":
        window.advice.look_at(row)
    elif table == "catalogue" and name not in designs():
        window.rooms.use("Shop", ShopPanel, lambda panel: panel.look_at(name))
    elif table == "fabric" and (worn := _made_of(window, name)) is not None:
        window.do(f"fabric {worn}")
    else:
        window.rooms.open(ROOM_OF[table])


def _made_of(window: "Window", cloth: str) -> int | None:
    """The first garment worn that is of a fabric."""
    wishes = window.studio.project.wishes
    return next((k for k, wish in enumerate(wishes) if own_fabric(wish) == cloth), None)
