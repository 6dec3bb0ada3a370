"""Cloth against the body: planes at the nearest surface points push back, and Coulomb friction holds.

Each vertex near the body sees the tangent plane of its nearest point, and so does each face's centre, because a flat
face cuts through a curved body between its corners. Pressure grows with depth below the offset; where a tight garment
sinks in, the skin grows firmer from step to step, so that it cannot press through. Friction is elastic up to the
Coulomb limit, then slips (return mapping: Cundall and Strack 1979): the spring starts at an anchor that is dragged
along, so that cloth at rest really rests, with a force, instead of creeping. Within one step planes, anchors and limits
stay fixed, which makes the contact a convex energy.
"""

import numpy as np
from numba import njit

from garments.solvers.membrane import MATH

# Pressure per depth [Pa/m]: 1 kPa, a tight sock, gives way by 0.2 mm. Where more than DEEP [m] is lost the skin
# grows firmer from step to step, up to FIRM times.
NORMAL = 5.0e6
DEEP = 0.7e-3
FIRM = 64.0
# Tangential stiffness before slip, as a share of the normal one.
TANGENT = 0.05


@njit(cache=True, fastmath=MATH, inline="always")
def press(depth):
    """Energy [J/m2], pressure [Pa] and slope [Pa/m] of a depth [m] below the offset."""
    if depth <= 0.0:
        return 0.0, 0.0, 0.0
    return 0.5 * NORMAL * depth * depth, NORMAL * depth, NORMAL


@njit(cache=True, fastmath=MATH, inline="always")
def _depth(x, i, point, normal, offset):
    a, b, c = x[i, 0] - point[i, 0], x[i, 1] - point[i, 1], x[i, 2] - point[i, 2]
    return offset[i] - (a * normal[i, 0] + b * normal[i, 1] + c * normal[i, 2])


@njit(cache=True, fastmath=MATH, inline="always")
def _slide(x, i, anchor, normal):
    """Displacement from the anchor within the plane, and its length."""
    a, b, c = x[i, 0] - anchor[i, 0], x[i, 1] - anchor[i, 1], x[i, 2] - anchor[i, 2]
    up = a * normal[i, 0] + b * normal[i, 1] + c * normal[i, 2]
    a, b, c = a - up * normal[i, 0], b - up * normal[i, 1], c - up * normal[i, 2]
    return a, b, c, np.sqrt(a * a + b * b + c * c)


@njit(cache=True, fastmath=MATH)
def holds(x, near, point, normal, offset, area, friction, out):
    """The largest friction [N] that each vertex can take now, into out [n]."""
    for i in range(len(x)):
        out[i] = 0.0
        if near[i]:
            out[i] = friction[i] * area[i] * press(_depth(x, i, point, normal, offset))[1]


@njit(cache=True, fastmath=MATH)
def energy(x, near, point, normal, offset, area, anchor, hold):
    """Stored energy [J] of normal and tangential contact."""
    total = 0.0
    for i in range(len(x)):
        if not near[i]:
            continue
        depth = _depth(x, i, point, normal, offset)
        total += area[i] * press(depth)[0]
        if hold[i] > 0.0:
            slide = _slide(x, i, anchor, normal)[3]
            stiff = TANGENT * NORMAL * area[i]
            most = hold[i] / stiff
            total += 0.5 * stiff * slide * slide if slide < most else hold[i] * (slide - 0.5 * most)
    return total


@njit(cache=True, fastmath=MATH)
def forces(x, near, point, normal, offset, area, anchor, hold, force):
    """Add normal and friction forces [N] to force [n, 3]."""
    for i in range(len(x)):
        if not near[i]:
            continue
        push = area[i] * press(_depth(x, i, point, normal, offset))[1]
        for k in range(3):
            force[i, k] += push * normal[i, k]
        if hold[i] > 0.0:
            a, b, c, slide = _slide(x, i, anchor, normal)
            stiff = min(TANGENT * NORMAL * area[i], hold[i] / max(slide, 1e-12))
            force[i, 0] -= stiff * a
            force[i, 1] -= stiff * b
            force[i, 2] -= stiff * c


@njit(cache=True, fastmath=MATH)
def stiffness(x, near, point, normal, offset, area, anchor, hold, diagonal, blocks):
    """Add the Hessian [N/m] to the diagonal blocks."""
    for i in range(len(x)):
        if not near[i]:
            continue
        slope = area[i] * press(_depth(x, i, point, normal, offset))[2]
        across = along = 0.0
        a = b = c = 0.0
        if hold[i] > 0.0:
            a, b, c, slide = _slide(x, i, anchor, normal)
            stick = TANGENT * NORMAL * area[i]
            across = min(stick, hold[i] / max(slide, 1e-12))
            # While it slips the Coulomb force is constant along the slide; the margin lets dragged cloth slip on.
            along = stick if stick * slide < 0.999 * hold[i] else 0.0
            a, b, c = a / max(slide, 1e-12), b / max(slide, 1e-12), c / max(slide, 1e-12)
        way = (a, b, c)
        block = blocks[diagonal[i]]
        for p in range(3):
            block[p, p] += across
            for q in range(3):
                block[p, q] += (slope - across) * normal[i, p] * normal[i, q] + (along - across) * way[p] * way[q]


