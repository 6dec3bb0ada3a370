"""An engine that answers at once with a body and cut-out garments: for tests of the window alone."""

import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from app.alteration import Proposal
from app.engine import Offer
from app.incoming import Film, Followed, Seen
from app.matrix import Cell, asked
from app.movement.moving import Most, Report, Take
from app.photo.mirror import Patch
from app.photo.onphoto import OnPhoto
from app.project import AUTO, Project, Wish
from app.scenes.figure import SKIN
from app.scenes.posing import Rig
from app.scenes.tapes import Laid
from app.shop.offering import Offered, Option
from app.stage import Shown, changes
from assets.errors import InputRefused, UnsureInput
from assets.files import asset
from assets.mesh import vertex_normals
from assets.progress import Progress
from body.conflict import Misfit
from body.frame import Frame, load_picture
from body.live.follow import Instant
from body.live.track import Track
from body.measurements import MEASURES, Measurement, Measurements
from body.pose import LEFT_ELBOW, RIGHT_ELBOW
from body.poses import RELAXED
from body.posing.retarget import our_places
from body.scan import Scan
from body.stance import Pinhole
from garments.altering import Altered, Change
from garments.atlas import BY_NAME
from garments.designs import title_of
from garments.fit import Fit, RegionFit
from garments.imported.readymade import ReadyMade, nest_of
from garments.maps import Mapped
from garments.reasons import Share
from garments.recommend.newcomer import Choice, Question
from garments.recommend.suggest import Reason, Taste
from garments.sizing import Advice, SizeScore
from render.camera import Camera
from render.scene import Item, Material, Scene, from_srgb

BANDS = {"tee": (0.56, 0.84), "skirt": (0.36, 0.60)}
TALLEST_FAKE = 2.05
FRAMES = 25
TURN = 2 * np.pi / 4  # [rad / s]
steps = 4


@dataclass(frozen=True, slots=True)
class Certificate:
    """As garments.drape's, of a drape that never was."""

    vertices_inside: int = 0
    faces_inside: int = 0
    deepest: float = 0.0
    residual: float = 1e-4
    strain_p99: float = 0.06
    strain_max: float = 0.11
    limit: float = 0.25
    seam_gap_max: float = 0.0
    holds: bool = True
    reasons: tuple[str, ...] = ()


def figure(project: Project, progress: Progress) -> Shown:
    return wear(replace(project, wishes=()), progress)


def wear(project: Project, progress: Progress) -> Shown:
    """A standing person of the asked height; a height over TALLEST_FAKE is refused."""
    told = project.evidence
    if told.height is not None and told.height > TALLEST_FAKE:
        raise InputRefused("a height of 206 cm cannot be: write the height of a person")
    for k in range(steps):
        progress(k / steps, "draping the fake")
        time.sleep(0.05)
    body, faces = _body(told.height or 1.7)
    sizes = tuple("M" if wish.size == AUTO else wish.size for wish in project.wishes)
    worn = tuple(zip(project.wishes, sizes, strict=True))
    return Shown(
        look=_look(project, body, faces),
        bare=Item("body", body, faces, SKIN),
        maps=tuple(_maps(k, wish.design, size, body, faces) for k, (wish, size) in enumerate(worn)),
        sizes=sizes,
        fits=tuple(_fit(wish.design, size) for wish, size in zip(project.wishes, sizes, strict=True)),
        advice=tuple(_advice(wish.design) for wish in project.wishes),
        certificates=tuple(Certificate() for _ in project.wishes),
        measurements=_measurements(project),
        notes=("arms are estimated from statistics",),
        holds=True,
        failures=(),
        tapes=tuple(_tape(name, body) for name in ("stature", "waist_girth", "hip_girth")),
        rig=_rig(),
        skin=Item("skin", body, faces),
        misfits=tuple(
            Misfit(name, 0.1, "a hip girth of 140 cm does not fit") if value > 1.3 else Misfit(name, 0.0)
            for name, value in {"stature": 0.0, **told.tapes}.items()
        ),
    )


