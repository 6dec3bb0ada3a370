"""One file a solver, and the kernels that solvers share, one file an idea."""
