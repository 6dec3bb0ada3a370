"""Patterns on paper and in files: a design in sizes or cut to measure, or one from elsewhere, shown and converted."""

import argparse
from collections.abc import Mapping
from math import pi
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import _options as options

if TYPE_CHECKING:
    from body.estimate import Estimate
    from garments.nest import Nest
    from garments.pattern import Pattern

HELP = "show a pattern, print it at 1:1, or convert it: PDF, SVG, DXF, GarmentCode JSON"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("design", nargs="?", metavar="DESIGN", help="tee, skirt, ...")
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help="a pattern from elsewhere instead")
    parser.add_argument("--unit", metavar="cm", help="of that file, where it does not tell: m, dm, cm, mm, in, ft")
    parser.add_argument(
        "--size", nargs="+", default=[], metavar="M|measured",
        help="one or several (M), all, or measured: drafted for the person below"
    )  # fmt: skip
    parser.add_argument("--chart", metavar="NAME|FILE.csv", help="of sizes: gb, astm, or your own table")
    parser.add_argument(
        "--option", action="extend", nargs="+", default=[], metavar='NAME="4 cm"', help="an option of the design"
    )
    parser.add_argument(
        "--to",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="x.pdf, .svg, .dxf, .json; of several sizes one file each, but all in a .dxf; repeat for more",
    )
    parser.add_argument(
        "--grade",
        metavar="FILE.csv|bodies",
        help="sizes by rules of points, or as the bodies of a chart differ, from --size M of it",
    )
    parser.add_argument("--rules", type=Path, metavar="FILE.csv", help="save how far points go from size to size")
    parser.add_argument("--paper", metavar="a4", help="of a PDF: a4 or letter, tiled, or plotter (a4)")
    options.add_evidence(parser)
    options.add_engine(parser)


def run(args: argparse.Namespace) -> int:
    from assets.errors import UsageError
    from assets.files import write_bytes, write_text
    from garments.formats import each_file, write_pattern
    from garments.grades import rules, table

    if bool(args.design) == bool(args.source):
        raise UsageError("name a design, or give a pattern's file with --from FILE: one of the two")
    for path in (*args.to, *([args.rules] if args.rules else [])):
        options.check_writable(path.parent)
    nest, notes = _imported(args) if args.source else _drafted(args)
    if args.grade == "bodies":
        nest, told = _grown(nest, _chart(args))
        notes.append(told)
    elif args.grade:
        nest = _graded(nest, args.grade)
    if args.rules:
        write_text(args.rules, table({size: rules(nest.pattern, other) for size, other in nest.patterns.items()}))
    files = [each for path in args.to for each in each_file(nest, path)]
    for path, one in files:
        extra = {"paper": args.paper} if args.paper and path.suffix.lower() == ".pdf" else {}
        write_bytes(path, write_pattern(one, path.suffix, **extra))
    for line in (*_lines(nest), *notes):
        print(line)
    for path in (*(path for path, _ in files), *([args.rules] if args.rules else [])):
        print(f"written: {path}")
    return 0


def _imported(args: argparse.Namespace) -> "tuple[Nest, list[str]]":
    """A pattern from a file, in the sizes asked for."""
    from dataclasses import replace

    from assets.errors import UnsureInput, UsageError
    from garments.formats import read_pattern
    from garments.imported.understanding import UNITS

    if args.unit is not None and args.unit not in UNITS:
        raise UsageError(f"there is no unit {args.unit!r}: it is one of {', '.join(UNITS)}")
    by_bodies = args.grade == "bodies"
    if args.option or (args.chart and not by_bodies):
        raise UsageError("--option and --chart are for designs: a pattern from a file is as it is (or --grade bodies)")
    try:
        nest = read_pattern(args.source, args.unit)
    except UnsureInput as error:
        raise UnsureInput(f"{error} (--unit cm)") from error
    if by_bodies and len(args.size) == 1 and args.size[0] not in nest.patterns:
        nest = replace(nest, patterns={args.size[0]: nest.pattern}, base=args.size[0])
    elif args.size and args.size != ["all"]:
        nest = replace(nest, patterns={size: nest.size(size) for size in args.size}, base=args.size[0])
    return nest, [f"note: {note}" for note in (*nest.notes, nest.lacks()) if note]


