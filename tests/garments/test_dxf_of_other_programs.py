"""DXF as other programs draw it: outlines of any kind of line, layers by words, blocks in blocks, rules of grading."""

import time
from pathlib import Path

import ezdxf
import numpy as np
import pytest

from assets.errors import Damaged, NothingInIt, TooLarge, UnsureInput
from garments.formats import dxf
from garments.formats.rulefile import read_rules
from garments.nest import Nest, unpacked

FRONT = [(0, 0), (260, 0), (260, 350), (250, 430), (240, 480), (120, 520), (80, 470), (0, 440)]
AREA = 0.1246


class Drawing:
    """A drawing with one piece, FRONT in size M, and what a test adds to it."""

    def __init__(self, version: str = "R12", outline: str = "closed", layers=("1", "7"), scale: float = 1.0) -> None:
        self.document = ezdxf.new(version)
        self.document.header["$INSUNITS"] = 0
        self.block = self.document.blocks.new("FRONT_M")
        points = [(scale * x, scale * y) for x, y in FRONT]
        run = points if outline in ("open", "closed") else []
        if run:
            self.block.add_polyline2d(run, close=outline == "closed", dxfattribs={"layer": layers[0]})
        elif outline == "lines":
            for a, b in zip(points, [*points[1:], points[0]], strict=True):
                self.block.add_line(b, a, dxfattribs={"layer": layers[0]})
        self.block.add_line((50 * scale, 50 * scale), (50 * scale, 300 * scale), dxfattribs={"layer": layers[1]})
        self.word("Piece Name: FRONT")
        self.word("Size: M")

    def word(self, text: str, layer: str = "1", at=(0, 0), space=None) -> None:
        (space or self.block).add_text(text, dxfattribs={"layer": layer, "insert": at})

    def placed(self, units: str = "Units: METRIC", **how) -> "Drawing":
        space = self.document.modelspace()
        space.add_blockref(self.block.name, (0, 0), dxfattribs=how)
        self.word(units, space=space)
        return self

    def opened(self, folder: Path, binary: bool = False, change=None) -> Nest:
        path = folder / "style.dxf"
        self.document.saveas(path, fmt="bin" if binary else "asc")
        if change:
            path.write_bytes(change(path.read_bytes()))
        return unpacked(dxf.read(str(path)), str(path))


def only_panel(nest: Nest):
    (panel,) = nest.pattern.panels
    return panel


@pytest.mark.parametrize("outline", ["open", "closed", "lines"])
@pytest.mark.parametrize("version", ["R12", "R2018"])
def test_an_outline_is_found_however_it_is_drawn(outline, version, tmp_path):
    panel = only_panel(Drawing(version, outline).placed().opened(tmp_path))
    assert panel.name == "FRONT" and panel.area == pytest.approx(AREA, rel=1e-3) and panel.grain is not None
    assert len(panel.edges) == len(FRONT), "few points far apart are corners, not a curve"


def test_corners_are_corners_where_only_some_are_marked(tmp_path):
    drawing = Drawing()
    for at in (FRONT[0], FRONT[1]):
        drawing.block.add_point(at, dxfattribs={"layer": "2"})
    panel = only_panel(drawing.placed().opened(tmp_path))
    assert np.ptp(panel.outline(), axis=0) == pytest.approx((0.26, 0.52), abs=1e-6)
    assert panel.area == pytest.approx(AREA, rel=1e-3)


def test_more_lines_than_any_garment_has_are_refused_before_they_are_parsed(tmp_path):
    line = b"0\nLINE\n8\n1\n10\n0\n20\n0\n11\n9\n21\n9\n"
    path = tmp_path / "tangle.dxf"
    path.write_bytes(b"0\nSECTION\n2\nENTITIES\n" + 20_001 * line + b"0\nENDSEC\n0\nEOF\n")
    with pytest.raises(TooLarge, match="draws 20,001 lines, and a pattern at most 20,000"):
        dxf.read(str(path))


