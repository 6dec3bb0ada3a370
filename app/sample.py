"""Make the sample pictures that ship with Toile: `python -m app.sample` writes into assets/samples.

The person is synthetic: the built-in body (CC0), painted and photographed by our own renderer from the front and from
the side, as a telephone would from three metres. No real person is shown, and the measures are known to the
millimetre; the pose finder, trained on photographs, takes it for a person.
"""

import io
import json
from dataclasses import replace

import numpy as np

from app.scenes.figure import figure
from assets.files import ROOT, write_bytes, write_text
from body import poses
from body.conflict import known
from body.estimate import Evidence, check_numbers, likely_shape
from body.measure import measure
from body.model import BodyModel, load_model
from body.photo import trunk_widths
from body.population import population
from render.camera import Camera
from render.headless import snapshot
from render.scene import Light, Material, Scene, from_srgb

SEX, STATURE, MASS = 0.0, 1.70, 66.0
WIDTH, HEIGHT = 1080, 1800
FIELD_OF_VIEW = np.radians(38.0)
FOCAL = 0.5 * HEIGHT / np.tan(FIELD_OF_VIEW / 2)  # pixels
DISTANCE, EYE_LEVEL, AIM = 3.3, 1.35, 0.87

CLOTHES = (0.16, 0.42, 0.46)
WALL = (0.78, 0.78, 0.76)


def main() -> None:
    """Write front.jpg, side.jpg and sample.json."""
    model = load_model()
    betas = _betas(model)
    folder = ROOT / "samples"
    for name, turn in (("front", 0.0), ("side", -90.0)):
        picture = photograph(model, betas, pose(np.radians(turn)))
        write_bytes(folder / f"{name}.jpg", _jpeg(picture))
    body = model.body(betas, poses.STANDING)
    record = {
        "schema": "toile/sample/1",
        "what": "a synthetic person: the built-in body, painted and rendered by app/sample.py; nobody real is shown",
        "licence": "CC0-1.0",
        "sex": SEX,
        "measurements": {name: round(item.value, 4) for name, item in measure(body).items()},
        "trunk": _trunk(model, betas),
    }
    write_text(folder / "sample.json", json.dumps(record, indent=1) + "\n")


def _trunk(model: BodyModel, betas: np.ndarray) -> dict[str, list[float]]:
    """Widths from the front and depths from the side [m] as the pictures show them, by height above the floor [m]."""
    import torch

    shape = torch.tensor(betas)[None]
    levels = np.arange(0.70, 1.35, 0.01)
    views = {"front": (0.0, (1.0, 0.0, 0.0)), "side": (np.radians(-90.0), (0.0, 0.0, 1.0))}
    found: dict[str, list[float]] = {"levels": [round(float(level), 3) for level in levels]}
    for name, (turn, direction) in views.items():
        still = pose(turn)
        still[0] = 0
        widths = trunk_widths(model, shape, still, np.array(direction), levels)[0]
        found[name] = [round(float(width), 4) for width in widths]
    return found


def pose(turn: float) -> np.ndarray:
    """Turned about the vertical by `turn` [rad]: arms away from the trunk for the front, stretched forward sideways."""
    sideways = abs(turn) > np.radians(45)
    turned = np.array(poses.from_degrees({"shoulder": (0, -78, 0), "elbow": (0, -8, 0)}) if sideways else poses.RELAXED)
    turned[0] = (0.0, turn, 0.0)
    return turned


def photograph(
    model: BodyModel,
    betas: np.ndarray,
    pose: np.ndarray,
    samples: int = 64,
    distance: float = DISTANCE,
    eye: float = EYE_LEVEL,
) -> np.ndarray:
    """The painted person before a plain wall, from a camera so far away and so high [m], uint8 sRGB,
    [HEIGHT, WIDTH, 3]."""
    dressed = Material(from_srgb(CLOTHES), roughness=0.9)
    items = [
        replace(item, material=dressed) if item.name in ("briefs", "band") else item
        for item in figure(model.body(betas, pose))
    ]
    light = Light((-0.35, 0.75, 0.9), (0.55, 0.54, 0.52), 0.25)
    scene = Scene(tuple(items), light=light, background=from_srgb(WALL), turntable=False)
    aside = -0.25 * np.sin(pose[0, 1])
    camera = Camera((-aside, eye, distance), (-aside, AIM, 0.0), fov_y=float(FIELD_OF_VIEW))
    return snapshot(scene, camera, WIDTH, HEIGHT, samples)[..., :3]


def _betas(model: BodyModel) -> np.ndarray:
    """The likely woman of that height and weight."""
    tapes = check_numbers(Evidence(STATURE, MASS, SEX))
    return likely_shape(model, tapes, population().posterior(known(tapes), SEX)).betas.astype(np.float32)


def _jpeg(pixels: np.ndarray) -> bytes:
    """Compressed, with the focal length that belongs to the field of view (EXIF, 35 mm equivalent by the diagonal)."""
    import PIL.Image

    notes = PIL.Image.Exif()
    notes.get_ifd(0x8769)[0xA405] = round(FOCAL / np.hypot(WIDTH, HEIGHT) * 43.27)
    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "jpeg", quality=88, optimize=True, exif=notes)
    return stream.getvalue()


if __name__ == "__main__":
    main()
