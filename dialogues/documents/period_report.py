"""The report of a period or a year (BC): the reconciliation line, charts, and a table of units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.typed import typed
from cchc.organization.models import Person, Unit
from dialogues.documents.words import filed
from dialogues.enums import AnswerKind, ConferenceState, Outcome
from dialogues.models import Answer, Conference, Item
from dialogues.models.item import ANSWERED_STATES, OPEN_STATES


@dataclass(frozen=True)
class Figure:
    """A number with its name: a row of a chart, a term of the reconciliation line."""

    label: str = typed(T("Name"))
    number: int = typed(T("Number"))


@dataclass(frozen=True)
class UnitFigures:
    """*on_time* of *answered*; *late* of *left*."""

    name: str = typed(T("Unit"))
    received: int = typed(T("Received"))
    answered: int = typed(T("Answered"))
    on_time: int = typed(T("On time"))
    left: int = typed(T("Still open"))
    late: int = typed(T("Late"))


@dataclass(frozen=True)
class PeriodReport:
    """*outcomes* add up to *received*: the template prints the sum beside them."""

    addressee: str = typed(T("Addressee"))
    since: date | None = typed(T("From the day"))
    until: date | None = typed(T("Until the day"))
    conferences: int = typed(T("Conferences held"))
    received: int = typed(T("Received"))
    answered: int = typed(T("Answered"))
    on_time: int = typed(T("Answered on time"))
    promised: int = typed(T("Promises due"))
    kept: int = typed(T("Promises kept"))
    direction: str = typed(T("Direction and organization"), rows=5, default="")
    outcomes: list[Figure] = typed(T("By outcome"), default=list)
    topics: list[Figure] = typed(T("By content of reform"), default=list)
    fields: list[Figure] = typed(T("By field"), default=list)
    units: list[UnitFigures] = typed(T("By unit"), default=list)
    results: str = typed(T("Conclusions and commitments carried out"), rows=5, default="")
    difficulties: str = typed(T("Difficulties and their causes"), rows=5, default="")
    outlook: str = typed(T("Outlook and proposals"), rows=5, default="")


def begin_quarter(host: Unit, by: Person, at: datetime) -> Beginning:
    """The last quarter that is over."""
    today = timezone.localdate(at)
    until = date(today.year, today.month - (today.month - 1) % 3, 1) - timedelta(days=1)
    since = date(until.year, until.month - 2, 1)
    words = _("quarter %(quarter)s of %(year)s") % {
        "quarter": ("I", "II", "III", "IV")[until.month // 3 - 1],
        "year": until.year,
    }
    return _begin(host, since, until, words)


def begin_year(host: Unit, by: Person, at: datetime) -> Beginning:
    """The present year from December on, until then the last one."""
    today = timezone.localdate(at)
    year = today.year if today.month == 12 else today.year - 1
    return _begin(host, date(year, 1, 1), date(year, 12, 31), _("the year %(year)s") % {"year": year})


def _begin(host: Unit, since: date, until: date, words: str) -> Beginning:
    title = _("Results of the dialogue on administrative reform, %(period)s") % {"period": words}
    above = host.parent
    return Beginning(
        content_of(host, since, until), title, [*([above.name] if above else []), _("Leadership (to report)"), filed()]
    )


def content_of(host: Unit, since: date, until: date) -> PeriodReport:
    """The figures of *host* and all below it, of what was received in the period, as it stands now."""
    hosts = Unit.objects.below(host).values("pk")
    items = Item.objects.filter(host__in=hosts, submitted_at__date__gte=since, submitted_at__date__lte=until).received()
    counts = items.counts()
    answered = items.filter(state__in=ANSWERED_STATES, answer__answered_at__isnull=False)
    in_time = Q(prepare_by=None) | Q(answer__answered_at__date__lte=F("prepare_by"))
    due = Answer.objects.filter(item__in=items.values("pk"), kind=AnswerKind.IN_PROGRESS, promised_on__lte=until)
    met = Conference.objects.filter(host__in=hosts, starts_at__date__gte=since, starts_at__date__lte=until)
    met = met.exclude(state__in=(ConferenceState.DRAFT, ConferenceState.COLLECTING, ConferenceState.CANCELLED))
    return PeriodReport(
        addressee=host.parent.name if host.parent else "", since=since, until=until, conferences=met.count(),
        received=sum(counts.values()), answered=answered.count(), on_time=answered.filter(in_time).count(),
        promised=due.count(), kept=due.filter(done_on__lte=F("promised_on")).count(),
        outcomes=[Figure(str(outcome.label), counts[outcome.value]) for outcome in Outcome],
        topics=_figures(items, "topic__name"), fields=_figures(items, "field__name"),
        units=_units(items, answered.filter(in_time), until),
    )  # fmt: skip


def _figures(items: Any, name: str) -> list[Figure]:
    rows = items.exclude(**{name: None}).order_by().values_list(name).annotate(n=Count("pk")).order_by("-n", name)
    return [Figure(label, number) for label, number in rows]


def _units(items: Any, on_time: Any, until: date) -> list[UnitFigures]:
    open_ = Q(state__in=OPEN_STATES)
    rows: Iterable[tuple[Any, ...]] = (
        items.order_by()
        .values_list("host__name")
        .annotate(
            received=Count("pk"),
            answered=Count("pk", filter=Q(state__in=ANSWERED_STATES, answer__answered_at__isnull=False)),
            on_time=Count("pk", filter=Q(pk__in=on_time.values("pk"))),
            left=Count("pk", filter=open_),
            late=Count("pk", filter=open_ & Q(turn__due_on__lt=until)),
        )
        .order_by("host__sort_key")
    )
    found = [UnitFigures(*row) for row in rows]
    return found if len(found) > 1 else []
