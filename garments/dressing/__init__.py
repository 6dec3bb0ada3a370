"""A garment put round a body before it is draped: the tubes it is made of, sections of the body, what is folded."""
