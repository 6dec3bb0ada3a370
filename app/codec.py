"""Our frozen values as readable JSON beside arrays, and back, by the types that their fields declare.

Reading believes nothing: every field must be of its declared type, every number finite; a field that is not known is
refused, one that is missing takes its default. What the types cannot say (indices, shapes) the caller checks.
"""

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, Union, get_args, get_origin, get_type_hints

import numpy as np

KINDS = "fiub"
"""Kinds of arrays that are written and read: numbers and truth values."""


def plain(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """A value as JSON can say it. Arrays go to `arrays` by their place in the value, each once."""
    names: dict[int, str] = {id(array): name for name, array in arrays.items()}

    def told(value: Any, place: str) -> Any:
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, np.ndarray):
            if id(value) not in names:
                names[id(value)] = place
                arrays[place] = value
            return {"array": names[id(value)]}
        if isinstance(value, tuple | list):
            return [told(item, f"{place}.{k}") for k, item in enumerate(value)]
        if isinstance(value, _measurements()):
            return [told(item, f"{place}.{k}") for k, item in enumerate(value.values())]
        if isinstance(value, Mapping):
            return {str(key): told(item, f"{place}.{key}") for key, item in value.items()}
        if is_dataclass(value):
            inside = f"{place}." if place else ""
            return {one.name: told(getattr(value, one.name), f"{inside}{one.name}") for one in fields(value)}
        raise TypeError(f"a {type(value).__name__} cannot be written")

    return told(value, "")


def read(kind: Any, told: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """What `plain` told of a value of that type. Raises ValueError, naming the place, for anything else."""
    return _read(kind, told, arrays, "")


def _read(kind: Any, told: Any, arrays: Mapping[str, np.ndarray], place: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if told is None:
            return None
        return _read(next(one for one in inner if one is not NoneType), told, arrays, place)
    if origin is Literal:
        return told if told in inner else _wrong(place)
    if kind is np.ndarray:
        return _array(told, arrays, place)
    if kind in (bool, int, float, str):
        return _single(kind, told, place)
    if origin is tuple:
        return _tuple(inner, told, arrays, place)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(told, dict):
            _wrong(place)
        return {key: _read(inner[1], item, arrays, f"{place}.{key}") for key, item in told.items()}
    if kind is _measurements():
        from body.measurements import MEASURES, Measurement

        items = _tuple((Measurement, ...), told, arrays, place)
        return kind(items) if all(item.name in MEASURES for item in items) else _wrong(place)
    return _dataclass(kind, told, arrays, place)


def _dataclass(kind: Any, told: Any, arrays: Mapping[str, np.ndarray], place: str) -> Any:
    known = _fields(kind)
    if not isinstance(told, dict) or not told.keys() <= known.keys():
        _wrong(place)
    missing = [name for name, (_, needed) in known.items() if needed and name not in told]
    if missing:
        _wrong(f"{place}.{missing[0]}")
    try:
        return kind(
            **{name: _read(known[name][0], item, arrays, f"{place}.{name}".lstrip(".")) for name, item in told.items()}
        )
    except (TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"{place or 'it'}: {error}") from error


def _single(kind: type, told: Any, place: str) -> Any:
    if type(told) is int and kind is float and abs(told) < 1 << 53:
        return told
    if type(told) is not kind or (isinstance(told, float) and not math.isfinite(told)):
        _wrong(place)
    return told


def _tuple(inner: tuple, told: Any, arrays: Mapping[str, np.ndarray], place: str) -> tuple:
    if not isinstance(told, list):
        _wrong(place)
    kinds = [inner[0]] * len(told) if len(inner) == 2 and inner[1] is ... else list(inner)
    if len(kinds) != len(told):
        _wrong(place)
    return tuple(
        _read(kind, item, arrays, f"{place}.{k}") for k, (kind, item) in enumerate(zip(kinds, told, strict=True))
    )


def _array(told: Any, arrays: Mapping[str, np.ndarray], place: str) -> np.ndarray:
    name = told.get("array") if isinstance(told, dict) else None
    if not isinstance(name, str) or name not in arrays:
        _wrong(place)
    array = arrays[name]
    if array.dtype.kind not in KINDS or (array.dtype.kind == "f" and not np.isfinite(array).all()):
        _wrong(place)
    return array


def _wrong(place: str) -> NoReturn:
    raise ValueError(f"{place or 'it'} is not as it should be")


@cache
def _fields(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Type of each field of a dataclass, and whether it has no default."""
    if not is_dataclass(kind):
        raise TypeError(f"a {kind} cannot be read")
    hints = get_type_hints(kind, localns=_only_for_type_checkers())
    return {
        one.name: (hints[one.name], one.default is MISSING and one.default_factory is MISSING) for one in fields(kind)
    }


@cache
def _only_for_type_checkers() -> dict[str, Any]:
    """Names in declarations that modules import for type checkers alone."""
    from body.conflict import Misfit
    from body.frame import Frame
    from body.poses import Pose
    from body.scan import Scan
    from garments.certificate import Certificate
    from garments.fit import Fit
    from garments.imported.readymade import ReadyMade
    from garments.sizing import Advice

    kinds = (Misfit, Frame, Pose, Scan, Certificate, Fit, ReadyMade, Advice, _measurements())
    return {kind.__name__: kind for kind in kinds}


@cache
def _measurements() -> Any:
    from body.measurements import Measurements

    return Measurements