def test_an_outline_of_a_thousand_lines_in_any_order_is_joined_at_once(tmp_path):
    document, turn = ezdxf.new("R2000"), np.linspace(0.0, 2.0 * np.pi, 1001)
    ring = np.stack([200.0 * np.cos(turn), 300.0 * np.sin(turn)], axis=1)
    for k in np.random.default_rng(0).permutation(1000):
        document.modelspace().add_line(*ring[[k, k + 1][:: 1 if k % 3 else -1]], dxfattribs={"layer": "1"})
    document.saveas(tmp_path / "round.dxf")
    start = time.process_time()
    panel = only_panel(unpacked(dxf.read(str(tmp_path / "round.dxf"), "mm"), "round"))
    assert time.process_time() - start < 2.0, "every line is not held against every other"
    assert panel.area == pytest.approx(0.06 * np.pi, rel=1e-3)


@pytest.mark.parametrize("layers", [("BOUNDARY", "GRAIN"), ("Layer_1", "Layer_7"), ("CUT", "Grainline"), ("0", "7")])
def test_layers_may_be_words_or_say_nothing(layers, tmp_path):
    panel = only_panel(Drawing("R2000", layers=layers).placed().opened(tmp_path))
    assert panel.area == pytest.approx(AREA, rel=1e-3) and panel.grain is not None


def test_what_lies_without_a_block_is_parted_by_where_it_lies(tmp_path):
    document = ezdxf.new("R2000")
    space = document.modelspace()
    for off in (0, 500):
        points = [(x + off, y) for x, y in FRONT]
        for a, b in zip(points, [*points[1:], points[0]], strict=True):
            space.add_line(a, b, dxfattribs={"layer": "1"})
        space.add_line((50 + off, 50), (50 + off, 300), dxfattribs={"layer": "7"})
    space.add_circle((630, 260), 2, dxfattribs={"layer": "13"})
    space.add_line((100, 200), (160, 200), dxfattribs={"layer": "8"})
    document.saveas(path := tmp_path / "flat.dxf")
    first, second = unpacked(dxf.read(str(path), "mm"), "flat").pattern.panels
    assert first.area == pytest.approx(AREA, rel=1e-3) == second.area
    assert (len(first.marks), len(first.drills), len(second.marks), len(second.drills)) == (1, 0, 0, 1)


def test_pieces_without_an_allowance_are_named_where_others_have_one(tmp_path):
    made = Drawing("R2000")
    assert any(note.startswith("It does not tell seam allowances") for note in made.placed().opened(tmp_path).notes)
    other = made.document.blocks.new("BACK_M")
    for word in ("Piece Name: BACK", "Size: M"):
        made.word(word, space=other)
    for layer, grown in (("1", 1.1), ("14", 1.0)):
        other.add_lwpolyline([(grown * x, grown * y) for x, y in FRONT], close=True, dxfattribs={"layer": layer})
    notes = made.placed().opened(tmp_path).notes
    assert "No seam allowance is told of FRONT: taken as drawn." in notes
    assert not any(note.startswith("It does not tell seam allowances") for note in notes)


def test_blocks_in_blocks_are_followed(tmp_path):
    made = Drawing("R2000")
    pocket = made.document.blocks.new("POCKET")
    pocket.add_line((100, 200), (160, 200), dxfattribs={"layer": "8"})
    made.block.add_blockref("POCKET", (10, 5))
    mark = only_panel(made.placed().opened(tmp_path)).marks[0]
    assert np.allclose(mark.controls, [[0.110, 0.205], [0.170, 0.205]])
    outer = Drawing("R2000", outline="none")
    inner = outer.document.blocks.new("SHAPE")
    inner.add_lwpolyline(FRONT, close=True, dxfattribs={"layer": "1"})
    outer.block.add_blockref("SHAPE", (0, 0))
    panel = only_panel(outer.placed().opened(tmp_path))
    assert panel.name == "FRONT" and panel.area == pytest.approx(AREA, rel=1e-3)


