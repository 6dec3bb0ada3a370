"""What the studio says in Chinese: whole clauses, those of other rooms too, and nothing of the window left out."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.saying import FILES, PART, language, places, speak, spoken, table, tongue
from assets.errors import UsageError
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
NAMES = {"Toile", "navy, 藏青, #25304B, lab(20, 2, -18)", "10 cm"}


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


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Save as…", "另存为…"),
        ("bust 2.0 cm too tight; hip fits, 3.1 cm ease", "胸围紧 2.0 cm；臀围合身，放松量 3.1 cm"),
        ("Fit of T-shirt: waist 0.9 cm looser than meant", "T恤的合身度：腰围比设计松 0.9 cm"),
        ("Undo Put on T-shirt in M", "撤销“穿上 M 码T恤”"),
        ("front dart_0_outer_left", "左前省道0外"),
        ("Cotton poplin", "棉府绸"),
        ("cannot read /tmp/a b.jpg: No such file or directory", "无法读取 /tmp/a b.jpg：没有该文件或文件夹"),
        ("A waist girth of 70 cm is rare (about 80 cm is usual): check it", "腰围 70 cm很少见（通常约 80 cm）：请检查"),
        ("Round the neck's root: nape, sides, pit of the throat.", "围绕颈根：颈后、两侧、颈窝一周。"),
        ("31 years", "31 岁"),
        ("178.0 cm", "178.0 cm"),
        ("Smith, John.jpg", "Smith, John.jpg"),
        ("nobody ever wrote this", "nobody ever wrote this"),
        ("", ""),
    ],
)
def test_what_is_said_in_chinese(english: str, chinese: str) -> None:
    assert tongue("zh").said(english) == chinese
    assert tongue("en").said(english) == english


def test_a_language_is_spoken_until_another_one_is() -> None:
    try:
        speak("zh")
        assert (language(), spoken("File")) == ("zh", "文件")
    finally:
        speak("en")
    assert (language(), spoken("File")) == ("en", "File")
    with pytest.raises(UsageError, match="no language 'tlh'"):
        speak("tlh")
