"""placeholder"""


def arranged(pattern, placements):
    return pattern, ()
