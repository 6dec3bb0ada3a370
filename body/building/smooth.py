"""Averages over neighbours on a mesh, and steps towards them."""

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags


def neighbours(faces: np.ndarray, n: int) -> csr_matrix:
    """Averages over the vertices next to each, as a sparse matrix [n, n]."""
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    link = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n)).tocsr()
    link.data[:] = 1
    return (diags(1 / np.maximum(np.asarray(link.sum(1)).ravel(), 1)) @ link).tocsr().astype(np.float32)


def smoothed(values: np.ndarray, average: csr_matrix, times: int, where: np.ndarray | float = 1.0) -> np.ndarray:
    """Values [n] or [n, c] after so many steps towards their neighbours' average; `where` [n] says how far (0..1)."""
    share = where if np.ndim(values) == 1 or np.ndim(where) == 0 else np.asarray(where)[:, None]
    for _ in range(times):
        values = values + share * 0.5 * (average @ values - values)
    return values
