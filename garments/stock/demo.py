"""Make the demo catalogue that ships with Toile: `python -m garments.stock.demo` writes assets/catalogue/demo.

Our own designs in fabrics, options and colourways that go together, with texts in English and Chinese. Nothing in it is
for sale; the catalogue says so itself, and prices and stock are made up.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from assets.files import ROOT, write_text

HEAD = (
    "# Made by `python -m garments.stock.demo`. A demonstration: "
    "nothing here is for sale; prices and stock are made up.\n"
)
LETTERS = ("XS", "S", "M", "L", "XL", "XXL")
SCATTER = 7919
"""A prime by which stock differs from garment to garment, always alike."""


class Style(NamedTuple):
    """A design as it is offered: what it is called, how it is cut, of what, for whom; what there is to say of it."""

    design: str
    title: str
    chinese: str
    fabric: str
    price: float
    tags: tuple[str, ...]
    text: str
    text_chinese: str
    ways: tuple[tuple[str, str, Mapping[str, Any]], ...]
    options: Mapping[str, str | float] = {}


def plain(english: str, chinese: str, colour: str, **panels: str) -> tuple[str, str, Mapping[str, Any]]:
    return english, chinese, {"colour": colour, **({"panels": panels} if panels else {})}


def printed(
    english: str, chinese: str, figure: str, width: str = "", angle: float = 0.0, **panels: str
) -> tuple[str, str, Mapping[str, Any]]:
    place = {"width": width} if width else {}
    place |= {"angle": angle} if angle else {}  # type: ignore[dict-item]
    told: Mapping[str, Any] = {"picture": figure, **place} if place else figure  # type: ignore[assignment]
    return english, chinese, {"print": told, **({"panels": panels} if panels else {})}


STYLES = (
    Style("tee", "Crew-neck tee", "圆领T恤", "single_jersey", 24.0, ("women", "men", "casual", "summer"),
          "A straight T-shirt with set-in sleeves and a rib neckband, for every day.",
          "直身圆领T恤，装袖，罗纹领，日常百搭。",
          (plain("optic white", "漂白", "optic"), plain("anthracite", "炭灰", "anthracite"),
           plain("sage", "鼠尾草绿", "sage"), plain("terracotta", "陶土色", "terracotta", neckband="ecru"))),
    Style("tee", "Breton tee", "海魂衫", "gray_interlock", 39.0, ("women", "men", "casual", "sea"),
          "Heavy interlock with sailor's stripes that meet at the side seams, and long sleeves.",
          "厚实双面针织，水手条纹在侧缝对齐，长袖。",
          (printed("white and navy", "白底藏青条", "breton white navy", neckband="navy"),
           printed("navy and ecru", "藏青底本白条", "breton navy ecru", neckband="navy"),
           printed("ecru and red", "本白底红条", "breton ecru red", neckband="ecru")),
          {"sleeve_length": 0.95, "length": "6 cm"}),
    Style("tank", "Rib tank top", "罗纹背心", "ivory_rib", 19.0, ("women", "summer", "sport"),
          "Close to the body, bound at neck and armholes, to wear alone or under something.",
          "修身背心，领口与袖窿包边，单穿或内搭皆可。",
          (plain("ivory", "象牙白", "ivory"), plain("black", "黑色", "black"), plain("rose", "玫瑰粉", "rose"),
           plain("olive", "橄榄绿", "olive", binding="ecru"))),
    Style("shirt", "Oxford shirt", "牛津纺衬衫", "oxford", 69.0, ("women", "men", "office", "classic"),
          "A shirt with stand, placket and buttoned cuffs in a firm oxford cloth.",
          "立领、门襟、纽扣袖口，挺括牛津纺。",
          (plain("white", "白色", "optic"), plain("sky blue", "天蓝", "sky"),
           printed("blue stripe", "蓝条纹", "stripe optic sky", "1.2 cm", cuff="optic", stand="optic"))),
    Style("shirt", "Checked shirt", "格子衬衫", "cotton_poplin", 59.0, ("women", "men", "casual", "autumn"),
          "Cotton poplin in checks whose lines run on across the placket and the side seams.",
          "棉府绸格纹衬衫，格子在门襟与侧缝连续。",
          (printed("red tartan", "红色苏格兰格", "tartan red forest yellow navy", "12 cm"),
           printed("navy gingham", "藏青小方格", "gingham white navy", "1.6 cm"),
           printed("green windowpane", "绿色窗格纹", "windowpane cream forest", "5 cm")), {"length": "8 cm"}),
    Style("shift_dress", "Shift dress", "直筒连衣裙", "gabardine", 89.0, ("women", "office", "spring"),
          "A sleeveless dress, shaped by bust darts and falling straight to the knee.",
          "无袖直筒连衣裙，胸省塑形，及膝。",
          (plain("camel", "驼色", "camel"), plain("petrol", "石油蓝", "petrol"),
           printed("camel windowpane", "驼色窗格纹", "windowpane camel cream", "7 cm"))),
    Style("shift_dress", "Summer dress", "夏日连衣裙", "viscose_challis", 79.0, ("women", "summer", "party"),
          "A light dress that flares a little towards the hem, in printed viscose.",
          "轻盈人造棉印花连衣裙，裙摆微张。",
          (printed("navy dots", "藏青波点", "dots navy ivory", "2.4 cm"),
           printed("coral dots", "珊瑚色波点", "dots coral cream", "3 cm"), plain("lilac", "丁香紫", "lilac")),
          {"flare": "24 cm", "length": 0.66}),
    Style("qipao", "Satin qipao", "缎面旗袍", "polyester_satin", 169.0, ("women", "party", "wedding"),
          "A long qipao with a stand collar and side slits, close to the body.",
          "长款缎面旗袍，立领，侧开衩，修身。",
          (plain("scarlet", "大红", "scarlet"), plain("midnight", "午夜蓝", "midnight"),
           printed("jade dots", "祖母绿波点", "dots emerald cream", "4 cm"))),
    Style("qipao", "Day qipao", "日常旗袍", "linen", 119.0, ("women", "summer", "casual"),
          "A qipao of linen to the knee, with more room to walk in.",
          "及膝亚麻旗袍，行走自如，适合日常。",
          (plain("ecru", "本白", "ecru"), plain("indigo", "靛蓝", "indigo"),
           printed("blue gingham", "蓝色小方格", "gingham white cobalt", "1.2 cm")), {"length": 0.6, "taper": "2 cm"}),
    Style("skirt", "A-line skirt", "A字裙", "cotton_poplin", 49.0, ("women", "casual", "spring"),
          "A skirt with a waistband that widens evenly towards the knee.",
          "腰头A字裙，自腰至膝均匀展开。",
          (plain("navy", "藏青", "navy"), printed("red gingham", "红色小方格", "gingham white red", "2 cm"),
           printed("bias tartan", "斜纹苏格兰格", "tartan bottle navy yellow red", "10 cm", 45.0))),
    Style("pencil_skirt", "Pencil skirt", "铅笔裙", "gabardine", 59.0, ("women", "office"),
          "A narrow skirt with darts and a slit behind.", "窄身铅笔裙，收省，后开衩。",
          (plain("black", "黑色", "black"), printed("pinstripe", "细条纹", "pinstripe anthracite silver"),
           plain("burgundy", "酒红", "burgundy"))),
    Style("circle_skirt", "Circle skirt", "大摆伞裙", "viscose_challis", 64.0, ("women", "party", "summer"),
          "Half a circle of flowing viscose on a waistband.", "半圆大摆，垂坠人造棉，配腰头。",
          (plain("fuchsia", "玫红", "fuchsia"), plain("emerald", "祖母绿", "emerald"),
           printed("black dots", "黑底波点", "dots black ivory", "3 cm"))),
    Style("trousers", "Suit trousers", "西裤", "wool_suiting", 99.0, ("women", "men", "office", "winter"),
          "Trousers with a crease line in fine suiting wool.", "精纺毛料西裤，线条利落。",
          (plain("anthracite", "炭灰", "anthracite"), plain("midnight", "午夜蓝", "midnight"),
           printed("pinstripe", "细条纹", "pinstripe navy slate"))),
    Style("jeans", "Straight jeans", "直筒牛仔裤", "light_denim", 79.0, ("women", "men", "casual"),
          "Five seams, a yoke, a straight leg.", "直筒牛仔裤，后育克，经典版型。",
          (plain("indigo", "靛蓝", "indigo"), plain("light blue", "浅蓝", "denim"), plain("ecru", "本白", "ecru"))),
    Style("shorts", "Chino shorts", "卡其短裤", "chino_twill", 45.0, ("women", "men", "summer", "casual"),
          "Shorts of cotton twill that end above the knee.", "棉斜纹短裤，膝上长度。",
          (plain("sand", "沙色", "sand"), plain("olive", "橄榄绿", "olive"),
           printed("navy stripe", "藏青条纹", "stripe white navy", "0.8 cm"))),
    Style("leggings", "Leggings", "打底裤", "white_swim", 35.0, ("women", "sport"),
          "Leggings that stretch both ways, with an elastic waist.", "四面弹力打底裤，松紧腰。",
          (plain("black", "黑色", "black"), plain("petrol", "石油蓝", "petrol"), plain("plum", "梅紫", "plum"))),
)  # fmt: skip


def main() -> None:
    """Write the demo's table."""
    lines = [HEAD, "[catalogue]", 'title = "Demo catalogue"', "demo = true\n"]
    for entry in entries():
        lines += ["[[garment]]", *(f"{key} = {written(value)}" for key, value in entry.items()), ""]
    folder = ROOT / "catalogue" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "demo.toml", "\n".join(lines))


def entries() -> Iterator[dict[str, Any]]:
    """Every garment of the demo, as a table."""
    for style in STYLES:
        for english, chinese, dress in style.ways:
            id = "-".join(f"{style.title} {english}".lower().split())
            yield {
                "id": id,
                "title": f"{style.title}, {english}",
                "chinese": f"{chinese}{style.chinese}",
                "design": style.design,
                "fabric": style.fabric,
                **({"options": dict(style.options)} if style.options else {}),
                "colourway": dict(dress),
                "stock": {size: (sum(map(ord, id)) * SCATTER * (k + 1)) % 23 for k, size in enumerate(LETTERS)},
                "price": style.price,
                "currency": "EUR",
                "tags": list(style.tags),
                "text": style.text,
                "text_chinese": style.text_chinese,
            }


def written(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {written(one)}' for key, one in value.items())} }}"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
