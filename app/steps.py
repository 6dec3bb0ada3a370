"""What one command leaves for the next: body.npz (a fitted body) and drape.npz (a dressed one).

Plain arrays and one JSON text, read with allow_pickle=False and checked, since a file may come from anywhere.
A drape is kept as positions and maps; its garments are drafted anew from their names, and must then have as many
vertices. A garment that came as a mesh is kept with it.
"""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assets.errors import InputRefused
from assets.units import colour_code

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from body.estimate import Estimate
    from body.model import Body
    from garments.drape import Drape
    from garments.garment import Cut
    from garments.imported.readymade import ReadyMade

LARGEST = 64_000_000
MAPS = ("positions", "strain", "tension", "pressure")
MADE = ("vertices", "faces", "flat", "panel")


def save_estimate(estimate: "Estimate", path: Path) -> None:
    """Write body.npz."""
    _save(path, _estimate_text(estimate), _estimate_arrays(estimate))


def load_estimate(path: Path, model: Path | None = None) -> "Estimate":
    """Read body.npz, on the built-in body or on `model`. Raises InputRefused for anything else."""
    return _estimate(str(path), *_load(path, "body"), model)


def packed_estimate(estimate: "Estimate") -> bytes:
    """What body.npz holds."""
    return _bytes(_estimate_text(estimate), _estimate_arrays(estimate))


def unpacked_estimate(data: bytes) -> "Estimate":
    """A body from what body.npz holds. Raises InputRefused for anything else."""
    return _estimate("body.npz", *_read("body.npz", data, "body"), None)


def save_try_on(result: "TryOn", path: Path) -> None:
    """Write drape.npz."""
    from garments.colours.colourway import plain
    from garments.imported.readymade import ReadyMade

    text = {**_estimate_text(result.estimate), "kind": "drape", "garments": []}
    arrays = _estimate_arrays(result.estimate)
    pictures: list[np.ndarray] = []
    for k, drape in enumerate(result.drapes):
        garment = drape.garment
        text["garments"].append(
            {
                **_cut_text(garment.cut),
                "fabric": garment.fabric.written,
                "colour": garment.colour,
                "colourway": plain(garment.colourway, pictures),
                "edge": drape.edge,
                "certificate": drape.certificate.plain(),
                "held": garment.held.plain(),
            }
        )
        arrays |= {f"{name}_{k}": getattr(drape, name) for name in MAPS}
        if isinstance(garment.pattern, ReadyMade):
            made = garment.pattern
            text["garments"][-1]["made"] = {"cut": made.cut, "notes": list(made.notes), "arms": made.arms}
            arrays |= {f"made_{name}_{k}": np.asarray(getattr(made, name), float) for name in MADE}
    arrays |= {f"print_{k}": picture for k, picture in enumerate(pictures)}
    _save(path, text, arrays)


