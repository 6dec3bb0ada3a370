"""Newton's SolverStyle3D (Apache-2.0) on the CPU, self-contact on: cloth round a body for some simulated seconds.

    python newton_cloth.py WORK.npz RESULT.npz SECONDS

WORK holds positions [n, 3], faces, rest [m, 3, 2], body_vertices, body_faces (metres, +Y up), density, stretch and
bending. RESULT gets positions and what the steps cost in processor seconds, after a first one that compiles.
"""

import sys
import time

import newton
import numpy as np
import warp as wp
from newton.solvers import SolverStyle3D, style3d

RATE, ITERATIONS = 60, 6


def main() -> None:
    wp.config.quiet = True
    work, seconds = np.load(sys.argv[1], allow_pickle=False), float(sys.argv[3])
    with wp.ScopedDevice("cpu"):
        model = _model(work)
        solver = SolverStyle3D(model=model, config=SolverStyle3D.Config(iterations=ITERATIONS))
        now, then, control = model.state(), model.state(), model.control()
        pipeline = newton.CollisionPipeline(model)
        contacts = pipeline.contacts()
        start = 0.0
        for number in range(-1, round(seconds * RATE)):
            if number == 0:
                now, then = model.state(), model.state()
                start = time.process_time()
            if number % 2 == 0 or number < 0:
                pipeline.collide(now, contacts)
            if solver.collision is not None and number % 10 == 0:
                solver.collision.rebuild_bvh(now.particle_q)
            now.clear_forces()
            solver.step(now, then, control, contacts, 1.0 / RATE)
            now, then = then, now
        taken = time.process_time() - start
        np.savez(sys.argv[2], positions=now.particle_q.numpy(), taken=taken)


def _model(work) -> newton.Model:
    builder = newton.ModelBuilder(up_axis=newton.Axis.Y)
    SolverStyle3D.register_custom_attributes(builder)
    stretch, bending = float(work["stretch"]), float(work["bending"])
    corners = work["rest"].reshape(-1, 2)
    style3d.add_cloth_mesh(
        builder,
        pos=wp.vec3(0, 0, 0),
        rot=wp.quat_identity(),
        vel=wp.vec3(0, 0, 0),
        panel_verts=corners.tolist(),
        panel_indices=np.arange(len(corners)).tolist(),
        vertices=work["positions"].tolist(),
        indices=work["faces"].ravel().tolist(),
        density=float(work["density"]),
        particle_radius=3.0e-3,
        tri_aniso_ke=wp.vec3(stretch, stretch, 0.3 * stretch),
        edge_aniso_ke=wp.vec3(bending, bending, bending),
    )
    body = newton.Mesh(work["body_vertices"], work["body_faces"].ravel())
    builder.add_shape_mesh(body=-1, mesh=body)
    model = builder.finalize()
    model.soft_contact_ke, model.soft_contact_kd, model.soft_contact_mu = 1.0e2, 1.0e-5, 0.3
    model.set_gravity((0.0, -9.81, 0.0))
    return model


if __name__ == "__main__":
    main()