def test_blocks_that_hold_each_other_come_to_an_end(tmp_path):
    made = Drawing("R2000")
    other = made.document.blocks.new("OTHER")
    other.add_blockref(made.block.name, (0, 0))
    made.block.add_blockref("OTHER", (0, 0))
    assert only_panel(made.placed().opened(tmp_path)).area == pytest.approx(AREA, rel=1e-3)


def test_a_block_that_holds_itself_and_encloses_nothing_is_no_piece(tmp_path):
    made = Drawing("R2000", outline="none")
    made.block.add_line((0, 0), (300, 300), dxfattribs={"layer": "1"})
    made.block.add_blockref(made.block.name, (0, 0))
    with pytest.raises(NothingInIt, match="encloses any cloth"):
        made.placed().opened(tmp_path)


def test_a_line_drawn_twice_is_one_and_what_encloses_nothing_is_left_out(tmp_path):
    made = Drawing()
    made.block.add_polyline2d([*FRONT[::-1], FRONT[-1]], dxfattribs={"layer": "1"})
    stray = made.document.blocks.new("STRAY")
    stray.add_line((0, 0), (9, 9), dxfattribs={"layer": "1"})
    found = made.placed().opened(tmp_path)
    assert only_panel(found).area == pytest.approx(AREA, rel=1e-3)
    assert any("STRAY is left out" in note for note in found.notes)
    with pytest.raises(NothingInIt):
        Drawing(outline="none").placed().opened(tmp_path)


def test_curves_of_every_kind_keep_to_a_hair_whatever_the_unit(tmp_path):
    for scale in (1.0, 1.0 / 25.4, 0.001):
        document = ezdxf.new("R2000")
        block = document.blocks.new("PIECE")
        bulged = [(0, 0, 0), (0.4, 0, 1.0), (0, 0.0001, 0)]
        block.add_lwpolyline([(1000 * scale * x, 1000 * scale * y, b) for x, y, b in bulged], format="xyb",
                             dxfattribs={"layer": "1"})  # fmt: skip
        document.saveas(path := tmp_path / "half.dxf")
        unit = {1.0: "mm", 0.001: "m"}.get(scale, "in")
        (panel,) = unpacked(dxf.read(str(path), unit), "half").pattern.panels
        assert panel.area == pytest.approx(np.pi * 0.2**2 / 2, rel=5e-4)


def test_files_in_binary_and_with_old_ends_of_lines_open(tmp_path):
    assert only_panel(Drawing("R2000").placed().opened(tmp_path, binary=True)).name == "FRONT"
    made = Drawing("R2000").placed()
    assert only_panel(made.opened(tmp_path, change=lambda data: data.replace(b"\r", b"").replace(b"\n", b"\r")))


@pytest.mark.parametrize(
    ("word", "code", "page"),
    [("前片", "utf-8", b"ANSI_1252"), ("前片", "gbk", b"ANSI_936"), ("前片", "gbk", None), ("RÜCKEN", "cp1252", None)],
)
def test_names_are_read_in_their_own_letters(word, code, page, tmp_path):
    def rewritten(data: bytes) -> bytes:
        data = data.replace(b"Piece Name: FRONT", b"Piece Name: " + word.encode(code))
        return data.replace(b"ANSI_1252", page) if page else data.replace(b"$DWGCODEPAGE", b"$MENU")

    assert only_panel(Drawing().placed().opened(tmp_path, change=rewritten)).name == word


@pytest.mark.parametrize(
    ("word", "page"), [("前片", "ANSI_936"), ("Перед", "ANSI_1251"), ("前身頃", "ANSI_932"), ("RÜCKEN", "DOS850")]
)
def test_names_keep_their_letters_where_only_the_code_page_is_told(word, page, tmp_path):
    def bare(data: bytes) -> bytes:
        blocks = data[data.index(b"BLOCKS") :].replace(b"FRONT\n", word.encode(f"cp{page[-4:].strip('I_S')}") + b"\n")
        return f"0\nSECTION\n2\nHEADER\n9\n$DWGCODEPAGE\n3\n{page}\n0\nENDSEC\n0\nSECTION\n2\n".encode() + blocks

    assert only_panel(Drawing().placed().opened(tmp_path, change=bare)).name == word


