"""A report that compares: one person in several sizes or looks side by side, each with its strain, its verdict, and
the ease that it leaves by region. Made of the rows and pictures of app.matrix and of jobs.
"""

import io
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from reportlab.platypus import Flowable, Image, KeepTogether, Spacer, Table

from app.reports.imprint import PLAIN as PLAIN_IMPRINT
from app.reports.imprint import Imprint
from app.reports.typeset import (
    BARE,
    GAP,
    HEADING,
    PLAIN,
    QUIET,
    QUIET_RIGHT,
    RIGHT,
    WARNING,
    WARNING_RIGHT,
    WIDTH,
    Page,
    heading,
    line,
    made,
    named,
    ruled,
    speaking,
    text,
)  # fmt: skip
from assets.units import show
from garments.atlas import BY_NAME

ACROSS = 6
"""Columns beside each other; more go below."""
WIDEST = 150.0
"""Width of a column [pt]."""
FITS = "fits"
NOBODY = "this person"
"""Who is compared where nobody has a name."""


def comparison(found: Sequence[tuple[Mapping[str, Any], bytes]], imprint: Imprint = PLAIN_IMPRINT) -> bytes:
    """The report as a PDF: rows of app.matrix with their pictures (PNG, b"" where there is none), person by person."""
    with speaking(imprint):
        garments = list(dict.fromkeys(line(row["garment"]) for row, _ in found))
        title = garments[0] if len(garments) == 1 else f"{garments[0]} – {garments[-1]}"
        told: list[Flowable] = []
        for person, rows in groupby(found, lambda each: each[0]["person"]):
            several = list(rows)
            for k in range(0, len(several), ACROSS):
                told.append(KeepTogether(_side_by_side(person, several[k : k + ACROSS])))
        told.append(made(imprint))
        return Page(title[:1].upper() + title[1:], "comparison of sizes", imprint).document(told)


def _side_by_side(person: str, found: Sequence[tuple[Mapping[str, Any], bytes]]) -> list[Flowable]:
    rows, first = [row for row, _ in found], 62.0
    column = min((WIDTH - first) / len(rows), WIDEST)
    widths = [first, *[column] * len(rows)]
    good = [row["state"] == FITS for row in rows]
    heads = [text(row["garment"], PLAIN if fine else WARNING) for row, fine in zip(rows, good, strict=True)]
    shown = [_shown(row, picture, column - GAP) for row, picture in found]
    verdicts = [text(row["verdict"], QUIET if fine else WARNING) for row, fine in zip(rows, good, strict=True)]
    style = [*BARE, ("RIGHTPADDING", (0, 0), (-1, -1), GAP / 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]
    top = Table([["", *heads], ["", *shown], ["", *verdicts]], widths, style=style, hAlign="LEFT")
    head = heading(person) if person == NOBODY else named(person, HEADING)
    return [head, top, text(_scale(), QUIET), Spacer(1, 4), _eases(rows, widths)]


def _scale() -> str:
    """What the pictures' colours are, in words."""
    strain = BY_NAME["strain"]
    most = strain.zero + strain.shown(strain.most)
    return f"pictures: strain in any direction, blue {strain.zero:.0f} % of the cut length, red {most:.0f} % and more"


def _eases(rows: Sequence[Mapping[str, Any]], widths: Sequence[float]) -> Flowable:
    """Ease by region and the strain, a column a size."""
    names = list(dict.fromkeys(region["name"] for row in rows for region in row["regions"]))
    lines: list[list[Flowable]] = [[text("ease", QUIET), *(text(row["garment"], QUIET_RIGHT) for row in rows)]]
    for name in names:
        cells = []
        for row in rows:
            region = next((each for each in row["regions"] if each["name"] == name), None)
            fine = region is not None and str(region["verdict"]).startswith(FITS)
            told = _found(region) if region else "–"
            cells.append(text(told, RIGHT if fine or region is None else WARNING_RIGHT))
        lines.append([text(name, PLAIN), *cells])
    strains = [f"{100 * row['strain']:.1f} %" if "strain" in row else "–" for row in rows]
    lines.append([text("thread strain, 99th percentile", PLAIN), *(text(strain, RIGHT) for strain in strains)])
    limits = [f"{100 * row['limit']:.0f} %" if "limit" in row else "–" for row in rows]
    lines.append([text("fabric's limit", PLAIN), *(text(limit, RIGHT) for limit in limits)])
    table = ruled(lines, widths, ("RIGHTPADDING", (1, 0), (-1, -1), GAP / 2))
    table.hAlign = "LEFT"
    return table


def _found(region: Mapping[str, Any]) -> str:
    """The ease of a girth, with its doubt; how long a length is."""
    if not region.get("girth", True):
        return f"{show(region['garment'], 'cm')} long"
    return f"{show(region['ease'], 'cm')} ± {show(region['sd'], 'cm')}"


def _shown(row: Mapping[str, Any], picture: bytes, width: float) -> Flowable:
    if not picture:
        return text("failed", WARNING) if row["state"] == "failed" else text("no picture", QUIET)
    image = Image(io.BytesIO(picture))
    image.drawWidth, image.drawHeight = width, width * image.imageHeight / image.imageWidth
    return image
