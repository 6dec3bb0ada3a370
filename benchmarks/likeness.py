"""How well find-similar finds, from pictures of our own garments worn by somebody else in another light.

    python -m benchmarks.likeness [--quick] [--json FILE] [--tell]

Each garment of the demonstration catalogue is draped on a body that is not the catalogue's mannequin, turned away, lit
from elsewhere and photographed with a cast; the picture is what find-similar is asked with. Alone: the garment hangs
before paper. Worn: a grey figure wears it in a room; what is cloth is found by the pose that is detected, or by the
middle of the picture where none is. Of the first five are counted those that a shop would call alike: the same design,
or a garment of its kind whose main colour is within 20 of it by CIEDE2000 and whose pattern has the same name.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np

from app.scenes.painting import coloured, painted
from app.scenes.sewing import sewn as sewn_of
from app.shop.catalogues import SIZE
from app.shop.likeness import Seen, in_picture, like, seen
from assets.errors import ToileError
from assets.files import ROOT
from assets.lab import difference
from assets.mesh import vertex_normals
from benchmarks.table import Row, parser, row, tell
from body.frame import Frame
from garments.drape import Drape, drape
from garments.garment import Cut, sewn
from garments.recommend.content import content
from garments.stock.articles import Article
from garments.stock.catalogue import Catalogue
from render.camera import Camera
from render.headless import snapshot
from render.scene import Item, Material, Scene, grey
from render.setups import lit

EDGE, WIDTH, HEIGHT, SAMPLES = 0.03, 300, 400, 2
LIGHTS, TURNS = ("window", "shop", "street"), (-0.5, 0.35, 0.15)
CASTS = ((1.0, 1.0, 1.0), (1.08, 1.0, 0.86), (0.90, 1.0, 1.10))
"""How much each channel of a camera is off, after its own guess at white."""
PAPER, ROOM = (0.80, 0.80, 0.78), (0.32, 0.29, 0.26)
FIRST, NEAR = 5, 20.0


@cache
def wearer(sex: str):
    """Somebody of about the size, not the mannequin."""
    from body.estimate import Evidence, estimate
    from body.model import load_model

    told = Evidence(height=1.64 if sex == "female" else 1.76, mass=63.0 if sex == "female" else 78.0,
                    sex=float(sex == "male"))  # fmt: skip
    return estimate(told, load_model()).body


@cache
def draped(design: str, fabric: str | None, options: tuple, sex: str) -> Drape:
    made = sewn(Cut(design, SIZE, sex, dict(options)), fabric)
    return drape((made,), wearer(sex), edge=EDGE)[0]


def photo(told: Article, number: int, worn: bool) -> Frame:
    """A picture of an article that is not the catalogue's."""
    from app.pipeline import in_colours

    sex = "male" if "men" in told.tags and "women" not in told.tags else "female"
    assert told.design is not None
    found = draped(told.design, told.fabric, tuple(sorted((told.options or {}).items())), sex)
    made = in_colours(found.garment, told.colourway())
    places, cloth = np.asarray(found.positions, float), found.cloth
    bare = Item(made.name, places, cloth.faces, normals=vertex_normals(places, cloth.faces), uv=cloth.rest,
                parts=cloth.panel, sewn=sewn_of(cloth))  # fmt: skip
    items = [painted(bare, coloured(made))]
    low, high = places.min(axis=0), places.max(axis=0)
    if worn:
        body = wearer(sex)
        items.append(Item("figure", body.vertices, body.model.skin_faces, Material(base_colour=grey(62.0))))
        low, high = body.vertices.min(axis=0), body.vertices.max(axis=0)
    turn, away = (
        TURNS[number % 3],
        1.35 * float(max((high - low)[1], (high - low)[0] * HEIGHT / WIDTH)) / (0.8 if worn else 0.6),
    )
    middle = 0.5 * (low + high)
    eye = middle + away * np.array([np.sin(turn), 0.06, np.cos(turn)])
    scene = lit(Scene(tuple(items), background=ROOM if worn else PAPER, ground=False), LIGHTS[number % 3])
    camera = Camera(tuple(eye), tuple(middle), fov_y=float(np.radians(34)))
    pixels = snapshot(scene, camera, WIDTH, HEIGHT, SAMPLES)[..., :3].astype(float)
    cast = 255.0 * (pixels / 255.0) ** (1.0 / np.array(CASTS[number % 3]))
    return Frame(np.ascontiguousarray(cast.clip(0, 255).astype(np.uint8)), name=told.id)


def alike(one: Article, two: Article) -> bool:
    """Whether a shop would call them alike."""
    a, b = content(one), content(two)
    if a.design == b.design:
        return True
    near = a.colour is not None and b.colour is not None and float(difference(a.colour, b.colour)) < NEAR
    return a.kind == b.kind and near and seen(one).look.pattern == seen(two).look.pattern


def asked(told: Article, number: int, worn: bool) -> Seen:
    kind = content(told).kind
    return in_picture(photo(told, number, worn), kind if worn and kind in ("top", "bottom") else "all")


def rows(articles: tuple[Article, ...], tell: bool, every: int = 1) -> Iterator[Row]:
    for name, worn in (("alone", False), ("worn", True)):
        share, itself, first, lost = [], [], [], 0
        for number, told in list(enumerate(articles))[::every]:
            try:
                found, _ = like(asked(told, number, worn), articles, FIRST)
            except ToileError as error:
                lost += 1
                if tell:
                    print(f"{told.id}: {error}")
                continue
            by_id = {one.id: one for one in articles}
            relevant = sum(alike(told, one) for one in articles)
            met = [alike(told, by_id[one.id]) for one in found]
            share.append(sum(met) / min(FIRST, relevant))
            itself.append(told.id in [one.id for one in found])
            first.append(met[0])
            if tell and not itself[-1]:
                print(f"{name} {told.id}: {', '.join(f'{one.id} {one.share:.2f}' for one in found)}")
        many = f"{len(share)} pictures, {lost} refused"
        yield row(f"{name} precision@5", f"alike among the first five, of as many as there are; {many}",
                  100 * float(np.mean(share)), "%")  # fmt: skip
        yield row(f"{name} itself", "the very garment among the first five", 100 * float(np.mean(itself)), "%")
        yield row(f"{name} first", "the first one is alike", 100 * float(np.mean(first)), "%")


def main() -> None:
    options = parser(__doc__ or "", "every twelfth garment")
    options.add_argument("--tell", action="store_true", help="print what was not found")
    args = options.parse_args()
    shelf = Catalogue.open(ROOT / "catalogue" / "demo")
    articles = tuple(one for one in shelf.items(shelf.search().ids) if not one.trouble)
    measured = list(rows(articles, args.tell, 12 if args.quick else 1))
    tell(__doc__ or "", measured, args)


if __name__ == "__main__":
    main()
