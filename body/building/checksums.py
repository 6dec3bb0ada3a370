"""Keeps assets/SHA256SUMS true to the models that ship."""

from assets.files import ROOT, sha256, write_text


def list_checksum(name: str) -> None:
    """List a file of assets, named from there ("bodies/toile.npz"), with the checksum that it has now."""
    listing = ROOT / "SHA256SUMS"
    others = [line for line in listing.read_text().splitlines() if line and line.split(maxsplit=1)[1] != name]
    lines = sorted([*others, f"{sha256(ROOT / name)}  {name}"], key=lambda line: line.split()[1])
    write_text(listing, "\n".join(lines) + "\n")
