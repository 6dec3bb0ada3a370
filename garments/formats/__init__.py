"""Garments from elsewhere, one file a format."""
