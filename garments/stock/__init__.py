"""Garments on offer: articles, the catalogue that holds them, what finds them, what they look like."""
