"""Long tables as files: asked for on a page, written by a worker, told by the bell, open to their owner for a week.

A worker claims one by compare-and-swap and says that it is alive as it writes; one that falls silent loses it to the
next. The file gets its name only when it is whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cchc.followup.bell import Link
from cchc.followup.models import Export
from cchc.followup.models.export import KEPT, MOST_ROWS
from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.actors import SYSTEM
from cchc.workflow.engine import record, tell
from cchc.workflow.flow import Sentence, flow

S = Export.State
AT_ONCE = 2_000  # rows that a page gives at once; more are written by the worker
SILENCE = timedelta(minutes=2)  # after which a worker counts as dead
MOST_TRIES = 3
STEP = 500  # rows between two signs of life
READY, FAIL = "ready", "fail"
EXPORT_FLOW = flow(
    Export._meta.label_lower, [], owes={},
    verbs={READY: _("has written the file that you asked for"), FAIL: _("could not write the file that you asked for")},
)  # fmt: skip
Line = Sequence[Any]
# Writes a table: (form, file, columns, rows).
Write = Callable[[str, Any, Sequence[Any], Iterable[Line]], None]


class Lost(Exception):
    """Another worker has taken over."""


@dataclass(frozen=True)
class Sheet:
    """A table as one person may see it. *count* says how many rows it has, at most so many; *rows* gives them."""

    title: Sentence
    name: str
    columns: Sequence[Any]
    count: Callable[[int], int]
    rows: Callable[[], Iterator[Line]]

    @property
    def is_long(self) -> bool:
        return self.count(AT_ONCE + 1) > AT_ONCE


def counting(rows: QuerySet[Any]) -> Callable[[int], int]:
    """How many *rows* there are, at most so many: what a Sheet wants to know."""
    return lambda most: rows.order_by().values("pk")[:most].count()


def sheet_of(kind: str, person: Person, query: QueryDict, day: Any) -> Sheet:
    """The table *kind* (settings.EXPORTS) that *query* asks for. Raises KeyError when *person* may not have it."""
    if any("\0" in value for _name, values in query.lists() for value in values):  # no database takes it
        raise KeyError(kind)
    make: Callable[[Person, QueryDict, Any], Sheet] = import_string(settings.EXPORTS[kind])
    return make(person, query, day)


def ask(kind: str, form: str, query: QueryDict, language: str, *, by: Person, at: datetime, day: Any) -> Export:
    """Have it written. Asked twice it is the same, as long as it is not finished. Raises KeyError as sheet_of does."""
    sheet, words = sheet_of(kind, by, query, day), query.urlencode()
    same = Export.objects.unfinished().filter(owner=by, kind=kind, form=form, query=words, language=language)
    return same.first() or Export.objects.create(
        owner=by, kind=kind, form=form, query=words, language=language, title=str(sheet.title)[:300],
        name=sheet.name[:200], asked_at=at,
    )  # fmt: skip


def waiting(at: datetime) -> QuerySet[Export]:
    """What nobody writes: new ones, and those whose worker has fallen silent."""
    return Export.objects.filter(Q(state=S.WAITING) | Q(state=S.WRITING, alive_at__lt=at - SILENCE)).order_by(
        "asked_at"
    )


def work_on(pk: UUID, write: Write, now: Callable[[], datetime], day: Any) -> bool:
    """Write this one, unless another worker does; returns whether it did."""
    claim, at = uuid4(), now()
    taken = waiting(at).filter(pk=pk).order_by()
    if not taken.update(state=S.WRITING, claim=claim, alive_at=at, tries=F("tries") + 1, written=0):
        return False
    export = Export.objects.select_related("owner").get(pk=pk)
    if export.tries > MOST_TRIES:
        return _finish(export, S.FAILED, now())
    try:
        with override(export.language):
            sheet = sheet_of(export.kind, export.owner, QueryDict(export.query), day)
            held = [post.pk for post in access.posts(export.owner, day)]
            _alive(export, now(), total=sheet.count(MOST_ROWS + 1), posts=held)
            _keep(export, sheet, write, now)
    except KeyError:  # the right or the thing is gone
        return _finish(export, S.FAILED, now())
    except Lost:
        return False
    return _finish(export, S.READY, now())


def _keep(export: Export, sheet: Sheet, write: Write, now: Callable[[], datetime]) -> None:
    final = path_of(export)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = final.with_suffix(f".{export.claim}")
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            write(export.form, file, sheet.columns, _counted(export, sheet.rows(), now))
            file.flush()
            os.fsync(file.fileno())
        _alive(export, now())
        unfinished.rename(final)
    finally:
        unfinished.unlink(missing_ok=True)


def _counted(export: Export, rows: Iterator[Line], now: Callable[[], datetime]) -> Iterator[Line]:
    number = 0
    for number, row in enumerate(islice(rows, MOST_ROWS), 1):
        if number % STEP == 0:
            _alive(export, now(), written=number)
        yield row
    _alive(export, now(), written=number)


def _alive(export: Export, at: datetime, **values: Any) -> None:
    if not Export.objects.filter(pk=export.pk, claim=export.claim, state=S.WRITING).update(alive_at=at, **values):
        raise Lost


@transaction.atomic
def _finish(export: Export, state: str, at: datetime) -> bool:
    mine = Export.objects.filter(pk=export.pk, claim=export.claim, state=S.WRITING)
    if not mine.update(state=state, finished_at=at):
        return False
    event = record(export, READY if state == S.READY else FAIL, by=SYSTEM, at=at)
    tell(event, [export.owner], turn=[export.owner] if state == S.READY else [])
    return True


def path_of(export: Export) -> Path:
    return Path(settings.EXPORT_ROOT) / f"{export.pk}.{export.form}"


def file_of(export: Export, at: datetime) -> Path | None:
    """The file while it may be opened."""
    kept = export.state == S.READY and export.kept_until is not None and at < export.kept_until
    return path_of(export) if kept and path_of(export).exists() else None


def is_allowed(export: Export, owner: Person, day: Any) -> bool:
    """Whether its owner may have that table still, and holds every post by which it was written."""
    if not {post.pk for post in access.posts(owner, day)}.issuperset(export.posts):
        return False
    try:
        sheet_of(export.kind, owner, QueryDict(export.query), day)
    except KeyError:
        return False
    return True


def sweep(at: datetime) -> int:
    """Remove what was finished a week ago, and files that no export names; returns how many (settings.CLOCK_MOVES)."""
    old = list(Export.objects.filter(finished_at__lt=at - KEPT))
    for export in old:
        path_of(export).unlink(missing_ok=True)
    Export.objects.filter(pk__in=[export.pk for export in old]).delete()
    root, limit = Path(settings.EXPORT_ROOT), (at - timedelta(days=1)).timestamp()
    known = {path_of(export).name for export in Export.objects.only("pk", "form")}
    orphans = [path for path in root.glob("*") if path.name not in known and path.stat().st_mtime < limit]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(old) + len(orphans)


def links(person: Person, ids: Iterable[str]) -> Mapping[str, Link]:
    """The exports as notices name them (settings.SUBJECT_LINKS)."""
    found = Export.objects.visible_to(person).filter(pk__in=list(ids))
    return {str(each.pk): Link(each.title, each.get_absolute_url()) for each in found}
