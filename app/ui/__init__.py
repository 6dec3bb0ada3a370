"""The window: everything Qt lives here, and nothing but what a person sees and does.

The window's process stays light: torch, mediapipe, open3d, numba, trimesh and scipy live in the engine (app/jobs.py).
"""
