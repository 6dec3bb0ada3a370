"""One file a solver, and the kernels that solvers share, one file an idea."""


def compile_kernels() -> None:
    """Compile all kernels into numba's cache, by draping two coarse garments once: about a minute, then a second."""
    from body.model import load_model
    from body.poses import RELAXED
    from garments.drape import drape
    from garments.garment import garment

    drape((garment("tee"), garment("skirt")), load_model().body(None, RELAXED), edge=0.05)
