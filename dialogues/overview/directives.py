"""What units were told to do, by conclusions and plans: done in time, late, under way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import Breakdown, Counted, Figure, Scope, Section, Share, Source, figures, most_first
from cchc.organization.models import Unit
from cchc.web.cube import Cube, Tally
from cchc.web.panels import Row
from cchc.workdays.domain.calendar import calendar
from dialogues.directives import row as directive_row
from dialogues.models import Directive
from dialogues.models.directive import DirectiveQuerySet, S

ORDER = ("due_on", "id")
IN_TIME, LATE, REPORTED, OVERDUE, UNDER_WAY, ENDED = "in_time", "late", "reported", "overdue", "under_way", "ended"
STANDS = (
    (IN_TIME, _("Done in time")), (LATE, _("Done late")), (REPORTED, _("Reported, to be accepted")),
    (OVERDUE, _("Overdue")), (UNDER_WAY, _("Under way")), (ENDED, _("Ended without result")),
)  # fmt: skip


def _rows(scope: Scope) -> DirectiveQuerySet:
    """What was issued with a first deadline within the period."""
    issued = Directive.objects.visible_to(scope.person).exclude(state=S.DRAFT)
    return issued.filter(scope.days("first_due_on"), scope.of("host", "lead")).annotate(
        stands=Case(
            When(state=S.CLOSED, then=Value(ENDED)),
            When(state=S.REPORTED, then=Value(REPORTED)),
            When(state=S.ACCEPTED, done_on__lte=F("due_on"), then=Value(IN_TIME)),
            When(state=S.ACCEPTED, then=Value(LATE)),
            When(due_on__lt=scope.today, then=Value(OVERDUE)),
            default=Value(UNDER_WAY),
            output_field=CharField(),
        )
    )


def cube(scope: Scope) -> Cube:
    return Cube(_rows(scope), ("stands", "lead"))


def sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    told = Figure("directives.all", _("Issued"), sum(found["stands"].values()))
    done = Figure("directives.done", _("Done"), found["stands"].get(IN_TIME, 0) + found["stands"].get(LATE, 0))
    stands = figures("directives.stands", found["stands"], STANDS, all_of_them=True)
    units = scope.named(found["lead"])
    return [
        Section(
            "directives",
            _("Directives and tasks of plans"),
            "flag",
            shares=(Share(_("Done in time"), stands[0], done), Share(_("Done"), done, told)),
            breakdowns=(
                Breakdown("stands", _("How they stand"), stands, told),
                Breakdown(
                    "unit", _("By lead unit"), most_first(figures("directives.unit", found["lead"], units)), told
                ),
            ),
        )
    ]


def counted(scope: Scope, key: str) -> Counted:
    title, condition = _condition(key)
    return Counted(title, _rows(scope).filter(condition).for_list(), ORDER, lambda page: _lines(page, scope))


def _condition(key: str) -> tuple[Any, Q]:
    if key == "all":
        return _("Issued"), Q()
    if key == "done":
        return _("Done"), Q(stands__in=(IN_TIME, LATE))
    name, _dot, value = key.partition(".")
    if name == "unit":
        found = Unit.objects.filter(pk=int(value)).first() if value.isdecimal() else None
        if found is None:
            raise KeyError(value)
        return found.short_name, Q(lead=found)
    return {"stands": dict(STANDS)}[name][value], Q(stands=value)


def _lines(page: Iterable[Directive], scope: Scope) -> list[Row]:
    days = calendar()
    return [directive_row(each, scope.today, days) for each in page]


SOURCE = Source(cube, sections, counted)
