"""One file a solver, and the kernels that solvers share, one file an idea."""


def compile_kernels() -> None:
    """Compile all kernels into numba's cache by draping coarse garments, one alone and two together: a minute."""
    from body.model import load_model
    from body.poses import RELAXED
    from garments.drape import drape
    from garments.garment import garment

    body = load_model().body(None, RELAXED)
    for worn in ((garment("tee"),), (garment("tee"), garment("skirt"))):
        drape(worn, body, edge=0.05)
