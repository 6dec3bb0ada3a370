"""Items as other programs take them: one part for each material, and the pictures of prints by the names of files."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from app.picturefile import png
from assets.mesh import vertex_normals
from render.scene import Item, Material


def by_material(item: Item) -> list[Item]:
    """The item as one for each of its materials, uv of a printed or masked one as shares of a repeat. All have the
    vertices of the whole."""
    if not item.materials or item.parts is None:
        return [_printed(item)]
    found = []
    for material in dict.fromkeys(item.materials):
        mine = np.isin(item.parts, [k for k, each in enumerate(item.materials) if each is material])
        if mine.any():
            uv = item.uv if item.uv is None or item.uv.ndim == 2 else item.uv[mine]
            part = replace(item, faces=item.faces[mine], material=material, uv=uv, parts=None, materials=())
            normals = unit_normals(item) if item.normals is None else item.normals
            found.append(_printed(replace(part, normals=normals)))
    return found


def unit_normals(item: Item) -> np.ndarray:
    """Normals [n, 3] of an item's vertices, of length one."""
    normals = vertex_normals(item.vertices, item.faces) if item.normals is None else item.normals.astype(float)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


def pictures(items: Iterable[Item]) -> dict[int, np.ndarray]:
    """The pictures of the items' prints by their identity."""
    materials = [each for item in items for each in (item.materials or (item.material,))]
    return {id(each.print.picture): each.print.picture for each in materials if each.print is not None}


def picture_names(items: Iterable[Item], stem: str) -> dict[int, str]:
    """How the files with those pictures are called beside a file of that stem."""
    return {number: f"{stem}_print_{k}.png" for k, number in enumerate(pictures(items), 1)}


def picture_files(items: Sequence[Item], stem: str) -> dict[str, bytes]:
    """Those files."""
    found = pictures(items)
    return {name: png(found[number]) for number, name in picture_names(items, stem).items()}


def titles(items: Iterable[Item]) -> dict[int, str]:
    """A name for each of the items' materials by its identity, which no other bears: the item's, numbered where it has
    several."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for item in items:
        for material in dict.fromkeys(item.materials or (item.material,)):
            title, count = item.name or "item", 2
            while title in taken:
                title, count = f"{item.name} {count}", count + 1
            if id(material) not in found:
                found[id(material)] = title
                taken.add(title)
    return found


def opacity(material: Material) -> float:
    """How much of what is behind it a material hides, 0 to 1."""
    return material.opacity * material.cover


def _printed(item: Item) -> Item:
    figure = item.material.print or item.material.mask
    return item if figure is None or item.uv is None else replace(item, uv=figure.at(item.uv))
