"""Open3D (MIT) on Filament: best CPU time [ms] of a picture of cloth that moves on a body, lit and with shadows; and
the driver's name. Arguments: what frames.py reads. A mesh of Open3D's cannot move its vertices: the cloth is put in
anew in each frame. Needs a Vulkan driver, lavapipe's will do."""

import numpy as np
import open3d
from frames import SIZE, Scene, measured


def main() -> None:
    told = Scene.read()
    renderer = open3d.visualization.rendering.OffscreenRenderer(*SIZE)
    scene = renderer.scene
    scene.set_background([*told.background, 1.0])
    scene.scene.set_sun_light(-told.lamp, [1.0, 1.0, 1.0], 75000)
    scene.scene.enable_sun_light(True)
    scene.view.set_shadowing(True)

    def put(name, item, positions, normals):
        mesh = open3d.geometry.TriangleMesh()
        mesh.vertices, mesh.vertex_normals = map(open3d.utility.Vector3dVector, (positions, normals))
        mesh.triangles = open3d.utility.Vector3iVector(item.faces)
        paint = open3d.visualization.rendering.MaterialRecord()
        paint.shader, paint.base_color, paint.base_roughness = "defaultLit", [*item.colour, 1.0], 0.6
        scene.add_geometry(name, mesh, paint)

    for number, item in enumerate(told.items):
        put(str(number), item, item.vertices, item.normals)
    renderer.setup_camera(told.fov, told.target, told.eye, [0, 1, 0])
    cloth, name = told.items[-1], str(len(told.items) - 1)

    def draw(positions, normals):
        scene.remove_geometry(name)
        put(name, cloth, positions, normals)
        return np.asarray(renderer.render_to_image())

    draw(*told.moved(0))
    measured(told, draw, "Filament")


if __name__ == "__main__":
    main()
