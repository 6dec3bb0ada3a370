"""Try-ons as Wavefront OBJ, the mesh that every program reads: an object for each item, materials and prints beside.

OBJ has no unit and no up-axis; these are metres with +Y up, and the first line says so. The flat pattern is the texture
coordinate, in metres, or in repeats of its print. Materials lie in an MTL file, whose colours are what a screen shows
(sRGB), as programs that read OBJ take them.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from app.exports.parts import by_material, opacity, picture_files, picture_names, titles, unit_normals
from assets.units import colour_code
from render.scene import Item

_SHINIEST = 1000.0


def obj(items: Sequence[Item], stem: str = "stage") -> bytes:
    """The items in one file, which asks for `stem`.mtl beside it; the same items give the same bytes."""
    lines, points, places = ["# Toile: metres, +Y up", f"mtllib {_word(stem)}.mtl"], 0, 0
    names = titles(items)
    for item in items:
        lines.append(f"o {_word(item.name)}")
        vertices = np.asarray(item.vertices, float)
        lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in vertices]
        lines += [f"vn {x:.4f} {y:.4f} {z:.4f}" for x, y, z in unit_normals(item)]
        for part in by_material(item):
            uv = None if part.uv is None else np.asarray(part.uv, float).reshape(-1, 2)
            lines += [] if uv is None else [f"vt {u:.6f} {v:.6f}" for u, v in uv]
            lines.append(f"usemtl {_word(names[id(part.material)])}")
            lines += _faces(part, points, places)
            places += 0 if uv is None else len(uv)
        points += len(vertices)
    return ("\n".join(lines) + "\n").encode()


def beside(items: Sequence[Item], stem: str) -> dict[str, bytes]:
    """The files that lie beside it: its materials, and the pictures of prints."""
    plain = _word(stem)
    return {f"{plain}.mtl": _materials(items, plain), **picture_files(items, plain)}


def _materials(items: Sequence[Item], stem: str) -> bytes:
    names, prints, written = titles(items), picture_names(items, stem), set()
    lines = ["# Toile: colours in sRGB"]
    for item in items:
        for material in item.materials or (item.material,):
            if id(material) in written:
                continue
            written.add(id(material))
            colour = material.base_colour[:3]
            if item.colours is not None and material.print is None:  # An OBJ has no colour for each vertex: their mean.
                colour = tuple(np.asarray(item.colours, float)[:, :3].mean(axis=0) * colour)
            code = colour_code(colour)[1:]
            shown = " ".join(f"{int(code[k : k + 2], 16) / 255:.4f}" for k in (0, 2, 4))
            lines += [f"newmtl {_word(names[id(material)])}", "Ka 0 0 0", "Ks 0.04 0.04 0.04"]
            lines += [f"Kd {shown}" if material.print is None else "Kd 1 1 1"]
            lines += [f"Ns {_SHINIEST * (1.0 - material.roughness) ** 2:.1f}", f"d {opacity(material):.4f}", "illum 2"]
            lines += [] if material.print is None else [f"map_Kd {prints[id(material.print.picture)]}"]
    return ("\n".join(lines) + "\n").encode()


def _word(name: str) -> str:
    return "_".join(name.split()) or "item"


def _faces(part: Item, points: int, places: int) -> Iterator[str]:
    """Face lines with their normals; corners with a texture coordinate of their own, or that of their vertex, or
    none."""
    corners = np.asarray(part.faces, int)
    first = corners + points + 1
    if part.uv is None:
        yield from (f"f {a}//{a} {b}//{b} {c}//{c}" for a, b, c in first)
        return
    at = np.arange(corners.size).reshape(-1, 3) if part.uv.ndim == 3 else corners
    for (a, b, c), (d, e, f) in zip(first, at + places + 1, strict=True):
        yield f"f {a}/{d}/{a} {b}/{e}/{b} {c}/{f}/{c}"