def offers(project: Project, progress: Progress) -> tuple[Offer, ...]:
    return (
        Offer("tee", "T-shirt", "Grey interlock", "M", 0.72, True),
        Offer("skirt", "Skirt", "Black denim", "L", 0.55, True),
    )


def suggestions(project: Project, path: str, taste: Taste, progress: Progress) -> Offered:
    """Two garments, one after the other, with what a newcomer is asked."""
    said = tuple(Reason("answered", 0.4, f"as you said: {value}") for _, value in taste.answers)
    found = (
        Option(f"{name} one", {"en": f"{name} one", "zh": ""}, Wish(name), _advice(name), "M", 0.72, "24.00 EUR", said)
        for name in BANDS if f"{name} one" not in (*taste.shown, *taste.worn)
    )  # fmt: skip
    return Offered(
        tuple(found), ("not enough data: nobody's history is known, so fit and content alone are asked",), _asked()
    )


def _asked() -> tuple[Question, ...]:
    """What a newcomer is asked."""
    choices = (Choice("warm", "red to yellow", "红橙黄"), Choice("cool", "green to blue", "绿与蓝"))
    return (Question("colour", "Which colours?", "喜欢什么颜色？", choices, 1.0),)


def on_offer(
    project: Project, path: str, only: tuple[str, ...], likes: str, taste: Taste, progress: Progress
) -> Offered:
    """Those that the fake can put on and that were not tried; a catalogue that is gone is refused."""
    if path and not Path(path).exists():
        raise InputRefused(f"there is no catalogue {path}")
    found = (
        Option(name, {}, Wish(name), _advice(name), "M", 0.72, "", tuple(_reasons(taste)))
        for name in only or tuple(BANDS)
        if name not in taste.worn
    )
    return Offered(tuple(found), questions=_asked())


def _reasons(taste: Taste) -> Iterator[Reason]:
    yield Reason("fit", 0.2, "M is 72 % sure to be right")
    for _, value in taste.answers:
        yield Reason("answered", 0.4, f"as you said: {value}")
    for id in taste.worn:
        yield Reason("goes with", 0.1, f"goes with {id}", id)


def soon(project: Project, progress: Progress) -> Shown:
    return wear(project, progress)


def warm(catalogue: str, only: tuple[str, ...], progress: Progress) -> None:
    """Nothing to warm."""


def alter(project: Project, number: int, language: str, progress: Progress) -> Proposal:
    """A waist that is let out by 2 cm, wherever it fits or not."""
    wish = project.wishes[number]
    wishes = tuple(replace(w, size="M", alterations={"ease_waist": 0.02}) if w is wish else w for w in project.wishes)
    picture = np.full((520, 320, 4), 200, np.uint8)
    fit = _fit(wish.design, "M")
    return Proposal(
        number, f"{title_of(wish.design)} M", ("waist 2.1 cm too tight",),
        (Change("waist", 0.02, (("side", 4, 0.02),)),),
        (Altered("ease_waist", 0.05, 0.07, "m", 1.0, "ease at the waist"),), fit, fit, True, (picture, picture), wishes,
    )  # fmt: skip


def cells(project: Project, number: int, people: int | str | None, progress: Progress) -> tuple[Cell, ...]:
    wish = project.wishes[number]
    if people is None:
        return tuple(Cell("this person", b"", replace(wish, size=size), 0.03, 0) for size in ("S", "M", "L", "XL"))
    return tuple(Cell(f"woman {k}", b"%d" % k, wish, 0.03, 0) for k in range(int(people)))