@pytest.mark.parametrize(
    ("ends", "sizes"), [(("S", "M", "L"), ["S", "M", "L"]), (("38", "40"), ["38", "40"]), (("1", "3"), ["one size"])]
)
def test_sizes_that_only_names_tell_are_found(ends, sizes, tmp_path):
    document = ezdxf.new("R12")
    for k, end in enumerate(ends):
        for name in ("front", "back"):
            block = document.blocks.new(f"{name}_{end}")
            block.add_polyline2d((1.0 + 0.05 * k) * np.array(FRONT), close=True, dxfattribs={"layer": "1"})
            document.modelspace().add_blockref(block.name, (0, 0))
    document.saveas(path := tmp_path / "style.dxf")
    nest = unpacked(dxf.read(str(path), "mm"), "style")
    assert list(nest.patterns) == sizes
    names = ["front", "back"] if len(sizes) > 1 else [f"{name}_{end}" for end in ends for name in ("front", "back")]
    assert [panel.name for panel in nest.pattern.panels] == names


def test_a_piece_without_a_size_is_in_every_size_of_the_others(tmp_path):
    document = ezdxf.new("R12")
    for name, size in (("FRONT", "S"), ("FRONT", "L"), ("POCKET", "")):
        block = document.blocks.new(f"{name}_{size}")
        block.add_polyline2d(FRONT, close=True, dxfattribs={"layer": "1"})
        for word in (f"Piece Name: {name}", *([f"Size: {size}"] if size else [])):
            block.add_text(word, dxfattribs={"layer": "1"})
    document.saveas(path := tmp_path / "style.dxf")
    nest = unpacked(dxf.read(str(path), "mm"), "style")
    names = {size: [panel.name for panel in made.panels] for size, made in nest.patterns.items()}
    assert names == {"S": ["FRONT", "POCKET"], "L": ["FRONT", "POCKET"]}
    assert "No size is told of POCKET: taken for the same in all sizes." in nest.notes


def test_a_piece_placed_mirrored_is_cut_mirrored(tmp_path):
    assert only_panel(Drawing().placed().placed(xscale=-1).opened(tmp_path)).cut == (1, 1)


def test_a_piece_placed_from_behind_is_cut_mirrored(tmp_path):
    assert only_panel(Drawing().placed().placed(extrusion=(0, 0, -1)).opened(tmp_path)).cut == (1, 1)


def test_texts_of_several_lines_tell_what_each_line_tells(tmp_path):
    made = Drawing("R2018").placed()
    made.block.delete_all_entities()
    made.block.add_lwpolyline(FRONT, close=True, dxfattribs={"layer": "1"})
    made.block.add_mtext("{\\fArial|b0;Piece Name: YOKE}\\PSize: 40\\PQuantity: 2")
    nest = made.opened(tmp_path)
    assert (list(nest.patterns), only_panel(nest).name, only_panel(nest).cut) == (["40"], "YOKE", (2, 0))


def sheet_of(folder: Path, *outlines, **how) -> Nest:
    """What is read of outlines without a block; the last is drawn as `how` says."""
    document = ezdxf.new("R2018")
    document.header["$INSUNITS"] = 4
    document.layers.add("OLD").freeze()
    for number, points in enumerate(outlines, 1):
        last = how if number == len(outlines) else {}
        document.modelspace().add_lwpolyline(points, close=True, dxfattribs={"layer": "lines"} | last)
    document.saveas(path := folder / "sheet.dxf")
    return unpacked(dxf.read(str(path)), str(path))


BESIDE = [(x + 400, y) for x, y in FRONT]


