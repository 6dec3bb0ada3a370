"""Pictures: scenes in, pixels out. Knows no Qt, no body, no garment."""
