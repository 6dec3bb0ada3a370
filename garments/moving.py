"""Garments on a body that moves: the cloth swings with real time and mass, and nothing passes through.

Between two poses the skin is moved in so many small parts that no part outruns what contact can see; each is one step
of implicit Euler of its own share of the time (garments/solvers/implicit.py). Friction holds to the skin that moves, so
anchors ride on their triangles. The body is to be one that yields to itself (body/yielding.py): between two skins that
touch there is no room for cloth. What comes out is kept as positions and strains only: forces of a moving garment are
not at rest, and no certificate claims so; what can be claimed of every frame is counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from assets.mesh import frozen
from assets.progress import Progress, silent
from body.model import JOINT_NAMES
from garments.drape import sheet_of
from garments.judging import crossed

if TYPE_CHECKING:
    from assets.closest import Closest
    from body.model import Body
    from garments.cloth import Cloth
    from garments.drape import Drape
    from garments.solvers.planes import Planes
    from garments.threads import Threads

CLOSE = 0.05
"""Skin nearer to cloth than this [m] counts when the parts of a movement are made small enough."""
PART = 3.0e-3
"""How far the skin under the cloth may go in one part [m], beyond what all cloth does alike."""
FAR = 0.012
"""Cloth this much further [m] from the skin than it moves in a part need not look where the skin is."""
TOUCHING, AWAY = 4.0e-3, 0.012
"""Cloth nearer to the skin than the first [m] is sought where the skin took it, cloth further than the second not."""
MOST_PARTS = 24
CALM = 0.25
"""How much of its speed, against what all cloth does alike, the cloth loses in a second to the air [1/s times s]."""
AGAIN = 6
"""Parts more that a frame gets, its skin at rest, while cloth is still inside the body."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One moment of a garment: positions [m] [n, 3] float32, the larger strain along the threads of each face [m]
    float32; vertices and face centres inside the body, and how deep [m]; edges through faces of the garment itself and
    of others."""

    positions: np.ndarray
    strain: np.ndarray
    inside: int
    deepest: float
    self_crossings: int
    crossings: int

    def __post_init__(self) -> None:
        for name in ("positions", "strain"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), np.float32)))


class Wearing:
    """Draped garments and the body that moves in them. Each `move` is one frame; a move that is cancelled has not
    happened."""

    def __init__(self, drapes: "Sequence[Drape]") -> None:
        from assets.closest import Surface
        from garments import creases
        from garments.solvers.implicit import Solver
        from garments.solvers.sheet import join

        self.cloths = tuple(drape.cloth for drape in drapes)
        self.bounds = np.cumsum([0] + [cloth.count for cloth in self.cloths])
        self.sheet = join([sheet_of(cloth) for cloth in self.cloths])
        body = drapes[0].body
        self.faces = body.model.skin_faces
        self.skin = np.asarray(body.vertices, np.float64)
        self.surface = Surface(self.skin, self.faces)
        self.garments = tuple(drape.garment for drape in drapes)
        pressed = creases.joined([cloth.creases for cloth in self.cloths], self.bounds[:-1])
        self.solver = Solver(self.sheet, self.surface, threads=self._held(), creases=pressed, together=True)
        self.state = self.solver.start(np.concatenate([drape.positions for drape in drapes]).astype(np.float64))

    def frames(self) -> tuple[Frame, ...]:
        """The garments as they are now."""
        from garments.solvers import membrane

        positions = self.state.positions.astype(np.float32).astype(np.float64)
        counts = crossed(positions, self.sheet, len(self.cloths))
        found = []
        for cloth, (a, b), (own, other) in zip(self.cloths, pairwise(self.bounds), counts, strict=True):
            mine = positions[a:b]
            felt = np.zeros((len(cloth.faces), 6))
            gradients, _ = membrane.rest_gradients(cloth.rest)
            membrane.strains(mine, cloth.faces, gradients, sheet_of(cloth).stretch, felt)
            distance = self._distances(mine, cloth.faces)
            found.append(
                Frame(
                    mine, felt[:, :2].max(axis=1), int((distance < 0.0).sum()), float(max(-distance.min(), 0.0)),
                    int(own), int(other),
                )
            )  # fmt: skip
        return tuple(found)

    def move(self, body: "Body", time: float, progress: Progress = silent) -> None:
        """The body takes another pose within `time` [s]. `progress` is asked before each Newton iteration and may
        raise Cancelled."""
        target = np.asarray(body.vertices, np.float64)
        kept = self.skin, self.surface, self.state
        try:
            self._go(target, time, progress)
        except BaseException:
            self.skin, self.surface, self.state = kept
            self.solver.skin.surface, self.solver.threads = self.surface, self._held()
            raise

    def rest(self, progress: Progress = silent) -> None:
        """Let the garments come to rest on the body as it stands."""
        from garments.drape import settle

        self.state = settle(self.solver, self.state.positions, progress, self.bounds)

    def _go(self, target: np.ndarray, time: float, progress: Progress) -> None:
        start = self.skin
        near = self.surface.closest(self.state.positions)
        parts = self._parts(target - start, near)
        tick = partial(progress, 0.0, "moving")
        for part in range(1, parts + 1):
            self._step(start + (part / parts) * (target - start), time / parts, near, tick)
        for _ in range(AGAIN):
            distance = self._distances(self.state.positions, self.sheet.faces)
            if (distance >= 0.0).all():
                break
            self._step(target, time / parts, near, tick, still=True)

    def _parts(self, moved: np.ndarray, near: "Closest") -> int:
        """In how many parts skin that is moved by [m] [n, 3] goes."""
        under = near.distance < CLOSE
        carried = _under(moved, self.faces, near)[under]
        if not len(carried):
            return 1
        furthest = float(np.linalg.norm(carried - carried.mean(axis=0), axis=1).max())
        return int(np.clip(np.ceil(furthest / PART), 1, MOST_PARTS))

    def _step(
        self, skin: np.ndarray, time: float, near: "Closest", tick: Callable[[], None], still: bool = False
    ) -> None:
        """One part: the skin goes to `skin` [m] [n, 3] within `time` [s], the cloth follows."""
        from assets.closest import Surface

        state, before = self.state, self.skin
        self.skin, self.surface = skin, Surface(skin, self.faces)
        self.solver.skin.surface, self.solver.threads = self.surface, self._held()
        ridden = _under(skin - before, self.faces, near)
        # All cloth first goes what the skin under it goes alike; the step sees only what differs from that.
        along = ridden[near.distance < CLOSE].mean(axis=0)
        own = state.velocities - along / time
        slack = float(np.linalg.norm(skin - before - along, axis=1).max())
        far = 2.0 * time * float(np.abs(own).max()) + FAR
        faces, x = self.sheet.faces, state.positions
        ahead = replace(
            state, positions=frozen(state.positions + along), anchors=frozen(state.anchors + ridden),
            velocities=np.zeros_like(own) if still else own * np.exp(-CALM * time),
            planes=known(state.planes, x, ridden, along, slack, far),
            face_planes=known(state.face_planes, x[faces].mean(axis=1), ridden[faces].mean(axis=1), along, slack, far),
        )  # fmt: skip
        # What touches the skin is sought where that took it: from within it the way would be far.
        held = np.clip((AWAY - near.distance) / (AWAY - TOUCHING), 0.0, 1.0)[:, None]
        guess = ahead.positions + held * (ridden - along)
        after = self.solver.step(ahead, time, iterations=2, tick=tick, guess=guess)
        self.state = replace(after, velocities=frozen((after.positions - state.positions) / time))

    def _held(self) -> "Threads":
        """What holds the garments on the skin as it is: pins go along with it."""
        from garments import pinning, threads

        sewn = threads.joined([cloth.threads for cloth in self.cloths], self.bounds[:-1])
        put_in = pinning.threads_of(self.garments, self.cloths, self.bounds, self.skin, self.faces)
        return threads.joined([sewn, put_in])

    def _distances(self, positions: np.ndarray, faces: np.ndarray) -> np.ndarray:
        """Signed distances [m] of vertices and face centres from the skin, [n + m]."""
        points = positions.astype(np.float32).astype(np.float64)
        return self.surface.closest(np.concatenate([points, points[faces].mean(axis=1)])).distance


def known(
    planes: "Planes", points: np.ndarray, ridden: np.ndarray, along: np.ndarray, slack: float, far: float
) -> "Planes":
    """What is still known of the skin once samples have gone `along` [m] [3], the skin under them as far as they have
    `ridden` [m] [n, 3], and any skin up to `slack` [m] besides: which samples are further than `far` [m] from it. All
    others are to be asked for; where they touched it tells creases. The other wall of one stays while the skin does."""
    from garments.solvers.planes import unseen

    fresh = unseen(len(points))
    least = planes.distance - np.linalg.norm(points - planes.seen, axis=1) - slack
    keep = least > far
    return replace(
        planes, point=frozen(planes.point + ridden), distance=frozen(np.where(keep, least, fresh.distance)),
        seen=frozen(np.where(keep[:, None], points + along, fresh.seen)),
        wall_normal=planes.wall_normal if slack == 0.0 else fresh.wall_normal,
    )  # fmt: skip


def _under(moved: np.ndarray, faces: np.ndarray, near: "Closest") -> np.ndarray:
    """What a field on the skin [n, 3] is at the nearest points, [k, 3]."""
    return np.einsum("kc,kcp->kp", near.barycentric, moved[faces[near.faces]])


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One garment over a movement of t frames: positions [m] [t, n, 3]; for each frame the strain along the threads at
    the 99th percentile, vertices and face centres inside the body and how deep [m], edges through faces of the garment
    itself and of others, all [t]; for each face the largest strain [m] and in which frame it was [m]; the face that is
    stretched most in the worst frame, and where that is, in words."""

    positions: np.ndarray
    stretched: np.ndarray
    inside: np.ndarray
    deepest: np.ndarray
    self_crossings: np.ndarray
    crossings: np.ndarray
    strain: np.ndarray
    moment: np.ndarray
    peak: int
    place: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "peak", int(self.peak))
        for name in ("positions", "stretched", "deepest", "strain"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), np.float32)))
        for name in ("inside", "self_crossings", "crossings", "moment"):
            object.__setattr__(self, name, frozen(np.asarray(getattr(self, name), np.int32)))

    @classmethod
    def of(cls, drape: "Drape", frames: Sequence[Frame]) -> "Track":
        """The track of a garment that was draped as `drape` in the first frame."""
        strains = np.stack([frame.strain for frame in frames])
        stretched = np.percentile(strains, 99, axis=1)
        peak = _peak(drape.cloth, strains[int(stretched.argmax())])
        return cls(
            positions=np.stack([frame.positions for frame in frames]),
            stretched=stretched,
            inside=np.array([frame.inside for frame in frames]),
            deepest=np.array([frame.deepest for frame in frames]),
            self_crossings=np.array([frame.self_crossings for frame in frames]),
            crossings=np.array([frame.crossings for frame in frames]),
            strain=strains.max(axis=0),
            moment=strains.argmax(axis=0),
            peak=peak,
            place=_place(drape, peak),
        )

    @property
    def worst(self) -> int:
        """The frame in which the garment is stretched most."""
        return int(self.stretched.argmax())

    @property
    def holds(self) -> bool:
        """Whether in no frame the garment is inside the body or passes through another."""
        return not self.inside.any() and not self.crossings.any()


