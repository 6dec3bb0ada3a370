"""What every format of patterns must do: give back what it was given, say what it cannot hold, refuse in a sentence."""

from dataclasses import replace

import ezdxf
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.errors import InputRefused, UnknownKind
from garments.checking import faults
from garments.designs import designs
from garments.edges import Edge, arc, curve, line
from garments.formats import formats, read_pattern, write_pattern
from garments.formats.laying import lettered
from garments.grading import SEXES, size_measurements
from garments.nest import LARGEST_PIECE, Nest, only, packed, unpacked
from garments.pattern import Drill, Notch, Panel, Pattern, Pieces, refs

BOTH = sorted(suffix for suffix, module in formats().items() if hasattr(module, "read") and hasattr(module, "write"))
SEWN = [suffix for suffix in BOTH if suffix != ".dxf"]
NEAR = 1e-4
SHARES = np.linspace(0.0, 1.0, 13)


def in_place(suffix: str, nest: Nest, folder) -> Nest:
    """There and back, without a process of its own."""
    path = folder / f"pattern{suffix}"
    path.write_bytes(write_pattern(nest, suffix))
    return unpacked(formats()[suffix].read(str(path)), str(path))


def matched(panel: Panel, other: Panel) -> list[tuple[Edge, Edge]]:
    """Edges of two outlines side by side, wherever each begins."""
    starts = np.array([edge.start for edge in other.edges])
    first = int(np.argmin(np.linalg.norm(starts - panel.edges[0].start, axis=1)))
    return list(zip(panel.edges, (*other.edges[first:], *other.edges[:first]), strict=True))


def assert_same_piece(panel: Panel, other: Panel, near: float = NEAR) -> None:
    assert other.name == panel.name and len(other.edges) == len(panel.edges)
    pairs = matched(panel, other)
    for edge, twin in pairs:
        assert np.abs(edge.at(SHARES) - twin.at(SHARES)).max() < near, (panel.name, edge.name)
    for mark in ("single", "double"):
        ours, theirs = (
            sorted(tuple(p.edge(n.edge).at(np.array([n.at]))[0]) for n in p.notches if n.mark == mark)
            for p in (panel, other)
        )
        assert len(ours) == len(theirs) and np.allclose(ours, theirs, atol=2e-3 if mark == "double" else 5e-4), (
            panel.name,
            mark,
        )
    assert np.allclose(other.grain, panel.grain, atol=near)
    inner, others = ([*p.lines, *p.marks] for p in (panel, other))  # DXF has one word for both
    assert other.cut == panel.cut and len(others) == len(inner)
    assert np.allclose([(d.x, d.y) for d in other.drills], [(d.x, d.y) for d in panel.drills], atol=near)
    assert np.abs(other.cutting_line().max(axis=0) - panel.cutting_line().max(axis=0)).max() < 5 * NEAR


@pytest.fixture(params=["tee", "skirt"])
def design(request):
    return designs()[request.param]


@pytest.mark.parametrize("suffix", BOTH)
@pytest.mark.parametrize("name", sorted(designs()))
def test_our_designs_come_back_piece_by_piece(name, suffix, tmp_path):
    pattern = designs()[name].draft(size_measurements("M", "female"), {})
    found = in_place(suffix, only(pattern, "M"), tmp_path)
    assert found.base == "M" and list(found.patterns) == ["M"]
    for panel in pattern.panels:
        assert_same_piece(panel, found.pattern.panel(panel.name))


@pytest.mark.parametrize("suffix", SEWN)
@pytest.mark.parametrize("sex", SEXES)
def test_what_holds_seams_gives_a_garment_back(design, suffix, sex, tmp_path):
    pattern = design.draft(size_measurements("XL", sex), {})
    found = in_place(suffix, only(pattern, "XL"), tmp_path).pattern
    assert faults(found) == () and [seam.name for seam in found.seams] == [seam.name for seam in pattern.seams]
    for ours, theirs in zip(pattern.seams, found.seams, strict=True):
        assert (ours.first, ours.second) == (theirs.first, theirs.second)
        assert found.length(theirs.first) == pytest.approx(pattern.length(ours.first), abs=NEAR)
    assert {name: found.girth(name) for name in found.lines} == pytest.approx(
        {name: pattern.girth(name) for name in pattern.lines}, abs=NEAR
    )
    assert found.measurements == pattern.measurements
    for panel in pattern.panels:
        twin = found.panel(panel.name)
        assert twin.wraps == panel.wraps and twin.fold == panel.fold and dict(twin.allowances) == dict(panel.allowances)


