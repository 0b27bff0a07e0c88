"""Content of papers: frozen dataclasses, kept as JSON and edited as forms.

A field is text, a whole number, a day, a moment, a list of texts, or a list of dataclasses of the first four.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cchc.workflow.flow import Sentence

T = TypeVar("T")


def typed(label: Sentence, *, rows: int = 1, default: Any = MISSING, help: Sentence = "") -> Any:
    """A field of a content, with how a form calls it; *rows*: lines of its box."""
    known: dict[str, Any] = {"metadata": {"label": label, "rows": rows, "help": help}}
    if default is list:
        return field(default_factory=list, **known)
    return field(**known) if default is MISSING else field(default=default, **known)


def parts(content: type) -> tuple[tuple[Field[Any], Any], ...]:
    """The fields of a dataclass with their types."""
    hints = _hints(content)
    return tuple((each, hints[each.name]) for each in fields(content))


@cache
def _hints(content: Hashable) -> dict[str, Any]:
    return get_type_hints(content)


def line_type(kind: Any) -> type | None:
    """The dataclass of which *kind* is a list, if it is one."""
    if get_origin(kind) is not list:
        return None
    (inner,) = get_args(kind)
    return inner if isinstance(inner, type) and is_dataclass(inner) else None


def base_type(kind: Any) -> Any:
    """*kind* without "or None"."""
    found = [each for each in get_args(kind) if each is not type(None)]
    return found[0] if found and get_origin(kind) is not list else kind


def dump(value: Any) -> Any:
    """A content, or parts of one, as JSON keeps it."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [dump(each) for each in value]
        case Mapping():
            return {name: dump(each) for name, each in value.items()}
    if is_dataclass(value):
        return {each.name: dump(getattr(value, each.name)) for each in fields(value)}
    return value


def load(content: type[T], kept: Mapping[str, Any]) -> T:
    """What dump() was given; what *kept* does not name has its default."""
    values = {each.name: _read(kind, kept[each.name]) for each, kind in parts(content) if each.name in kept}
    return content(**values)


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    line = line_type(kind)
    if line is not None:
        return [load(line, each) for each in value]
    base = base_type(kind)
    if base is datetime:
        return datetime.fromisoformat(value)
    if base is date:
        return date.fromisoformat(value)
    return load(cast("type[Any]", base), value) if is_dataclass(base) else value
