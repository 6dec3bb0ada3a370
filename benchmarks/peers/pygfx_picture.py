"""pygfx (BSD) on wgpu: best CPU time [ms] of a picture of cloth that moves on a body, physically based, with shadows
and without smooth edges; and the driver's name. Arguments: what frames.py reads. Needs a Vulkan driver, lavapipe's
will do."""

import numpy as np
import pygfx
from frames import SIZE, Scene, looking, measured
from rendercanvas.offscreen import OffscreenRenderCanvas


def main() -> None:
    told = Scene.read()
    canvas = OffscreenRenderCanvas(size=SIZE, pixel_ratio=1)
    renderer = pygfx.renderers.WgpuRenderer(canvas, pixel_ratio=1, pixel_filter=False)
    scene = pygfx.Scene()
    scene.add(pygfx.Background.from_color(told.background), pygfx.AmbientLight(intensity=0.5))
    meshes = []
    for item in told.items:
        shape = pygfx.Geometry(positions=item.vertices, normals=item.normals, indices=item.faces.astype(np.int32))
        paint = pygfx.MeshStandardMaterial(color=item.colour, roughness=0.6, side="both")
        meshes.append(pygfx.Mesh(shape, paint))
        meshes[-1].cast_shadow = meshes[-1].receive_shadow = True
        scene.add(meshes[-1])
    lamp = pygfx.DirectionalLight(intensity=3.0, cast_shadow=True)
    lamp.local.position = told.target + 4 * told.lamp
    lamp.target.local.position = told.target
    lamp.shadow.map_size = (1024, 1024)
    scene.add(lamp, lamp.target)
    # Its field of view is the mean of width's and height's.
    fov = 2 * np.degrees(np.arctan(np.tan(np.radians(told.fov) / 2) * (1 + SIZE[0] / SIZE[1]) / 2))
    camera = pygfx.PerspectiveCamera(fov, SIZE[0] / SIZE[1], depth_range=(0.05, 20.0))
    camera.local.matrix = looking(told.eye, told.target)
    cloth = meshes[-1].geometry

    def draw(positions, normals):
        cloth.positions.set_data(positions)
        cloth.normals.set_data(normals)
        canvas.request_draw(lambda: renderer.render(scene, camera))
        return np.asarray(canvas.draw())

    draw(*told.moved(0))
    measured(told, draw, renderer.device.adapter.info["device"])


if __name__ == "__main__":
    main()
