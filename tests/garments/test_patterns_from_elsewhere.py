"""Patterns of other programs: industrial DXF, GarmentCode, SVG as others draw it; paper at its true size."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assets.errors import Damaged, InputRefused, UnsureInput
from garments.checking import faults
from garments.designs import designs
from garments.formats import dxf, each_file, garmentcode, svg, write_pattern
from garments.formats.tracing import NEAR, traced
from garments.grading import size_measurements
from garments.imported.assembling import assembled
from garments.nest import Nest, only, unpacked

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "garments"


def others(name: str) -> Path:
    if not (DATA / name).is_file():
        pytest.skip("the patterns of others (../shared/data/garments) are not here")
    return DATA / name


def opened(module, path: Path, unit: str | None = None) -> Nest:
    return unpacked(module.read(str(path), unit), str(path))


@pytest.mark.parametrize(
    ("name", "sizes", "base", "pieces", "longest"),
    [("GLX4802S19_AAMA.DXF", 14, "36", 3, (0.90, 0.96)), ("MEN_CLASSIC_TEE.DXF", 15, "50", 7, (0.6, 0.9))],
)
def test_industrial_files_open_in_their_unit_and_grade_evenly(name, sizes, base, pieces, longest):
    found = opened(dxf, others(name))
    assert len(found.patterns) == sizes and found.base == base and len(found.pattern.panels) == pieces
    size = max(np.ptp(panel.outline(), axis=0).max() for panel in found.pattern.panels)
    assert longest[0] < size < longest[1]
    areas = np.array([[panel.area for panel in pattern.panels] for pattern in found.patterns.values()])
    assert (np.diff(areas[:, 0]) > 0).all() and all(panel.grain is not None for panel in found.pattern.panels)
    assert "seams" in found.lacks()
    with pytest.raises(InputRefused, match="cannot be draped"):
        assembled(found)


@pytest.mark.parametrize(("name", "panels", "seams"), [("gc_shirt_mean", 8, 18), ("gc_dress_pencil", 6, 23)])
def test_garmentcode_opens_without_a_fault(name, panels, seams):
    found = opened(garmentcode, others(f"{name}_specification.json"))
    pattern = found.pattern
    assert len(pattern.panels) == panels and len(pattern.seams) == seams and faults(pattern) == ()
    assert all(panel.area > 0.01 for panel in pattern.panels) and set(found.placements) == {
        p.name for p in pattern.panels
    }
    wraps = {panel.wraps for panel in pattern.panels}
    assert {"trunk front left", "trunk back right"} <= wraps
    again = unpacked(garmentcode.read(str(others(f"{name}_specification.json"))), "file")
    assert [p.area for p in again.pattern.panels] == [p.area for p in pattern.panels]


def test_a_garmentcode_shirt_is_sewn_round_the_body():
    from assets.closest import Surface
    from garments.imported.dressform import mean_body

    made = assembled(opened(garmentcode, others("gc_shirt_mean_specification.json")))
    body = mean_body(made.arms)
    assert made.cut and (Surface(body.vertices, body.skin.faces).closest(made.vertices).distance > 0.0).all()
    spans, flat = (
        np.linalg.norm(corners - np.roll(corners, -1, axis=1), axis=2)
        for corners in (made.vertices[made.faces], made.flat)
    )
    assert 0.95 < np.median(spans / flat) < 1.1 and np.percentile(spans / flat, 90) < 1.3


def test_a_pattern_that_its_seams_leave_in_parts_says_so():
    found = opened(garmentcode, others("gc_shirt_mean_specification.json"))
    assert not any("No seam joins" in note for note in assembled(found).notes)
    half = replace(found.pattern, seams=found.pattern.seams[:9])
    notes = assembled(replace(found, patterns={found.base: half})).notes
    assert any(note.startswith("No seam joins its 4 parts") for note in notes)


def test_a_circle_bulges_to_the_side_that_the_specification_says():
    for right, sign in ((0, 1.0), (1, -1.0)):
        panel = {
            "translation": [0, 0, 0], "rotation": [0, 0, 0], "vertices": [[0, 0], [30, 0], [30, 40], [0, 40]],
            "edges": [{"endpoints": [0, 1], "curvature": {"type": "circle", "params": [20, 0, right]}},
                      *({"endpoints": [k, (k + 1) % 4]} for k in (1, 2, 3))],
        }  # fmt: skip
        made, _ = garmentcode._panel("piece", panel, 0.01, False)
        assert np.sign(made.edges[0].at(np.array([0.5]))[0, 1]) == sign


def drawn(body: str, size: str = 'width="400mm" height="600mm" viewBox="0 0 400 600"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'.encode()


SLEEVE = "M50,300 L350,300 L350,100 C300,20 100,20 50,100 Z"
AROUND = "M40,310 L360,310 L360,96 C304,8 96,8 40,96 Z"


def test_svg_of_another_program_gives_pieces_with_what_lies_in_them(tmp_path):
    path = tmp_path / "sleeve.svg"
    path.write_bytes(drawn(
        f'<g id="sleeve"><path d="{AROUND}"/><path d="{SLEEVE}"/><path id="grainline" d="M200,280 L200,120"/>'
        f'<path d="M150,200 L250,200"/></g><g id="scalebox"><rect x="10" y="400" width="50" height="50"/></g>'
    ))  # fmt: skip
    found = opened(svg, path)
    (panel,) = found.pattern.panels
    assert panel.name == "sleeve" and len(panel.edges) == 4 and len(panel.marks) == 1
    assert np.ptp(panel.outline(), axis=0)[0] == pytest.approx(0.3, abs=1e-6)
    assert abs(panel.grain[1, 1] - panel.grain[0, 1]) == pytest.approx(0.16)
    assert panel.allowance_of(panel.edges[0].name) == pytest.approx(0.010, abs=2e-3)


def test_svg_pieces_have_the_names_that_their_shapes_were_given(tmp_path):
    path = tmp_path / "bodice.svg"
    path.write_bytes(drawn(
        '<g id="layer1" inkscape:label="Layer 1" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape">'
        '<path inkscape:label="Front" id="path1" d="M0,0 H200 V300 H0 z"/><rect id="waistband" x="300" width="40" '
        'height="200"/><rect id="rect9" x="400" y="0" width="40" height="200"/></g>'
    ))  # fmt: skip
    assert {panel.name for panel in opened(svg, path).pattern.panels} == {"Front", "waistband", "Layer 1 3"}


def test_svg_shapes_that_are_turned_keep_their_size_and_illustrator_s_names_their_letters(tmp_path):
    path = tmp_path / "back.svg"
    path.write_bytes(drawn(
        '<g id="Back_x0020_L" transform="rotate(90,200,300)"><rect x="10" y="100" width="260" height="380"/></g>'
        '<g id="Yoke_x5F_2" transform="translate(500) skewX(20)"><ellipse cx="90" cy="90" rx="80" ry="60"/></g>'
    ))  # fmt: skip
    back, yoke = opened(svg, path).pattern.panels
    assert (back.name, yoke.name) == ("Back L", "Yoke_2")
    assert np.allclose(np.ptp(back.outline(), axis=0), [0.380, 0.260], atol=1e-6)
    assert yoke.area == pytest.approx(np.pi * 0.08 * 0.06, rel=2e-3)


def test_letters_and_arrows_that_are_drawn_as_shapes_are_no_marks(tmp_path):
    path = tmp_path / "sleeve.svg"
    letter = "M150,200 L160,200 L160,230 L150,230 Z"
    path.write_bytes(drawn(
        f'<g id="sleeve" fill="none" stroke="#000"><path d="{SLEEVE}"/><path d="M150,260 L250,260"/>'
        f'<path d="{letter}" fill="#000" stroke="none"/><path style="fill:black;stroke:none" d="{letter}"/></g>'
    ))  # fmt: skip
    assert len(opened(svg, path).pattern.panels[0].marks) == 1


@pytest.mark.parametrize("layer", ["Layer 1", "Ebene 1", "图层 1"])
@pytest.mark.parametrize("called", ["Front cut 2", "Main body", "Button band"])
def test_svg_pieces_keep_names_that_have_a_word_of_purpose_in_them(called, layer, tmp_path):
    path = tmp_path / "bodice.svg"
    path.write_bytes(drawn(
        f'<g id="layer1" inkscape:label="{layer}" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape">'
        f'<path inkscape:label="{called}" id="path1" d="M0,0 H200 V300 H0 z"/></g>'
    ))  # fmt: skip
    assert [panel.name for panel in opened(svg, path).pattern.panels] == [called]


def test_svg_looks_right_where_no_style_sheet_is_known():
    pattern = designs()["skirt"].draft(size_measurements("M", "female"), {})
    text = write_pattern(only(pattern, "M"), ".svg").decode()
    pieces = [line for line in text.splitlines() if 'class="piece"' in line]
    assert "<style" not in text and len(pieces) == 3
    assert all('fill="none" stroke="#000"' in line for line in pieces)


def test_an_svg_without_a_unit_is_asked_for_when_its_size_is_absurd(tmp_path):
    path = tmp_path / "sleeve.svg"
    path.write_bytes(
        drawn(f'<path d="{SLEEVE}"/>', 'viewBox="0 0 400 600"').replace(b"350", b"35").replace(b"50,", b"5,")
    )
    with pytest.raises(UnsureInput, match="say in which unit"):
        opened(svg, path)
    assert opened(svg, path, "in").pattern.panels[0].area > 0.0


def test_an_entity_bomb_or_a_link_does_no_harm(tmp_path):
    bomb = "".join(f'<!ENTITY a{k} "{f"&a{k - 1};" * 10 if k else "ha"}">' for k in range(12))
    for k, content in enumerate((
        f"<!DOCTYPE svg [{bomb}]><svg><text>&a11;</text></svg>".encode(),
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg><text>&x;</text></svg>',
        drawn('<image href="http://example.com/x.png"/><use href="#self" id="self"/>'),
    )):  # fmt: skip
        path = tmp_path / f"bad{k}.svg"
        path.write_bytes(content)
        with pytest.raises(InputRefused):
            opened(svg, path)


def block(strokes: list[list[tuple[float, float]]], text: str = "") -> bytes:
    """A drawing of one piece whose outline is drawn in strokes."""
    lines = [
        "0",
        "SECTION",
        "2",
        "HEADER",
        "0",
        "ENDSEC",
        "0",
        "SECTION",
        "2",
        "BLOCKS",
        "0",
        "BLOCK",
        "8",
        "0",
        "2",
        "P",
    ]
    lines += ["70", "64", "10", "0.0", "20", "0.0"]
    for stroke in strokes:
        lines += ["0", "POLYLINE", "8", "1", "66", "1", "70", "0"]
        for x, y in stroke:
            lines += ["0", "VERTEX", "8", "1", "10", str(x), "20", str(y)]
        lines += ["0", "SEQEND"]
    lines += ["0", "ENDBLK", "0", "ENDSEC", "0", "SECTION", "2", "ENTITIES"]
    for line in filter(None, [text]):
        lines += ["0", "TEXT", "8", "1", "10", "0", "20", "0", "40", "1", "1", line]
    return "\n".join([*lines, "0", "ENDSEC", "0", "EOF", ""]).encode()


def test_open_and_backward_strokes_join_and_a_wide_gap_is_named(tmp_path):
    """One open line alone is the trade's way to draw a closed one; several with a gap lack something."""
    path = tmp_path / "piece.dxf"
    path.write_bytes(block([[(0, 0), (400, 0)], [(0, 500), (400, 500)], [(400, 0), (400, 500)], [(0, 0), (0, 500)]]))
    found = opened(dxf, path)
    assert found.pattern.panels[0].area == pytest.approx(0.2, rel=1e-6) and len(found.pattern.panels[0].edges) == 4
    path.write_bytes(block([[(0, 0), (400, 0), (400, 500), (0, 500), (0, 30)]]))
    found = opened(dxf, path)
    assert found.pattern.panels[0].area == pytest.approx(0.2) and any("open by 30 mm" in note for note in found.notes)
    path.write_bytes(block([[(0, 0), (400, 0)], [(0, 500), (400, 500)], [(400, 0), (400, 500)], [(0, 30), (0, 500)]]))
    with pytest.raises(Damaged, match="open by 30"):
        opened(dxf, path)


