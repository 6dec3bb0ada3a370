"""Writes the body and keeps assets/SHA256SUMS true to the models that ship."""

import io

import numpy as np

from assets.files import ROOT, sha256, write_bytes, write_text


def save(arrays: dict[str, np.ndarray]) -> None:
    """Write assets/bodies/toile.npz and its checksum. Not compressed: that would halve the file and take six times as
    long to load."""
    stream = io.BytesIO()
    np.savez(stream, **dict(sorted(arrays.items())))
    write_bytes(ROOT / "bodies" / "toile.npz", stream.getvalue())
    list_checksum("bodies/toile.npz")


def list_checksum(name: str) -> None:
    """List a file of assets, named from there ("bodies/toile.npz"), with the checksum that it has now."""
    listing = ROOT / "SHA256SUMS"
    others = [line for line in listing.read_text().splitlines() if line and line.split(maxsplit=1)[1] != name]
    lines = sorted([*others, f"{sha256(ROOT / name)}  {name}"], key=lambda line: line.split()[1])
    write_text(listing, "\n".join(lines) + "\n")
