"""Lists of directives: in which stage each is, how many of each, by unit, by conference and by plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, F, Max, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.organization import access
from cchc.organization.models import Person
from cchc.web import counting
from cchc.web.search import FoldedVector, matching
from cchc.workflow.models import Capacity, Notice, Obligation
from cchc.workflow.models.obligation import awaited_kinds
from dialogues import permissions
from dialogues.domain.escalation_list import is_mine
from dialogues.enums import DirectiveState
from dialogues.models import Directive
from dialogues.models.directive import OPEN, UNDER_WAY, DirectiveQuerySet

S = DirectiveState
NOUN, CONCLUSION = "dialogues.directive", "dialogues.conclusion"
MOST_GROUPS = 200
RIGHTS = (permissions.WRITE_CONCLUSION, permissions.ISSUE_CONCLUSION)
WAITS_UNTIL = Case(When(state__in=OPEN, then="due_on"), default=Value(None), output_field=DateField())


class Stage(TextChoices):
    """Where a directive counts: each that was issued in exactly one."""

    OPEN = "open", _("In progress")
    LATE = "late", _("Overdue")
    REPORTED = "reported", pgettext_lazy("directives", "Reported done")
    ON_TIME = "on_time", _("Done in time")
    DONE_LATE = "done_late", _("Done late")
    ENDED = "ended", _("Ended without result")


class Pill(TextChoices):
    ALL = "all", pgettext_lazy("pill", "All")
    MINE = "mine", _("My turn")
    OPEN = Stage.OPEN.value, Stage.OPEN.label
    LATE = Stage.LATE.value, Stage.LATE.label
    REPORTED = Stage.REPORTED.value, Stage.REPORTED.label
    ON_TIME = Stage.ON_TIME.value, Stage.ON_TIME.label
    DONE_LATE = Stage.DONE_LATE.value, Stage.DONE_LATE.label
    ENDED = Stage.ENDED.value, Stage.ENDED.label


class By(TextChoices):
    """What the board sums up by."""

    UNIT = "unit", _("By unit")
    CONFERENCE = "conference", _("By conference")
    PLAN = "plan", _("By plan")


# The columns that a board sums up by, the first of them the key of the filter.
GROUPS: dict[str, tuple[str, ...]] = {
    By.UNIT: ("lead", "lead__short_name", "lead__name", "lead__sort_key"),
    By.CONFERENCE: ("conclusion__conference", "conclusion__conference__code", "conclusion__conference__title"),
    By.PLAN: ("plan", "plan__number", "plan__abstract"),
}


def in_stage(stage: str, today: date) -> Q:
    """The directives that count there on *today*."""
    done = Q(state=S.ACCEPTED)
    return {
        Stage.OPEN: Q(state__in=UNDER_WAY, due_on__gte=today),
        Stage.LATE: Q(state__in=UNDER_WAY, due_on__lt=today),
        Stage.REPORTED: Q(state=S.REPORTED),
        Stage.ON_TIME: done & Q(done_on__lte=F("due_on")),
        Stage.DONE_LATE: done & Q(done_on__gt=F("due_on")),
        Stage.ENDED: Q(state=S.CLOSED),
    }[Stage(stage)]


@dataclass(frozen=True)
class Group:
    """A line of the board: what it sums up, and how many are in each stage."""

    key: Any
    name: str
    title: str
    total: int
    counts: dict[str, int]


@dataclass(frozen=True)
class Wanted:
    """What is asked for: a pill, words, and the unit, the conference or the plan whose directives they are."""

    pill: Pill = Pill.ALL
    text: str = ""
    unit: int | None = None
    conference: str = ""
    plan: Any = None


class DirectiveList:
    """The directives that *person* may see, what is open by its day, then the latest that ended."""

    order = ("waits_until", "-due_on", "id")

    def __init__(self, person: Person, wanted: Wanted, today: date) -> None:
        self.person, self.wanted, self.today = person, wanted, today

    def rows(self) -> DirectiveQuerySet:
        """With the day that an open one waits for (`waits_until`) and when it was last reminded of (`reminded_at`)."""
        told = Notice.objects.filter(obligation=OuterRef("turn"), capacity=Capacity.OWNER).order_by()
        last = told.values("obligation").annotate(last=Max("told_at")).values("last")
        rows = self.of(self.wanted.pill).for_list().select_related("host", "turn__unit")
        return rows.annotate(waits_until=WAITS_UNTIL, reminded_at=Subquery(last))

    def counts(self) -> dict[str, int]:
        return counting.bounded({pill: self.of(pill) for pill in Pill})

    def export(self) -> QuerySet[Directive]:
        return self.rows().order_by(F("waits_until").asc(nulls_last=True), *self.order[1:])

    def groups(self, by: By) -> list[Group]:
        """Units, conferences or plans with what they have in each stage; at most MOST_GROUPS."""
        columns = GROUPS[by]
        counted = {stage.value: Count("pk", filter=in_stage(stage, self.today)) for stage in Stage}
        rows = self.of(Pill.ALL).filter(**{f"{columns[0]}__isnull": False}).order_by()
        found = rows.values(*columns).annotate(total=Count("pk"), **counted)
        key = columns[1] if by == By.CONFERENCE else columns[0]
        order = [columns[-1]] if by == By.UNIT else [f"-{columns[1]}"]
        return [
            Group(
                row[key], row[columns[1]], row[columns[2]], row["total"], {stage.value: row[stage] for stage in Stage}
            )
            for row in found.order_by(*order)[:MOST_GROUPS]
        ]

    def of(self, pill: Pill) -> DirectiveQuerySet:
        rows = Directive.objects.visible_to(self.person).exclude(state=S.DRAFT)
        rows = _narrowed(rows, self.wanted)
        if pill == Pill.MINE:
            return rows.filter(is_mine(self.person))
        return rows if pill == Pill.ALL else rows.filter(in_stage(pill.value, self.today))


def _narrowed(rows: DirectiveQuerySet, wanted: Wanted) -> DirectiveQuerySet:
    if wanted.unit is not None:
        rows = rows.filter(lead=wanted.unit)
    if wanted.conference:
        rows = rows.filter(conclusion__conference__code=wanted.conference)
    if wanted.plan is not None:
        rows = rows.filter(plan=wanted.plan)
    return found_among(rows, wanted.text) if wanted.text else rows


def found_among(rows: DirectiveQuerySet, text: str) -> DirectiveQuerySet:
    """Those with all words of *text*, accents and case ignored."""
    return matching(rows.alias(search=FoldedVector("title", "text", "product")), text)


def my_turns(person: Person) -> int:
    """How many directives await *person*; what the list shows under "my turn"."""
    return len(awaited_kinds(person, NOUN))


def sees(person: Person) -> bool:
    """Whether *person* has a place where directives are followed."""
    return access.holds(person, permissions.SEE_DIRECTIVES)


def may_remind(person: Person) -> bool:
    """Whoever issues directives or writes them reminds of them."""
    return any(access.holds(person, right) for right in RIGHTS)


def to_remind(rows: DirectiveQuerySet, person: Person) -> QuerySet[Obligation]:
    """What units owe on *rows*: those that *person*'s own unit issued."""
    own = [access.within(person, right, "host") for right in RIGHTS]
    wanted = rows.filter(own[0] | own[1], state__in=UNDER_WAY).order_by()
    open_ones = Obligation.objects.open()
    return open_ones.filter(pk__in=wanted.values("turn")).exclude(pk__in=open_ones.owed_by(person).values("pk"))
