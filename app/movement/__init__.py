"""Dressed people in movement, computed frame by frame and kept."""