def test_gaps_of_a_hair_are_closed_with_a_note(tmp_path):
    path = tmp_path / "piece.dxf"
    path.write_bytes(block([[(0, 0), (400, 3)], [(400, 0), (400, 500)], [(397, 500), (0, 500)], [(0, 497), (0, 3)]]))
    found = opened(dxf, path)
    assert found.pattern.panels[0].area == pytest.approx(0.2, rel=0.02) and any("3.00 mm" in n for n in found.notes)


def test_a_half_whose_mirror_line_closes_it_is_whole(tmp_path):
    half = block([[(0, 0), (400, 0)], [(400, 0), (400, 500)], [(400, 500), (0, 500)]])
    line = "0 LINE 8 6 10 0.0 20 0.0 11 0.0 21 500.0".replace(" ", "\n").encode()
    path = tmp_path / "piece.dxf"
    path.write_bytes(half.replace(b"0\nENDBLK", line + b"\n0\nENDBLK"))
    (panel,) = opened(dxf, path).pattern.panels
    assert panel.area == pytest.approx(0.2) and len(panel.edges) == 4
    assert np.allclose(panel.edge(panel.fold).controls[:, 0], 0.0)


@pytest.mark.parametrize(
    ("size", "text", "metres"),
    [(20, "Units: ENGLISH", 0.508), (500, "Units: METRIC", 0.5), (500, "", 0.5), (0.5, "", 0.5)],
)
def test_the_unit_is_read_or_told_by_the_size(tmp_path, size, text, metres):
    path = tmp_path / "piece.dxf"
    path.write_bytes(block([[(0, 0), (size, 0), (size, size), (0, size), (0, 0)]], text))
    assert np.ptp(opened(dxf, path).pattern.panels[0].outline()[:, 0]) == pytest.approx(metres)


