"""What units committed themselves to: how the commitments of a year stand, and what became of the registered tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import Breakdown, Counted, Figure, Scope, Section, Share, Source, figures, most_first
from cchc.organization.models import Unit
from cchc.web.cube import Cube, Tally
from cchc.web.panels import Due, Row
from cchc.workdays.domain.calendar import calendar
from commitments import presentation
from commitments.enums import CommitmentState, Direction, ReportState
from commitments.models import Commitment, Entry, Place, Task
from commitments.models.commitment import STANDING

C = CommitmentState
ORDER = ("-campaign__year", "unit__sort_key", "id")
TASK_ORDER = ("due_on", "id")
SHOWN = tuple((state.value, presentation.COMMITMENT_STATES[state].label) for state in C if state != C.SUPERSEDED)
REACHED, REACHED_LATE, OVERDUE, UNDER_WAY = "reached", "reached_late", "overdue", "under_way"
STANDS = (
    (REACHED, _("Reached in time")), (REACHED_LATE, _("Reached late")), (OVERDUE, _("Overdue, not reached")),
    (UNDER_WAY, _("Not yet due")),
)  # fmt: skip
GLYPHS = {REACHED: "s4", REACHED_LATE: "s4", OVERDUE: "sq", UNDER_WAY: "s1"}


# --- commitments ------------------------------------------------------------------------------------------------------
def _rows(scope: Scope) -> QuerySet[Commitment]:
    """Those of the years that the period touches, each unit's newest version; with the level that was published."""
    seen = Commitment.objects.visible_to(scope.person).exclude(state=C.SUPERSEDED)
    level = Place.objects.filter(commitment=OuterRef("pk")).values("level")[:1]
    years = Q(campaign__year__range=(scope.since.year, scope.until.year))
    return seen.filter(years, scope.of("host", "unit")).annotate(level=Coalesce(Subquery(level), Value("")))


def cube(scope: Scope) -> Cube:
    return Cube(_rows(scope), ("state", "level", "campaign__code"))


def sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    every = Figure("commitments.all", _("Commitments"), sum(found["state"].values()))
    levels = [(value, str(value)) for value in found["level"] if value]
    campaigns = [(value, str(value)) for value in sorted(found["campaign__code"], key=str, reverse=True)]
    made = (
        Breakdown("state", _("How they stand"), figures("commitments.state", found["state"], SHOWN), every),
        Breakdown("level", _("By level"), most_first(figures("commitments.level", found["level"], levels))),
        Breakdown(
            "campaign", _("By signing"), figures("commitments.campaign", found["campaign__code"], campaigns), every
        ),
    )
    return [Section("commitments", _("Commitments of the units"), "pen", breakdowns=made)]


def counted(scope: Scope, key: str) -> Counted:
    title, condition = _condition(key)
    rows = (
        _rows(scope).filter(condition).select_related("unit", "campaign", "turn").defer("content", "campaign__content")
    )
    return Counted(title, rows, ORDER, lambda page: _lines(page, scope))


def _condition(key: str) -> tuple[Any, Q]:
    if key == "all":
        return _("Commitments"), Q()
    name, _dot, value = key.partition(".")
    if not value:
        raise KeyError(key)
    if name == "state":
        return dict(SHOWN)[value], Q(state=value)
    return value, Q(**{{"level": "level", "campaign": "campaign__code"}[name]: value})


def _lines(page: Iterable[Commitment], scope: Scope) -> list[Row]:
    days = calendar()
    made = []
    for each in page:
        looks, turn = presentation.COMMITMENT_STATES[each.state], each.turn
        made.append(
            Row(
                each.unit.name,
                reverse("commitment_show", args=[each.pk]),
                glyph=looks.glyph,
                tone=looks.tone,
                state=looks.label,
                code=str(each),
                meta=(each.campaign.code, looks.label),
                due=Due(turn.due_on, days.between(scope.today, turn.due_on)) if turn else None,
            )
        )
    return made


