"""Tables of grade rules (.rul), which go along with AAMA and ASTM drawings of one size: how far numbered points go.

The table lists sizes, and under `RULE: DELTA n` a pair x,y for each; the drawing says "# n" at the points that rule n
moves. Points without a rule go along with their neighbours that have one, by their way along the outline. Most programs
write how far a point goes from the sample size, some from one size to the next: where it goes no farther in farther
sizes, the numbers are taken for steps.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assets.errors import Damaged
from assets.files import read_text
from garments.pattern import Panel

_PAIR = re.compile(r"(-?\d*\.?\d+)\s*,\s*(-?\d*\.?\d+)")
_LARGEST_FILE, _MOST_SIZES = 5_000_000, 100
_ON_POINT, _FARTHER, _FARTHEST = 5e-4, 1.3, 0.5


class Rules(NamedTuple):
    """Sizes in their order, the sample among them, and by number of the rule how far [m] [sizes, 2] a point goes from
    the sample size; `steps` whether the file told steps from size to size."""

    sizes: tuple[str, ...]
    sample: str
    moves: Mapping[int, np.ndarray]
    steps: bool


def beside(path: Path) -> Path | None:
    """The table of rules of the same name beside a drawing."""
    return next((p for ending in (".rul", ".RUL", ".Rul") if (p := path.with_suffix(ending)).is_file()), None)


def read_rules(path: Path) -> Rules:
    """The rules in a file. Raises Damaged for a table that does not add up."""
    text = read_text(path, _LARGEST_FILE, "table of rules")
    told = {key.strip().upper(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}
    sizes, sample = tuple(told.get("SIZE LIST", "").split()), told.get("SAMPLE SIZE", "")
    if not 0 < len(sizes) <= _MOST_SIZES or len(set(sizes)) < len(sizes) or sample not in sizes:
        raise Damaged(f"{path} is damaged: its list of sizes does not hold its sample size once")
    scale = 0.0254 if told.get("UNITS", "").upper().startswith(("ENGL", "IMP", "IN")) else 0.001
    moves = {}
    for number, body in re.findall(r"RULE:\s*DELTA\s+(\d+)(.*?)(?=RULE:|\Z)", text, re.DOTALL | re.IGNORECASE):
        pairs = np.array(_PAIR.findall(body), float).reshape(-1, 2) * scale
        if len(pairs) != len(sizes) or np.abs(pairs).max() > _FARTHEST:
            raise Damaged(f"{path} is damaged: rule {number} does not say for {len(sizes)} sizes how far a point goes")
        moves[int(number)] = pairs
    if not moves:
        raise Damaged(f"{path} is damaged: there are no rules in it")
    base = sizes.index(sample)
    steps = _told_in_steps(list(moves.values()), base)
    if steps:
        moves = {number: _added_up(pairs, base) for number, pairs in moves.items()}
    return Rules(sizes, sample, moves, steps)


def moved(panel: Panel, points: Sequence[tuple[np.ndarray, int]], rules: Rules, size: str) -> dict:
    """How far [m] the corners of a panel go in a size, by (panel, edge), as garments.grades wants it. `points`: where
    [m] the drawing names which rule."""
    number = rules.sizes.index(size)
    starts = np.array([edge.start for edge in panel.edges])
    known: dict[int, np.ndarray] = {}
    for place, rule in points:
        away = np.linalg.norm(starts - place, axis=1)
        if rule in rules.moves and away.min() < _ON_POINT:
            known.setdefault(int(away.argmin()), rules.moves[rule][number])
    if not known:
        return {}
    lengths = np.array([edge.length for edge in panel.edges])
    along = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    ruled = sorted(known)
    stations = [along[ruled[-1]] - lengths.sum(), *along[ruled], along[ruled[0]] + lengths.sum()]
    ways = np.array([known[ruled[-1]], *(known[k] for k in ruled), known[ruled[0]]])
    found = np.stack([np.interp(along, stations, ways[:, k]) for k in range(2)], axis=1)
    return {(panel.name, edge.name): move for edge, move in zip(panel.edges, found, strict=True)}


def _told_in_steps(moves: Sequence[np.ndarray], base: int) -> bool:
    total = np.sum([np.linalg.norm(pairs, axis=1) for pairs in moves], axis=0)
    near, far = [], []
    for side in (total[base + 1 :], total[:base][::-1]):
        if len(side) > 1:
            near.append(side[0])
            far.append(side[-1])
    return bool(near) and sum(far) < _FARTHER * sum(near)


def _added_up(pairs: np.ndarray, base: int) -> np.ndarray:
    """Steps from size to size as ways from the sample size."""
    after, before = np.cumsum(pairs[base + 1 :], axis=0), np.cumsum(pairs[:base][::-1], axis=0)[::-1]
    return np.concatenate([before, pairs[base : base + 1] * 0.0, after])
