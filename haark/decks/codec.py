"""JSON round trip of frozen dataclasses, driven by their annotations.

Members of a union carry their class name under `kind`; bytes travel as base64; unknown keys are ignored, so an outline
kept by an older or newer version still opens as long as what it names exists.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import types
import typing
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def encode(value: Any) -> Any:
    """Plain JSON data of a dataclass, tuple, bytes or scalar."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        data = {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"kind": type(value).__name__, **data}
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def decode(cls: type[T], data: Any) -> T:
    """An instance of `cls` from `encode`'s data; ValueError for an unknown kind, TypeError where an object lacks."""
    if not isinstance(data, dict):
        raise TypeError(f"{cls.__name__}: an object was expected")
    hints = _hints(cls)
    known = {name: _value(hint, data[name]) for name, hint in hints.items() if name in data}
    try:
        return cls(**known)
    except TypeError as missing:
        raise ValueError(f"{cls.__name__}: {missing}") from missing


@functools.cache
def _hints(cls: type[DataclassInstance]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def _value(hint: Any, data: Any) -> Any:
    if data is None:
        return None
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return decode(hint, data)
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _member(typing.get_args(hint), data)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item) for item in data)
    if hint is bytes:
        return base64.b64decode(data)
    return data


def _member(options: tuple[Any, ...], data: Any) -> Any:
    """The union's member that `data` names; unions hold dataclasses, or one type and None."""
    named = [option for option in options if isinstance(option, type)]
    classes = {option.__name__: option for option in named if dataclasses.is_dataclass(option)}
    if not classes:
        return _value(next(option for option in options if option is not type(None)), data)
    if len(classes) == 1:
        return decode(next(iter(classes.values())), data)
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind not in classes:
        raise ValueError(f"unknown kind of block: {kind!r}")
    return decode(classes[kind], data)
