"""From Anny's A-pose to SMPL-X's T-pose: arms along x, palms down, fingers flat, feet a hip's width apart.

The surface is un-posed by the *inverse* of blend skinning, vertex by vertex. Skinning the result back into the A-pose
therefore gives the natural A-pose surface again, shoulders and armpits included, without pose correctives (the idea of
rest shapes by un-posing is SCAPE's, Anguelov et al. 2005).
"""

import torch

from body.model import JOINT_NAMES, PARENTS

LEG_SPLAY = 0.03
PELVIS = (0.0, -0.35, 0.01)
_INDEX = {name: k for k, name in enumerate(JOINT_NAMES)}


def unpose(
    vertices: torch.Tensor, joints: torch.Tensor, weights: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A-pose vertices [b, n, 3] and joints [b, 55, 3] as T-pose ones, and the pose [b, 55, 3, 3] that leads back."""
    turn = t_pose_turns(joints)
    rest = place(turn, joints)
    back = turn.transpose(-1, -2)
    shift = joints - (back @ rest[..., None])[..., 0]
    blend = weights @ torch.cat([back.flatten(2), shift], dim=2)
    linear, move = blend[..., :9].unflatten(2, (3, 3)), blend[..., 9:]
    surface = torch.linalg.solve(linear, (vertices - move)[..., None])[..., 0]
    home = torch.tensor(PELVIS, dtype=rest.dtype) - rest[:, :1]
    local = torch.stack([back[:, k] if p < 0 else turn[:, p] @ back[:, k] for k, p in enumerate(PARENTS)], dim=1)
    return surface + home, rest + home, local


def t_pose_turns(joints: torch.Tensor) -> torch.Tensor:
    """Global rotation [b, 55, 3, 3] of each bone that takes A-pose joints [b, 55, 3] to the T-pose."""
    turn = torch.eye(3, dtype=joints.dtype).expand(len(joints), len(JOINT_NAMES), 3, 3).clone()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        _turn_leg(turn, joints, side, sign)
        _turn_arm(turn, joints, side, torch.tensor([sign, 0.0, 0.0], dtype=joints.dtype))
    return turn


def _turn_leg(turn: torch.Tensor, joints: torch.Tensor, side: str, sign: float) -> None:
    """Swing the leg in the frontal plane; the ankle turns back, so that the sole stays flat."""
    leg = joints[:, _INDEX[f"{side}_ankle"]] - joints[:, _INDEX[f"{side}_hip"]]
    angle = sign * LEG_SPLAY - torch.atan2(leg[:, 0], -leg[:, 1])
    c, s, o = angle.cos(), angle.sin(), torch.zeros_like(angle)
    swing = torch.stack([c, -s, o, s, c, o, o, o, o + 1], dim=1).unflatten(1, (3, 3))
    turn[:, _INDEX[f"{side}_hip"]] = turn[:, _INDEX[f"{side}_knee"]] = swing


def _turn_arm(turn: torch.Tensor, joints: torch.Tensor, side: str, along: torch.Tensor) -> None:
    """Lay upper arm, forearm and hand on the x axis, palm down; half of the hand's twist is the forearm's."""

    def at(name: str) -> torch.Tensor:
        return joints[:, _INDEX[f"{side}_{name}"]]

    upper = _between(at("elbow") - at("shoulder"), along)
    fore = _between((upper @ (at("wrist") - at("elbow"))[..., None])[..., 0], along) @ upper
    knuckles = at("index1") - at("pinky1")
    reach = (at("middle1") + at("index1") + at("ring1")) / 3 - at("wrist")
    hand = _frame(along.expand_as(reach), torch.tensor([0.0, 0.0, 1.0]).expand_as(reach)) @ _frame(
        reach, knuckles
    ).transpose(-1, -2)
    half = _power(hand @ fore.transpose(-1, -2), 0.5, along)
    turn[:, _INDEX[f"{side}_shoulder"]] = upper
    turn[:, _INDEX[f"{side}_elbow"]] = half @ fore
    turn[:, _INDEX[f"{side}_wrist"]] = hand
    for finger in ("index", "middle", "ring", "pinky"):
        _flatten(turn, joints, side, finger, hand)
    for k in (1, 2, 3):
        turn[:, _INDEX[f"{side}_thumb{k}"]] = hand


def _flatten(turn: torch.Tensor, joints: torch.Tensor, side: str, finger: str, hand: torch.Tensor) -> None:
    """Straighten a finger in the horizontal plane, keeping the way it spreads."""
    knots = [joints[:, _INDEX[f"{side}_{finger}{k}"]] for k in (1, 2, 3)]
    spread = (hand @ (knots[2] - knots[0])[..., None])[..., 0] * torch.tensor([1.0, 0.0, 0.6])
    before = hand
    for k in (1, 2, 3):
        if k < 3:
            bone = (before @ (knots[k] - knots[k - 1])[..., None])[..., 0]
            before = _between(bone, spread) @ before
        turn[:, _INDEX[f"{side}_{finger}{k}"]] = before


def place(turn: torch.Tensor, joints: torch.Tensor) -> torch.Tensor:
    """Where joints [b, 55, 3] come to lie when bones turn by global rotations [b, 55, 3, 3], the pelvis staying."""
    places = [joints[:, 0]]
    for joint, parent in enumerate(PARENTS[1:], start=1):
        bone = joints[:, joint] - joints[:, parent]
        places.append(places[parent] + (turn[:, parent] @ bone[..., None])[..., 0])
    return torch.stack(places, dim=1)


def _between(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The smallest rotation [b, 3, 3] from direction a [b, 3] to direction b."""
    a, b = torch.nn.functional.normalize(a, dim=-1), torch.nn.functional.normalize(b, dim=-1).expand_as(a)
    v = torch.linalg.cross(a, b, dim=-1)
    k = _cross(v)
    return torch.eye(3, dtype=a.dtype) + k + k @ k / (1 + (a * b).sum(-1))[:, None, None]


def _frame(along: torch.Tensor, across: torch.Tensor) -> torch.Tensor:
    """Orthonormal columns: along, across made square to it, their product."""
    first = torch.nn.functional.normalize(along, dim=-1)
    second = torch.nn.functional.normalize(across - (across * first).sum(-1, keepdim=True) * first, dim=-1)
    return torch.stack([first, second, torch.linalg.cross(first, second, dim=-1)], dim=-1)


def _power(rotation: torch.Tensor, part: float, axis: torch.Tensor) -> torch.Tensor:
    """That part of a rotation's twist about `axis`."""
    twist = 0.5 * torch.stack(
        [
            rotation[:, 2, 1] - rotation[:, 1, 2],
            rotation[:, 0, 2] - rotation[:, 2, 0],
            rotation[:, 1, 0] - rotation[:, 0, 1],
        ],
        dim=1,
    )
    cosine = (rotation.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2
    angle = part * torch.atan2((twist * axis).sum(-1), cosine)
    return torch.linalg.matrix_exp(_cross(angle[:, None] * axis))


def _cross(v: torch.Tensor) -> torch.Tensor:
    x, y, z = v.unbind(-1)
    o = torch.zeros_like(x)
    return torch.stack([o, -z, y, z, o, -x, -y, x, o], dim=-1).unflatten(-1, (3, 3))
