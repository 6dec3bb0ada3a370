"""A garment in the person's own photo: the photo's light, what stays of it, and the garment drawn into it."""
