"""pyrender (Matl, MIT): best CPU time [ms] of a picture of cloth that moves on a body, with shadows and without smooth
edges; and the driver's name. Arguments: what frames.py reads. A mesh of pyrender's cannot move its vertices: the cloth
is made anew in each frame."""

import os

os.environ["PYOPENGL_PLATFORM"] = "egl"

import numpy as np
import pyrender
from frames import SIZE, Scene, looking, measured
from OpenGL import GL


def main() -> None:
    told = Scene.read()
    scene = pyrender.Scene(bg_color=(*told.background, 1.0), ambient_light=(0.3, 0.3, 0.3))

    def mesh(item, positions, normals):
        paint = pyrender.MetallicRoughnessMaterial(
            baseColorFactor=(*item.colour, 1.0), metallicFactor=0.0, roughnessFactor=0.6, doubleSided=True
        )
        return pyrender.Mesh(
            [pyrender.Primitive(positions, normals, indices=item.faces.astype(np.uint32), material=paint)]
        )

    for item in told.items[:-1]:
        scene.add(mesh(item, item.vertices, item.normals))
    cloth = told.items[-1]
    worn = scene.add(mesh(cloth, cloth.vertices, cloth.normals))
    camera = pyrender.PerspectiveCamera(yfov=np.radians(told.fov), znear=0.05, zfar=20.0)
    scene.add(camera, pose=looking(told.eye, told.target))
    scene.add(pyrender.DirectionalLight(intensity=3.0), pose=looking(told.target + 4 * told.lamp, told.target))
    renderer = pyrender.OffscreenRenderer(*SIZE)

    def draw(positions, normals):
        nonlocal worn
        scene.remove_node(worn)
        worn = scene.add(mesh(cloth, positions, normals))
        return renderer.render(scene, flags=pyrender.RenderFlags.SHADOWS_DIRECTIONAL)[0]

    draw(*told.moved(0))
    measured(told, draw, GL.glGetString(GL.GL_RENDERER).decode())


if __name__ == "__main__":
    main()
