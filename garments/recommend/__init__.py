"""Which garment: by fit, by content, by what goes with what is worn, and by history where there is enough of it."""
