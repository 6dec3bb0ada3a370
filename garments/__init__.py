"""Clothes: patterns, fabrics, drapes, fit. No Qt, no OpenGL."""
