"""Sample bodies to take principal components of."""

import numpy as np
import torch

from body.building.source import PHENOTYPES, Source


def draw(source: Source, count: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, np.ndarray]:
    rng = np.random.default_rng(seed)
    sex = np.arange(count) % 2
    p = rng.normal(0.5, 0.2, (count, len(PHENOTYPES))).clip(0.02, 1.1)
    p[:, 0] = 1 - sex
    p[:, 1] = rng.uniform(0.67, 0.85, count)
    p[:, 3] = rng.uniform(0.2, 1.3, count)
    local = rng.normal(0, 0.15, (count, len(source.local_names)))
    return torch.tensor(p).float(), torch.tensor(local).float(), sex
