"""What a drag of the mouse does in the picture, as hands know it from Toile, Blender or Maya."""

from PySide6.QtCore import Qt

ORBIT, PAN, ZOOM, LABEL = "orbit", "pan", "zoom", "label"
_LEFT, _MIDDLE, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def drag(preset: str, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> str:
    """ORBIT, PAN or ZOOM for a button with keys. The left button without keys turns in every preset: a click with it
    picks, and a trackpad has no other."""
    if preset == "blender" and button == _MIDDLE:
        return PAN if keys & _SHIFT else ZOOM if keys & _CONTROL else ORBIT
    if preset == "maya" and button == _RIGHT:
        return ZOOM
    return ORBIT if button == _LEFT and not keys & _SHIFT else PAN
