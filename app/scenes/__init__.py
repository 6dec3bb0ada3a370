"""The parts that a scene is made of: the figure, poses, tapes, cuts, ghosts, scales and colours."""
