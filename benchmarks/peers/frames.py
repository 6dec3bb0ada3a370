"""What the peers that draw pictures share: the scene from an npz, cloth that moves, and how a frame is measured.

    python PEER_picture.py SCENE.npz TIMES PICTURE.npy

SCENE holds vertices_k, faces_k, normals_k and colour_k (linear RGB) of each item, the cloth last; eye, target [3],
fov_y [rad], lamp (unit, towards the key light) [3], background (sRGB) [3]. Positions and normals of a step are made
before the clock starts: what counts is what the peer does with them, until the last pixel is read.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

SIZE = 1280, 720


@dataclass(frozen=True)
class Item:
    vertices: np.ndarray
    faces: np.ndarray
    normals: np.ndarray
    colour: tuple[float, float, float]


@dataclass(frozen=True)
class Scene:
    items: tuple[Item, ...]
    eye: np.ndarray
    target: np.ndarray
    fov: float
    lamp: np.ndarray
    background: tuple[float, float, float]

    @classmethod
    def read(cls) -> "Scene":
        data = np.load(sys.argv[1], allow_pickle=False)
        count = sum(key.startswith("vertices_") for key in data.files)
        items = tuple(
            Item(*(data[f"{kind}_{k}"] for kind in ("vertices", "faces", "normals")), tuple(data[f"colour_{k}"]))
            for k in range(count)
        )
        return cls(
            items, data["eye"], data["target"], float(np.degrees(data["fov_y"])), data["lamp"],
            tuple(map(float, data["background"])),
        )  # fmt: skip

    def moved(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """The cloth's positions and normals in a step, arrays of its own each time."""
        cloth = self.items[-1]
        return cloth.vertices + np.float32(1e-4 * step), cloth.normals.copy()


def looking(eye: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Eye to world of an eye that looks at a target, [4, 4]."""
    back = (eye - target) / np.linalg.norm(eye - target)
    right = np.cross((0.0, 1.0, 0.0), back)
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(back, right), back], axis=1)
    pose[:3, 3] = eye
    return pose


def measured(scene: Scene, draw: Callable[[np.ndarray, np.ndarray], np.ndarray], driver: str) -> None:
    """Draw a warm-up frame and TIMES more; print the best CPU time [ms] and the driver, keep the last picture."""
    found, picture = [], None
    for step in range(int(sys.argv[2]) + 1):
        positions, normals = scene.moved(step)
        start = time.process_time()
        picture = draw(positions, normals)
        found.append(time.process_time() - start)
    assert picture is not None and np.std(picture) > 1
    np.save(sys.argv[3], np.asarray(picture)[..., :3])
    print(1000 * min(found[1:]), driver)
