"""Shader sources (*.glsl) and their one loader."""
