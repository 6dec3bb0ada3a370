"""What every other room may import: where files are, units, meshes; and the data itself."""