SOURCE = Source(cube, sections, counted)


# --- their tasks ------------------------------------------------------------------------------------------------------
def _tasks(scope: Scope) -> QuerySet[Task]:
    """Tasks of commitments in force that were due within the period; the accepted number that counts says how far.

    As commitments.domain.progress.counting does: the newest that says when it was finished, else the newest.
    """
    seen = Commitment.objects.visible_to(scope.person).filter(scope.of("host", "unit"), state__in=STANDING)
    accepted = Entry.objects.filter(task=OuterRef("pk"), report__state=ReportState.ACCEPTED).annotate(
        rank=Case(When(done_on__isnull=False, then=Value(0)), default=Value(1)),
        finished=Coalesce("done_on", TruncDate("report__submitted_at")),
    )
    counts = accepted.order_by("rank", "-report__submitted_at", "-id")
    told = Task.objects.filter(scope.days("due_on"), commitment__in=seen.values("pk")).annotate(
        value=Subquery(counts.values("value")[:1]), finished=Subquery(counts.values("finished")[:1])
    )
    whole = Q(direction=Direction.AT_LEAST, value__gte=F("target")) | Q(
        direction=Direction.AT_MOST, value__lte=F("target")
    )
    return told.annotate(
        stands=Case(
            When(whole & Q(finished__lte=F("due_on")), then=Value(REACHED)),
            When(whole, then=Value(REACHED_LATE)),
            When(due_on__lt=scope.today, then=Value(OVERDUE)),
            default=Value(UNDER_WAY),
            output_field=CharField(),
        )
    )


def task_cube(scope: Scope) -> Cube:
    return Cube(_tasks(scope), ("stands", "commitment__unit"))


def task_sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    every = Figure("tasks.all", _("Due in the period"), sum(found["stands"].values()))
    stands = figures("tasks.stands", found["stands"], STANDS, all_of_them=True)
    due = Figure("tasks.due", _("Due by today"), every.number - stands[-1].number)
    units = most_first(figures("tasks.unit", found["commitment__unit"], scope.named(found["commitment__unit"])))
    made = (
        Breakdown("stands", _("How they stand"), stands, every),
        Breakdown("unit", _("By unit"), units, every),
    )
    shares = (Share(_("Reached in time"), stands[0], due),)
    return [Section("tasks", _("Registered tasks"), "check", shares=shares, breakdowns=made)]


def tasks_counted(scope: Scope, key: str) -> Counted:
    title, condition = _task_condition(key)
    rows = _tasks(scope).filter(condition).select_related("commitment__unit").defer("commitment__content")
    return Counted(title, rows, TASK_ORDER, lambda page: _task_lines(page, scope))


def _task_condition(key: str) -> tuple[Any, Q]:
    whole = {"all": (_("Due in the period"), Q()), "due": (_("Due by today"), ~Q(stands=UNDER_WAY))}
    if key in whole:
        return whole[key]
    name, _dot, value = key.partition(".")
    if name == "unit":
        found = Unit.objects.filter(pk=int(value)).first() if value.isdecimal() else None
        if found is None:
            raise KeyError(value)
        return found.short_name, Q(commitment__unit=found)
    return {"stands": dict(STANDS)}[name][value], Q(stands=value)


def _task_lines(page: Iterable[Any], scope: Scope) -> list[Row]:
    days, words = calendar(), dict(STANDS)
    return [
        Row(
            each.text,
            reverse("commitment_show", args=[each.commitment_id]),
            glyph=GLYPHS[each.stands],
            state=words[each.stands],
            code=str(each.commitment),
            meta=(each.commitment.unit.short_name, words[each.stands], presentation.target(each)),
            due=Due(each.due_on, days.between(scope.today, each.due_on)),
        )
        for each in page
    ]


TASKS = Source(task_cube, task_sections, tasks_counted)
