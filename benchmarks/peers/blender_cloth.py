"""Blender's cloth (bpy, GPL), quality 10, self-collision on: cloth round a body for some simulated seconds.

    python blender_cloth.py WORK.npz RESULT.npz SECONDS

WORK and RESULT as in newton_cloth.py. Blender's springs have no unit of the laboratory: tension and compression are set
to what stretches about as little as the others do.
"""

import sys
import time

import bpy
import numpy as np

RATE = 24


def main() -> None:
    work, seconds = np.load(sys.argv[1], allow_pickle=False), float(sys.argv[3])
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene, frames = bpy.context.scene, round(seconds * RATE)
    scene.render.fps, scene.frame_start, scene.frame_end = RATE, 1, frames + 1
    scene.gravity = (0.0, -9.81, 0.0)
    body = _object("body", work["body_vertices"], work["body_faces"])
    body.modifiers.new("collision", "COLLISION")
    body.collision.thickness_outer, body.collision.cloth_friction = 0.003, 5.0
    garment = _object("garment", work["positions"], work["faces"])
    cloth = garment.modifiers.new("cloth", "CLOTH")
    cloth.point_cache.frame_start, cloth.point_cache.frame_end = 1, frames + 1
    settings, meeting = cloth.settings, cloth.collision_settings
    settings.quality = 10
    settings.mass = 0.3
    settings.tension_stiffness = settings.compression_stiffness = 500.0
    settings.shear_stiffness, settings.bending_stiffness = 100.0, 0.5
    settings.air_damping = 1.0
    meeting.collision_quality, meeting.distance_min = 2, 0.003
    meeting.use_self_collision, meeting.self_distance_min = True, 0.002
    scene.frame_set(1)
    start = time.process_time()
    for frame in range(2, frames + 2):
        scene.frame_set(frame)
    taken = time.process_time() - start
    draped = garment.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    positions = np.empty(3 * len(draped.vertices), np.float32)
    draped.vertices.foreach_get("co", positions)
    np.savez(sys.argv[2], positions=positions.reshape(-1, 3), taken=taken)


def _object(name: str, vertices: np.ndarray, faces: np.ndarray):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    made = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(made)
    return made


if __name__ == "__main__":
    main()
