"""What the search box finds in all domains, asked of the database in one question however many kinds there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, Model, QuerySet
from django.db.models.functions import JSONObject

from cchc.web.panels import Panel, Row, Text

FOUND = 8


@dataclass(frozen=True)
class Sought:
    """One kind of rows that have the words: as the reader may see them, in order; the first FOUND are shown.

    *fields*: all that *show* reads of a row, through relations by "__", annotations by their names; nothing else of it
    is loaded, and reading more costs a query for each row. *more_url*: where all of them are listed. Kinds with the
    same *key* stand in one panel.
    """

    key: str
    title: Text
    rows: QuerySet[Any]
    fields: Sequence[str]
    show: Callable[[Any], Row]
    more_url: str = ""


def panels(person: Any, sought: Iterable[Sought]) -> list[Panel]:
    """What is found of each kind, in order of the kinds; kinds of which nothing is found are left out."""
    kinds = {f"found_{place}": kind for place, kind in enumerate(sought)}
    if not kinds:
        return []
    # A question needs a row to stand beside: the reader's own.
    one = get_user_model()._default_manager.filter(pk=person.pk).order_by()
    found = one.values(**{name: ArraySubquery(_head(kind)) for name, kind in kinds.items()}).get()
    made: dict[str, Panel] = {}
    for name, kind in kinds.items():
        rows = [kind.show(_instance(kind.rows.model, values)) for values in found[name] or []]
        panel = made.setdefault(
            kind.key, Panel(kind.key, kind.title, more_url=kind.more_url if rows[FOUND - 1 :] else "")
        )
        panel.rows.extend(rows[: FOUND - len(panel.rows)])
    return [panel for panel in made.values() if panel.rows]


def _head(kind: Sought) -> QuerySet[Any]:
    paths = {"pk", *kind.fields}
    for field in kind.fields:
        *relations, _last = field.split("__")
        paths |= {"__".join([*relations[: n + 1], "pk"]) for n in range(len(relations))}
    return kind.rows.values(found=JSONObject(**{path: F(path) for path in sorted(paths)}))[:FOUND]


def _instance(model: type[Model], found: dict[str, Any]) -> Any:
    """A row with these fields, its other fields deferred; with the related rows of which there are fields."""
    known: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields} | {"pk": model._meta.pk}
    values: dict[str, Any] = {}
    beside: dict[str, Any] = {}
    related: dict[str, dict[str, Any]] = {}
    for path, value in found.items():
        name, _by, rest = path.partition("__")
        if rest:
            related.setdefault(name, {})[rest] = value
        elif name in known:
            values[known[name].attname] = known[name].to_python(value)
        else:
            beside[name] = value
    for name, its in related.items():
        one = _instance(known[name].related_model, its) if its["pk"] is not None else None
        beside[name], values[known[name].attname] = one, one and one.pk
    loaded = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    made = model.from_db(DEFAULT_DB_ALIAS, loaded, [values[name] for name in loaded])
    for name, value in beside.items():
        setattr(made, name, value)
    return made
