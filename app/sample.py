"""Make the sample pictures that ship with Toile: `python -m app.sample` writes into assets/samples.

The person is synthetic: the built-in body (CC0), painted and photographed by our own renderer from the front and from
the side, as a telephone would from three metres. No real person is shown, and the measures are known to the
millimetre; the pose finder, trained on photographs, takes it for a person.
"""

import io
import json
from dataclasses import dataclass

import numpy as np

from assets.files import ROOT, write_bytes, write_text
from assets.mesh import vertex_normals
from body import poses
from body.measure import measure
from body.model import Body, BodyModel, load_model
from body.photo import trunk_widths
from render.camera import Camera
from render.headless import snapshot
from render.scene import Item, Light, Material, Scene, from_srgb

SEX, STATURE = 0.0, 1.70
WIDTH, HEIGHT = 1080, 1800
FIELD_OF_VIEW = np.radians(38.0)
DISTANCE, EYE_LEVEL, AIM = 3.3, 1.35, 0.87

SKIN = (0.84, 0.65, 0.55)
HAIR = (0.16, 0.10, 0.07)
TOP = (0.16, 0.42, 0.46)
SHORTS = (0.12, 0.14, 0.22)
LIPS = (0.70, 0.42, 0.40)
WALL = (0.78, 0.78, 0.76)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """Points of the resting head [m] that the paint is placed by."""

    eyes: np.ndarray
    nose: np.ndarray
    centre: np.ndarray
    ears: float


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


def photograph(model: BodyModel, betas: np.ndarray, pose: np.ndarray, samples: int = 64) -> np.ndarray:
    """The painted person before a plain wall, uint8 sRGB, [HEIGHT, WIDTH, 3]."""
    body, rest = model.body(betas, pose), model.body(betas)
    light = Light((-0.35, 0.75, 0.9), (0.55, 0.54, 0.52), 0.25)
    scene = Scene(tuple(_items(body, rest)), light=light, background=from_srgb(WALL), turntable=False)
    aside = -0.25 * np.sin(pose[0, 1])
    camera = Camera((-aside, EYE_LEVEL, DISTANCE), (-aside, AIM, 0.0), fov_y=float(FIELD_OF_VIEW))
    return snapshot(scene, camera, WIDTH, HEIGHT, samples)[..., :3]


def _betas(model: BodyModel) -> np.ndarray:
    """The mean woman, made STATURE tall by the shape that most changes height."""
    mean, covariance = model.prior(SEX)

    def stature(betas: np.ndarray) -> float:
        return float(np.ptp(model.body(betas, poses.STANDING).vertices[:, 1]))

    start = stature(mean)
    step = 0.2 * np.sqrt(np.diag(covariance))
    slope = np.array([(stature(mean + np.eye(len(mean))[k] * step[k]) - start) / step[k] for k in range(len(mean))])
    gain = covariance @ slope
    return (mean + gain * (STATURE - start) / (slope @ gain)).astype(np.float32)


def _items(body: Body, rest: Body) -> list[Item]:
    """Skin with clothes, hair, and eyes."""
    model = body.model
    face = _face(rest)
    normals = vertex_normals(body.vertices, model.skin_faces)
    table = np.concatenate([body.vertices, rest.vertices, normals, model.weights[:, [15]]], axis=1)
    faces = model.skin_faces
    for _ in range(2):
        table, faces = _finer(table, faces)
    vertices, places, normals, head = table[:, :3], table[:, 3:6], table[:, 6:9], table[:, 9]
    normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    skin = Material((1.0, 1.0, 1.0), roughness=0.6, specular=0.5, subsurface=(0.25, 0.12, 0.08))
    hair = Material(from_srgb(HAIR), roughness=0.5, specular=0.5)
    cover = _hair(places, face) * np.clip(2 * head - 0.6, 0, 1)
    lifted = vertices + normals * (0.001 + 0.017 * cover)[:, None]
    shown = faces[(cover[faces] > 0.01).any(axis=1)]
    return [
        Item("person", vertices, faces, skin, normals, _paint(places, rest, face, head)),
        Item("hair", lifted, shown, hair, vertex_normals(lifted, shown)),
        _eyes(body, rest, face),
    ]