@njit(cache=True, fastmath=MATH)
def foresee(x, there, near, point, normal, offset, area, anchor, hold, diagonal, due, blocks, force):
    """What a Newton direction from x to `there` met that its matrix did not know of: vertices that did not press and
    come to press count as held to where they begin to, and those that slipped and turn back as sticking, in the
    diagonal blocks and in force [n, 3]; `due` [n] are those, and no longer where they meet it no more. How many are, or
    are not, anew."""
    changed = 0
    for i in range(len(x)):
        if not near[i]:
            continue
        depth = _depth(x, i, point, normal, offset)
        if depth <= 0.0:
            meets = _depth(there, i, point, normal, offset) > 0.0
            firm, short = area[i] * NORMAL, depth
            p, q, r = normal[i, 0], normal[i, 1], normal[i, 2]
        elif hold[i] > 0.0:
            a, b, c, slide = _slide(x, i, anchor, normal)
            firm = TANGENT * NORMAL * area[i]
            most = hold[i] / firm
            if slide < 0.999 * most:
                continue
            p, q, r = a / slide, b / slide, c / slide
            a, b, c, _ = _slide(there, i, anchor, normal)
            meets, short = a * p + b * q + c * r < most, most - slide
        else:
            continue
        if meets == due[i]:
            continue
        due[i] = meets
        changed += 1
        if not meets:
            firm = -firm
        way = (p, q, r)
        block = blocks[diagonal[i]]
        for k in range(3):
            force[i, k] += firm * short * way[k]
            for m in range(3):
                block[k, m] += firm * way[k] * way[m]
    return changed


@njit(cache=True, fastmath=MATH)
def drag(x, near, point, normal, offset, area, friction, anchor):
    """After a step: anchors of slipping vertices follow to the Coulomb limit; free vertices drop theirs."""
    for i in range(len(x)):
        push = area[i] * press(_depth(x, i, point, normal, offset))[1] if near[i] else 0.0
        if push <= 0.0:
            anchor[i] = x[i]
            continue
        a, b, c, slide = _slide(x, i, anchor, normal)
        most = friction[i] * push / (TANGENT * NORMAL * area[i])
        share = min(1.0, most / max(slide, 1e-12))
        anchor[i, 0], anchor[i, 1], anchor[i, 2] = x[i, 0] - share * a, x[i, 1] - share * b, x[i, 2] - share * c


@njit(cache=True, fastmath=MATH)
def face_energy(x, faces, near, point, normal, offset, area):
    """Stored energy [J] of the contact at face centres."""
    total = 0.0
    for t in range(len(faces)):
        if near[t]:
            total += area[t] * press(_face_depth(x, faces, t, point, normal, offset))[0]
    return total


@njit(cache=True, fastmath=MATH, inline="always")
def _face_depth(x, faces, t, point, normal, offset):
    height = 0.0
    for k in range(3):
        height += normal[t, k] * ((x[faces[t, 0], k] + x[faces[t, 1], k] + x[faces[t, 2], k]) / 3.0 - point[t, k])
    return offset[t] - height


@njit(cache=True, fastmath=MATH)
def face_forces(x, faces, near, point, normal, offset, area, force):
    """Add the forces [N] at face centres, a third to each corner, to force [n, 3]."""
    for t in range(len(faces)):
        if near[t]:
            push = area[t] * press(_face_depth(x, faces, t, point, normal, offset))[1] / 3.0
            for k in range(3):
                for j in range(3):
                    force[faces[t, j], k] += push * normal[t, k]


@njit(cache=True, fastmath=MATH)
def face_stiffness(x, faces, near, point, normal, offset, area, slots, blocks):
    """Add the Hessian [N/m] of the contact at face centres."""
    for t in range(len(faces)):
        if not near[t]:
            continue
        slope = area[t] * press(_face_depth(x, faces, t, point, normal, offset))[2] / 9.0
        if slope == 0.0:
            continue
        for i in range(3):
            for j in range(3):
                block = blocks[slots[t, i, j]]
                for p in range(3):
                    for q in range(3):
                        block[p, q] += slope * normal[t, p] * normal[t, q]


@njit(cache=True, fastmath=MATH)
def face_coming(x, there, faces, near, point, normal, offset, area):
    """Which face centres do not press at x and do `there`, [m]."""
    found = np.zeros(len(faces), np.bool_)
    for t in range(len(faces)):
        if near[t] and _face_depth(x, faces, t, point, normal, offset) <= 0.0:
            found[t] = _face_depth(there, faces, t, point, normal, offset) > 0.0
    return found


@njit(cache=True, fastmath=MATH)
def face_held(x, which, faces, near, point, normal, offset, area, force):
    """Faces, `which` [k], that are about to press as springs of linear.py, each held to where it begins to: that much
    is added to force [n, 3]."""
    count = len(which)
    who, share = np.zeros((count, 4), np.int32), np.zeros((count, 4), np.float32)
    matrix = np.empty((count, 3, 3), np.float32)
    for i in range(count):
        t = which[i]
        firm = NORMAL * area[t]
        push = firm * _face_depth(x, faces, t, point, normal, offset) / 3.0
        for k in range(3):
            who[i, k], share[i, k] = faces[t, k], 1.0 / 3.0
            for p in range(3):
                force[faces[t, k], p] += push * normal[t, p]
                matrix[i, k, p] = firm * normal[t, k] * normal[t, p]
    return who, share, matrix


@njit(cache=True, fastmath=MATH)
def firmer(x, near, point, normal, offset, firm):
    """After a step: skin that gave way by more than DEEP grows firmer, into firm [n]."""
    for i in range(len(x)):
        if near[i]:
            depth = _depth(x, i, point, normal, offset)
            if depth > DEEP:
                firm[i] = min(FIRM, firm[i] * min(depth / DEEP, 4.0))
