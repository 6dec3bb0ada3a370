"""Whether drapes at the ends of what comes in end in a clear verdict, and whether many in a row leave anything behind.

    python -m benchmarks.extremes [--quick] [--json FILE]

Fabrics as light, heavy, limp and stiff as any measured, sizes on bodies that they were not cut for, poses, a full
circle, meshes as others' programs write them. A verdict is a certificate that holds, or reasons in words, or a refusal
in words; a fault is cloth whose place is no number, or farther than 3 m from the body, or an error without words.
Then small drapes in a row, each of another garment on another body: what memory and how many objects they add.
"""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from assets.closest import Surface
from assets.errors import ToileError
from benchmarks.table import Row, row, run
from benchmarks.traces import resident

EDGE, SMALL, FAR = 0.03, 0.06, 3.0
MANY, FEW, WARM = 1000, 20, 10
LEAK, ONE, CANCEL = 0.02, 1.0, 0.2
"""Growth [MB] and in objects a drape up to which nothing leaks, and how soon [s] a stop is noticed."""
WEIGHTS, BENDINGS = (0.03, 0.5), (1e-6, 190e-6)
PEOPLE = {"large": (1.75, 140.0), "small": (1.48, 40.0), "mean": (1.65, 65.0)}
Cloths = tuple[Any, ...]


def rows(quick: bool) -> Iterator[Row]:
    cases = dict(_fabrics()) | dict(_sizes()) | dict(_poses()) | {"full circle": _full_circle} | dict(_meshes())
    for number, (name, drapes) in enumerate(cases.items()):
        if quick and number % 8:
            yield row(name, "faults of a drape that must end in a verdict", None, "", 0, why="--quick")
        else:
            yield _verdict(name, drapes)
    yield _longest_wait()
    yield from _in_a_row(FEW if quick else MANY)


# Drapes that must end in a verdict ------------------------------------------------------------------------------------


def _verdict(name: str, drapes: Callable[[], Cloths]) -> Row:
    start = time.process_time()
    try:
        found = drapes()
    except ToileError as error:
        wordless = not str(error).strip()
        return row(name, f"refused: {error}", float(wordless), "", 0)
    taken = time.process_time() - start
    faults = sum(map(_faults, found))
    return row(name, f"{'; '.join(map(_told, found))}; {taken:.1f} CPU-s", float(faults), "", 0)


def _faults(one: Any) -> int:
    """Vertices that are nowhere, or far from the body; numbers told that are none."""
    told = one.certificate
    felt = [told.residual, told.carried, told.strain_p99, told.strain_max]
    wrong = int((~np.isfinite(felt)).sum()) + int((~np.isfinite(one.strain)).sum() + (~np.isfinite(one.pressure)).sum())
    lost = ~np.isfinite(one.positions).all(axis=1)
    if lost.all():
        return wrong + int(lost.sum())
    skin = Surface(one.body.skin.vertices, one.body.skin.faces)
    return wrong + int(lost.sum()) + int((np.abs(skin.closest(one.positions[~lost]).distance) > FAR).sum())


def _told(one: Any) -> str:
    told = one.certificate
    rest = "holds" if told.holds else ", ".join(told.reasons)
    over = ", over the fabric's limit" if told.over_limit else ""
    return f"{one.garment.name}: {rest}{over}, p99 strain {100 * told.strain_p99:.0f} %"


def _draped(*garments: Any, on: str = "mean") -> Cloths:
    from garments.drape import drape

    return drape(garments, _body(on), edge=EDGE)


@cache
def _body(name: str):
    from body.estimate import Evidence, estimate

    height, mass = PEOPLE[name]
    return estimate(Evidence(height=height, mass=mass, sex=0.0)).body


def _of(design: str, size: str = "M", **options: float):
    from garments.garment import garment

    return garment(design, size, "female", options=options)


def _fabrics() -> Iterator[tuple[str, Callable[[], Cloths]]]:
    def worn(design: str, density: float, bending: float) -> Cloths:
        made = _of(design)
        bent = dict.fromkeys(("bending_warp", "bending_weft", "bending_bias"), bending)
        return _draped(replace(made, fabric=replace(made.fabric, density=density, **bent)))

    for design in ("tee", "circle_skirt"):
        for weight in WEIGHTS:
            for bending in BENDINGS:
                name = f"{design} of {weight:g} kg/m2, {1e6 * bending:g} uN*m"
                yield name, lambda d=design, w=weight, b=bending: worn(d, w, b)


def _sizes() -> Iterator[tuple[str, Callable[[], Cloths]]]:
    for design in ("tee", "trousers", "shift_dress", "shirt"):
        for size, on in (("XXS", "large"), ("XXL", "small")):
            yield f"{design} {size} on a {on} body", lambda d=design, s=size, o=on: _draped(_of(d, s), on=o)


def _full_circle() -> Cloths:
    return _draped(_of("circle_skirt", circle=1.0))


# Poses ----------------------------------------------------------------------------------------------------------------