def _finer(table: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every triangle in four; all columns of `table` [n, c] are halved along the edges."""
    corners = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    pairs, number = np.unique(np.sort(corners, axis=1), axis=0, return_inverse=True)
    ab, bc, ca = (number + len(table)).reshape(3, -1)
    a, b, c = faces.T
    quarters = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    table = np.concatenate([table, table[pairs].mean(axis=1)])
    return table, np.concatenate([np.stack(part, axis=1) for part in quarters]).astype(np.int32)


def _face(rest: Body) -> Face:
    joints, places = rest.joints, rest.model.landmarks
    eyes = joints[[23, 24]].astype(float)
    ear = rest.vertices[places["left_ear"]]
    nose = rest.vertices[places["nose"]].astype(float)
    return Face(eyes, nose, np.array([0.0, eyes[0, 1] + 0.02, ear[2] + 0.015]), float(ear[1]))


def _step(value: np.ndarray, width: float) -> np.ndarray:
    """0 below, 1 above zero, smooth over `width`."""
    t = np.clip(value / width + 0.5, 0, 1)
    return t * t * (3 - 2 * t)


def _hair(places: np.ndarray, face: Face) -> np.ndarray:
    """How much of the head's skin is under hair, 0..1, by the angle from the face; shape [n]."""
    away = places - face.centre
    away = away / np.linalg.norm(away, axis=1, keepdims=True)
    forward = away @ (0.0, -0.33, 0.944)
    return _step(0.45 - 0.40 * np.abs(away[:, 0]) - forward, 0.4) * _step(places[:, 1] - face.ears + 0.055, 0.05)


def _paint(places: np.ndarray, rest: Body, face: Face, head: np.ndarray) -> np.ndarray:
    """Linear RGB of skin, lips, brows and tight sports clothes at the resting `places` [n, 3]."""
    mark = {name: rest.vertices[vertex] for name, vertex in rest.model.landmarks.items()}
    x, y, z = np.abs(places[:, 0]), places[:, 1], places[:, 2]
    colours = np.tile(from_srgb(SKIN), (len(places), 1))

    def cover(colour: tuple[float, float, float], amount: np.ndarray) -> None:
        colours[:] += amount[:, None] * (np.array(from_srgb(colour)) - colours)

    front = z > mark["left_acromion"][2] + 0.03
    throat = mark["suprasternale"][1] + np.where(front, 0.01, 0.05)
    neckline = np.hypot(x / 0.095, (y - throat) / np.where(front, 0.10, 0.07)) - 1
    armhole = mark["left_acromion"][0] - 0.03 + 3 * np.maximum(mark["left_armpit"][1] + 0.04 - y, 0) - x
    waist, hem = mark["left_iliac_crest"][1], mark["crotch"][1] - 0.09
    trunk = (1 - _step(head - 0.05, 0.05)) * (y < throat + 0.12)
    cover(SHORTS, _step(waist + 0.01 - y, 0.012) * _step(y - hem, 0.012))
    cover(TOP, trunk * _step(neckline, 0.11) * _step(armhole, 0.011) * _step(y - waist, 0.012))

    cover(HAIR, _step(_hair(places, face) * head - 0.06, 0.1))
    across = x - face.eyes[0, 0]
    arch = y - (face.eyes[0, 1] + 0.021 - 4.0 * (across - 0.006) ** 2)
    cover(HAIR, 0.8 * _step(0.0035 - np.abs(arch), 0.002) * _step(0.021 - np.abs(across), 0.008) * (z > face.centre[2]))
    mouth = np.hypot(x / 0.024, (y - face.nose[1] + 0.034) / (0.0085 + 0.0015 * np.cos(x / 0.008)))
    cover(LIPS, 0.75 * _step(1 - mouth, 0.25) * (z > face.nose[2] - 0.05))
    return colours


def _eyes(body: Body, rest: Body, face: Face) -> Item:
    """White eyes with a brown iris and a dark pupil."""
    faces = body.model.faces[len(body.model.skin_faces) :]
    table = np.concatenate([body.vertices, rest.vertices], axis=1)
    for _ in range(2):
        table, faces = _finer(table, faces)
    near = np.linalg.norm(table[:, None, 3:] - face.eyes, axis=2)
    side = near.argmin(axis=1)
    out = table[:, 3:] - face.eyes[side]
    angle = np.degrees(np.arccos(np.clip(out[:, 2] / np.linalg.norm(out, axis=1), -1, 1)))
    white, iris, pupil = (np.array(from_srgb(c)) for c in ((0.9, 0.89, 0.87), (0.28, 0.18, 0.12), (0.02, 0.02, 0.02)))
    colours = white + _step(29 - angle, 3)[:, None] * (iris - white)
    colours = colours + _step(12 - angle, 3)[:, None] * (pupil - colours)
    used, local = np.unique(faces, return_inverse=True)
    shine = Material((1.0, 1.0, 1.0), roughness=0.15)
    return Item("eyes", table[used, :3], local.reshape(-1, 3), shine, colours=colours[used])


def _jpeg(pixels: np.ndarray) -> bytes:
    """Compressed, with the focal length that belongs to the field of view (EXIF, 35 mm equivalent by the diagonal)."""
    import PIL.Image

    notes = PIL.Image.Exif()
    focal = 0.5 / np.tan(FIELD_OF_VIEW / 2) * HEIGHT / np.hypot(WIDTH, HEIGHT) * 43.27
    notes.get_ifd(0x8769)[0xA405] = round(focal)
    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "jpeg", quality=88, optimize=True, exif=notes)
    return stream.getvalue()


if __name__ == "__main__":
    main()
