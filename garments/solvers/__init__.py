"""One file a solver, and the kernels that solvers share, one file an idea."""


def compile_kernels() -> None:
    """Compile all kernels into numba's cache by doing what people do, coarse: a minute. Draped are one garment, two
    together, another size in the place of the one before, and a frame in motion."""
    from body.model import load_model
    from body.poses import RELAXED
    from garments.drape import EDGE, drape
    from garments.garment import garment
    from garments.preview import Preview

    body = load_model().body(None, RELAXED)
    tee = (garment("tee"),)
    for worn in (tee, (garment("tee"), garment("skirt"))):
        drape(worn, body, edge=0.05)
    before = drape(tee, body, edge=EDGE)
    drape((garment("tee", "L"),), body, edge=EDGE, start=before)
    Preview(tee, [one.positions for one in before], body.vertices, body.model.skin_faces).frame()
