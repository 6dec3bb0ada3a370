"""Articles, and what is told about them: what is on offer, what suits, what is alike, what was asked."""
