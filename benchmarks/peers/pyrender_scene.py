"""pyrender (Matl, MIT): a scene as its documentation lights one, for comparison with a path-traced picture of it.

Reads the npz of mitsuba_flip.py and besides it "lamp" [3], the direction towards the key light, "lamp_colour" [3],
irradiance / pi that it gives, and "even" [3], the same of the sky on average; writes the picture, sRGB 0..1
[h, w, 3], to the second path.
"""

import os
import sys

os.environ["PYOPENGL_PLATFORM"] = "egl"

import numpy as np
import pyrender
import trimesh


def main() -> None:
    data = np.load(sys.argv[1], allow_pickle=False)
    height, width = data["pictures"].shape[1:3]
    scene = pyrender.Scene(bg_color=(*encoded(data["background"]), 1.0), ambient_light=data["even"])
    for number in range(sum(key.startswith("vertices_") for key in data.files)):
        vertices, faces, colour = (data[f"{kind}_{number}"] for kind in ("vertices", "faces", "colour"))
        paint = pyrender.MetallicRoughnessMaterial(
            baseColorFactor=(*colour, 1.0), metallicFactor=0.0, roughnessFactor=1.0, doubleSided=True
        )
        scene.add(pyrender.Mesh.from_trimesh(trimesh.Trimesh(vertices, faces, process=False), paint))
    colour = np.pi * data["lamp_colour"]
    lamp = pyrender.DirectionalLight(color=colour / colour.max(), intensity=float(colour.max()))
    scene.add(lamp, pose=looking(data["target"] + 4.0 * data["lamp"], data["target"]))
    camera = pyrender.PerspectiveCamera(yfov=float(data["fov_y"]), znear=0.05, zfar=20.0)
    scene.add(camera, pose=looking(data["eye"], data["target"]))
    shown, _ = pyrender.OffscreenRenderer(width, height).render(
        scene, flags=pyrender.RenderFlags.SHADOWS_DIRECTIONAL | pyrender.RenderFlags.RGBA
    )
    np.save(sys.argv[2], (shown[..., :3] / 255).astype(np.float32))


def looking(eye: np.ndarray, target: np.ndarray) -> np.ndarray:
    back = (eye - target) / np.linalg.norm(eye - target)
    right = np.cross((0.0, 1.0, 0.0), back)
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(back, right), back], axis=1)
    pose[:3, 3] = eye
    return pose


def encoded(linear: np.ndarray) -> np.ndarray:
    linear = np.clip(linear, 0.0, 1.0)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


if __name__ == "__main__":
    main()
