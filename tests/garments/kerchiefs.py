"""Two square pieces of cloth sewn side by side, their threads crossing at the seam, pulled as a test wants them."""

from types import SimpleNamespace

import numpy as np

from garments.certificate import certify
from garments.cloth import Cloth, mesh
from garments.drape import Drape, sheet_of
from garments.edges import line
from garments.fabric import fabric
from garments.garment import Cut, Garment
from garments.pattern import EdgeRef, Panel, Pattern, Seam

SOUND = certify(
    distances=np.ones(3), centre_distances=np.ones(3), self_crossings=0, crossings=0, residual=0.0, carried=1.0,
    loaded=1.0, strains=np.zeros((3, 2)), limit=0.3, seam_gap=0.0,
)  # fmt: skip


def kerchief(side: float = 0.2, cloth: str = "gray_interlock", size: str = "M") -> Garment:
    """Panels "left" (warp upwards) and "right" (warp to the right), each `side` [m] wide and high."""
    panels = (_square("left", 0.0, side, (0.0, 1.0)), _square("right", side, side, (1.0, 0.0)))
    seam = Seam("middle", (EdgeRef("left", "right side"),), (EdgeRef("right", "left side", True),))
    found = fabric(cloth)
    return Garment(Cut("kerchief", size), Pattern("kerchief", panels, (seam,), {}, {}), found, (0.5, 0.5, 0.5))


def flat(cloth: Cloth) -> np.ndarray:
    """Where each vertex was drawn [m] [n, 2]."""
    places = np.zeros((cloth.count, 2))
    places[cloth.faces] = cloth.drawn()
    return places


def pulled(garment: Garment, gradient, edge: float = 0.02, place=lambda x: x, **changed) -> Drape:
    """The cloth under a deformation gradient [3, 2] of its drawn plane, and then put somewhere by `place`."""
    from garments.solvers import membrane

    cloth = mesh(garment, edge)
    positions = place(flat(cloth) @ np.asarray(gradient, float).T)
    felt = np.zeros((len(cloth.faces), 6))
    gradients, _ = membrane.rest_gradients(cloth.rest)
    membrane.strains(positions, cloth.faces, gradients, sheet_of(cloth).stretch, felt)
    told = {"pressure": np.zeros(cloth.count), "body": plate(place)} | changed
    return Drape(
        garment=garment, cloth=cloth, edge=edge, positions=positions, strain=felt[:, :3], tension=felt[:, 3:5],
        certificate=SOUND, **told,
    )  # fmt: skip


def plate(place=lambda x: x, below: float = 0.01) -> SimpleNamespace:
    """A body: a box whose top lies `below` [m] under z = 0 of the drawn plane."""
    low, high = np.array([-2.0, -2.0, -0.5 - below]), np.array([2.0, 2.0, -below])
    grid = np.stack(np.meshgrid(*np.stack([low, high], 1), indexing="ij"), -1).reshape(-1, 3)
    quads = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return SimpleNamespace(vertices=place(grid), model=SimpleNamespace(skin_faces=faces))


def _square(name: str, left: float, side: float, grain) -> Panel:
    a, b = (left, 0.0), (left + side, 0.0)
    c, d = (left + side, side), (left, side)
    edges = (line("hem", a, b), line("right side", b, c), line("top", c, d), line("left side", d, a))
    return Panel(name, edges, np.array([(0.0, 0.0), grain]), "trunk front")
