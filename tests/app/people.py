"""Somebody to dress in tests."""

from app.project import Evidence, Project, Wish


def somebody() -> Project:
    """A person known by numbers, in a tee and a skirt."""
    return Project(Evidence(height=1.68, mass=66.0, sex=0.0, age=30), (Wish("tee", "M"), Wish("skirt", "M")))
