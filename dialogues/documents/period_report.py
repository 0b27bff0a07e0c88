"""The report of a period or a year (BC): the reconciliation line, charts, and a table of units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.kinds import Beginning
from cchc.documents.typed import typed
from cchc.followup.domain.overview import Scope, overview, scope_over
from cchc.organization.models import Person, Unit
from cchc.web.cube import Tally, tallies
from dialogues.documents.words import filed
from dialogues.enums import ConferenceState, Outcome
from dialogues.models import Conference
from dialogues.overview import items

# The days of a report, from what is today.
Period = Callable[[date], tuple[date, date]]
# The sections whose numbers the paper has in its tables.
ITEMS = ("items", "promises", "repeated", "satisfaction")


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


def quarter(today: date) -> tuple[date, date]:
    """The last quarter that is over."""
    until = date(today.year, today.month - (today.month - 1) % 3, 1) - timedelta(days=1)
    return date(until.year, until.month - 2, 1), until


def year(today: date) -> tuple[date, date]:
    """The present year from October on, when its report is written; until then the last one."""
    wanted = today.year if today.month >= 10 else today.year - 1
    return date(wanted, 1, 1), date(wanted, 12, 31)


def begins(period: Period) -> Callable[[Unit, Person, datetime], Beginning]:
    def begin(host: Unit, by: Person, at: datetime) -> Beginning:
        today = timezone.localdate(at)
        return begin_over(scope_over(by, host, *period(today), today))

    return begin


def page(period: Period) -> Callable[[Unit, date], str]:
    """The overview of the unit with *period*, to be looked at and changed before the report is made of it."""

    def address(host: Unit, today: date) -> str:
        since, until = period(today)
        return f"{reverse('overview_show')}?{urlencode({'unit': host.pk, 'since': since, 'until': until})}"

    return address


def begin_over(scope: Scope) -> Beginning:
    """The paper of what the overview shows."""
    title = _("Results of the dialogue on administrative reform, %(period)s") % {"period": _words(scope)}
    above = scope.unit.parent
    return Beginning(content_of(scope), title, [*([above.name] if above else []), _("Leadership (to report)"), filed()])


def is_year(scope: Scope) -> bool:
    since, until = scope.since, scope.until
    return since == date(since.year, 1, 1) and until == date(since.year, 12, 31)


def _words(scope: Scope) -> str:
    since, until = scope.since, scope.until
    if is_year(scope):
        return _("the year %(year)s") % {"year": since.year}
    last = date(until.year + until.month // 12, until.month % 12 + 1, 1) - timedelta(days=1)
    if since == date(until.year, max(until.month - 2, 1), 1) and until == last and until.month % 3 == 0:
        number = ("I", "II", "III", "IV")[until.month // 3 - 1]
        return _("quarter %(quarter)s of %(year)s") % {"quarter": number, "year": until.year}
    return _("from %(since)s to %(until)s") % {"since": f"{since:%d/%m/%Y}", "until": f"{until:%d/%m/%Y}"}


def content_of(scope: Scope) -> PeriodReport:
    """The numbers that the overview shows to whoever writes it, as they stand now."""
    found = items.tallied(scope, tallies({"items": items.cube(scope)})["items"])
    names = items.names_of(found)
    met = Conference.objects.visible_to(scope.person).filter(scope.of("host", "host"), scope.moments("starts_at"))
    met = met.exclude(state__in=(ConferenceState.DRAFT, ConferenceState.COLLECTING, ConferenceState.CANCELLED))
    above, promises = scope.unit.parent, found["promise"]
    return PeriodReport(
        addressee=above.name if above else "", since=scope.since, until=scope.until, conferences=met.count(),
        received=sum(found["outcome"].values()), answered=sum(n for key, n in found["timely"].items() if key),
        on_time=found["timely"].get(items.IN_TIME, 0),
        promised=sum(n for key, n in promises.items() if key not in ("", items.PENDING)),
        kept=promises.get(items.KEPT, 0),
        outcomes=[Figure(str(outcome.label), found["outcome"].get(outcome.value, 0)) for outcome in Outcome],
        topics=_figures(found["topic"], names["topic"]), fields=_figures(found["field"], names["field"]),
        units=_units(scope), results=_results(scope),
    )  # fmt: skip


def _figures(tally: Tally, names: dict[int, str]) -> list[Figure]:
    made = [Figure(names[int(pk)], number) for pk, number in tally.items() if pk]
    return sorted(made, key=lambda figure: (-figure.number, figure.label))


def _units(scope: Scope) -> list[UnitFigures]:
    left = Q(outcome__in=(Outcome.OPEN, Outcome.ESCALATED))
    rows: Iterable[tuple[Any, ...]] = (
        items.items_of(scope)
        .order_by()
        .values_list("host__name")
        .annotate(
            received=Count("pk"),
            answered=Count("pk", filter=~Q(timely="")),
            on_time=Count("pk", filter=Q(timely=items.IN_TIME)),
            left=Count("pk", filter=left),
            late=Count("pk", filter=left & Q(turn__due_on__lt=scope.today)),
        )
        .order_by("host__sort_key")
    )
    found = [UnitFigures(*row) for row in rows]
    return found if len(found) > 1 else []


def _results(scope: Scope) -> str:
    """A line for each part of the overview that has numbers, the items' own apart, for the writer to complete."""
    told = [(section.title, section.headline) for section in overview(scope) if section.key not in ITEMS]
    return "\n".join(
        f"{title}: {str(share.label).lower()} {share.part.number}/{share.whole.number} ({share.percent}%)."
        for title, share in told
        if share
    )
