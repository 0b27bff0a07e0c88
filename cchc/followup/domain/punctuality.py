"""Steps owed by posts, by how punctually they were taken: the numbers of the one ledger of promises."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.duty_count import BY, IN_TIME, LATE, described, kept
from cchc.followup.domain.links import links
from cchc.followup.domain.overview import Breakdown, Counted, Figure, Scope, Section, Share, Source
from cchc.organization import access
from cchc.organization.models import Unit
from cchc.organization.permissions import OVERSEE
from cchc.web.cube import Cube, Tally
from cchc.web.panels import Due, Row
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.flow import duties, duty
from cchc.workflow.models import Obligation

ORDER = ("due_on", "id")
UNITS = 12  # the most that are named
MANY = 20  # units
OVERDUE, PENDING = "overdue", "pending"
STANDS = (
    (IN_TIME, _("Done in time")), (LATE, _("Done late")), (OVERDUE, _("Overdue")), (PENDING, _("Not yet due")),
)  # fmt: skip
GLYPHS = {IN_TIME: "s4", LATE: "s4", OVERDUE: "sq", PENDING: "s1"}


def _rows(scope: Scope) -> QuerySet[Obligation]:
    """What posts of the scope owed by days of the period; what somebody owes by name is nobody else's to see."""
    owed = Obligation.objects.filter(access.within(scope.person, OVERSEE, "unit"), person=None, unit__in=scope.units)
    return owed.filter(scope.days("due_on")).annotate(
        stands=Case(
            When(settled_at__date__lte=F("due_on"), then=Value(IN_TIME)),
            When(settled_at__isnull=False, then=Value(LATE)),
            When(due_on__lt=scope.today, then=Value(OVERDUE)),
            default=Value(PENDING),
            output_field=CharField(),
        ),
        what=Concat("subject_type", Value(":"), "kind"),
        late_at=Case(When(Q(stands__in=(LATE, OVERDUE)), then=F("unit")), default=None),
    )


def cube(scope: Scope) -> Cube:
    """What is kept of the period (cchc.followup.domain.duty_count), and the rest as it stands."""
    reached = access.places(scope.person, OVERSEE)
    branches = [*reached.branches, *(post.unit.command or post.unit for post in reached.limited)]
    reads_all = scope.whole and any(scope.unit.is_within(branch) for branch in branches)
    # Of a few units they are counted as quickly as read.
    if not reads_all or len(scope.below) < MANY:
        return Cube(described(_rows(scope)), BY)
    found = kept(scope)
    rest = described(_rows(scope).filter(found.rest)) if found.rest else None
    return Cube(rest, BY, found.tallies)


def _tallied(scope: Scope, found: dict[str, Tally]) -> dict[str, Tally]:
    """How what is open stands on the day of *scope*."""
    stands, late_at, today = Tally(), Tally(), str(scope.today)
    for value, number in found["standing"].items():
        key = value if value in (IN_TIME, LATE) else OVERDUE if str(value) < today else PENDING
        stands[key] = stands.get(key, 0) + number
    for value, number in found["late_of"].items():
        day, _at, unit = (value or "").rpartition("@")
        if unit and (not day or day < today):
            late_at[unit] = late_at.get(unit, 0) + number
    return {"stands": stands, "what": found["what"], "late_at": late_at}


def sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    found = _tallied(scope, found)
    owed = Figure("duties.all", _("Owed in the period"), sum(found["stands"].values()))
    due = owed.number - found["stands"].get(PENDING, 0)
    stands = tuple(Figure(f"duties.stands.{key}", label, found["stands"].get(key, 0)) for key, label in STANDS)
    known = duties(of_posts=True)
    kinds = [
        Figure(f"duties.what.{key}", known.get(_pair(key)) or key, number)
        for key, number in found["what"].items()
        if key
    ]
    late = found["late_at"]
    most = dict(nsmallest(UNITS, late.items(), key=lambda each: (-each[1], str(each[0]))))
    units = [Figure(f"duties.late_at.{pk}", name, most[str(pk)], tone="c9") for pk, name in scope.named(most)]
    return [
        Section(
            "duties",
            _("Punctuality"),
            "clock",
            shares=(Share(_("Done in time"), stands[0], Figure("duties.due", _("Due by today"), due)),),
            breakdowns=(
                Breakdown("stands", _("How they stand"), stands, owed),
                Breakdown("what", _("By what was owed"), _most(kinds), owed),
                Breakdown("late_at", _("Late, by unit"), _most(units)),
            ),
        )
    ]


def _most(made: list[Figure]) -> tuple[Figure, ...]:
    return tuple(sorted(made, key=lambda figure: (-figure.number, figure.key)))


def _pair(key: str) -> tuple[str, str]:
    subject_type, _colon, kind = key.partition(":")
    return subject_type, kind


def counted(scope: Scope, key: str) -> Counted:
    title, condition = _condition(key)
    rows = _rows(scope).filter(condition).select_related("unit")
    return Counted(title, rows, ORDER, lambda page: _lines(page, scope))


def _condition(key: str) -> tuple[Any, Q]:
    if key == "all":
        return _("Owed in the period"), Q()
    if key == "due":
        return _("Due by today"), ~Q(stands=PENDING)
    name, _dot, value = key.partition(".")
    if name == "late_at":
        found = Unit.objects.filter(pk=int(value)).first() if value.isdecimal() else None
        if found is None:
            raise KeyError(value)
        return _("Late, by unit"), Q(late_at=found.pk)
    if name == "what":
        return duties(of_posts=True)[_pair(value)], Q(what=value)
    return {"stands": dict(STANDS)}[name][value], Q(stands=value)


def _lines(page: Iterable[Any], scope: Scope) -> list[Row]:
    listed, days = list(page), calendar()
    seen = links(scope.person, listed)
    made = []
    for each in listed:
        link = seen.get((each.subject_type, each.subject_id))
        made.append(
            Row(
                link.title if link else duty(each.subject_type, each.kind),
                link.url if link else "",
                glyph=GLYPHS[each.stands],
                state=dict(STANDS)[each.stands],
                meta=(duty(each.subject_type, each.kind), each.unit.short_name),
                due=Due(each.due_on, days.between(scope.today, each.due_on), each.settled_on, each.late_days),
            )
        )
    return made


SOURCE = Source(cube, sections, counted)
