"""What cloth is coloured with: palettes, colourways, woven figures, tiles from photos, stripes that meet."""
