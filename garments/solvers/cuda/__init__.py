"""The solver on a CUDA card."""
