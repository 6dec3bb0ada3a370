"""Body models, one file each: the built-in one, and SMPL-X files that a user brings."""