def test_a_unit_that_could_be_two_is_asked(tmp_path):
    path = tmp_path / "piece.dxf"
    path.write_bytes(block([[(0, 0), (50, 0), (50, 50), (0, 50), (0, 0)]]))
    with pytest.raises(UnsureInput, match="cm or in"):
        opened(dxf, path)
    assert np.ptp(opened(dxf, path, "in").pattern.panels[0].outline()[:, 0]) == pytest.approx(1.27)


def test_dxf_is_written_as_accumark_takes_it():
    import ezdxf.recover

    pattern = designs()["tee"].draft(size_measurements("M", "female"), {})
    data = write_pattern(Nest("tee", {"M": pattern}, "M"), ".dxf")
    words = [line.strip() for line in data.decode("ascii").splitlines()]
    assert words[:6] == ["0", "SECTION", "2", "HEADER", "0", "ENDSEC"] and words[-1] == "EOF" and "TABLES" not in words
    document, audit = ezdxf.recover.read(io.BytesIO(data))
    blocks = [block.name for block in document.blocks if not block.name.startswith("*")]
    assert not audit.errors and blocks == [f"{panel.name}_M" for panel in pattern.panels]


def test_every_point_of_a_dxf_line_is_marked_and_notches_lie_on_the_cut():
    import ezdxf.recover
    import shapely

    pattern = designs()["skirt"].draft(size_measurements("M", "female"), {})
    document, _ = ezdxf.recover.read(io.BytesIO(write_pattern(Nest("skirt", {"M": pattern}, "M"), ".dxf")))
    block = document.blocks.get("front_M")
    marked = {tuple(np.round(e.dxf.location, 3)) for e in block if e.dxftype() == "POINT" and e.dxf.layer in "23"}
    lines = [e for e in block if e.dxftype() == "POLYLINE"]
    assert {line.dxf.layer for line in lines} == {"1", "14"}
    assert all(tuple(np.round(v.dxf.location, 3)) in marked for line in lines for v in line.vertices)
    (cut,) = (shapely.LineString([v.dxf.location for v in line.vertices]) for line in lines if line.dxf.layer == "1")
    notches = [shapely.Point(e.dxf.location) for e in block if e.dxftype() == "POINT" and e.dxf.layer == "4"]
    assert len(notches) == len(pattern.panel("front").notches)
    assert max(cut.distance(notch) for notch in notches) < 0.01
    assert not [e for e in block if e.dxf.layer == "6"], "a whole piece has no mirror line"


