"""The pose of a person from frame to frame: a few milliseconds each, begun where the last frame ended.

After SMPLify (Bogo et al. 2016) and VNect (Mehta et al. 2017): the skeleton is moved until its joints fall on the
landmarks, by Levenberg and Marquardt's method with exact slopes. A joint that turns moves all that hangs on it about
its own place, so a frame's slopes are one table. The shape is an unknown too until enough frames agreed on it; each
frame adds what it tells of the proportions (its Schur complement), less than an independent picture would, and then the
shape is locked: from there on a person's limbs keep their lengths.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from assets.mesh import frozen
from body import poses
from body.live.rotations import crossing, left_jacobian, rotations
from body.model import JOINT_NAMES, PARENTS, BodyModel
from body.pose import LEFT_HIP, LEFT_WRIST, RIGHT_HIP, RIGHT_WRIST
from body.stance import HAIR, Pinhole, Rig, facing, rig_of, targets

# How far a joint may well turn from the relaxed pose [degrees], about x (bending), y (twisting), z (spreading): whoever
# moves bends further than whoever stands for a photo.
_FREEDOM: Mapping[str, tuple[float, float, float]] = {
    "hip": (40, 20, 20), "knee": (45, 4, 3), "ankle": (15, 6, 10), "collar": (6, 6, 8), "shoulder": (40, 40, 60),
    "elbow": (20, 55, 20),
}  # fmt: skip
_BACK_FREEDOM, _NECK_FREEDOM = (10.0, 8.0, 6.0), (15.0, 20.0, 12.0)
_TURN_SD, _TILT_SD, _LEAN_SD, _DEPTH_SD, _TOP_SD = np.radians(12), np.radians(12), np.radians(6), 0.25, 0.014
_HIDDEN = 2.0  # how much more doubtful is what the trunk hides of whoever stands sideways
UNSEEN, _BEHIND = 0.5, 0.02  # visibility below which a landmark is hidden; how far [m] that may look out from behind
_SAME = 0.1  # what one frame more of the same scene is worth as news of the shape
_ENOUGH = 15  # frames that measure the shape before it is locked
_FAR, _AT_FIRST = 4.0, 40.0  # misses [doubts] beyond which a landmark is hardly believed; while the pose is not known
_SURE, _IN_A_ROW, _PATIENCE = 0.8, 2, 10
"""A landmark as visible as that which is far off in so many frames in a row was no slip of the finder: the pose is
looked for anew, not sooner than so many frames after the last time."""
_BODY = 22  # joints without fingers and face
_LIMBS = (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
_LIMB_STARTS, _LIMB_ENDS = np.array([11, 13, 23, 25, 12, 14, 24, 26]), np.array([13, 15, 25, 27, 14, 16, 26, 28])
_PARENT = np.array(PARENTS)
_LEVEL = np.diag((1.0, -1.0, -1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Instant:
    """A moment of a moving person, in the body's own frame (facing +Z, lowest point on y = 0, as body.stance.Stance):
    camera; pose [55, 3], row 0 zero; yaw [rad]; betas [k]; the landmarks' rms error [pixels]."""

    camera: Pinhole
    pose: np.ndarray
    yaw: float
    betas: np.ndarray
    error: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "pose", frozen(self.pose))
        object.__setattr__(self, "betas", frozen(self.betas))


