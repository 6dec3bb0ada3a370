"""The moment between two others, so that not every picture of a film need be searched for the person in it."""

import numpy as np

from body.live.follow import Instant
from body.posing.skeleton import matrices, vectors
from body.stance import Pinhole

MIDDLE = np.array([0.0, 0.95, 0.0])
"""About where a person's middle is in the body's own frame [m]: what the camera is taken to go round."""


def between(first: Instant, second: Instant, share: float) -> Instant:
    """A person's motion at `share` 0..1 of the way from one moment to another soon after, in pictures of one camera."""
    one, two = first.camera, second.camera
    turn = matrices(share * vectors(two.axes @ one.axes.T))
    axes = turn @ one.axes
    places = [camera.axes @ (MIDDLE - camera.eye) for camera in (one, two)]
    eye = MIDDLE - axes.T @ (places[0] + share * (places[1] - places[0]))
    pose = first.pose + share * (second.pose - first.pose)
    yaw = first.yaw + share * float((second.yaw - first.yaw + np.pi) % (2 * np.pi) - np.pi)
    return Instant(Pinhole(two.focal, two.centre, axes, eye), pose, yaw, second.betas, max(first.error, second.error))
