"""What the studio says in Chinese: whole clauses, those of other rooms too, and nothing of the window left out."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.saying import FILES, PART, language, places, speak, speaking, spoken, table, tongue
from assets.errors import UsageError
from garments.atlas import MAPS
from tests.test_house import ROOT

HAN = re.compile("[一-鿿]")
FACE = sorted(path for path in (ROOT / "app" / "ui").rglob("*.py") if "kiosk" not in path.parts)
SHOWS = {
    "QLabel", "QPushButton", "QAction", "QCheckBox", "QListWidgetItem", "addMenu", "setAccessibleDescription",
    "setAccessibleName", "setInformativeText", "setPlaceholderText", "setPlainText", "setText", "setToolTip",
    "setWindowTitle", "setStatusTip", "setTitle", "addTab", "addRow", "addItem", "drawText", "getOpenFileName",
    "getOpenFileNames", "getSaveFileName", "getExistingDirectory",
}  # fmt: skip
"""What of Qt puts a text before people."""
ROOMS = [
    "app/alteration.py", "app/reports/certified.py", "app/jobs.py", "app/serving.py", "app/scenes/scales.py",
    "app/shop/suggesting.py", "body/conflict.py", "body/estimate.py", "body/gates.py", "body/photo.py", "body/scan.py",
    "garments/altering.py", "garments/certificate.py", "garments/drape.py", "garments/fit.py",
    "garments/colours/matching.py", "garments/sizing.py", "garments/recommend/suggest.py",
]  # fmt: skip
"""Modules of other rooms whose sentences a person meets every day."""
NAMES = {"Toile", "navy, 藏青, #25304B, lab(20, 2, -18)", "10 cm"}


WORD = re.compile(r"[A-Za-z]{3,}")
KEPT = re.compile(
    r"\b(Toile|Apache|README\.md|matrix\.\w+|npz|AMASS|SMPL-X|BVH|Lab|Cusick|KES-F|FAST|Ctrl|Alt|Shift|Blender|Maya|AgX|"
    r"MP4|MOV|AVI|MKV|WebM|OBJ|PLY|STL|GLB|USD|GIF|JPEG|WEBP|Noto Sans CJK|TOML|BMI|kPa|dress|yyyy|lab|pip|EGL|OpenGL|"
    r"WebP|Debian|Ubuntu|apt|install|lib\w+|dri|mesa|ASTM)\b|\*\.\w+|\.\w+"
)
"""Names, keys, units and endings, which stay as they are."""
PARTS = {
    "某 size 某: 某 percent某", "Toile 某, Python 某, Qt 某, 某", "Repeat of", "Angle of", "Place of", "Matching of",
    "某 the print on 某", "change of 某", "某 cm 某 than meant", ", between 某 and 某", "某, 某 cm 某 ease than meant",
}  # fmt: skip
"""Parts of sentences that the tables hold whole, and the line of versions."""


def rows() -> Iterator[tuple[str, str, str]]:
    for file in FILES:
        for name, found in table(file, "zh").items():
            yield from ((name, english, here) for english, here in found.items())


def bare(node: ast.expr) -> Iterator[str]:
    """Texts that go to Qt as they are: literals, and what is put together, that are not in spoken(...)."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.IfExp):
        yield from (*bare(node.body), *bare(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*bare(node.left), *bare(node.right))


@pytest.mark.parametrize("path", FACE, ids=lambda path: path.stem)
def test_every_text_of_the_window_goes_through_the_language_spoken(path: Path) -> None:
    found = []
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in SHOWS:
            texts = (text for argument in call.args for text in bare(argument))
            found += [
                f"{call.lineno}: {text}" for text in texts if re.search("[A-Za-z]{2}", text) and text not in NAMES
            ]
    assert not found


def test_every_clause_has_chinese_once_and_the_same_places() -> None:
    told = [(english, here) for name, english, here in rows() if name != PART]
    for english, here in told:
        assert places(english) == places(here), english
        assert HAN.search(here) or places(english), english
        assert english == english.strip() and here == here.strip(), english
    shapes = Counter(re.sub(r"\{\w+\}", "{}", english.casefold().removesuffix(".")) for english, _ in told)
    assert [shape for shape, count in shapes.items() if count > 1] == []


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """What a module may say: texts that begin as sentences do, or hold values (each as 某), with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            silent.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            silent.update(node.values)
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            silent.add(node.format_spec)
        for type_ in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            silent.update(ast.walk(type_) if type_ is not None else ())
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node not in silent:
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "某" for part in node.values)
        elif isinstance(node, ast.Constant) and node not in silent and re.match("[A-Z].* ", str(node.value)):
            yield node.lineno, str(node.value)


def in_english(text: str) -> bool:
    """Whether words are left of what a module says: a value may be empty, and what ends with a colon goes on."""
    ways = (text, text.replace("某", ""), f"{text}某", text.replace("某", "wider"), text.replace("某", "left"))
    said = (KEPT.sub("", tongue("zh").said(way)).replace("wider", "").replace("left", "") for way in ways)
    return " " in text.strip("某 ") and all(map(WORD.search, said))


@pytest.mark.parametrize("path", [*FACE, *(ROOT / room for room in ROOMS)], ids=lambda path: path.stem)
def test_nothing_is_said_that_has_no_chinese(path: Path) -> None:
    assert [f"{line}: {text}" for line, text in sentences(path) if in_english(text) and text not in PARTS] == []


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Save as…", "另存为…"),
        ("bust 2.0 cm too tight; hip fits, 3.1 cm ease", "胸围紧 2.0 cm；臀围合身，放松量 3.1 cm"),
        ("Fit of T-shirt: waist 0.9 cm looser than meant", "T恤的合身度：腰围比设计松 0.9 cm"),
        ("sleeve length 2.3 cm too long; hip 1.0 cm too tight", "袖子长了 2.3 cm；臀围紧 1.0 cm"),
        ("Inside leg: 6.1 cm too short", "裤内长：短了 6.1 cm"),
        ("M: sleeve length 2.3 cm too long", "M：袖子长了 2.3 cm"),
        ("Undo Put on T-shirt in M", "撤销“穿上 M 码T恤”"),
        ("front dart_0_outer_left", "左前省道0外"),
        ("Cotton poplin", "棉府绸"),
        ("cannot read /tmp/a b.jpg: No such file or directory", "无法读取 /tmp/a b.jpg：没有该文件或文件夹"),
        ("A waist girth of 70 cm is rare (about 80 cm is usual): check it", "腰围 70 cm很少见（通常约 80 cm）：请检查"),
        ("Round the neck's root: nape, sides, pit of the throat.", "围绕颈根：颈后、两侧、颈窝一周。"),
        ("31 years", "31 岁"),
        ("178.0 cm", "178.0 cm"),
        ("Show", "显示"),
        ("writing the animated mesh", "正在写入动画网格"),
        ("a movement is saved as .mp4, .glb: not walk.txt", "动作可存为 .mp4, .glb：不能是 walk.txt"),
        (
            "no .mp4 can be written here: OpenCV has no encoder for it (save a .webp)",
            "这里无法写 .mp4：OpenCV 没有它的编码器（请存为 .webp）",
        ),
        ("walk lasts 2.0 s, and cannot be used from 3 s on", "行走全长 2.0 秒，不能从第 3 秒起使用"),
        ("limit 100 ± 2 %", "极限 100 ± 2 %"),
        ("limit 2 % of the load", "极限为载荷的 2%"),
        ("skirt: size M, 84 % sure", "半身裙：M 码，把握 84%"),
        (
            "me.jpg: the arms hide much of the trunk's outline: hold the arms further away from the body",
            "me.jpg：手臂挡住了躯干的大部分轮廓：双臂再离开身体一些",
        ),
        (
            "skirt.dxf has no pattern piece in it: no outline on layer 1 and no closed line",
            "skirt.dxf 中没有版片：第 1 层没有轮廓，也没有闭合的线",
        ),
        (
            "the outline of piece yoke_3 is open by 12.0 mm: close it and save it again",
            "版片 育克3 的轮廓有 12.0 mm 的开口：请闭合后重新保存",
        ),
        (
            "skirt.gltf needs a.bin beside it, which is not there: save it as one GLB file",
            "skirt.gltf 需要旁边的 a.bin，但它不在：请存为单个 GLB 文件",
        ),
        ("Smith, John.jpg", "Smith, John.jpg"),
        ("nobody ever wrote this", "nobody ever wrote this"),
        ("", ""),
        (
            "me.jpg: the person leans: stand upright, arms a little away from the body",
            "me.jpg：人身体倾斜：请站直，双臂稍稍离开身体",
        ),
    ],
)
def test_what_is_said_in_chinese(english: str, chinese: str) -> None:
    assert tongue("zh").said(english) == chinese
    assert tongue("en").said(english) == english


def test_every_map_is_titled_in_chinese_with_its_unit() -> None:
    for each in MAPS:
        assert tongue("zh").said(f"{each.title} [{each.unit}]") == f"{tongue('zh').said(each.title)} [{each.unit}]"


def test_a_language_is_spoken_until_another_one_is() -> None:
    try:
        speak("zh")
        assert (language(), spoken("File")) == ("zh", "文件")
    finally:
        speak("en")
    assert (language(), spoken("File")) == ("en", "File")
    with pytest.raises(UsageError, match="no language 'tlh'"):
        speak("tlh")


def test_a_report_speaks_its_language_in_a_window_of_another() -> None:
    try:
        speak("zh")
        with speaking("en"):
            assert (language(), spoken("File")) == ("en", "File")
        assert (language(), spoken("File")) == ("zh", "文件")
    finally:
        speak("en")