class Follower:
    """Fits one person's motion, frame after frame, beginning where the last one ended."""

    def __init__(self, model: BodyModel, stature: float | None = None, betas: np.ndarray | None = None) -> None:
        """`stature` [m] is the scale, else the likely one; `betas` [k] are the shape where it is known."""
        self.table = _Table(rig_of(cast(Hashable, model)))
        rig = self.table.rig
        self.stature = stature or rig.stature
        self._mean, covariance = model.prior(None)
        self._spread = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(self._mean)))
        height, doubt = self._spread.T @ rig.growth, 0.003 if stature else 0.08
        missing = self.stature - rig.stature - rig.growth @ self._mean
        self._worth = np.eye(len(height)) + np.outer(height, height) / doubt**2
        self._likely = np.linalg.solve(self._worth, height * missing / doubt**2)
        self._state: _State | None = None
        self.frames, self.locked, self._astray = 0, False, 0
        if betas is not None:
            self.lock(betas)

    @property
    def betas(self) -> np.ndarray:
        """The shape as known so far [k]."""
        return self._mean + self._spread @ self._likely

    def lock(self, betas: np.ndarray) -> None:
        """From now on the shape is this."""
        self._likely, self.locked = np.linalg.solve(self._spread, np.asarray(betas, float) - self._mean), True

    def __call__(self, seen: "Sight") -> Instant:
        """The motion that explains a sight of the person."""
        turn = facing(seen.world)
        state = self._state
        fresh = state is None or _apart(_yaw(state.root), turn) > np.pi / 2
        if state is None or fresh:
            state = self._begin(seen, turn)
        state = _State(state.root, state.place, state.turns, self._likely)
        problem = _Problem(self, seen, turn, seen.focal / state.place[2])
        if fresh:
            state = problem.descend(state, 20, _AT_FIRST)
        state = problem.descend(state, 4)
        self._astray = self._astray + 1 if self._astray < 0 or problem.is_astray(state) else 0
        if self._astray >= _IN_A_ROW:
            state, self._astray = problem.descend(problem.descend(state, 20, _AT_FIRST), 4), -_PATIENCE
        self._state = state
        if not self.locked:
            self._learn(problem, state)
        return problem.motion(state)

    def _begin(self, seen: "Sight", turn: float) -> "_State":
        """Upright in the relaxed pose, turned as the finder thinks, as far away as the size says."""
        hips = seen.points[[LEFT_HIP, RIGHT_HIP]].mean(axis=0)
        distance = seen.focal * 0.93 * self.stature / max(float(np.ptp(seen.points[self.table.numbers, 1])), 1.0)
        place = distance * np.array([*((hips - seen.centre) / seen.focal), 1.0])
        root = _LEVEL @ rotations(np.array([0.0, turn, 0.0]))
        return _State(root, place, self.table.relaxed, self._likely)

    def _learn(self, problem: "_Problem", state: "_State") -> None:
        """What this frame tells of the shape, whatever the pose is, joins what is known."""
        _, slopes = problem.evaluate(state)
        count = len(self._likely)
        slopes = slopes[:-count]
        pose, shape = slopes[:, :-count], slopes[:, -count:]
        both = pose.T @ shape
        news = _SAME * (shape.T @ shape - both.T @ np.linalg.solve(pose.T @ pose, both))
        pull = news @ state.shape + _SAME * self._worth @ (state.shape - self._likely)
        self._likely = np.linalg.solve(self._worth + news, self._worth @ self._likely + pull)
        self._worth = self._worth + news
        self.frames += 1
        self.locked = self.frames >= _ENOUGH


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One frame's landmarks [33, 2] [pixels], world landmarks [33, 3], visibility [33]; the hair's highest row [pixels]
    where it is seen; focal length and centre of the picture [pixels]; of each pixel the nearest that shows the person
    [h, w, 2], None where every landmark is seen."""

    points: np.ndarray
    world: np.ndarray
    visibility: np.ndarray
    top: float | None
    focal: float
    centre: np.ndarray
    nearest: np.ndarray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The pelvis' rotation [3, 3] and place [3] in the camera's frame, turns of free joints [j, 3], whitened shape."""

    root: np.ndarray
    place: np.ndarray
    turns: np.ndarray
    shape: np.ndarray

    def moved(self, step: np.ndarray) -> "_State":
        split = 6 + self.turns.size
        turns = self.turns + step[6:split].reshape(-1, 3)
        shape = self.shape + step[split:] if len(step) > split else self.shape
        return _State(rotations(step[:3]) @ self.root, self.place + step[3:6], turns, shape)


