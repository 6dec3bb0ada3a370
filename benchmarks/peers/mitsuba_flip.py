"""Mitsuba 3 (Jakob et al., BSD) path-traces a scene; NVIDIA's FLIP (Andersson et al., BSD) tells how far pictures of it
are from that: one number a picture, in their order, over the box round what is drawn. A second path holds another
picture as npy.

Reads an npz: key "sky" [h, w, 3] radiance over direction, meshes vertices_k, faces_k and colour_k, eye, target, fov_y
[rad], background (linear RGB), pictures [n, h, w, 3] (sRGB 0..1) and samples a pixel.
"""

import sys

import flip_evaluator
import mitsuba
import numpy as np

mitsuba.set_variant("scalar_rgb")


def main() -> None:
    data = np.load(sys.argv[1], allow_pickle=False)
    pictures = data["pictures"]
    light, cover = traced(data, *pictures.shape[1:3])
    truth = encoded(light)
    box = around(cover)
    if len(sys.argv) > 2:
        pictures = np.concatenate([pictures, np.load(sys.argv[2], allow_pickle=False)[None]])
    print(
        *(
            flip_evaluator.evaluate(np.ascontiguousarray(truth[box]), np.ascontiguousarray(one[box]), "LDR")[1]
            for one in pictures
        )
    )


def around(cover: np.ndarray) -> tuple[slice, slice]:
    """The smallest box round what is covered [h, w]: a plain wall beside it is no picture."""
    rows, columns = (np.flatnonzero((cover > 0.5).any(axis=axis)) for axis in (1, 0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def traced(data, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The path-traced picture over the background, linear RGB [h, w, 3], and what it covers of it [h, w]."""
    place = mitsuba.ScalarTransform4f().look_at(
        list(map(float, data["eye"])), list(map(float, data["target"])), [0, 1, 0]
    )
    scene = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": 6, "hide_emitters": True},
        "sky": {"type": "envmap", "bitmap": mitsuba.Bitmap(data["sky"].astype(np.float32))},
        "sensor": {
            "type": "perspective", "fov": float(np.degrees(data["fov_y"])), "fov_axis": "y", "to_world": place,
            "film": {"type": "hdrfilm", "width": width, "height": height, "pixel_format": "rgba",
                     "rfilter": {"type": "tent"}},
            "sampler": {"type": "independent", "sample_count": int(data["samples"])},
        },
    }  # fmt: skip
    for number in range(sum(key.startswith("vertices_") for key in data.files)):
        scene[f"mesh_{number}"] = mesh(number, *(data[f"{kind}_{number}"] for kind in ("vertices", "faces", "colour")))
    seen = np.array(mitsuba.render(mitsuba.load_dict(scene)))
    return seen[..., :3] + (1.0 - seen[..., 3:4]) * data["background"], seen[..., 3]


def mesh(number: int, vertices: np.ndarray, faces: np.ndarray, colour: np.ndarray):
    surface = {
        "type": "twosided",
        "bsdf": {"type": "diffuse", "reflectance": {"type": "rgb", "value": colour.tolist()}},
    }
    properties = mitsuba.Properties()
    properties["bsdf"] = mitsuba.load_dict(surface)
    made = mitsuba.Mesh(f"mesh{number}", len(vertices), len(faces), has_vertex_normals=True, props=properties)
    values = mitsuba.traverse(made)
    values["vertex_positions"], values["faces"] = vertices.astype(np.float32).ravel(), faces.astype(np.uint32).ravel()
    values.update()
    made.recompute_vertex_normals()
    return made


def encoded(linear: np.ndarray) -> np.ndarray:
    linear = np.clip(linear, 0.0, 1.0)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055).astype(np.float32)


if __name__ == "__main__":
    main()