def test_paper_has_its_true_size_and_a_square_to_measure():
    from pypdf import PdfReader

    pattern = designs()["skirt"].draft(size_measurements("M", "female"), {})
    for paper, wide in (("a4", 595.28), ("letter", 612.0), ("plotter", 2590.9)):
        pages = PdfReader(io.BytesIO(write_pattern(only(pattern, "M"), ".pdf", paper=paper))).pages
        assert float(pages[0].mediabox.width) == pytest.approx(wide, abs=0.1)
        content = pages[0].get_contents().get_data().decode("latin-1")
        assert "2.834646 0 0 2.834646" in content and "100 100 re" in content
        dashed = [page for page in pages if b"[4 2] 0 d" in page.get_contents().get_data()]
        assert dashed, "in metres some viewers draw no dashes"
        words = " ".join(page.extract_text() for page in pages)
        assert "must measure 100 mm" in words and "cut 1" in words and "waistband" in words


@pytest.mark.parametrize("bend", [0.0, 0.02, 0.1])
def test_traced_edges_pass_every_point(bend):
    x = np.linspace(0.0, 0.6, 40)
    points = np.stack([x, bend * np.sin(9.0 * x)], axis=1)
    edges = traced(points)
    dense = np.concatenate([edge.at(np.linspace(0.0, 1.0, 200)) for edge in edges])
    assert np.linalg.norm(points[:, None] - dense[None], axis=2).min(axis=1).max() < 3e-3
    assert len(edges) < 12 and NEAR < 1e-3


