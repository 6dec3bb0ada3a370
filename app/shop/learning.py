"""What the program learns of a shop's customers, on this machine: from tables of who took what, and from how sizes were
said to fit. It runs behind everything else, tells how far it is, and can be stopped; then nothing is changed.

What is kept is about garments: which go with which, how popular they are, what groups of tastes take. No customer is in
it, by name or number. Beside it lies how good it would have been: learned from the past, asked about what came after.
"""

import io
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from assets import files
from assets.errors import InputRefused
from assets.progress import Progress, part, silent

if TYPE_CHECKING:
    from garments.recommend.evaluate import Score
    from garments.recommend.interactions import Interactions
    from garments.recommend.suggest import Past

SCHEMA = "toile.learned/1"
KEPT = {"fits": 1.0, "small": 0.5, "large": 0.5}
"""What a garment that somebody took and spoke of is worth, by the verdict."""
_LARGEST = 500_000_000


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from: interactions, customers, items, lines passed over; in words what history is good for; how
    many groups of tastes there are; the scores by time split; and how many items are not in the catalogue."""

    interactions: int
    customers: int
    items: int
    passed: int
    why: str
    tastes: int
    scores: "tuple[Score, ...]" = ()
    unknown: int = 0

    def plain(self) -> dict:
        """As JSON."""
        return asdict(self)

    @property
    def words(self) -> tuple[str, ...]:
        """In words, a line each."""
        told = [f"{self.interactions:,} interactions of {self.customers:,} customers with {self.items:,} garments"]
        told += [f"{self.passed:,} lines could not be used"] if self.passed else []
        told += [f"{self.unknown:,} of the garments are not in the catalogue"] if self.unknown else []
        told += [self.why, f"{self.tastes} groups of tastes" if self.tastes else "no groups of tastes stand apart"]
        for one in self.scores:
            sure = "" if one.calibration is None else f", calibration off by {100 * one.calibration:.1f} points"
            shares = f"recall {one.recall:.3f}, coverage {100 * one.coverage:.0f} %{sure}"
            told.append(f"{one.name}: NDCG@10 {one.ndcg:.3f}, {shares}")
        return tuple(told)


def train(paths: Sequence[str], catalogue: str, scored: bool = True, progress: Progress = silent) -> Learned:
    """Learn anew from some tables and from the feedback table, and keep it. `catalogue`: whose garments the tastes are
    of. Raises InputRefused for a table that cannot be used; stopped, it leaves what was learned before."""
    from garments.recommend.content import content
    from garments.recommend.evaluate import evaluate
    from garments.recommend.history import fit_history
    from garments.recommend.profiles import tastes
    from garments.recommend.suggest import Past

    progress(0.0, "reading the tables")
    told = gathered([Path(path) for path in paths])
    scores, share = (evaluate(told, progress=part(progress, 0.1, 0.5))[0], 0.5) if scored else ((), 0.1)
    model = fit_history(told, part(progress, share, 0.9))
    progress(0.9, "grouping tastes")
    known = {one.id: content(one) for one in _articles(catalogue)}
    groups = tastes(told, known)
    unknown = sum(name not in known for name in told.item_names) if known else 0
    found = Learned(
        len(told), len(told.person_names), len(told.item_names), told.passed, model.why,
        len(groups.groups) if groups else 0, tuple(scores), unknown,
    )  # fmt: skip
    progress(0.95, "keeping what was learned")
    _write(Past(model, told.item_names, groups), found)
    progress(1.0, "learned")
    return found


def gathered(paths: Sequence[Path]) -> "Interactions":
    """All that some tables and the feedback table say of who took what. Raises InputRefused where it is nothing."""
    from garments.history import feedback
    from garments.recommend.interactions import collected, read_interactions

    read = [read_interactions(path) for path in paths]
    rows = [row for one in read for row in one.rows()]
    if feedback.stamp():
        for row in feedback.read(feedback.own_table()):
            with suppress(ValueError):
                day = date.fromisoformat(row.day).toordinal()
                if row.customer and row.style:
                    rows.append((row.customer, row.style, day, KEPT[row.verdict], ""))
    if not rows:
        raise InputRefused("there is nothing to learn from: name a table of who took what when")
    return collected(rows, sum(one.passed for one in read))


def state() -> Learned | None:
    """What was learned last; None where nothing was, or what there is cannot be read."""
    from garments.recommend.evaluate import Score

    with suppress(OSError, ValueError, LookupError, TypeError):
        told = json.loads(_card().read_text(encoding="utf-8"))
        if told.pop("schema") == SCHEMA:
            return Learned(**{**told, "scores": tuple(Score(**one) for one in told["scores"])})
    return None


def own() -> "Past | None":
    """What suggestions go by; None where nothing was learned. Raises InputRefused where it is damaged."""
    if not _model().is_file():
        return None
    try:
        if _model().stat().st_size > _LARGEST:
            raise ValueError("too large")
        with np.load(_model(), allow_pickle=False) as told:
            return _unpacked(told)
    except (OSError, ValueError, LookupError, TypeError, BadZipFile) as error:
        raise InputRefused(f"{_model()} cannot be read ({error}): learn anew, or `main.py learn --forget`") from error


def forget() -> bool:
    """Delete what was learned; whether there was something."""
    there = _model().exists()
    for path in (_model(), _card()):
        path.unlink(missing_ok=True)
    return there


def _articles(catalogue: str):
    from app.shop.offering import articles_of

    return [one for one in articles_of(Path(catalogue)) if not one.trouble] if catalogue else []


def _write(past: "Past", found: Learned) -> None:
    model, groups = past.model, past.tastes
    small = model.popularity_only
    arrays = {
        "known": model.known, "popular": model.popular, "sure": model.sure, "items": np.array(model.items),
        "blend": np.array(model.blend), "half": np.array(model.half), "why": np.array(model.why),
        "names": np.array(past.names, str),
        "ease": np.zeros((0, 0), np.float32) if small else model.ease.astype(np.float32),
        "data": model.follows.data.astype(np.float32), "indices": model.follows.indices, "ends": model.follows.indptr,
    }  # fmt: skip
    if groups is not None:
        for name in ("centres", "mean", "scale", "shares"):
            arrays[f"taste_{name}"] = getattr(groups.groups, name)
        arrays |= {"taste_apart": np.array(groups.groups.apart), "taste_columns": np.array(groups.columns, str),
                   "taste_liked": np.array(json.dumps([dict(one) for one in groups.liked]))}  # fmt: skip
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    _model().parent.mkdir(exist_ok=True)
    files.write_bytes(_model(), stream.getvalue())
    files.write_json(_card(), {"schema": SCHEMA} | found.plain())


def _unpacked(told) -> "Past":
    from scipy import sparse

    from garments.recommend.history import Model
    from garments.recommend.profiles import Groups, Tastes
    from garments.recommend.suggest import Past

    size = len(told["known"])
    follows = sparse.csr_matrix((told["data"], told["indices"], told["ends"]), (size, size))
    ease = np.asarray(told["ease"], float) if len(told["ease"]) else np.zeros((size, size))
    first, second, third = (float(share) for share in told["blend"])
    model = Model(
        told["known"], int(told["items"]), ease, follows, told["popular"], (first, second, third), float(told["half"]),
        told["sure"], str(told["why"]),
    )  # fmt: skip
    tastes = None
    if "taste_centres" in told:
        centres, mean, scale, shares = (told[f"taste_{name}"] for name in ("centres", "mean", "scale", "shares"))
        groups = Groups(centres, mean, scale, shares, float(told["taste_apart"]))
        tastes = Tastes(groups, tuple(json.loads(str(told["taste_liked"]))), tuple(map(str, told["taste_columns"])))
    return Past(model, tuple(map(str, told["names"])), tastes)


def _model() -> Path:
    return files.user_data() / "suggestions" / "learned.npz"


def _card() -> Path:
    return files.user_data() / "suggestions" / "learned.json"
