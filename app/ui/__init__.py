"""Qt: the only place with a window."""
