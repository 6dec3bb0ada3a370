"""Garments as meshes: OBJ, PLY, STL, GLB and glTF, from any program, of any unit and turned anyhow.

The file is parsed in the reader process under limits (assets/meshfile.py); what comes back is checked and mended, its
unit and upright axis are found on the mean body, and its flat shape is read or taken from the mesh.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import TooLarge, UnknownKind, UsageError
from assets.meshfile import SUFFIXES, Geometry, geometry, require_surface
from garments.formats.reading import read_apart
from garments.imported.readymade import ReadyMade

LARGEST_FILE = 300_000_000
MOST_TRIANGLES = 1_000_000
_SPEED = 4e6
_MOST_NAMED = 6


def load(path: Path, unit: str | None = None, up: str | None = None, to_body: bool = False) -> ReadyMade:
    """A garment from a mesh file. `unit` and `up` as in imported/understanding.py, None: as the garment shows;
    `to_body`: scaled to sit on the mean body.

    Raises UnsureInput when unit or axis must be told, else InputRefused, with the reason, for what is no garment.
    """
    from garments.imported.flattening import flattened, laid_flat
    from garments.imported.mending import mended
    from garments.imported.placing import off_floor
    from garments.imported.understanding import UNITS, UPS, understand

    if unit is not None and unit not in UNITS:
        raise UsageError(f"there is no unit {unit!r}: it is one of {', '.join(UNITS)}")
    if up is not None and up not in UPS:
        raise UsageError(f"there is no axis {up!r}: it is one of {', '.join(UPS)}")
    if unit and to_body:
        raise UsageError("a unit and scaling to the body exclude each other: leave one out")
    found = surface(path)
    name = Path(path).name
    made = mended(found, name)
    known = understand(made.vertices, name, unit, up, to_body)
    vertices = off_floor(known.scale * made.vertices @ known.turn.T)
    shape = flattened(vertices, made.faces, made.uv, made.part)
    flat = shape.flat if shape.from_uv else laid_flat(vertices, made.faces)
    notes = (*known.notes, *_listed(found), *made.notes, *_tangled(vertices, made.faces), *shape.notes)
    return ReadyMade(Path(path).stem[:40], vertices, made.faces, flat, shape.panel, shape.from_uv, notes)


def _tangled(vertices: np.ndarray, faces: np.ndarray) -> tuple[str, ...]:
    """Where the garment passes through itself as it is; nothing where it does not."""
    from assets.mesh import edges
    from garments.solvers.proximity import crossings

    met = len(crossings(vertices, faces, edges(faces)))
    return (f"It passes through itself in {met:,} places, which have to be drawn apart when it is draped.",) * (met > 0)


def _listed(found: Geometry) -> tuple[str, ...]:
    """The parts that the file itself names, largest first; nothing of a file of one part."""
    sizes: Counter[str] = Counter()
    for name, count in zip(found.names, np.bincount(found.part, minlength=len(found.names)), strict=True):
        sizes[name] += int(count)
    order = [(name, count) for name, count in sizes.most_common() if count]
    if len(order) < 2:
        return ()
    told = [f"{name} ({count:,} triangles)" for name, count in order[:_MOST_NAMED]]
    more = [f"{len(order) - _MOST_NAMED} more"] if len(order) > _MOST_NAMED else []
    return (f"The file has {len(order)} parts: {', '.join([*told, *more])}.",)


def read(path: str) -> dict[str, Any]:
    """What a file holds, as plain values. Runs in the reader process."""
    found = geometry(Path(path), "the mesh")
    if len(found.faces) > MOST_TRIANGLES:
        raise TooLarge(f"{path} has {len(found.faces):,} triangles: thin it out to a million at most")
    return {name: getattr(found, name) for name in ("vertices", "faces", "uv", "part", "names", "notes")}


def surface(path: Path) -> Geometry:
    """The surface that a file holds, read in a process of its own and checked: finite, in range, not empty.

    Raises UnknownKind, Damaged, Packed, Incomplete, NothingInIt or TooLarge, in a sentence that names the file."""
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise UnknownKind(f"{path} is no garment that can be read: give an OBJ, GLB, glTF, PLY, STL or OFF file")
    told = read_apart("garments.formats.mesh:read", path, "the mesh reader", LARGEST_FILE, _SPEED, "thin the mesh out")
    names, notes = (tuple(str(each) for each in told[key]) for key in ("names", "notes"))
    found = Geometry(np.asarray(told["vertices"], float), told["faces"], told["uv"], told["part"], names, notes)
    require_surface(found, path.name)
    return found
