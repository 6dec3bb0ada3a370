"""Garments as meshes: OBJ, PLY, STL, GLB and glTF, from any program, of any unit and turned anyhow.

The file is parsed in the reader process under limits (assets/meshfile.py); what comes back is checked and mended, its
unit and upright axis are found on the mean body, and its flat shape is read or taken from the mesh.
"""

from pathlib import Path
from typing import Any

import numpy as np

from assets.errors import InputRefused, UsageError, WorkerStopped
from assets.meshfile import SUFFIXES, Geometry, geometry
from assets.worker import once
from garments.readymade import ReadyMade

LARGEST_FILE = 300_000_000
MOST_TRIANGLES = 1_000_000
_MEMORY, _CPU, _DEADLINE = 1e9, 60, 90


def load(path: Path, unit: str | None = None, up: str | None = None, to_body: bool = False) -> ReadyMade:
    """A garment from a mesh file. `unit` and `up` as in garments/placing.py, None: as the garment shows; `to_body`:
    scaled to sit on the mean body.

    Raises UnsureInput when unit or axis must be told, else InputRefused, with the reason, for what is no garment.
    """
    from garments.flattening import flattened, laid_flat
    from garments.mending import mended
    from garments.placing import UNITS, UPS, understand

    if unit is not None and unit not in UNITS:
        raise UsageError(f"there is no unit {unit!r}: it is one of {', '.join(UNITS)}")
    if up is not None and up not in UPS:
        raise UsageError(f"there is no axis {up!r}: it is one of {', '.join(UPS)}")
    if unit and to_body:
        raise UsageError("a unit and scaling to the body exclude each other: leave one out")
    found = _read(Path(path))
    name = Path(path).name
    made = mended(found, name)
    known = understand(made.vertices, name, unit, up, to_body)
    vertices = known.scale * made.vertices @ known.turn.T
    vertices -= [0.5 * (vertices[:, 0].min() + vertices[:, 0].max()), vertices[:, 1].min(), 0.0]
    shape = flattened(vertices, made.faces, made.uv, made.part)
    flat = shape.flat if shape.from_uv else laid_flat(vertices, made.faces)
    notes = (*known.notes, *made.notes, *shape.notes)
    return ReadyMade(Path(path).stem[:40], vertices, made.faces, flat, shape.panel, shape.from_uv, notes)


def read(path: str) -> dict[str, Any]:
    """What a file holds, as plain values. Runs in the reader process."""
    found = geometry(Path(path), "the mesh")
    if len(found.faces) > MOST_TRIANGLES:
        raise InputRefused(f"{path} has {len(found.faces):,} triangles: thin it out to a million at most")
    return {name: getattr(found, name) for name in ("vertices", "faces", "uv", "part", "names")}


def _read(path: Path) -> Geometry:
    if path.suffix.lower() not in SUFFIXES:
        raise InputRefused(f"{path} is no garment that can be read: give an OBJ, GLB, glTF, PLY or STL file")
    try:
        if not path.is_file():
            raise InputRefused(f"there is no file {path}")
        if path.stat().st_size > LARGEST_FILE:
            raise InputRefused(f"{path} has more than {LARGEST_FILE / 1e6:.0f} MB: thin the mesh out")
        told = once(
            "garments.formats.mesh:read", str(path.resolve()), title="the mesh reader",
            deadline=_DEADLINE, memory=_MEMORY, cpu=_CPU,
        )  # fmt: skip
    except WorkerStopped as error:
        raise InputRefused(f"cannot read {path}: {error}") from error
    except (OSError, ValueError) as error:
        raise InputRefused(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    names = tuple(str(name) for name in told["names"])
    return Geometry(np.asarray(told["vertices"], float), told["faces"], told["uv"], told["part"], names)