GRAIN = '<path class="grain" d="M200,280 L200,120"/>'


def test_a_shape_that_is_used_is_drawn_wherever_it_is_used(tmp_path):
    path = tmp_path / "pair.svg"
    path.write_bytes(drawn(
        f'<defs><g id="sleeve"><path d="{SLEEVE}"/>{GRAIN}</g></defs><use href="#sleeve" id="left"/>'
        '<use href="#sleeve" id="right" transform="translate(400,310) scale(-1,1)"/>'
    ))  # fmt: skip
    left, right = opened(svg, path).pattern.panels
    assert (left.name, right.name) == ("left", "right") and left.area == pytest.approx(right.area)
    assert left.grain is not None and right.grain is not None


def test_what_is_used_endlessly_is_refused_at_once(tmp_path):
    tree = "".join(f'<g id="a{k}">{f"""<use href="#a{k - 1}"/>""" * 10}</g>' for k in range(1, 9))
    loop = '<defs><g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></defs><use href="#a"/>'
    for k, body in enumerate((f'<defs><path id="a0" d="{SLEEVE}"/>{tree}</defs><use href="#a8"/>', loop, "<g>" * 3000)):
        path = tmp_path / f"{k}.svg"
        path.write_bytes(drawn(body + "</g>" * 3000 * (k == 2)))
        with pytest.raises(InputRefused, match=r"more than 20,000 lines|made of itself|too deep"):
            opened(svg, path)


def test_a_path_longer_than_any_pattern_is_refused_before_it_is_parsed(tmp_path):
    path = tmp_path / "long.svg"
    path.write_bytes(drawn(f'<path d="M0,0 {"L1,1 L2,0 " * 50_001}z"/>'))
    with pytest.raises(InputRefused, match="lines of 100,003 points, and a pattern has at most 100,000"):
        opened(svg, path)


def test_marks_of_freesewing_and_lines_that_only_meet_are_understood(tmp_path):
    notch = '<g id="notch"><circle cx="0" cy="0" r="1.4"/><circle cx="0" cy="0" r="2.8"/></g>'
    path = tmp_path / "sleeve.svg"
    path.write_bytes(drawn(
        f'<defs>{notch}</defs><g id="sleeve"><path class="fabric" d="{SLEEVE}"/><use x="200" y="300" href="#notch"/>'
        '<path marker-start="url(#grainlineFrom)" d="M200,280 L200,120"/>'
        '<path marker-start="url(#cutonfoldFrom)" d="M340,150 L340,250"/></g>'
    ))  # fmt: skip
    (panel,) = opened(svg, path).pattern.panels
    assert panel.grain is not None and len(panel.notches) == 1 and panel.fold is not None
    assert panel.edge(panel.fold).length == pytest.approx(0.2)
    path.write_bytes(drawn('<g id="belt"><path d="M10,10 H310 V70"/><line x1="10" y1="10" x2="10" y2="70"/>'
                           '<line x1="310" y1="70" x2="10" y2="70"/></g>'))  # fmt: skip
    (panel,) = opened(svg, path).pattern.panels
    assert panel.name == "belt" and panel.area == pytest.approx(0.3 * 0.06, rel=1e-5) and not panel.marks


