"""Options that several subcommands share: the evidence about a person, the garments, where results go."""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands._colours import add_colours, in_colours
from assets import units
from assets.errors import CannotWrite, DrapeFailed, InputRefused, UnsureInput, UsageError
from assets.progress import silent

if TYPE_CHECKING:
    from app.pipeline import TryOn
    from app.project import Project, Wish
    from app.reports.imprint import Imprint
    from assets.progress import Progress
    from body.estimate import Evidence
    from body.frame import Frame
    from body.poses import Pose
    from garments.imported.readymade import ReadyMade


def add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--project", type=Path, metavar="FILE.toile", help="person, garments and pose as the studio saved them"
    )


def add_evidence(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the person")
    group.add_argument(
        "--photo",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="front, side or any other; repeat for more",
    )
    group.add_argument("--video", type=Path, metavar="FILE", help="a slow turn on the spot, arms off the body")
    group.add_argument("--scan", type=Path, metavar="FILE", help="a 3D scan of the person: OBJ, PLY, STL or GLB")
    group.add_argument("--no-scan-detail", action="store_true", help="a smooth body, not the scan's very surface")
    group.add_argument("--no-photo", action="store_true", help="work from numbers alone")
    group.add_argument("--height", metavar='"178 cm"', help="without shoes: cm (if no unit is given), m, in or ft'in\"")
    group.add_argument("--weight", metavar='"74 kg"', help="kg (if no unit is given), lb or st")
    group.add_argument("--sex", metavar="female|male|0..1", help="statistics to lean on; 0 female, 1 male")
    group.add_argument("--age", type=float, metavar="YEARS")
    group.add_argument(
        "--tape", action="extend", nargs="+", default=[], metavar='NAME="81 cm"', help="a tape measure; tapes win"
    )
    group.add_argument(
        "--person", type=int, metavar="N", help="which person, when a photo shows several; of a video the Nth to appear"
    )
    group.add_argument("--model", type=Path, metavar="FILE", help="your own SMPL-X file instead of the built-in body")


def add_garments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the garments, worn in the order given")
    group.add_argument(
        "--garment", action="append", default=[], metavar="NAME|FILE",
        help="tee, skirt, a mesh (OBJ, GLB, glTF, PLY, STL, OFF) or a GarmentCode JSON; repeat to layer",
    )  # fmt: skip
    group.add_argument(
        "--size", action="append", default=[], metavar="M|auto|measured",
        help="for all, or one for each garment (auto); measured: drafted for this body"
    )  # fmt: skip
    group.add_argument(
        "--chart", metavar="NAME|FILE.csv", help="of sizes: gb, astm, or your own table (size,bust,waist,hip,...)"
    )
    group.add_argument(
        "--option", action="extend", nargs="+", default=[], metavar='DESIGN.NAME="4 cm"',
        help="an option of a design; `pattern DESIGN` lists them"
    )  # fmt: skip
    group.add_argument("--likes", choices=("close", "regular", "loose"), help="the fit that is liked")
    group.add_argument("--fabric", action="append", default=[], metavar="NAME", help="for all, or one for each garment")
    group.add_argument("--colour", action="append", default=[], metavar="#RRGGBB|NAME", help="for all, or one for each")
    add_colours(group)
    group.add_argument("--unit", metavar="cm", help="of garments from files: m, dm, cm, mm, in, ft (found on the body)")
    group.add_argument("--up", metavar="z", help="the axis that is up in them: x, y, z, or =-z (found on the body)")
    group.add_argument("--scale-to-body", action="store_true", help="make them as large as sits best on a mean body")


def add_engine(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how")
    group.add_argument("--seed", type=_seed, default=0, metavar="N", help="same input and seed, same files (0)")
    group.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="for fitting the body")
    words = "a CUDA card (with toile[gpu]) or the processor, whose files alone are the same each time"
    group.add_argument("--drape-on", choices=("cpu", "cuda"), default="cpu", help=words)


def add_pose(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how the person stands in body.glb; garments are draped at ease")
    group.add_argument(
        "--pose", metavar="NAME|FILE", help="relaxed, t, a, akimbo, walking, sitting, raised, reaching, one of yours; "
        "or an AMASS, SMPL-X (.npz) or BVH file"
    )  # fmt: skip
    group.add_argument("--frame", type=int, metavar="N", help="which frame of the file, from 0 (0)")


def add_report(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what reports bear")
    add_template(group)
    group.add_argument("--date", default="", help="as the report is to bear it (none)")


def add_template(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    parser.add_argument(
        "--template", type=Path, metavar="FILE.toml", help="shop, logo, language (en, zh), accent, note, maker"
    )


def template(args: argparse.Namespace) -> "Imprint":
    """The shop's template, the plain one where none is given. Raises InputRefused for one that cannot be used."""
    from app.reports.imprint import Imprint
    from app.reports.template import read_template

    return read_template(args.template) if args.template else Imprint()


def imprint(args: argparse.Namespace) -> "Imprint":
    """What reports bear. Raises InputRefused for a template that cannot be used."""
    from dataclasses import replace

    return replace(template(args), date=args.date)


def add_out(parser: argparse.ArgumentParser, required: bool = True) -> None:
    parser.add_argument("--out", type=_folder, required=required, metavar="DIR", help="folder for the results")


def project(args: argparse.Namespace) -> "Project":
    """The project in a file. Raises UsageError where options say something else, and InputRefused."""
    from app.projectfile import load

    person = ("photo", "video", "scan", "no_photo", "height", "weight", "sex", "age", "tape", "person", "pose", "frame")
    about = (*person, "garment", "size", "chart", "option", "fabric", "colour", "colourway", "print")
    given = [name for name in about if getattr(args, name, None)]
    if given:
        raise UsageError(f"--project tells of person and garments itself: leave out --{given[0].replace('_', '-')}")
    found = load(str(args.project)).project
    if not found.wishes:
        raise InputRefused(f"nothing is worn in {args.project}: put on a garment in the studio, and save it again")
    return found


def evidence(args: argparse.Namespace, progress: "Progress" = silent) -> "Evidence":
    """Evidence from the options. Raises UsageError or InputRefused, naming the option."""
    from body.estimate import Evidence
    from body.frame import load_picture
    from body.measurements import canonical
    from body.scan import load_scan

    seen = "--photo" if args.photo else "--video" if args.video else None
    if seen and args.no_photo:
        raise UsageError(f"{seen} and --no-photo exclude each other: leave one out")
    if seen and args.height is None:
        raise UsageError(f'a {seen[2:]} carries no scale: add the person\'s height, like --height "178 cm"')
    shown = seen or args.scan
    if not shown and not args.no_photo:
        raise UsageError("give --photo FILE, --video FILE or --scan FILE, or --no-photo to work from numbers alone")
    if not shown and args.height is None and args.weight is None and not args.tape:
        raise UsageError('nothing is known about the person: give at least --height, like --height "178 cm"')
    if args.person is not None and not seen:
        raise UsageError("--person picks somebody from a photo, and there is none: add --photo, or leave it out")
    if args.person is not None and args.photo and args.video:
        raise UsageError("--person cannot be meant for photos and a video at once: give the one or the other")
    tapes: dict[str, float] = {}
    for written in args.tape:
        name, equals, value = written.partition("=")
        if not equals:
            raise UsageError(f'--tape {written!r}: write it as NAME=VALUE, like --tape waist="81 cm"')
        if canonical(name) in tapes:
            raise UsageError(f"--tape {name}: this tape is given twice; keep the right one")
        tapes[canonical(name)] = _quantity(f"--tape {name}", units.length, value)
    height = None if args.height is None else _quantity("--height", units.length, args.height)
    photos = tuple(load_picture(path) for path in args.photo)
    remarks: tuple[str, ...] = ()
    if args.video:
        moments, remarks = _from_video(args, height, progress)
        photos += moments
    return Evidence(
        height=height,
        mass=None if args.weight is None else _quantity("--weight", units.mass, args.weight),
        sex=sex(args.sex),
        age=args.age,
        tapes=tapes,
        photos=photos,
        person=args.person if args.photo else None,
        scan=load_scan(args.scan) if args.scan else None,
        scan_detail=not args.no_scan_detail,
        remarks=remarks,
    )


def pose(args: argparse.Namespace) -> "tuple[Pose | None, tuple[str, ...]]":
    """The pose asked for, if any, and what to know of it. Raises UsageError or InputRefused."""
    from body.motion import pose_from

    if args.pose is None:
        if args.frame is not None:
            raise UsageError("--frame picks from a file of poses: add --pose FILE, or leave it out")
        return None, ()
    return pose_from(args.pose, args.frame)


def _from_video(
    args: argparse.Namespace, height: float | None, progress: "Progress"
) -> "tuple[tuple[Frame, ...], tuple[str, ...]]":
    from body.live.turn import from_video
    from body.model import load_model

    return from_video(args.video, load_model(args.model), height, args.person, progress)


def wishes(args: argparse.Namespace) -> tuple["Wish", ...]:
    """What to wear, in the order of dressing. Raises UsageError or InputRefused for names that are not known."""
    from app.project import AUTO, Wish
    from garments.colours.palette import shade as named_colour
    from garments.designs import design
    from garments.fabric import fabric

    designs = args.garment or ["tee"]
    made = [_mesh(name, args) for name in designs]
    for name, mesh in zip(designs, made, strict=True):
        if mesh is None:
            design(name)
    if (args.unit or args.up or args.scale_to_body) and not any(made):
        raise UsageError("--unit, --up and --scale-to-body are for garments from files: give one with --garment FILE")
    known = sizes(args)
    chosen = _one_each("--size", [known_size(written, known) for written in args.size] or [AUTO], designs)
    fabrics = _one_each("--fabric", args.fabric or [None], designs)
    colours = _one_each("--colour", args.colour or [None], designs)
    for name in filter(None, fabrics):
        fabric(name)
    for written in filter(None, colours):
        named_colour(written)
    options = design_options(args.option, [name for name, mesh in zip(designs, made, strict=True) if mesh is None])
    wished = tuple(
        Wish(name, size, cloth, shade, None, args.chart, options.get(name, {}), likes=getattr(args, "likes", None))
        if mesh is None
        else Wish(mesh.name, size, cloth, shade, mesh)
        for name, size, cloth, shade, mesh in zip(designs, chosen, fabrics, colours, made, strict=True)
    )
    return in_colours(wished, args)


def sizes(args: argparse.Namespace) -> tuple[str, ...]:
    """Sizes that can be asked for. Raises InputRefused for a chart that cannot be used."""
    from garments.grading import chart, charts_for

    person = sex(args.sex) if getattr(args, "sex", None) else None
    return tuple(dict.fromkeys(size for name in charts_for(args.chart, person) for size in chart(name).sizes))


def length(option: str, written: str, low: float, high: float) -> float:
    """A length [m] within bounds. Raises UsageError, naming the option."""
    found = _quantity(option, units.length, written)
    if not low <= found <= high:
        raise UsageError(f"{option} goes from {units.show(low, 'cm')} to {units.show(high, 'cm')}: got {written}")
    return found


def device(args: argparse.Namespace) -> str:
    """The torch device to fit the body on. Raises UsageError for a GPU that is not there."""
    if args.device == "cpu":
        return "cpu"
    import torch

    there = torch.cuda.is_available()
    if args.device == "cuda" and not there:
        raise UsageError("--device cuda: no CUDA device is usable here; leave the option out to use the CPU")
    return "cuda" if there else "cpu"


def check_writable(folder: Path) -> None:
    """Find out before an hour's work that the folder cannot be written. Raises CannotWrite; leaves nothing behind."""
    existing = folder
    try:
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
    except OSError as error:
        raise CannotWrite(f"cannot write into {folder}: {error.strerror}") from error
    if not existing.is_dir():
        raise CannotWrite(f"cannot write into {folder}: {existing} is not a folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise CannotWrite(f"cannot write into {folder}: permission denied")


def check_pictures() -> None:
    """Find out before the drape that no picture can be drawn of it. Raises MissingExtra without EGL."""
    from render.headless import driver

    driver()


def check_drape(result: "TryOn") -> None:
    """Raise DrapeFailed, in words for who sells clothes, when the drape is not to be trusted."""
    if not result.holds:
        head = "another size or fabric may do"
        if any(fit.tells_why for fit in result.fits):
            head = f"a {'larger' if any(fit.too_small for fit in result.fits) else 'smaller'} size is needed"
        raise DrapeFailed(
            f"the drape failed its certificate, and nothing it shows can be relied on; {head} "
            f"({'; '.join(result.failures())})"
        )


def printed_progress() -> "Progress":
    """Progress as lines on stdout, one a whole ten percent or new sentence; a single moving line on a terminal."""
    last: tuple[str, int] = ("", -1)

    def show(fraction: float, words: str) -> None:
        nonlocal last
        percent = int(100 * min(max(fraction, 0.0), 1.0))
        if sys.stdout.isatty():
            print(f"\r\x1b[K[{percent:3d} %] {words}", end="" if percent < 100 else "\n", flush=True)
        elif words != last[0] or percent >= last[1] + 10:
            last = (words, percent)
            print(f"[{percent:3d} %] {words}", flush=True)

    return show


def _mesh(name: str, args: argparse.Namespace) -> "ReadyMade | None":
    """The garment in a file; None for a name. Raises UsageError or InputRefused, naming the options that help."""
    from assets.meshfile import SUFFIXES
    from garments.formats import formats, read_garment

    if Path(name).suffix.lower() not in (*SUFFIXES, *formats()):
        return None
    try:
        return read_garment(Path(name), args.unit, args.up, args.scale_to_body)
    except UnsureInput as error:
        raise UnsureInput(f"{error} (--unit cm, --up z, --scale-to-body)") from error


def known_size(written: str, known: tuple[str, ...]) -> str:
    from app.project import AUTO
    from garments.garment import MADE_TO_MEASURE

    special = {AUTO: AUTO, "measured": MADE_TO_MEASURE, MADE_TO_MEASURE: MADE_TO_MEASURE}
    found = special | {size.lower(): size for size in known}
    if written.lower() not in found:
        raise InputRefused(f"there is no size {written!r}: it is one of {', '.join(known)}, auto or measured")
    return found[written.lower()]


def design_options(given: list[str], designs: list[str]) -> dict[str, dict[str, float]]:
    """Options by design. Raises UsageError for one that is not written as it should be, or that no design has."""
    from garments.blocks.drafting import chosen
    from garments.designs import design

    found: dict[str, dict[str, float]] = {}
    for written in given:
        name, equals, value = written.partition("=")
        plan, dot, option = name.strip().partition(".")
        if not (equals and dot):
            raise UsageError(f'--option {written!r}: write it as DESIGN.NAME=VALUE, like tee.length="4 cm"')
        if plan not in designs:
            raise UsageError(f"--option {written}: no {plan} is worn; add --garment {plan}")
        offered, title = design(plan).OPTIONS, design(plan).TITLE
        if option not in offered:
            raise UsageError(f"--option {written}: a {title} has no option {option}: it has {', '.join(offered)}")
        share = partial(units.quantity, kind="share", bare="")
        read = {"m": units.signed_length, "rad": units.angle}.get(offered[option].unit, share)
        found.setdefault(plan, {})[option] = _quantity(f"--option {name}", read, value)
        chosen(offered, found[plan], title)
    return found


def _seed(written: str) -> int:
    if not written.isdecimal():
        raise argparse.ArgumentTypeError(f"{written!r} is not a whole number from 0")
    return int(written)


def _folder(written: str) -> Path:
    if not written:
        raise argparse.ArgumentTypeError("the folder has no name")
    return Path(written)


def _quantity(option: str, read: Callable[[str], float], written: str) -> float:
    try:
        return read(written)
    except UsageError as error:
        raise UsageError(f"{option}: {error}") from error


def sex(written: str | None) -> float | None:
    """0 (female) to 1 (male), None where it is not said. Raises UsageError."""
    from app.people import read_sex

    return None if written is None else _quantity("--sex", read_sex, written)


def _one_each(option: str, given: list, designs: list) -> list:
    if len(given) == 1:
        return given * len(designs)
    if len(given) != len(designs):
        worn = f"{len(designs)} garments" if len(designs) > 1 else "one garment"
        raise UsageError(f"{option} was given {len(given)} times for {worn}: give one, or one each")
    return given
