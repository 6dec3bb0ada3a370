"""Garments worn in a pose that they are not put on in: put on a person at ease, and taken along from there.

Panels are laid round a body that stands with its arms off the trunk. Round one that sits or reaches they would have to
find their way over a lap or an elbow, lie askew, and stay so where friction holds them. So a person who is draped in
another pose puts the clothes on standing, as people do, and then takes the pose in them, in sub-poses small enough that
cloth follows the skin (garments/moving.py). Where the garments come to then is where draping begins.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from assets.errors import InputRefused
from assets.progress import Progress, part, silent
from body.motion import Motion, heading, moved, turned
from body.poses import RELAXED, at_ease
from body.posing.skeleton import matrices, vectors
from body.yielding import skin_of, yielding
from garments.drape import KNOWN, Drape, rested
from garments.judging import judged

if TYPE_CHECKING:
    from body.model import Body
    from garments.garment import Garment

NEAR = np.radians(20.0)
"""A pose that turns no joint further than this [rad] from another is much the same to cloth: arms of broad people are
held out by less."""
TURN = np.radians(4.0)
"""How far the joint that turns furthest turns in a sub-pose [rad], on the mean,"""
RATE = 20.0
"""and how many of them a second has."""
_BONES = 22
"""The joints that move cloth: not those of eyes, jaw and fingers."""


def taken_along(
    garments: "tuple[Garment, ...]", body: "Body", edge: float, device: str, farther: float,
    progress: Progress = silent,
) -> tuple[Drape, ...]:  # fmt: skip
    """Rough drapes that were put on at ease, so many times `farther` from the skin, and led into the pose of a body
    that is not; none for one that is. Where one of them is far too small to move in they stay at ease. Raises what
    `drape` does."""
    stood = standing(body)
    if stood is body:
        return ()
    ease, half = yielding(stood), part(progress, 0.0, 0.5)
    surface = skin_of(ease)
    try:
        rough = 2.0 * edge if edge < KNOWN else edge
        worn = rested(garments, ease, surface, rough, half, farther=farther, device=device)
    except InputRefused:  # Too coarse a mesh for a narrow panel.
        worn = rested(garments, ease, surface, edge, half, farther=farther, device=device)
    start = judged(worn, ease, partial(half, 1.0, "checking the drape"))
    return start if hopeless(start) else led(start, body, part(progress, 0.5, 1.0))


def hopeless(drapes: tuple[Drape, ...]) -> bool:
    """Whether one of them is so much too small that it does not close round a person at ease."""
    return any(each.certificate.far_over and not each.certificate.holds for each in drapes)


def standing(body: "Body") -> "Body":
    """The same person at ease; the very same body where it stands so already, or nearly."""
    if _turned(body.pose, RELAXED) <= NEAR:
        return body
    return body.model.body(body.betas, at_ease(body.model, body.betas), body.detail)


def faced(drape: Drape, towards: float) -> Drape:
    """A drape turned rigidly about the vertical with its wearer, who then faces `towards` [rad], 0 the front."""
    angle = towards - heading(drape.body.pose)
    if angle == 0.0:
        return drape
    places = drape.positions @ matrices([0.0, angle, 0.0]).T
    return replace(drape, body=turned(drape.body, angle), positions=places)


def led(drapes: tuple[Drape, ...], body: "Body", progress: Progress = silent) -> tuple[Drape, ...]:
    """Drapes whose wearer has taken the pose of `body`, where garments may begin to be draped on it: their strains and
    certificates are those of before. The very same where that is much the pose they are in, or of another model."""
    from garments.moving import Wearing

    first = drapes[0].body
    most = _turned(first.pose, body.pose)
    if most <= NEAR or first.vertices.shape != body.vertices.shape:
        return drapes
    wearing, poses = Wearing(drapes), way(first.pose, body.pose, int(np.ceil(most / TURN)))
    for number, pose in enumerate(poses, 1):
        share = number / len(poses)
        there = yielding(moved(first, pose, share * body.translation + (1.0 - share) * first.translation))
        wearing.move(there, 1.0 / RATE, partial(_told, progress, share))
    places = (frame.positions for frame in wearing.frames())
    return tuple(replace(drape, body=there, positions=place) for drape, place in zip(drapes, places, strict=True))


def way(first: np.ndarray, last: np.ndarray, steps: int) -> list[np.ndarray]:
    """The sub-poses [55, 3] that lead from one pose to another, in so many steps: gently from rest to rest, all joints
    by the shortest way."""
    turn = Motion("", np.stack([first, last]), np.zeros((2, 3)), 1.0)
    shares = np.arange(1, steps + 1) / steps
    return [turn.at(share * share * (3.0 - 2.0 * share))[0] for share in shares]


def _turned(one: np.ndarray, other: np.ndarray) -> float:
    """How far [rad] the joint that differs most between two poses [55, 3] would have to turn."""
    apart = np.swapaxes(matrices(one[:_BONES]), -1, -2) @ matrices(other[:_BONES])
    return float(np.linalg.norm(vectors(apart), axis=1).max())


def _told(progress: Progress, share: float, *_: object) -> None:
    progress(share, "taking the pose")