def load_try_on(path: Path) -> "TryOn":
    """Read drape.npz. Raises InputRefused for anything else, or for garments that are now cut otherwise."""
    from app.pipeline import TryOn, advised
    from app.project import Wish
    from body.yielding import yielding
    from garments.fit import fit
    from garments.imported.readymade import ReadyMade
    from garments.sizing import confirm

    text, arrays = _load(path, "drape")
    estimate = _estimate(str(path), text, arrays, None)
    try:
        body = yielding(estimate.body)
        drapes = tuple(_drape(body, told, arrays, k) for k, told in enumerate(text["garments"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputRefused(f"{path} does not match Toile's garments any more: drape again ({error})") from error
    fits = tuple(fit(drape, estimate.measurements) for drape in drapes)
    garments = tuple(drape.garment for drape in drapes)
    wishes = tuple(
        Wish(
            g.design, g.size, g.fabric.written, colour_code(g.colour),
            g.pattern if isinstance(g.pattern, ReadyMade) else None, g.cut.chart, g.cut.options, g.cut.alterations,
            g.colourway, held=g.held,
        )
        for g in garments
    )  # fmt: skip
    told = (advised(wish, estimate) for wish in wishes)
    advice = tuple(confirm(*each) for each in zip(told, drapes, fits, strict=True))
    return TryOn(estimate, wishes, garments, drapes, fits, advice)


def _estimate_text(estimate: "Estimate") -> dict[str, Any]:
    told = [[m.name, m.value, m.sd, m.source] for m in estimate.measurements.values()]
    return {
        "schema": "toile.step/1",
        "kind": "body",
        "sex": estimate.sex,
        "measurements": told,
        "notes": list(estimate.notes),
        "misfits": [[misfit.name, misfit.left, misfit.sentence] for misfit in estimate.misfits],
    }


def _estimate_arrays(estimate: "Estimate") -> dict[str, np.ndarray]:
    body = estimate.body
    detail = {} if body.detail is None else {"detail": body.detail}
    return {"betas": body.betas, "pose": body.pose, **detail}


def _estimate(path: str, text: dict, arrays: dict[str, np.ndarray], model: Path | None) -> "Estimate":
    from body.conflict import Misfit
    from body.estimate import Estimate
    from body.measurements import Measurement, Measurements
    from body.model import load_model

    try:
        told = [Measurement(name, float(value), float(sd), source) for name, value, sd, source in text["measurements"]]
        sex, notes = float(text["sex"]), tuple(str(note) for note in text["notes"])
        left = tuple(Misfit(str(name), float(left), str(words)) for name, left, words in text["misfits"])
        body = load_model(model).body(arrays["betas"], arrays["pose"], arrays.get("detail"))
    except (KeyError, TypeError, ValueError) as error:
        raise InputRefused(f"{path} is not a body that Toile wrote ({error})") from error
    return Estimate(body=body, measurements=Measurements(tuple(told)), notes=notes, sex=sex, misfits=left)


def _drape(body: "Body", told: dict, arrays: dict[str, np.ndarray], k: int) -> "Drape":
    from garments.cloth import mesh
    from garments.colours.colourway import from_plain
    from garments.drape import Certificate, Drape
    from garments.garment import ready_made, sewn
    from garments.pinning import Held

    pictures = [arrays[name] for name in sorted(arrays, key=lambda name: (len(name), name)) if name[:6] == "print_"]
    way = from_plain(told["colourway"], pictures)
    if "made" in told:
        made = ready_made(_ready(told, arrays, k), told["chart"], told["fabric"], tuple(told["colour"]), way)
    else:
        made = sewn(_cut(told), told["fabric"], tuple(told["colour"]), way)
    made = replace(made, held=Held.from_plain(told.get("held", [[], []])))
    cloth = mesh(made, float(told["edge"]))
    maps = {name: arrays[f"{name}_{k}"] for name in MAPS}
    if maps["positions"].shape != (len(cloth.mass), 3) or len(maps["strain"]) != len(cloth.faces):
        raise ValueError("other vertices")
    certificate = Certificate.from_plain(told["certificate"])
    return Drape(garment=made, cloth=cloth, body=body, edge=told["edge"], certificate=certificate, **maps)


def _cut_text(cut: "Cut") -> dict[str, Any]:
    wearer = None if cut.wearer is None else dict(cut.wearer)
    changed = {"options": dict(cut.options), "alterations": dict(cut.alterations)}
    return {"design": cut.design, "size": cut.size, "chart": cut.chart, "wearer": wearer, **changed}


def _cut(told: dict) -> "Cut":
    """How a garment was cut. Raises KeyError, TypeError or ValueError for what is no such thing."""
    from garments.garment import Cut

    options, wearer, alterations = (
        None if told[key] is None else {str(name): float(value) for name, value in told[key].items()}
        for key in ("options", "wearer", "alterations")
    )
    size, chart = str(told["size"]), str(told["chart"])
    return Cut(str(told["design"]), size, chart, options or {}, wearer, alterations or {})


def _ready(told: dict, arrays: dict[str, np.ndarray], k: int) -> "ReadyMade":
    """A garment that came as a mesh. Raises KeyError or ValueError when it is not whole."""
    from garments.imported.readymade import ReadyMade

    vertices, faces, flat, panel = (arrays[f"made_{name}_{k}"] for name in MADE)
    cut, notes = bool(told["made"]["cut"]), tuple(str(note) for note in told["made"]["notes"])
    arms = None if told["made"].get("arms") is None else float(told["made"]["arms"])
    return ReadyMade(str(told["design"]), vertices, faces, flat, panel, cut, notes, arms).checked()


def _save(path: Path, text: dict, arrays: dict[str, np.ndarray]) -> None:
    path.write_bytes(_bytes(text, arrays))


def _bytes(text: dict, arrays: dict[str, np.ndarray]) -> bytes:
    stream = io.BytesIO()
    written = json.dumps(text, ensure_ascii=False, allow_nan=False).encode()
    np.savez(stream, text=np.frombuffer(written, np.uint8), **arrays)
    return stream.getvalue()


def _load(path: Path, kind: str) -> tuple[dict, dict[str, np.ndarray]]:
    try:
        if path.stat().st_size > LARGEST:
            raise InputRefused(f"{path} is not a {kind}.npz that Toile wrote: it is too large")
        return _read(str(path), path.read_bytes(), kind)
    except OSError as error:
        raise InputRefused(f"cannot read {path}: {error.strerror or error}") from error


def _read(name: str, data: bytes, kind: str) -> tuple[dict, dict[str, np.ndarray]]:
    """Text and arrays of a file of a kind, called by its name. Raises InputRefused."""
    refused = f"{name} is not a {kind}.npz that Toile wrote"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST:
                raise InputRefused(f"{refused}: it unpacks to too much")
        with np.load(io.BytesIO(data), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        text = json.loads(arrays.pop("text").tobytes())
    except (ValueError, KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise InputRefused(refused) from error
    if not isinstance(text, dict) or text.get("schema") != "toile.step/1" or text.get("kind") != kind:
        raise InputRefused(refused)
    if not all(array.dtype.kind in "fu" and np.isfinite(array).all() for array in arrays.values()):
        raise InputRefused(f"{refused}: numbers in it are not finite")
    return text, arrays