def drape_cell(cell: Cell, progress: Progress) -> tuple[dict, bytes]:
    """L fails; XL takes the worker along; people take their time."""
    progress(0.5, "draping the fake")
    if cell.wish.size == "XL":
        os.kill(os.getpid(), 9)
    if cell.body:
        time.sleep(0.3)
    state = "failed" if cell.wish.size == "L" else "fits"
    row = {"person": cell.person, "garment": asked(cell), "state": state, "verdict": f"{state} here", "regions": []}
    picture = io.BytesIO()
    Image.new("RGB", (24, 40), "grey").save(picture, "PNG")
    return row, picture.getvalue() if state == "fits" else b""


def move(project: Project, clip: str, first: int, most: int, progress: Progress) -> Take:
    """A person who rises by a centimetre a frame."""
    if clip == "fall":
        raise InputRefused("there is no movement 'fall'")
    time.sleep(0.02)
    shown = wear(project, progress)
    numbers = range(first, min(first + most, FRAMES))
    rising = [
        tuple(
            (item.vertices + np.float32([0, 0.01 * k, 0]), vertex_normals(item.vertices, item.faces).astype(np.float16))
            for item in shown.look.items
        )
        for k in numbers
    ]
    report = None
    if numbers.stop == FRAMES and shown.maps:
        worn = shown.maps[0]
        origin, times = np.arange(len(worn.vertices)), np.full(len(worn.faces), 0.5)
        most = Most(worn, origin, times, 15, 3, "T-shirt M: at 0.5 s, back, chest: 12 % of 15 %")
        report = Report(True, (most,))
    return Take(str(clip), FRAMES, 30.0, first, shown.look.items if first == 0 else (), tuple(rising), report)


def save_movement(project: Project, clip: str, path: str, progress: Progress) -> str:
    Path(path).write_text(clip)
    return path


def compare(before: tuple[Mapped, ...], after: tuple[Mapped, ...], progress: Progress) -> tuple[Mapped, ...]:
    return changes(before, after)


def scan(path: str, progress: Progress) -> Scan:
    if "nobody" in path:
        raise InputRefused("cannot read nobody.ply: the scan is damaged")
    return Scan(np.eye(3), name=Path(path).name)


def garment(path: str, unit: str | None, up: str | None, to_body: bool, progress: Progress) -> ReadyMade:
    if "noise" in path:
        raise InputRefused("cannot read noise.obj: the mesh is damaged")
    if not (unit or to_body):
        raise UnsureInput("polo.obj could be in cm or in: say its unit, or scale it to the body")
    corners = np.array([[0.0, 1.0, 0.0], [0.2, 1.0, 0.0], [0.0, 1.2, 0.0]])
    return ReadyMade(Path(path).stem, corners, [[0, 1, 2]], corners[None, :, :2], [0], True, (f"It is in {unit}.",))


def resewn(sewn: str, name: str, progress: Progress) -> ReadyMade:
    """One triangle a panel stands for it."""
    areas = [panel.area for panel in nest_of(sewn, name).pattern.panels]
    corners = np.concatenate([2.0 * area**0.5 * np.eye(3) for area in areas])
    faces = np.arange(3 * len(areas)).reshape(-1, 3)
    return ReadyMade(name, corners, faces, corners[faces][:, :, :2], np.arange(len(areas)), True, sewn=sewn)


def see(path: str, progress: Progress) -> Seen:
    if "nobody" in path:
        raise InputRefused("nobody can be seen in nobody.png: take one person, standing, from head to feet")
    return Seen(load_picture(Path(path)), 1, ("the middle",))


