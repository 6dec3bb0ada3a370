"""PyVista (MIT) on VTK (BSD): best CPU time [ms] of a picture of cloth that moves on a body, physically based, with
shadows, under a sky and without smooth edges; and the driver's name. Arguments: what frames.py reads, then
"without_sky" for a lamp alone."""

import sys

import numpy as np
import pyvista
from frames import SIZE, Scene, measured


def main() -> None:
    scene = Scene.read()
    plotter = pyvista.Plotter(off_screen=True, window_size=list(SIZE), lighting="none")
    plotter.disable_anti_aliasing()
    plotter.render_window.SetMultiSamples(0)
    plotter.background_color = scene.background
    meshes = [pyvista.PolyData.from_regular_faces(item.vertices, item.faces) for item in scene.items]
    for mesh, item in zip(meshes, scene.items, strict=True):
        mesh.point_data.active_normals = item.normals
        plotter.add_mesh(mesh, color=item.colour, pbr=True, metallic=0.0, roughness=0.6, smooth_shading=True)
    lamp = pyvista.Light(position=scene.target + 4 * scene.lamp, focal_point=scene.target, intensity=3.0)
    lamp.positional = False
    plotter.add_light(lamp)
    if "without_sky" not in sys.argv:
        sky = np.linspace(120, 180, 64).astype(np.uint8)[:, None, None] * np.ones((1, 128, 3), np.uint8)
        texture = pyvista.numpy_to_texture(sky)
        texture.MipmapOn()
        texture.InterpolateOn()
        plotter.set_environment_texture(texture, is_srgb=True)
    plotter.enable_shadows()
    plotter.camera.position, plotter.camera.focal_point, plotter.camera.up = scene.eye, scene.target, (0, 1, 0)
    plotter.camera.view_angle = scene.fov
    cloth = meshes[-1]

    def draw(positions, normals):
        cloth.points, cloth.point_data.active_normals = positions, normals
        cloth.Modified()
        plotter.render()
        return plotter.screenshot(return_img=True)

    draw(*scene.moved(0))
    told = plotter.render_window.ReportCapabilities()
    driver = next((line.split(":", 1)[1].strip() for line in told.splitlines() if "renderer string" in line), "VTK")
    measured(scene, draw, driver)


if __name__ == "__main__":
    main()
