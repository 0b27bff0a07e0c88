"""What was referred upward: how it stands, whether the opinion came in time, and how long it took."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import Breakdown, Counted, Figure, Scope, Section, Share, Source, figures
from cchc.web.cube import Cube, Tally
from cchc.web.panels import Row
from cchc.workdays.domain.calendar import calendar
from dialogues.enums import EscalationReason, ReplyKind
from dialogues.home_escalation import rows as escalation_rows
from dialogues.models import Escalation, Reply
from dialogues.models.escalation import REPLIED, S

ORDER = ("-sent_at", "id")
FINAL = (ReplyKind.RULED, ReplyKind.DELEGATED_BACK, ReplyKind.REFUSED)
IN_TIME, LATE, OVERDUE, WAITING, TAKEN_BACK = "in_time", "late", "overdue", "waiting", "taken_back"
STANDS = (
    (IN_TIME, _("Opinion in time")), (LATE, _("Opinion late")), (OVERDUE, _("Overdue")), (WAITING, _("Not yet due")),
    (TAKEN_BACK, _("Taken back")),
)  # fmt: skip
# Calendar days from the sending to the opinion, the last of each step.
STEPS = (7, 15, 30, 60)
LONGER = "longer"
TOOK = (
    (7, _("Up to 7 days")), (15, _("8 to 15 days")), (30, _("16 to 30 days")), (60, _("31 to 60 days")),
    (LONGER, _("More than 60 days")),
)  # fmt: skip


def _rows(scope: Scope) -> QuerySet[Escalation]:
    """What was sent in the period by units of the scope, with when the opinion came: with others joined, the lead's."""
    final = Reply.objects.filter(escalation=Coalesce(OuterRef("lead"), OuterRef("pk")), kind__in=FINAL)
    sent = Escalation.objects.visible_to(scope.person).filter(scope.moments("sent_at"), scope.of("host", "host"))
    dated = sent.annotate(
        replied_on=Case(
            When(state__in=REPLIED, then=Subquery(final.order_by("-given_at").values("given_at__date")[:1])),
            output_field=DateField(),
        ),
        sent_on=TruncDate("sent_at"),
    )
    return dated.annotate(
        stands=Case(
            When(state=S.WITHDRAWN, then=Value(TAKEN_BACK)),
            When(replied_on__lte=F("answer_by"), then=Value(IN_TIME)),
            When(replied_on__isnull=False, then=Value(LATE)),
            When(answer_by__lt=scope.today, then=Value(OVERDUE)),
            default=Value(WAITING),
            output_field=CharField(),
        ),
        took=Case(
            When(replied_on__isnull=True, then=Value("")),
            *(When(replied_on__lte=F("sent_on") + Value(days), then=Value(str(days))) for days in STEPS),
            default=Value(LONGER),
            output_field=CharField(),
        ),
    )


def cube(scope: Scope) -> Cube:
    return Cube(_rows(scope), ("stands", "took", "reason"))


def sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    sent = Figure("escalations.all", _("Sent"), sum(found["stands"].values()))
    replied = Figure(
        "escalations.replied", _("Opinion given"), found["stands"].get(IN_TIME, 0) + found["stands"].get(LATE, 0)
    )
    stands = figures("escalations.stands", found["stands"], STANDS, all_of_them=True)
    return [
        Section(
            "escalations",
            _("Referred upward"),
            "up",
            shares=(Share(_("Opinions that came in time"), stands[0], replied),),
            breakdowns=(
                Breakdown("stands", _("How they stand"), stands, sent),
                Breakdown(
                    "took", _("Days until the opinion"), figures("escalations.took", found["took"], TOOK), replied
                ),
                Breakdown(
                    "reason", _("Why"), figures("escalations.reason", found["reason"], EscalationReason.choices), sent
                ),
            ),
        )
    ]


def counted(scope: Scope, key: str) -> Counted:
    title, condition = _condition(key)
    listed = _rows(scope).filter(condition).select_related("host__command", "receiver__command", "turn", "lead")
    return Counted(title, listed, ORDER, lambda page: _lines(page, scope))


def _condition(key: str) -> tuple[Any, Q]:
    if key == "all":
        return _("Sent"), Q()
    if key == "replied":
        return _("Opinion given"), Q(stands__in=(IN_TIME, LATE))
    name, _dot, value = key.partition(".")
    choices: dict[str, Iterable[tuple[Any, Any]]] = {"stands": STANDS, "took": TOOK, "reason": EscalationReason.choices}
    return {str(each): label for each, label in choices[name]}[value], Q(**{name: value})


def _lines(page: Iterable[Escalation], scope: Scope) -> list[Row]:
    return escalation_rows(list(page), scope.person, scope.today, calendar())


SOURCE = Source(cube, sections, counted)