def _poses() -> Iterator[tuple[str, Callable[[], Cloths]]]:
    yield "tee, arms pressed to the trunk", lambda: _posed("tee", _pressed())
    for pose, design in (("sitting", "trousers"), ("sitting", "circle_skirt"), ("reaching", "shirt"), ("t", "tee")):
        yield f"{design}, {pose}", lambda p=pose, d=design: _posed(d, _taken(p))


def _pressed() -> np.ndarray:
    """Arms turned down until they lie in the trunk."""
    from body.model import JOINT_NAMES

    turns = np.array(_body("mean").pose, float)
    for side, sign in (("left", -1.0), ("right", 1.0)):
        turns[JOINT_NAMES.index(f"{side}_shoulder"), 2] += sign * np.radians(14.0)
    return turns


def _taken(pose: str) -> np.ndarray:
    from body.poses import find
    from body.posing.settle import settled

    body = _body("mean")
    return settled(body.model, body.betas, find(pose))


def _posed(design: str, turns: np.ndarray) -> Cloths:
    from garments.drape import drape

    body = _body("mean")
    return drape((_of(design),), body.model.body(body.betas, turns, body.detail), edge=EDGE)


# Meshes as others' programs write them --------------------------------------------------------------------------------


def _meshes() -> Iterator[tuple[str, Callable[[], Cloths]]]:
    for name, spoilt in {
        "with fins": _finned, "two-sided": _doubled, "with a lining": _lined, "unwelded": _loose,
        "in centimetres": lambda x, faces: (100.0 * x, faces), "in inches": lambda x, faces: (x / 0.0254, faces),
        "of no unit": lambda x, faces: (0.06 * x, faces),
    }.items():  # fmt: skip
        yield f"mesh {name}", lambda s=spoilt: _read(s)


def _read(spoilt: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]) -> Cloths:
    from garments.formats.mesh import load
    from garments.garment import ready_made

    (tee,) = _tee()
    x, faces = spoilt(tee.positions.astype(float), tee.cloth.faces)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tee.obj"
        lines = [f"v {a:.6f} {b:.6f} {c:.6f}" for a, b, c in x] + [f"f {a} {b} {c}" for a, b, c in faces + 1]
        path.write_text("\n".join(lines))
        return _draped(ready_made(load(path), "female"))


@cache
def _tee() -> Cloths:
    return _draped(_of("tee"))


def _finned(x: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every ninth face with a triangle that stands on one of its edges."""
    some = faces[::9]
    tips = x[some].mean(axis=1) + np.array([0.0, 0.0, 0.02])
    fins = np.column_stack([some[:, :2], len(x) + np.arange(len(some))])
    return np.concatenate([x, tips]), np.concatenate([faces, fins])


def _doubled(x: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x, np.concatenate([faces, faces[:, ::-1]])


def _lined(x: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same once more 2 mm further in, facing inwards, the two not joined."""
    from assets.mesh import vertex_normals

    inner = x - 0.002 * vertex_normals(x, faces)
    return np.concatenate([x, inner]), np.concatenate([faces, faces[:, ::-1] + len(x)])


def _loose(x: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return x[faces].reshape(-1, 3), np.arange(3 * len(faces)).reshape(-1, 3)


# Many in a row --------------------------------------------------------------------------------------------------------


def _longest_wait() -> Row:
    """A stop is noticed where progress is told."""
    from garments.drape import drape

    looked = [time.process_time()]
    worn = drape((_of("tee"),), _body("mean"), progress=lambda *_: looked.append(time.process_time()))
    looked.append(time.process_time())
    claim = f"longest time between two looks for a stop, tee of {worn[0].cloth.count:,} vertices, of {len(looked):,}"
    return row("cancel", claim, float(np.diff(looked).max()), "CPU-s", CANCEL)


def _in_a_row(count: int) -> Iterator[Row]:
    memory, objects, every = [], [], count // FEW
    for number in range(WARM):
        _another(number)
    start = time.process_time()
    for number in range(count):
        _another(WARM + number)
        memory.append(resident(os.getpid()))
        if number % every == 0:
            gc.collect()
            objects.append(len(gc.get_objects()))
    taken = (time.process_time() - start) / count
    told = f"{count:,} drapes in a row after {WARM}, {taken:.2f} CPU-s each; {memory[0]:.0f} to {memory[-1]:.0f} MB"
    yield row("leak", f"growth of memory a drape; {told}", slope(memory), "MB", LEAK if count == MANY else None)
    kept = "growth of what Python keeps a drape, objects in number"
    yield row("leak of objects", kept, slope(objects) / every, "", ONE)


def _another(number: int) -> None:
    """A drape like no other of the row, so that nothing kept of one serves another."""
    from garments.drape import drape

    body = _body("mean")
    betas = np.array(body.betas)
    betas[0] += 0.3 * np.sin(number)
    made = _of("tee", "SML"[number % 3], ease_bust=0.10 + 0.04 * np.sin(1.0 + number))
    drape((made,), body.model.body(betas, body.pose), edge=SMALL)


def slope(values: list[float] | list[int]) -> float:
    """By how much values grow from one to the next: the line of least squares through them."""
    return float(np.polyfit(np.arange(len(values)), values, 1)[0])


if __name__ == "__main__":
    run(__doc__, rows)
