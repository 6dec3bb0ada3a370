"""Build assets/bodies/toile.npz: `python -m body.building`."""

from body.building.build import main

main()