@pytest.mark.parametrize("suffix", SEWN)
@pytest.mark.parametrize("name", ["coat", "leggings", "wrap_dress"])
def test_what_is_pressed_and_fastened_comes_back(name, suffix, tmp_path):
    pattern = designs()[name].draft(size_measurements("M", "female"), {})
    found = in_place(suffix, only(pattern, "M"), tmp_path).pattern
    assert pattern.fastenings or any(panel.creases for panel in pattern.panels)
    assert found.fastenings == pattern.fastenings and found.drop == pytest.approx(pattern.drop)
    assert [panel.creases for panel in found.panels] == [panel.creases for panel in pattern.panels]


@pytest.mark.parametrize("suffix", BOTH)
def test_pieces_named_in_chinese_keep_their_names(suffix, tmp_path):
    pattern = designs()["skirt"].draft(size_measurements("M", "female"), {})
    names = ("前片", "后片", "腰头")
    panels = tuple(replace(panel, name=name) for panel, name in zip(pattern.panels, names, strict=True))
    found = in_place(suffix, only(Pattern("半身裙", panels, (), {}, {}), "M"), tmp_path)
    assert {panel.name for panel in found.pattern.panels} == set(names)
    assert b"STSong-Light" in write_pattern(found, ".pdf")


def test_dxf_carries_all_sizes_and_says_why_it_cannot_be_draped(tmp_path):
    design = designs()["skirt"]
    sizes = {size: design.draft(size_measurements(size, "female"), {}) for size in ("S", "M", "L")}
    found = in_place(".dxf", Nest(design.NAME, sizes, "M"), tmp_path)
    assert list(found.patterns) == ["S", "M", "L"] and found.base == "M"
    for size, pattern in sizes.items():
        for panel in pattern.panels:
            assert found.patterns[size].panel(panel.name).area == pytest.approx(panel.area, rel=1e-4)
    assert "which edges are sewn" in found.lacks()
    assert only(sizes["M"]).lacks() == ""


@pytest.mark.parametrize("name", sorted(designs()))
def test_cutting_lines_in_dxf_have_few_points_and_keep_to_the_tolerance(name, tmp_path):
    pattern = designs()[name].draft(size_measurements("M", "female"), {})
    path = tmp_path / "thin.dxf"
    path.write_bytes(write_pattern(only(pattern, "M"), ".dxf"))
    blocks = [block for block in ezdxf.readfile(path).blocks if block.query('POLYLINE[layer=="1"]')]
    assert len(blocks) == len(pattern.panels)
    for block, panel in zip(blocks, pattern.panels, strict=True):
        written = np.array(
            [(v.dxf.location.x, v.dxf.location.y) for v in block.query("POLYLINE[layer=='1']")[0].vertices]
        )
        drawn, cut = 1000.0 * panel.cutting_line(), shapely.LineString(written)
        assert cut.hausdorff_distance(shapely.LinearRing(drawn)) < 0.2 + 1e-4
        assert len(written) < 200 and cut.is_simple
        steps = np.diff(drawn, axis=0, append=drawn[:1])
        turn = steps[:, 0] + 1j * steps[:, 1]
        corners = drawn[np.abs(np.angle(turn / np.roll(turn, 1))) > np.radians(20.0)]
        notches = [point.dxf.location for point in block.query('POINT[layer=="4"]')]
        assert all(np.linalg.norm(written - corner, axis=1).min() < 1e-4 for corner in corners)
        assert all(cut.distance(shapely.Point(notch.x, notch.y)) < 1e-3 for notch in notches)


coordinate = st.floats(-0.25, 0.25).map(lambda value: round(value, 4))


