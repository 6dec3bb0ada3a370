"""What to change in the cut of a garment that does not fit: from a drape that `drape` wrote, before and after."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import _options as options

if TYPE_CHECKING:
    from app.alteration import Proposal
    from app.pipeline import TryOn

HELP = "what to change in a pattern so that a draped garment fits"
HEAD, LETTERS = 40, 18
"""Height of the band over the pictures, and of the words on it [pixels]."""
PAPER, INK = "white", "black"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--drape", type=Path, required=True, metavar="FILE", help="drape.npz that `drape` wrote")
    parser.add_argument("--garment", metavar="NAME", help="which garment of it (the first that does not fit)")
    parser.add_argument("--in", dest="unit", choices=("cm", "in"), default="cm", help="unit of lengths (cm)")
    options.add_out(parser)


def run(args: argparse.Namespace) -> int:
    from app.alteration import chosen, propose, steps
    from app.exports.results import write_drape
    from app.steps import load_try_on
    from assets.files import write_bytes, write_json
    from assets.progress import part

    options.check_writable(args.out)
    options.check_pictures()
    progress = options.printed_progress()
    result = load_try_on(args.drape)
    found, after = propose(result, _which(result, args.garment), progress=part(progress, 0.0, 0.95))
    write_drape(after, args.out)
    write_bytes(args.out / "alter.png", _beside(found))
    write_json(args.out / "alter.json", _plain(found))
    progress(1.0, "found")
    lines = (*steps(found.changes, args.unit), *(chosen(option, args.unit) for option in found.options))
    for line in (f"{found.title}: {'; '.join(found.wrong)}", *lines, f"then it {_then(found)}"):
        print(line)
    print(f"alter.png, alter.json and the new drape lie in {args.out}")
    return 0


def _which(result: "TryOn", named: str | None) -> int:
    from assets.errors import UsageError

    names = [garment.design for garment in result.garments]
    if named is not None:
        if named not in names:
            raise UsageError(f"--garment {named}: this drape has {', '.join(names)}")
        return names.index(named)
    misfits = (k for k, fit in enumerate(result.fits) if not all(region.fits for region in fit.regions))
    tight = (k for k, drape in enumerate(result.drapes) if not drape.wearable)
    return min(next(misfits, len(names)), next(tight, len(names)), len(names) - 1)


def _then(found: "Proposal") -> str:
    return found.after.verdict if found.cures else f"is better, but still: {found.after.verdict}; try another size too"


def _beside(found: "Proposal") -> bytes:
    """Before and after on one sheet, PNG, each under what it shows."""
    import io

    import numpy as np
    from PIL import Image, ImageDraw

    from app.alteration import NOW, THEN
    from app.reports.lettering import letter, written

    pictures = Image.fromarray(np.concatenate(found.pictures, axis=1)[..., :3].copy())
    sheet = Image.new("RGB", (pictures.width, pictures.height + HEAD), PAPER)
    sheet.paste(pictures, (0, HEAD))
    draw = ImageDraw.Draw(sheet)
    for side, words in enumerate((NOW, THEN)):
        letter(draw, ((side + 0.5) * sheet.width / 2, HEAD / 2), written(words), INK, LETTERS, "mm")
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


def _plain(found: "Proposal") -> dict[str, Any]:
    """As JSON; lengths in metres."""
    return {
        "schema": "toile.alteration/1",
        "garment": found.title,
        "wrong": list(found.wrong),
        "changes": [
            {
                "region": change.name,
                "length": round(change.length, 4),
                "seams": [{"seam": name, "edges": n, "length": round(by, 4)} for name, n, by in change.seams],
            }
            for change in found.changes
        ],
        "options": {option.option: [round(option.before, 4), round(option.after, 4)] for option in found.options},
        "fits": found.cures,
        "before": found.before.plain(),
        "after": found.after.plain(),
    }