class _Table:
    """Of a rig: the free joints, the points that a frame is compared with, and which joints move each of them."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.joints, self.freedom = _free_joints()
        self.relaxed = np.asarray(poses.RELAXED, float)[self.joints]
        told = targets()
        self.numbers = list(told)
        names, *shifts, doubts = zip(*told.values(), strict=True)
        self.shift, self.doubts = np.array(shifts).T, np.array(doubts)
        self.left = np.array([name.startswith("left") for name in names])
        self.right = np.array([name.startswith("right") for name in names])
        sides = [(f"{side}_{start}", f"{side}_{end}") for side in ("left", "right") for start, end in _LIMBS]
        feet = [name for name in rig.names if name.endswith(("heel", "big_toe"))]
        wanted = [*names, "crown", *(start for start, _ in sides), *(end for _, end in sides), *feet]
        self.points = np.array([rig.names.index(name) for name in wanted])
        self.crown, limbs = len(names), len(sides)
        first = self.crown + 1
        self.starts, self.ends = slice(first, first + limbs), slice(first + limbs, first + 2 * limbs)
        self.feet = slice(first + 2 * limbs, len(wanted))
        count = len(PARENTS)
        self.owner = np.array([k if k < count else rig.owner[k - count] for k in self.points])
        above = _ancestors()
        self.moves = np.array([[joint in above[k] for joint in self.joints] for k in self.owner])


class _Problem:
    """One frame's residuals, each in units of its doubt, and their exact slopes."""

    def __init__(self, follower: Follower, seen: Sight, turn: float, metre: float) -> None:
        """`metre` is about its length in the picture [pixels]."""
        self.far = _FAR
        self.table, self.locked, self.seen, self.turn, self.metre = follower.table, follower.locked, seen, turn, metre
        self.mean, self.spread, self.likely = follower._mean, follower._spread, follower._likely
        self.belief = np.linalg.cholesky(follower._worth).T
        table = self.table
        self.growth = None if self.locked else table.rig.directions @ self.spread
        self.rest = table.rig.template + table.rig.directions @ (self.mean + self.spread @ self.likely)
        doubts = table.doubts / np.clip(seen.visibility[table.numbers], 0.1, 1)
        doubts *= np.where(table.left if turn > 0 else table.right, 1 + _HIDDEN * np.sin(turn) ** 4, 1)
        self.precision = 1 / (metre * doubts)
        self.hidden = np.clip(1 - seen.visibility[table.numbers] / UNSEEN, 0, 1)
        self.depths = _depths(seen.world)
        highest = seen.points[[LEFT_WRIST, RIGHT_WRIST], 1].min()
        self.top = seen.top if seen.top is not None and seen.top < highest - 0.05 * metre else None

    def descend(self, state: _State, steps: int, far: float = _FAR) -> _State:
        """Levenberg and Marquardt's method, `steps` at most."""
        self.far, damping = far, 1e-3
        values, slopes = self.evaluate(state)
        for _ in range(steps):
            square, pull = slopes.T @ slopes, slopes.T @ values
            square[np.diag_indices_from(square)] *= 1 + damping
            trial = state.moved(-np.linalg.solve(square, pull))
            after, after_slopes = self.evaluate(trial)
            before = values @ values
            if after @ after < before:
                done = after @ after > 0.999 * before
                state, values, slopes, damping = trial, after, after_slopes, 0.3 * damping
                if done:
                    break
            else:
                damping *= 10
        return state

    def evaluate(self, state: _State) -> tuple[np.ndarray, np.ndarray]:
        """Residuals [r] and their slopes [r, n]; the beliefs about the shape come last."""
        points, slopes = self.points(state)
        rows = [self.landmarks(points, slopes), self.limbs(points, slopes), self.stance(state, slopes.shape[2])]
        if self.top is not None:
            rows.append(self.hair(points, slopes, self.top))
        if self.seen.nearest is not None:
            rows.append(self.behind(points, slopes, self.seen.nearest))
        rows.append(self.ease(state, slopes.shape[2]))
        if not self.locked:
            belief = np.zeros((len(self.likely), slopes.shape[2]))
            belief[:, -len(self.likely) :] = self.belief
            rows.append((self.belief @ (state.shape - self.likely), belief))
        values, tables = zip(*rows, strict=True)
        return np.concatenate(values), np.concatenate(tables)

    def points(self, state: _State) -> tuple[np.ndarray, np.ndarray]:
        """The compared points in the camera's frame [p, 3] and how they move with the unknowns [p, 3, n].

        A point turns about the joint above it: the turn's axis crossed with the arm between them.
        """
        table = self.table
        points, places, spins = self.placed(state)
        reach = np.where(table.moves[..., None], points[:, None] - places[table.joints], 0.0)
        points[: table.crown] += table.shift @ state.root.T
        axes = spins[_PARENT[table.joints]] @ left_jacobian(state.turns)
        turned = (-crossing(reach) @ axes).transpose(0, 2, 1, 3).reshape(len(points), 3, -1)
        whole = [-crossing(points - state.place), np.tile(np.eye(3), (len(points), 1, 1)), turned]
        if self.growth is not None:
            whole.append(self.grown(spins, self.growth))
        return points, np.concatenate(whole, axis=2)

    def placed(self, state: _State) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The points on the skeleton in the camera's frame [p, 3], joints' places [22, 3] and rotations [22, 3, 3]."""
        table, rest = self.table, self.rest
        if self.growth is not None:
            rest = rest + self.growth @ (state.shape - self.likely)
        places, spins = _forward(rest, state, table.joints)
        arms = (spins[table.owner] @ (rest[table.points] - rest[table.owner])[..., None])[..., 0]
        return places[table.owner] + arms, places, spins

    def misses(self, state: _State) -> tuple[np.ndarray, np.ndarray]:
        """How far each landmark is off [pixels] [m, 2]; the points in the camera's frame [p, 3]."""
        points, count = self.placed(state)[0], self.table.crown
        points[:count] += self.table.shift @ state.root.T
        at = points[:count, :2] / np.maximum(points[:count, 2:], 0.1)
        return self.seen.centre + self.seen.focal * at - self.seen.points[self.table.numbers], points

    def grown(self, spins: np.ndarray, growth: np.ndarray) -> np.ndarray:
        """How the points move with the whitened shape [p, 3, k]."""
        moved = np.zeros((_BODY, 3, growth.shape[2]))
        for joint in range(1, _BODY):
            parent = PARENTS[joint]
            moved[joint] = moved[parent] + spins[parent] @ (growth[joint] - growth[parent])
        owner = self.table.owner
        return moved[owner] + spins[owner] @ (growth[self.table.points] - growth[owner])

    def landmarks(self, points: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where they fall in the picture. Far misses count less and less (Geman and McClure 1987): a limb that the
        finder lost must not bend the rest."""
        count = self.table.crown
        image, across = self.image(points[:count], slopes[:count])
        miss = (image - self.seen.points[self.table.numbers]) * self.precision[:, None]
        trust = 1 / (1 + (miss**2).sum(axis=1) / self.far**2)
        along = across * (trust * self.precision)[:, None, None]
        return (miss * trust[:, None]).ravel(), along.reshape(2 * count, -1)

    def image(self, points: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels [p, 2] and their slopes [p, 2, n]."""
        depth = np.maximum(points[:, 2:], 0.1)
        ratio = points[:, :2] / depth
        along = slopes[:, :2] - ratio[..., None] * slopes[:, 2:]
        return self.seen.centre + self.seen.focal * ratio, self.seen.focal / depth[..., None] * along

    def limbs(self, points: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far limbs point towards the camera or away, as the finder guesses it."""
        bones = points[self.table.ends] - points[self.table.starts]
        length = np.linalg.norm(bones, axis=1)
        along = (slopes[self.table.ends, 2] - slopes[self.table.starts, 2]) / (length * _DEPTH_SD)[:, None]
        return (bones[:, 2] / length - self.depths) / _DEPTH_SD, along

    def hair(self, points: np.ndarray, slopes: np.ndarray, top: float) -> tuple[np.ndarray, np.ndarray]:
        """The top of the head under the mask's top."""
        crown = slice(self.table.crown, self.table.crown + 1)
        image, across = self.image(points[crown], slopes[crown])
        sd = self.metre * _TOP_SD
        return (image[:, 1] - self.metre * HAIR - top) / sd, across[:, 1] / sd

    def is_astray(self, state: _State) -> bool:
        """Whether a landmark that is plainly seen is too far off to be believed."""
        far = np.linalg.norm(self.misses(state)[0] * self.precision[:, None], axis=1) > _FAR
        return bool((far & (self.seen.visibility[self.table.numbers] > _SURE)).any())

    def behind(self, points: np.ndarray, slopes: np.ndarray, nearest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is not seen is hidden by the person: it lies within the outline."""
        unseen = np.flatnonzero(self.hidden)
        image, across = self.image(points[unseen], slopes[unseen])
        high, wide = nearest.shape[:2]
        inside = (image >= 0).all(axis=1) & (image[:, 0] < wide) & (image[:, 1] < high)
        column, row = np.clip(np.floor(image).astype(int), 0, (wide - 1, high - 1)).T
        miss = image - nearest[row, column]
        out = inside & (np.abs(miss).max(axis=1) > 1.0)
        weight = np.where(out, self.hidden[unseen] / (self.metre * _BEHIND), 0.0)
        return (miss * weight[:, None]).ravel(), (across * weight[:, None, None]).reshape(2 * len(image), -1)

    def stance(self, state: _State, size: int) -> tuple[np.ndarray, np.ndarray]:
        """The body is about upright in the picture, and turned about as far as the finder thinks."""
        rows, cosine, sine = np.zeros((3, size)), np.cos(self.turn), np.sin(self.turn)
        lean = np.array([[1 / _LEAN_SD, 0, 0], [0, 0, 1 / _TILT_SD]])
        turn = np.array([[cosine, 0, sine]]) / _TURN_SD
        rows[:2, :3] = lean @ -crossing(state.root[:, 1])
        rows[2:, :3] = turn @ -crossing(state.root[:, 2])
        return np.concatenate([lean @ state.root[:, 1], turn @ state.root[:, 2]]), rows

    def ease(self, state: _State, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Joints turn as far as they are free to."""
        rows = np.zeros((state.turns.size, size))
        rows[:, 6 : 6 + state.turns.size] = np.diag(1 / self.table.freedom.ravel())
        return ((state.turns - self.table.relaxed) / self.table.freedom).ravel(), rows

    def motion(self, state: _State) -> Instant:
        """What the unknowns mean, told in the body's own frame: the camera goes round, the body does not turn."""
        miss, points = self.misses(state)
        pose = np.array(poses.RELAXED)
        pose[self.table.joints], pose[0] = state.turns, 0
        lowest = ((points[self.table.feet] - state.place) @ state.root)[:, 1].min()
        pelvis = self.rest[0] * (1, 0, 1) - (0, lowest, 0)
        camera = Pinhole(self.seen.focal, tuple(self.seen.centre), state.root, pelvis - state.place @ state.root)
        betas = self.mean + self.spread @ state.shape
        return Instant(camera, pose, _yaw(state.root), betas, float(np.sqrt((miss**2).mean())))


def _forward(rest: np.ndarray, state: _State, joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Joints' places [22, 3] and rotations [22, 3, 3] in the camera's frame."""
    local = np.tile(np.eye(3), (_BODY, 1, 1))
    local[joints] = rotations(state.turns)
    bones = rest[1:_BODY] - rest[_PARENT[1:_BODY]]
    places, spins = np.empty((_BODY, 3)), np.empty((_BODY, 3, 3))
    places[0], spins[0] = state.place, state.root
    for joint in range(1, _BODY):
        parent = PARENTS[joint]
        places[joint] = places[parent] + spins[parent] @ bones[joint - 1]
        spins[joint] = spins[parent] @ local[joint]
    return places, spins


def _free_joints() -> tuple[np.ndarray, np.ndarray]:
    """Numbers [j] of the joints that may turn, and how far [rad] [j, 3]."""
    freedom = {f"{side}_{name}": value for name, value in _FREEDOM.items() for side in ("left", "right")}
    freedom |= dict.fromkeys(("spine1", "spine2", "spine3"), _BACK_FREEDOM) | {"neck": _NECK_FREEDOM}
    return np.array([JOINT_NAMES.index(name) for name in freedom]), np.radians(list(freedom.values()))


def _ancestors() -> list[set[int]]:
    """Of each joint: itself and all joints that it hangs on."""
    above: list[set[int]] = []
    for joint, parent in enumerate(PARENTS):
        above.append({joint} | (above[parent] if parent >= 0 else set()))
    return above


def _depths(world: np.ndarray) -> np.ndarray:
    """How far each limb points away from the camera, as a share of its length [l]."""
    bones = world[_LIMB_ENDS] - world[_LIMB_STARTS]
    return bones[:, 2] / np.linalg.norm(bones, axis=1).clip(1e-6)


def _yaw(root: np.ndarray) -> float:
    """How far a body is turned from the camera [rad]: 0 faces it, pi / 2 shows the right side."""
    return float(np.arctan2(root[0, 2], -root[2, 2]))


def _apart(a: float, b: float) -> float:
    """Between two directions [rad], 0..pi."""
    return abs((a - b + np.pi) % (2 * np.pi) - np.pi)
