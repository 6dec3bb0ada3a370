"""Garments that came without a pattern of ours: mended, put on a body, flattened, made ready to be sewn."""