@pytest.mark.parametrize(
    ("head", "size", "metres"),
    [
        ("<!-- Generator: Adobe Illustrator 24.0 -->", 'viewBox="0 0 1200 900"', 850.4 / 72 * 0.0254),
        ("", 'inkscape:version="0.48.4" width="1200" height="900"', 850.4 / 90 * 0.0254),
        ("", 'width="1200" height="900"', 850.4 / 96 * 0.0254),
    ],
)
def test_pixels_are_as_long_as_the_program_draws_them(head, size, metres, tmp_path):
    path = tmp_path / "piece.svg"
    svg_text = drawn('<polygon points="100,800 950.4,800 950.4,200 100,200"/>', size).decode()
    path.write_text(
        head + svg_text.replace("<svg ", '<svg xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" ')
    )
    assert np.ptp(opened(svg, path).pattern.panels[0].outline()[:, 0]) == pytest.approx(metres, rel=1e-6)


def test_an_svg_in_wide_letters_opens(tmp_path):
    path = tmp_path / "sleeve.svg"
    text = '<?xml version="1.0" encoding="UTF-16"?>' + drawn(f'<path id="sleeve" d="{SLEEVE}"/>').decode()
    path.write_bytes(text.encode("utf-16"))
    assert opened(svg, path).pattern.panels[0].name == "sleeve"


def specification(edges=((0, 1), (1, 2), (2, 3), (3, 0)), stitches=(), curve=None, unit=100) -> bytes:
    """A square panel and its twin."""
    panel = {"translation": [0, 100, 20], "rotation": [0, 0, 0], "vertices": [[0, 0], [30, 0], [30, 40], [0, 40]],
             "edges": [{"endpoints": list(ends)} for ends in edges]}  # fmt: skip
    panel["edges"][0] |= {"curvature": curve} if curve else {}
    pattern = {"panels": {"front": panel, "back": panel}, "stitches": stitches}
    return json.dumps({"pattern": pattern, "properties": {"units_in_meter": unit}}).encode()


def test_old_specifications_list_edges_in_any_order_and_direction(tmp_path):
    path = tmp_path / "old.json"
    stitch = [[{"panel": "front", "edge": 1}, {"panel": "back", "edge": 1}]]
    path.write_bytes(specification(((0, 1), (2, 3), (2, 1), (3, 0)), stitch).decode().encode("utf-16"))
    pattern = opened(garmentcode, path).pattern
    assert pattern.panels[0].area == pytest.approx(0.12) and faults(pattern) == ()
    assert np.allclose(pattern.panel("front").edge("edge_1").controls, [[0.3, 0.4], [0.0, 0.4]])


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"stitches": [[{"panel": "front", "edge": 9}, {"panel": "back", "edge": 0}]]}, "edge_9 of front, which"),
        ({"stitches": [[{"panel": "nope", "edge": 0}, {"panel": "back", "edge": 0}]]}, "edge_0 of nope, which"),
        ({"stitches": [[{"panel": "front"}, {"panel": "back", "edge": 0}]]}, "'edge' is missing or unknown"),
        ({"stitches": [[{"panel": "front", "edge": k} for k in range(3)]]}, "a stitch joins 3 edges"),
        ({"unit": "cm"}, "'cm' units in a metre"),
        ({"unit": 0}, "'0' units in a metre"),
        ({"edges": ((0, 1), (1, 7), (7, 3), (3, 0))}, "panel front: it names something that it does not have"),
        ({"curve": {"type": "circle", "params": [1, 0, 1]}}, "smaller than the way"),
        ({"curve": {"type": "nurbs", "params": []}}, "type 'nurbs'"),
    ],
)
def test_what_is_wrong_with_a_specification_is_said_in_words(how, reason, tmp_path):
    path = tmp_path / "wrong.json"
    path.write_bytes(specification(**how))
    with pytest.raises(Damaged, match=reason):
        opened(garmentcode, path)