def _drafted(args: argparse.Namespace) -> "tuple[Nest, list[str]]":
    """A design in the sizes asked for, or for one person."""
    from assets.errors import UsageError
    from garments.designs import design
    from garments.garment import MADE_TO_MEASURE, garment
    from garments.grading import chart, charts_for, size_measurements
    from garments.nest import Nest

    plan = design(args.design)
    if args.unit:
        raise UsageError("--unit is for a pattern's file: add --from FILE, or leave it out")
    written = [each if "." in each.partition("=")[0] else f"{args.design}.{each}" for each in args.option]
    chosen = options.design_options(written, [args.design]).get(args.design, {})
    if [size.lower() for size in args.size] == ["measured"]:
        estimate = _person(args)
        wearer = {item.name: item.value for item in estimate.measurements.values()}
        made = garment(args.design, chart=_chart(args), options=chosen, measurements=wearer).pattern
        nest = Nest(args.design, {MADE_TO_MEASURE: made}, MADE_TO_MEASURE)  # type: ignore[dict-item]
        return nest, [*_measured(made, estimate), *_offered(plan.OPTIONS, chosen, wearer)]  # type: ignore[arg-type]
    if "measured" in args.size:
        raise UsageError("--size measured stands alone: leave the letters out")
    found = chart(name := charts_for(args.chart, options.sex(args.sex))[0])
    wanted = args.size or [found.middle]
    known, notes = found.sizes, [f"note: {found.assumed}"] if found.assumed else []
    sizes = tuple(known) if wanted == ["all"] else tuple(options.known_size(size, tuple(known)) for size in wanted)
    drafts = {size: garment(args.design, size, name, options=chosen).pattern for size in sizes}
    base = found.middle if found.middle in drafts else sizes[len(sizes) // 2]
    body = size_measurements(base, name)
    return Nest(args.design, drafts, base), [*_offered(plan.OPTIONS, chosen, body), *notes]  # type: ignore[arg-type]


def _grown(nest: "Nest", chart_name: str) -> "tuple[Nest, str]":
    """The base size in the sizes of a chart as its bodies differ, and what was taken for granted."""
    from dataclasses import replace

    from assets.errors import UsageError
    from body.measurements import MEASURES
    from garments.grades import girth_of, grown
    from garments.grading import chart, size_measurements
    from garments.nest import ONE_SIZE

    found, pattern = chart(chart_name), nest.pattern
    base = found.middle if nest.base == ONE_SIZE else nest.base
    if base not in found.sizes:
        known = ", ".join(found.sizes)
        raise UsageError(
            f"{nest.name} is cut for size {base}, and {found.title} has {known}: say which that is, like "
            f"--size {found.middle}"
        )
    bodies = {size: size_measurements(size, chart_name) for size in found.sizes}
    made = {size: grown(pattern, bodies[base], body) if size != base else pattern for size, body in bodies.items()}
    across = MEASURES[girth_of(pattern)].title.lower()
    told = f"note: graded from {base} of {found.title}, across by the {across}, along by the back's length"
    if nest.base == ONE_SIZE:
        told += f"; if it is cut for another size, say which, like --size {list(bodies)[-1]}"
    return replace(nest, patterns=made, base=base), told


def _graded(nest: "Nest", file: str) -> "Nest":
    """The base size in the sizes of a table of rules."""
    from dataclasses import replace

    from assets.files import read_text
    from garments.grades import graded, read_table

    base = nest.pattern
    moves = read_table(read_text(Path(file), 5_000_000, "table of rules"), base, file)
    return replace(nest, patterns={nest.base: base} | {size: graded(base, each) for size, each in moves.items()})


def _chart(args: argparse.Namespace) -> str:
    from garments.grading import charts_for

    return charts_for(args.chart, options.sex(args.sex))[0]


def _person(args: argparse.Namespace) -> "Estimate":
    from app.pipeline import fit_body

    return fit_body(options.evidence(args), model=args.model, device=options.device(args))


def _lines(nest: "Nest") -> list[str]:
    """What a cutter wants to know of a pattern, a line each."""
    pattern = nest.pattern
    sizes = "" if len(nest.patterns) == 1 else f", sizes {', '.join(nest.patterns)}"
    lines = [f"{nest.name}, {nest.base}{sizes}: {len(pattern.panels)} pieces, {len(pattern.seams)} seams"]
    wide = max(len(panel.name) for panel in pattern.panels)
    for panel in pattern.panels:
        width, height = 100.0 * (panel.outline().max(axis=0) - panel.outline().min(axis=0))
        told = [f"{len(panel.edges)} edges", f"cut {panel.cut.drawn}"]
        told += [f"and {panel.cut.mirrored} mirrored"] if panel.cut.mirrored else []
        told += [f"{len(panel.notches)} notches"] if panel.notches else []
        told += [f"{len(panel.drills)} holes"] if panel.drills else []
        told += [f"fold at {panel.fold}"] if panel.fold else []
        told += [] if panel.grain is not None else ["no grain line"]
        lines.append(
            f"  {panel.name:{wide}}  {width:6.1f} x {height:6.1f} cm  {1e4 * panel.area:7.0f} cm2  {', '.join(told)}"
        )
    for name in pattern.lines:
        lines.append(f"  {name} {100.0 * pattern.girth(name):.1f} cm")
    return lines


def _measured(pattern: "Pattern", estimate: "Estimate") -> list[str]:
    """Which measures the draft used, how sure they are and where they are from."""
    from body.measurements import MEASURES

    lines = ["drafted from:"]
    for name in pattern.measurements:
        if name in estimate.measurements:
            found = estimate.measurements[name]
            lines.append(f"  {MEASURES[name].title}: {100 * found.value:.1f} ± {100 * found.sd:.1f} cm, {found.source}")
    return lines


def _offered(offered: dict, chosen: dict[str, float], body: Mapping[str, float]) -> list[str]:
    """The options of a design, with the value of each and its range; shares of the body as lengths on it, too."""
    lines = ["options:"]
    for name, option in offered.items():
        value = chosen.get(name, option.default)
        scale, unit = {"m": (100.0, "cm"), "rad": (180.0 / pi, "degrees")}.get(option.unit, (100.0, "%"))
        told = f"{scale * value:.4g} {unit} ({scale * option.low:.4g} to {scale * option.high:.4g})"
        if unit == "%":
            told += f" of {option.unit.replace('_', ' ')}"
        if option.unit in body:
            told += f", {100 * value * body[option.unit]:.1f} cm"
        lines.append(f"  {name} {told}: {option.help}")
    return lines
