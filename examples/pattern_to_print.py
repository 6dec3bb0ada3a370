"""A pattern in all its sizes as files to print, to cut and to grade on: PDF at 1:1, DXF-AAMA, SVG.

python examples/pattern_to_print.py
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from garments.formats import write_pattern
from garments.garment import garment
from garments.grading import chart
from garments.nest import Nest


def main(out: Path = Path("out"), design: str = "skirt") -> None:
    """Draft a design in every size of the women's chart and write it in three formats."""
    # Each size is drafted from the measures of its body, not scaled from another one.
    drafts = {size: garment(design, size, "female").pattern for size in chart("female").sizes}
    nest = Nest(design, drafts, "M")  # type: ignore[arg-type]
    out.mkdir(parents=True, exist_ok=True)
    for suffix in (".pdf", ".dxf", ".svg"):
        (out / f"{design}{suffix}").write_bytes(write_pattern(nest, suffix))


if __name__ == "__main__":
    main()