def follow(
    frame: Frame, zoom: float, show: int, stature: float | None, betas: np.ndarray | None = None, *, progress: Progress
) -> Followed:
    """Nobody in a black picture; else somebody who turns by TURN a second and was there all the time."""
    if frame.pixels.max() == 0:
        return Followed(None, "step into the picture, from head to feet")
    points = np.zeros((33, 4))
    points[:, :2], points[:, 3] = np.linspace(0.2, 0.8, 33)[:, None] * (frame.width, frame.height), 1
    world = np.zeros((33, 3))
    world[[LEFT_ELBOW, RIGHT_ELBOW]] = [[0.3, 0, 0], [-0.3, 0, 0]]
    box = (frame.width // 4, 1, 3 * frame.width // 4, frame.height - 1)
    lens = Pinhole(100.0, (frame.width / 2, frame.height / 2), np.eye(3), np.zeros(3))
    yaw = (TURN * frame.time + np.pi) % (2 * np.pi) - np.pi
    motion = Instant(lens, np.zeros((55, 3)), yaw, np.zeros(3), 1.0)
    return Followed(Track(frame.time, show, points, world, points[:5, :2], box, motion, "", True, True, 0.1, 1.0), "")


def alone(frame: Frame, progress: Progress) -> bool:
    """Two people stand in a white picture."""
    return frame.pixels.min() < 255


def ready(project: Project, progress: Progress) -> None:
    progress(0.4, "draping the fake")
    time.sleep(0.1)


def reflect(number: int, project: Project, frame: Frame, track: Track, progress: Progress) -> None:
    """Nothing is to be made ready."""


def mirrored(number: int, motions: tuple[Instant, ...], size: tuple[int, int], progress: Progress) -> tuple:
    """A blue square each."""
    return tuple(Patch(np.full((8, 8, 4), (20, 40, 200, 255), np.uint8), 0.4, 0.4, 0.2, 0.2) for _ in motions)


def film(path: str, stature: float | None, progress: Progress) -> Film:
    """Three moments of two sides."""
    if "nobody" in path:
        raise InputRefused("nobody.mp4: step into the picture, from head to feet")
    moments = (Frame(np.full((90, 60, 3), 40 * k, np.uint8), 0.1 * k, "film", burst=f"side {k // 2}") for k in range(3))
    return Film(tuple(moments), ("film.mp4: the person is seen from 2 of 8 sides; a whole turn tells more",))


def save_part(project: Project, path: str, progress: Progress) -> str:
    Path(path).write_text("part")
    return path


def save_view(
    project: Project, path: str, eye: Camera, size: tuple[int, int], transparent: bool, language: str,
    progress: Progress,
) -> str:  # fmt: skip
    """Leaves what was asked for."""
    Path(path).write_text(f"{eye.azimuth};{max(size)};{transparent}")
    return path


def export(project: Project, folder: str, progress: Progress) -> str:
    progress(0.5, "writing the fake")
    (Path(folder) / "front.png").write_bytes(b"picture")
    return folder


def _body(height: float) -> tuple[np.ndarray, np.ndarray]:
    with np.load(asset("bodies", "toile.npz"), allow_pickle=False) as data:
        vertices, faces = data["v_template"].astype(float), data[next(k for k in ("faces", "f") if k in data)]
    vertices -= [0.0, vertices[:, 1].min(), 0.0]
    return (vertices * height / vertices[:, 1].max()).astype(np.float32), faces.astype(np.int32)


def _rig() -> Rig:
    """The mean person, whose joints can be dragged."""
    rest = our_places().astype(np.float32)
    return Rig(np.zeros(1, np.float32), None, rest, np.asarray(RELAXED), float(-_mean()[:, 1].min()))


def _mean() -> np.ndarray:
    with np.load(asset("bodies", "toile.npz"), allow_pickle=False) as data:
        return data["v_template"]


def _look(project: Project, body: np.ndarray, faces: np.ndarray) -> Scene:
    items = [Item("body", body, faces, SKIN)]
    for k, wish in enumerate(project.wishes):
        cloth, inside, _ = _cut_out(k, wish.design, body, faces)
        code = wish.colour or "#2F6468"
        colour = from_srgb([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        items.append(Item(wish.design, cloth, inside, Material(colour, double_sided=True)))
    return Scene(tuple(items))


def _cut_out(k: int, design: str, body: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices and faces of a garment, and how high each vertex is in it, 0..1."""
    low, high = (share * body[:, 1].max() for share in BANDS[design])
    inside = ((body[faces, 1] > low) & (body[faces, 1] < high)).all(axis=1)
    cloth = body + vertex_normals(body, faces) * (0.012 + 0.004 * k)
    return cloth, faces[inside], np.clip((cloth[:, 1] - low) / (high - low), 0, 1)


def _maps(k: int, design: str, size: str, body: np.ndarray, faces: np.ndarray) -> Mapped:
    """Maps that grow upwards, on one panel; a smaller size is stretched more."""
    cloth, inside, share = _cut_out(k, design, body, faces)
    share = (share * (1.5 if size == "S" else 1.0)).astype(np.float32)
    return Mapped(
        garment=f"{title_of(design)} {size}",
        design=design,
        fabric="Grey interlock",
        vertices=cloth,
        normals=vertex_normals(cloth, inside),
        faces=inside,
        flat=cloth[:, :2],
        panel=np.zeros(len(inside), np.int32),
        panels=("front",),
        runs={},
        values={name: share * (0.5 * told.most) for name, told in BY_NAME.items()},
        directions={name: np.tile(np.float32([-1, 0]), (len(cloth), 1)) for name in ("strain", "stress")},
        limits={name: 0.8 * BY_NAME[name].most for name in BY_NAME if BY_NAME[name].limited},
    )


def _tape(name: str, body: np.ndarray) -> Laid:
    """A level ring at some height."""
    turn, tall = np.linspace(0, 2 * np.pi, 40), body[:, 1].max()
    level = {"stature": 1.0, "waist_girth": 0.62, "hip_girth": 0.5}[name] * tall
    return Laid(name, (np.stack([0.3 * np.sin(turn), level + 0 * turn, 0.3 * np.cos(turn)], axis=1),))


def _fit(design: str, size: str) -> Fit:
    ease = 0.14 if size == "XL" else 0.06
    regions = (
        RegionFit("bust", 0.92, 0.92 + ease, ease, 0.016, 0.08, 0.03, f"fits, {100 * ease:.1f} cm ease"),
        RegionFit("waist", 0.81, 0.79, -0.02, 0.02, 0.04, 0.09, "2.1 cm too tight"),
    )
    return Fit(f"{title_of(design)} {size}", regions, "waist 2.1 cm too tight")


def _advice(design: str) -> Advice:
    shares = {"XS": 0.0, "S": 0.01, "M": 0.72, "L": 0.26, "XL": 0.01, "XXL": 0.0}
    scores = tuple(
        SizeScore(
            size, share, "bust fits, waist fits", shares=(Share("waist", abs(k - 2.0), "waist_girth", 0.04 * k, 0.08),)
        )
        for k, (size, share) in enumerate(shares.items())
    )
    reasons = ("bust: body 92.0 ± 1.6 cm (statistics), garment 98.0 cm, ease 6.0 cm; M is cut for 92 cm",)
    return Advice(design, "female", "M", scores, reasons, suits=True)


def _measurements(project: Project) -> Measurements:
    scale = (project.evidence.height or 1.7) / 1.7
    found = []
    for name, measure in MEASURES.items():
        value = (0.75 * measure.low + 0.25 * measure.high) * scale
        found.append(Measurement(name, value, 0.016, "statistics"))
    return Measurements(tuple(found))


def on_photo(project: Project, progress: Progress) -> tuple[OnPhoto, ...]:
    """Each photo with a square of cloth on it, and old clothes beside."""
    found = []
    for photo in project.evidence.photos:
        pixels, cover, left = (
            photo.pixels.copy(),
            np.zeros(photo.pixels.shape[:2]),
            np.zeros(photo.pixels.shape[:2], bool),
        )
        middle = np.s_[photo.height // 3 : photo.height // 2, photo.width // 3 : 2 * photo.width // 3]
        pixels[middle], cover[middle] = (30, 40, 120), 1.0
        left[photo.height // 2 : 2 * photo.height // 3] = True
        found.append(OnPhoto(pixels, cover, left, (f"{photo.name}: what is worn shows beside the new garment",)))
    return tuple(found)