@st.composite
def pieces(draw) -> Panel:
    """A four-cornered piece with an edge of each kind, notched, drilled and marked."""
    corners = np.array([[0, 0], [0.5, 0], [0.5, 0.6], [0, 0.6]]) + 0.3 * np.array(
        [[draw(coordinate), draw(coordinate)] for _ in range(4)]
    )
    a, b, c, d = corners

    def aside(start, end, share, off):
        along = end - start
        return start + share * along + off * np.array([along[1], -along[0]])

    edges = (
        line("hem", a, b),
        curve("side", b, aside(b, c, 0.3, draw(coordinate)), aside(b, c, 0.7, draw(coordinate)), c),
        arc("top", c, aside(c, d, 0.5, draw(st.sampled_from([-0.2, 0.1, 0.25]))), d),
        curve("other", d, aside(d, a, 0.5, draw(coordinate)), a),
    )
    notches = (Notch("side", draw(st.sampled_from([0.25, 0.5, 0.75]))), Notch("hem", 0.4, "double"))
    middle = corners.mean(axis=0)
    up, across = np.array([0.0, 0.1]), np.array([0.05, 0.0])
    grain = np.array([middle - up, middle + up])
    mark = (line("place_pocket", middle - across, middle + across),)
    hem, cut = draw(st.sampled_from([0.0, 0.02, 0.04])), Pieces(draw(st.integers(1, 3)), draw(st.integers(0, 2)))
    drills = (Drill("point", *middle),)
    return Panel("piece", edges, grain, "trunk front", 0.01, {"hem": hem}, notches, marks=mark, drills=drills, cut=cut)


@pytest.mark.parametrize("suffix", BOTH)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(piece=pieces())
def test_any_piece_comes_back(suffix, piece, tmp_path):
    pattern = Pattern("free", (piece,), (), {}, {})
    found = in_place(suffix, only(pattern), tmp_path).pattern
    if not faults(pattern):
        assert_same_piece(piece, found.panels[0])
        assert len(found.panels[0].marks) == 1


@pytest.mark.parametrize("suffix", BOTH)
@pytest.mark.parametrize(
    "content", [b"", b"\0" * 500, b"<svg", b"{}", b'{"pattern": {"panels": 3}}', b"0\nSECTION\n", b"\xff\xfe"]
)
def test_what_is_no_pattern_is_refused_in_a_sentence(suffix, content, tmp_path):
    path = tmp_path / f"pattern{suffix}"
    path.write_bytes(content)
    with pytest.raises(InputRefused) as refused:
        unpacked(formats()[suffix].read(str(path)), str(path))
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400 and str(path) in str(refused.value)


def test_a_file_is_read_in_a_process_of_its_own(design, tmp_path):
    pattern = design.draft(size_measurements("M", "male"), {})
    path = tmp_path / "pattern.json"
    path.write_bytes(write_pattern(only(pattern), ".json"))
    assert len(read_pattern(path).pattern.panels) == len(pattern.panels)
    with pytest.raises(UnknownKind, match=r"give \.dxf"):
        read_pattern(tmp_path / "pattern.doc")


def test_what_the_reader_gives_is_checked():
    piece = Panel("piece", (line("a", (0, 0), (1, 0)), line("b", (1, 0), (1, 1)), line("c", (1, 1), (0, 0))), None, "")
    told = packed(only(Pattern("free", (piece,), (), {}, {})))
    assert unpacked(told, "file").pattern.panels[0].area == pytest.approx(0.5)
    for factor in (np.nan, 2 * LARGEST_PIECE, 1e-6):
        broken = packed(only(Pattern("free", (replace(piece, edges=tuple(
            Edge(edge.name, factor * edge.controls) for edge in piece.edges)),), (), {}, {})))  # fmt: skip
        with pytest.raises(InputRefused, match="file"):
            unpacked(broken, "file")
    with pytest.raises(InputRefused, match="no pattern piece"):
        unpacked({**told, "sizes": []}, "file")
    with pytest.raises(InputRefused, match="damaged"):
        unpacked({**told, "sizes": [["M", {}]]}, "file")


def test_refs_survive_packing():
    assert refs("-front.hem")[0].backwards


@pytest.mark.parametrize("name", ["tee", "shirt"])
def test_words_stand_within_their_piece_and_off_its_grain(name) -> None:
    for panel in designs()[name].draft(size_measurements("M", "female"), {}).panels:
        room = lettered(panel, [(0.0065, panel.name), (0.0045, "size M, cut 2 and 2 mirrored")])
        half = 0.5 * np.array([room.tall, room.wide] if room.turned else [room.wide, room.tall])
        block = shapely.box(*(room.middle - half), *(room.middle + half))
        assert shapely.Polygon(panel.outline(12)).contains(block), panel.name
        assert not shapely.LineString(np.asarray(panel.grain)).intersects(block)