def _peak(cloth: "Cloth", strain: np.ndarray) -> int:
    """The face that is stretched most, as strains [m] are over it and its neighbours."""
    corners = cloth.faces.ravel()
    count = np.maximum(np.bincount(corners, minlength=cloth.count), 1)
    smooth = np.bincount(corners, np.repeat(strain, 3), cloth.count) / count
    return int(smooth[cloth.faces].mean(axis=1).argmax())


def _place(drape: "Drape", face: int) -> str:
    """Where on the garment a face is, in words: the panel, and what part of the body is under it at ease."""
    from assets.closest import Surface

    cloth, body = drape.cloth, drape.body
    near = Surface(body.vertices, body.model.skin_faces).closest(drape.positions[cloth.faces[face]])
    weights = np.asarray(body.model.weights)[body.model.skin_faces[near.faces].ravel()].sum(axis=0)
    joint = JOINT_NAMES[int(weights.argmax())]
    side, _, name = joint.rpartition("_")
    panel = cloth.panel_names[cloth.panel[face]].replace("_", " ")
    part = _PARTS.get(name, name.rstrip("0123456789"))
    if name == "pelvis" and "back" in panel:
        part = "seat"
    return f"{panel}, {side + ' ' if side else ''}{part}"


_PARTS = {
    "pelvis": "hips", "hip": "thigh", "knee": "lower leg", "ankle": "foot", "spine1": "waist", "spine2": "ribs",
    "spine3": "chest", "neck": "neck", "head": "neck", "collar": "shoulder", "shoulder": "upper arm",
    "elbow": "forearm", "wrist": "hand",
}  # fmt: skip