def test_the_edge_of_the_sheet_is_no_piece_and_a_skirt_with_pockets_no_sheet(tmp_path):
    frame = [(-50, -50), (750, -50), (750, 600), (-50, 600)]
    nest = sheet_of(tmp_path, FRONT, BESIDE, frame)
    assert [panel.area for panel in nest.pattern.panels] == pytest.approx([AREA, AREA], rel=1e-3)
    assert any("edge of the sheet" in note for note in nest.notes)
    pockets = ([(x + off, y) for x, y in ((0, 400), (160, 400), (160, 570), (0, 570))] for off in (50, 500))
    assert only_panel(sheet_of(tmp_path, *pockets, frame)).area == pytest.approx(0.52)


@pytest.mark.parametrize("how", [{"layer": "OLD"}, {"invisible": 1}])
def test_what_a_drawing_hides_is_no_piece(how, tmp_path):
    nest = sheet_of(tmp_path, FRONT, BESIDE, **how)
    assert only_panel(nest).area == pytest.approx(AREA, rel=1e-3)
    assert "Lines that the drawing hides, 1 of them, are left out." in nest.notes


def test_sizes_that_lie_on_one_another_without_a_name_are_told(tmp_path):
    nest = sheet_of(tmp_path, FRONT, [(0.95 * x + 2, 0.95 * y + 2) for x, y in FRONT])
    assert any("1 more outline of nearly its size" in note and "Size: S" in note for note in nest.notes)


def test_a_unit_that_would_make_a_doll_s_garment_is_asked(tmp_path):
    with pytest.raises(UnsureInput, match=r"5\.2 cm long.*cm or in"):
        Drawing(scale=0.1).placed().opened(tmp_path)
    assert only_panel(Drawing(scale=0.1).placed("Unit: CM").opened(tmp_path)).area == pytest.approx(AREA, rel=1e-3)


def table(units: str = "METRIC", sizes: str = "XS S M L XL", moves=(-20, -10, 0, 10, 20)) -> str:
    lines = ["ANSI/AAMA VERSION: 1.0.0", f"UNITS: {units}", f"SIZE LIST: {sizes}", "SAMPLE SIZE: M", "RULE: DELTA 1"]
    lines += [" ".join("0.0,0.0" for _ in moves), "RULE: DELTA 2", *(f"{move:.1f}, {move / 2:.2f}" for move in moves)]
    return "\r\n".join([*lines, "END", ""])


def ruled() -> Drawing:
    made = Drawing().placed()
    for number, point in enumerate(FRONT):
        made.block.add_point(point, dxfattribs={"layer": "2"})
        if number in (0, 4):
            made.word(f"# {1 if number == 0 else 2}", "2", point)
    return made


@pytest.mark.parametrize(
    ("moves", "told"), [((-20, -10, 0, 10, 20), "sample"), ((-10, -10, 0, 10, 10), "size to size")]
)
def test_a_table_of_rules_beside_the_drawing_grades_it(moves, told, tmp_path):
    (tmp_path / "style.rul").write_text(table(moves=moves))
    found = ruled().opened(tmp_path)
    assert list(found.patterns) == ["XS", "S", "M", "L", "XL"] and found.base == "M" and told in found.notes[-1]
    starts = {size: np.array([e.start for e in p.panels[0].edges]) for size, p in found.patterns.items()}
    assert np.allclose(1000 * starts["M"], FRONT)
    assert np.allclose(1000 * (starts["XL"] - starts["M"])[4], [20, 10], atol=0.01)
    between = 1000 * (starts["XL"] - starts["M"])[2]
    assert 0 < between[0] < 20 and np.allclose(between[0], 2 * between[1]), "points without a rule go along"


def test_a_table_of_rules_that_does_not_add_up_is_refused(tmp_path):
    (tmp_path / "rules.rul").write_text(table("ENGLISH", "S M L", (-1, 0, 1)))
    assert read_rules(tmp_path / "rules.rul").moves[2][2] == pytest.approx([0.0254, 0.0127])
    for wrong in (table(moves=(1, 2)), table(sizes="S L"), "", table(moves=(0, 0, 0, 0, 9e5))):
        (tmp_path / "rules.rul").write_text(wrong)
        with pytest.raises(Damaged, match=r"rules\.rul"):
            read_rules(tmp_path / "rules.rul")