def test_a_specification_without_properties_opens_and_what_it_leaves_out_is_told(tmp_path):
    document = json.loads(specification()) | {"properties": None}
    (path := tmp_path / "plain.json").write_text(json.dumps(document))
    nest = opened(garmentcode, path)
    assert nest.pattern.panels and "neither grain nor seam allowance" in nest.notes[0]


def _opened(text: str, folder: Path):
    (path := folder / "drawn.svg").write_text(text)
    return unpacked(svg.read(str(path)), str(path)).pattern


def test_what_is_hidden_in_an_svg_is_no_piece(tmp_path):
    shown = '<path id="front" d="M10 10H210V310H10Z"/>'
    hidden = (
        '<g visibility="hidden"><rect width="400" height="500"/></g><rect display="none" width="450" height="500"/>'
    )
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="600mm" height="700mm" viewBox="0 0 600 700">'
    assert [panel.name for panel in _opened(f"{head}{hidden}{shown}</svg>", tmp_path).panels] == ["front"]


def test_strokes_that_nearly_meet_make_a_piece_in_svg_too(tmp_path):
    strokes = ("M50,300 C80,150 150,100 200,100", "M200,100 C250,100 320,150 350,300.5", "M350,300 L330,550",
               "M70,550 L330,550", "M50,300 L70,550")  # fmt: skip
    drawn = "".join(f'<path d="{each}"/>' for each in strokes)
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="500mm" height="600mm" viewBox="0 0 500 600">'
    (panel,) = _opened(f'{head}<g id="sleeve">{drawn}</g></svg>', tmp_path).panels
    assert panel.name == "sleeve" and len(panel.edges) == 5 and panel.area == pytest.approx(0.1136, rel=1e-2)


def test_sizes_that_no_file_can_be_called_by_have_files_of_their_own(tmp_path):
    drawn = designs()["skirt"].draft(size_measurements("M", "female"), {})
    nest = Nest("skirt", dict.fromkeys(("S/M", "s-m", "../../x", "中码"), drawn), "S/M")
    files = dict(each_file(nest, tmp_path / "skirt.svg"))
    assert [path.name for path in files] == ["skirt_S-M.svg", "skirt_s-m-.svg", "skirt_------x.svg", "skirt_中码.svg"]
    assert [one.base for one in files.values()] == list(nest.patterns)


_SHEET = '<svg xmlns="http://www.w3.org/2000/svg" width="1500mm" height="900mm" viewBox="0 0 1500 900">'
_FRONT = "M0,0 h240 l10,300 -20,180 -115,180 q-15,-60 -75,-90 z"


def test_the_edge_of_the_sheet_is_no_piece_of_an_svg(tmp_path):
    drawn = "".join(f'<path id="part{x}x" d="{_FRONT}" transform="translate({x},30)"/>' for x in (30, 330, 630))
    sheet = '<rect x="1" y="1" width="1000" height="800"/>'
    alone, framed = (
        [panel.area for panel in _opened(f"{_SHEET}{each}</svg>", tmp_path).panels] for each in (drawn, sheet + drawn)
    )
    assert len(alone) == 3 and framed == alone


def test_sizes_that_lie_on_one_another_are_no_seam_allowance(tmp_path):
    scales = (1.0, 1.03, 1.06)
    drawn = "".join(f'<path d="{_FRONT}" transform="scale({scale})"/>' for scale in scales)
    (tmp_path / "sizes.svg").write_text(f"{_SHEET}{drawn}</svg>")
    nest = unpacked(svg.read(str(tmp_path / "sizes.svg")), "sizes")
    (panel,) = nest.pattern.panels
    assert float(np.ptp(panel.outline()[:, 1])) == pytest.approx(1.06 * 0.66) and not panel.allowances
    assert any("2 more outlines of nearly its size" in note for note in nest.notes)


def test_a_clone_is_called_as_what_it_is_of(tmp_path):
    clone = '<use href="#front" id="use5" transform="matrix(-1,0,0,1,900,0)"/>'
    drawn = f'<path id="front" d="{_FRONT}"/>{clone}'
    assert [panel.name for panel in _opened(f"{_SHEET}{drawn}</svg>", tmp_path).panels] == ["front", "front 2"]
