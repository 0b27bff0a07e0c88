"""Lists of escalations: what a unit has sent up, and what lies before the unit above, with how many of each sort."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, DateField, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.organization import access
from cchc.organization.enums import UnitKind
from cchc.organization.models import Person
from cchc.web import counting
from cchc.web.search import FoldedVector, matching
from cchc.workflow.models.obligation import awaited_kinds, seats
from dialogues import permissions
from dialogues.enums import EscalationState
from dialogues.models import Escalation, Item
from dialogues.models.escalation import AT_SENDER, ENDED, OPEN, REPLIED, EscalationQuerySet

S = EscalationState
NOUN = "dialogues.escalation"
# What is owed by the unit that asks, and by the one that is asked.
OWED_BELOW = ("report", "send", "supplement", "pursue")
OWED_ABOVE = ("receive", "route", "advise", "rule")
# They show the turn of another escalation.
WAITING = (S.JOINED, S.FORWARDED)
ABOVE = (S.SENT, S.OUTSIDE, S.RECEIVED, S.ASSIGNED, S.PRESENTED, S.JOINED, S.FORWARDED)
TEXTS = ("code", "title", "report_number")


class SentPill(TextChoices):
    ALL = "all", pgettext_lazy("pill", "All")
    MINE = "mine", _("My turn")
    PREPARING = "preparing", _("In preparation")
    ABOVE = "above", _("With the unit above")
    ASKED = "asked", pgettext_lazy("pill", "Information asked for")
    REPLIED = "replied", _("Replied")


class InboxPill(TextChoices):
    MINE = "mine", _("My turn")
    ADVICE = "advice", _("Awaiting advice")
    LATE = "late", _("Overdue")
    REPLIED = "replied", _("Replied")
    ALL = "all", pgettext_lazy("pill", "All")


class SentList:
    """What *person*'s units have sent up or are preparing, soonest due first, ended ones last."""

    order = ("due_on", "-year", "-number", "id")

    def __init__(self, person: Person, pill: SentPill = SentPill.ALL, text: str = "") -> None:
        self.person, self.pill, self.text = person, pill, text

    def rows(self) -> EscalationQuerySet:
        """With the day on which the next word is due (`due_on`) and the number of their items (`item_count`)."""
        return self._of(self.pill).for_list().select_related("lead").annotate(due_on=DUE_BELOW, item_count=ITEMS)

    def counts(self) -> dict[str, int]:
        return counting.bounded({pill: self._of(pill) for pill in SentPill})

    def export(self) -> QuerySet[Escalation]:
        return self.rows().order_by(F("due_on").asc(nulls_last=True), *self.order[1:])

    def _of(self, pill: SentPill) -> EscalationQuerySet:
        rows = Escalation.objects.sent_by(self.person)
        match pill:
            case SentPill.MINE:
                rows = rows.filter(is_mine(self.person)).exclude(state__in=WAITING)
            case SentPill.PREPARING:
                rows = rows.filter(state__in=(S.DRAFT, S.PROPOSED))
            case SentPill.ABOVE:
                rows = rows.filter(state__in=ABOVE)
            case SentPill.ASKED:
                rows = rows.filter(state=S.RETURNED)
            case SentPill.REPLIED:
                rows = rows.filter(state__in=REPLIED)
        return matching(rows.alias(search=FoldedVector(*TEXTS)), self.text) if self.text else rows


class Inbox:
    """The issues before *person*'s unit, each once however many units have joined it, by due date."""

    order = ("turn__due_on", "id")

    def __init__(self, person: Person, pill: InboxPill, today: date) -> None:
        self.person, self.pill, self.today = person, pill, today

    def rows(self) -> EscalationQuerySet:
        """With the number of units that ask the same (`unit_count`)."""
        return self._of(self.pill).for_list().annotate(unit_count=UNITS)

    def counts(self) -> dict[str, int]:
        """Of each pill; besides, how many `referrals` and `units` stand behind them all."""
        issues = self._of(InboxPill.ALL)
        family = Escalation.objects.filter(Q(pk__in=issues.values("pk")) | Q(lead__in=issues.values("pk")))
        hosts: Any = family.order_by().values("host").distinct()[: counting.LIMIT + 1]
        return counting.bounded({**{pill: self._of(pill) for pill in InboxPill}, "referrals": family, "units": hosts})

    def _of(self, pill: InboxPill) -> EscalationQuerySet:
        rows = Escalation.objects.received_by(self.person).leading()
        match pill:
            case InboxPill.MINE:
                return rows.filter(is_mine(self.person)).exclude(state__in=WAITING)
            case InboxPill.ADVICE:
                return rows.filter(state=S.ASSIGNED)
            case InboxPill.LATE:
                return rows.filter(state__in=OPEN, turn__due_on__lt=self.today)
            case InboxPill.REPLIED:
                return rows.filter(state__in=REPLIED)
        return rows


def is_mine(person: Person) -> Q:
    by_post = (Q(turn__role=role, turn__unit=unit) for role, unit in seats(person))
    return reduce(or_, by_post, Q(turn__person=person))


def sends(person: Person) -> bool:
    """Whether *person* works for a unit that may refer something upward."""
    return access.holds(person, permissions.READ_ITEMS)


def receives(person: Person) -> bool:
    """Whether referrals of other units come before *person*; a division's chief is asked for advice on them."""
    if access.holds(person, permissions.READ_RECEIVED):
        return True
    chief_of = (post.unit.kind for post, _reach in access.granted(person, permissions.READ_ADVISED))
    return UnitKind.DIVISION in chief_of


def my_turns(person: Person, kinds: tuple[str, ...]) -> int:
    """How many escalations await *person* on one side; what the list shows under "my turn"."""
    return sum(kind in kinds for kind in awaited_kinds(person, NOUN))


def found_by(person: Person, text: str) -> EscalationQuerySet:
    """Those with all words of *text*. Of a report that is being written again the unit above knows its code alone."""
    below = access.within(person, permissions.READ_ITEMS, "host")
    hidden = (*AT_SENDER, S.WITHDRAWN)
    words = Case(When(below | ~Q(state__in=hidden), then=FoldedVector(*TEXTS)), default=FoldedVector("code"))
    return matching(Escalation.objects.visible_to(person).alias(search=words), text).order_by("-sent_at", "id")


# The next word is due: from the unit itself while it writes, then from above.
DUE_BELOW = Case(
    When(state__in=ENDED, then=Value(None)),
    When(state__in=AT_SENDER, then="turn__due_on"),
    default=Coalesce("answer_by", "turn__due_on"),
    output_field=DateField(),
)
ITEMS = Coalesce(
    Subquery(
        Item.objects.filter(escalation=OuterRef("pk"))
        .order_by()
        .values("escalation")
        .annotate(n=Count("pk"))
        .values("n")
    ),
    0,
)
UNITS = 1 + Coalesce(
    Subquery(
        Escalation.objects.filter(lead=OuterRef("pk"))
        .exclude(host=OuterRef("host"))
        .order_by()
        .values("lead")
        .annotate(n=Count("host", distinct=True))
        .values("n")
    ),
    0,
)
