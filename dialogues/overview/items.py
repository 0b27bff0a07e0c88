"""Questions and opinions: what was asked, what became of it, and which promises were kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Concat, ExtractYear
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import (
    NONE,
    Breakdown,
    Counted,
    Course,
    Figure,
    Scope,
    Section,
    Share,
    Source,
    Step,
    figures,
    most_first,
)
from cchc.organization.models import Unit
from cchc.web.cube import Cube, Tally
from cchc.web.panels import Row
from cchc.workdays.domain.calendar import calendar
from dialogues.enums import AnswerKind, Audience, Channel, Outcome
from dialogues.home import item_row
from dialogues.models import Feedback, Field, Item, Topic
from dialogues.models.item import ANSWERED_STATES, ItemQuerySet
from dialogues.overview.kept import split
from dialogues.overview.summary import month_of

ORDER = ("-submitted_at", "id")
REPEATED = 8  # contents that come back, at most
KEPT, KEPT_LATE, BROKEN, PENDING = "kept", "kept_late", "overdue", "pending"
IN_TIME, LATE = "in_time", "late"
TIMELY = ((IN_TIME, _("Answered in time")), (LATE, _("Answered late")))
MOST_MONTHS = 24  # of a course; over a longer period its steps are years
PROMISES = ((KEPT, _("Kept in time")), (KEPT_LATE, _("Kept late")), (BROKEN, _("Overdue")), (PENDING, _("Not yet due")))
STARS = tuple((n, "★" * n) for n in (5, 4, 3, 2, 1))
SATISFIED = (4, 5)
ANSWERED = (Outcome.ANSWERED_LIVE, Outcome.ANSWERED_WRITTEN)
_MADE = Q(answer__kind=AnswerKind.IN_PROGRESS, state__in=ANSWERED_STATES)
# The columns that are counted, by their names in keys.
COLUMNS = {
    "outcome": "outcome", "topic": "topic", "field": "field", "unit": "lead_unit", "audience": "audience",
    "channel": "channel", "kind": "result", "promise": "promise", "stars": "stars", "timely": "timely",
    "month": "month", "answered_in": "answered_in",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"\d{4}(-\d\d)?", re.ASCII)
_GIVEN = Q(state__in=ANSWERED_STATES, answer__answered_at__isnull=False)
Names = dict[str, dict[int, str]]
# A content and a field together: "12-7".
_PAIRED = Q(topic__isnull=False, field__isnull=False)
_PAIR = Concat(Cast("topic", CharField()), Value("-"), Cast("field", CharField()))


def items_of(scope: Scope) -> ItemQuerySet:
    """What was received in the period, with every property that is counted."""
    rows = described(_visible(scope).filter(scope.moments("submitted_at")))
    return rows.annotate(
        promise=Case(
            When(promised=KEPT, then=Value(KEPT)),
            When(promised=KEPT_LATE, then=Value(KEPT_LATE)),
            When(_MADE & Q(answer__promised_on__lt=scope.today), then=Value(BROKEN)),
            When(_MADE, then=Value(PENDING)),
            default=Value(""),
            output_field=CharField(),
        )
    )


def _visible(scope: Scope) -> ItemQuerySet:
    return Item.objects.visible_to(scope.person).received().filter(scope.of("host", "lead_unit"))


def described(rows: ItemQuerySet) -> ItemQuerySet:
    """With every property that is counted. What was promised and is not done stands with its day: "2020-07-01"."""
    said = Feedback.objects.filter(answer=OuterRef("answer")).order_by("-id").values("stars")[:1]
    in_time = Q(prepare_by=None) | Q(answer__answered_at__date__lte=F("prepare_by"))
    return rows.with_outcome().annotate(
        result=_case((Q(state__in=ANSWERED_STATES), F("answer__kind"))),
        promised=_case(
            (_MADE & Q(answer__done_on__lte=F("answer__promised_on")), Value(KEPT)),
            (_MADE & Q(answer__done_on__isnull=False), Value(KEPT_LATE)),
            (_MADE, Cast("answer__promised_on", CharField())),
        ),
        stars=Subquery(said),
        timely=_case((_GIVEN & in_time, Value(IN_TIME)), (_GIVEN, Value(LATE))),
        month=month_of("submitted_at"),
        answered_in=_case((_GIVEN, month_of("answer__answered_at"))),
        pair=_case((_PAIRED, _PAIR)),
        year_pair=_case((_PAIRED, Concat(_PAIR, Value("@"), Cast(ExtractYear("submitted_at"), CharField())))),
    )


def _case(*cases: tuple[Q, Any]) -> Case:
    return Case(*(When(rows, then=value) for rows, value in cases), default=Value(""), output_field=CharField())


# What is counted: the properties, what was promised with its day, and contents with their year.
BY = (*(column for column in COLUMNS.values() if column != "promise"), "promised", "year_pair")


def cube(scope: Scope) -> Cube:
    """What is kept of the period (dialogues.overview.kept), and the rest as it stands."""
    parts = split(scope)
    if parts and parts.rest is None:
        return Cube(None, BY, parts.kept)
    rows = _visible(scope).filter(scope.moments("submitted_at"))
    return (
        Cube(described(rows.filter(parts.rest)), BY, parts.kept) if parts and parts.rest else Cube(described(rows), BY)
    )


def tallied(scope: Scope, found: dict[str, Tally]) -> dict[str, Tally]:
    """*found* with the promises as they stand on the day of *scope*, and contents without their year."""
    promise = Tally()
    for value, number in found["promised"].items():
        key = value or ""
        if _DAY.fullmatch(key):
            key = BROKEN if date.fromisoformat(key) < scope.today else PENDING
        promise[key] = promise.get(key, 0) + number
    pairs = Tally()
    for value, number in found["year_pair"].items():
        pair = (value or "").partition("@")[0]
        pairs[pair] = pairs.get(pair, 0) + number
    return {**found, "promise": promise, "pair": pairs}


def sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    found, names = tallied(scope, found), names_of(found)
    return [_asked(scope, found, names), _promised(found), *_repeated(scope, found["pair"], names), _liked(found)]


def names_of(found: dict[str, Tally]) -> Names:
    """The words of the contents and fields that were counted, in one question."""
    topics = Topic.objects.filter(pk__in=_keys(found["topic"])).annotate(of=Value("topic"))
    fields = Field.objects.filter(pk__in=_keys(found["field"])).annotate(of=Value("field"))
    columns = ("of", "pk", "name_en" if get_language() == "en" else "name")
    rows = topics.order_by().values_list(*columns).union(fields.order_by().values_list(*columns))
    names: Names = {"topic": {}, "field": {}}
    for kind, pk, name in rows:
        names[kind][pk] = name
    return names


def _all(found: dict[str, Tally]) -> Figure:
    return Figure("items.all", _("Received"), sum(found["outcome"].values()))


def _asked(scope: Scope, found: dict[str, Tally], names: Names) -> Section:
    received, answered = _all(found), sum(found["outcome"].get(each, 0) for each in ANSWERED)
    topics, fields, units = [*names["topic"].items()], [*names["field"].items()], scope.named(found["lead_unit"])

    def fixed(name: str, choices: Any) -> tuple[Figure, ...]:
        return figures(f"items.{name}", found[name], choices)

    timely = figures("items.timely", found["timely"], TIMELY, all_of_them=True)
    given = Figure("items.given", _("Answered"), sum(found["timely"].get(key, 0) for key, _label in TIMELY))
    resolved = Figure("items.kind.resolved", AnswerKind.RESOLVED.label, found["result"].get(AnswerKind.RESOLVED, 0))
    return Section(
        "items",
        _("Questions and opinions"),
        "chat",
        shares=(
            Share(_("Answered"), Figure("items.answered", _("Answered"), answered), received),
            Share(_("Answered in time"), timely[0], given),
            Share(_("Resolved, not only answered"), resolved, Figure("items.answered", _("Answered"), answered)),
        ),
        breakdowns=(
            Breakdown(
                "outcome",
                _("What became of them"),
                figures("items.outcome", found["outcome"], Outcome.choices, all_of_them=True),
                received,
            ),
            Breakdown("topic", _("By content"), _by(found["topic"], "items.topic", topics), received),
            Breakdown("field", _("By field"), _by(found["field"], "items.field", fields), received),
            Breakdown("unit", _("By lead unit"), _by(found["lead_unit"], "items.unit", units), received),
            Breakdown("audience", _("By asker"), fixed("audience", Audience.choices), received),
            Breakdown("channel", _("By channel"), fixed("channel", Channel.choices), received),
            Breakdown("kind", _("By kind of answer"), figures("items.kind", found["result"], AnswerKind.choices)),
            Breakdown("timely", _("By the date they were due"), timely, given),
        ),
        courses=(_course(scope, found),),
    )  # fmt: skip


def _course(scope: Scope, found: dict[str, Tally]) -> Course:
    """What came in and what of it was answered, month by month; year by year when the period is long."""
    months = (scope.until.year - scope.since.year) * 12 + scope.until.month - scope.since.month + 1
    length = len("2020-07") if months <= MOST_MONTHS else len("2020")
    series = [_shortened(found[name], length) for name in ("month", "answered_in")]
    names = sorted({name for tally in series for name in tally})
    steps = tuple(
        Step(
            "/".join(reversed(name.split("-"))),
            tuple(
                Figure(f"items.{kind}.{name}", label, tally.get(name, 0))
                for kind, label, tally in zip(
                    ("month", "answered_in"), (_("Received"), _("Answered")), series, strict=True
                )
            ),
        )
        for name in names
    )
    return Course(_("Received and answered over time"), (_("Received"), _("Answered")), steps)


def _shortened(tally: Tally, length: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, number in tally.items():
        if name:
            found[name[:length]] = found.get(name[:length], 0) + number
    return found


def _by(tally: Tally, prefix: str, names: list[tuple[int, str]]) -> tuple[Figure, ...]:
    return most_first(figures(prefix, tally, [*names, (None, _("Not yet said"))]))


def _keys(tally: Tally) -> list[Any]:
    return [key for key in tally if key is not None]


def _promised(found: dict[str, Tally]) -> Section:
    made = Figure("items.promised", _("Promises"), sum(found["promise"].get(key, 0) for key, _label in PROMISES))
    due = Figure("items.owed", _("Promises due or kept"), made.number - found["promise"].get(PENDING, 0))
    kept = figures("items.promise", found["promise"], PROMISES[:1], all_of_them=True)[0]
    return Section(
        "promises",
        _("Promises"),
        "flag",
        shares=(Share(_("Kept in time"), kept, due),),
        breakdowns=(
            Breakdown(
                "promise", _("What became of them"), figures("items.promise", found["promise"], PROMISES), made
            ),
        ),
    )  # fmt: skip


def _liked(found: dict[str, Tally]) -> Section:
    rated = Figure("items.rated", _("Rated answers"), sum(found["stars"].get(str(n), 0) for n, _label in STARS))
    liked = Figure("items.liked", _("4 and 5 stars"), sum(found["stars"].get(str(n), 0) for n in SATISFIED))
    return Section(
        "satisfaction",
        _("What the askers say"),
        "star",
        shares=(Share(_("Satisfied"), liked, rated),),
        breakdowns=(Breakdown("stars", _("By stars"), figures("items.stars", found["stars"], STARS), rated),),
    )


# --- what is asked again and again ------------------------------------------------------------------------------------
def _repeated(scope: Scope, now: Tally, names: Names) -> list[Section]:
    """Contents of the period that came up in another year too, by content and field together."""
    again = {pair: len(years) for pair, years in _years(scope).items() if len(years) > 1}
    pairs = sorted((pair for pair in again if now.get(pair)), key=lambda pair: (-again[pair], -now[pair], pair))
    made = []
    for pair in pairs[:REPEATED]:
        topic, _dash, field = pair.partition("-")
        label = _("%(topic)s · %(field)s: in %(years)d years") % {
            "topic": names["topic"][int(topic)], "field": names["field"][int(field)], "years": again[pair],
        }  # fmt: skip
        made.append(Figure(f"items.pair.{pair}", label, now[pair]))
    come_back = Breakdown("pair", _("Contents that come back"), tuple(made))
    return [Section("repeated", _("Asked year after year"), "back", breakdowns=(come_back,))] if made else []


def _years(scope: Scope) -> dict[str, set[str]]:
    """In which years each content and field came up, ever."""
    parts = split(scope)
    values = set(parts.ever) if parts else set()
    if parts is None or parts.rest_ever is not None:
        rows = _visible(scope).filter(_PAIRED, *([parts.rest_ever] if parts else []))
        values.update(described(rows).order_by().values_list("year_pair", flat=True).distinct())  # type: ignore[misc]
    found: dict[str, set[str]] = {}
    for value in values:
        pair, _at, year = (value or "").partition("@")
        if year:
            found.setdefault(pair, set()).add(year)
    return found


# --- the rows of a number ---------------------------------------------------------------------------------------------
def counted(scope: Scope, key: str) -> Counted:
    title, condition = _condition(key)
    return Counted(title, items_of(scope).filter(condition).for_list(), ORDER, lambda page: _lines(page, scope))


def _condition(key: str) -> tuple[Any, Q]:
    whole = {
        "all": (_("Received"), Q()),
        "answered": (_("Answered"), Q(outcome__in=ANSWERED)),
        "given": (_("Answered"), ~Q(timely="")),
        "owed": (_("Promises due or kept"), ~Q(promise__in=("", PENDING))),
        "promised": (_("Promises"), ~Q(promise="")),
        "rated": (_("Rated answers"), Q(stars__isnull=False)),
        "liked": (_("4 and 5 stars"), Q(stars__in=SATISFIED)),
    }
    if key in whole:
        return whole[key]
    name, _dot, value = key.partition(".")
    if name == "pair" and all(part.isdecimal() for part in value.split("-")):
        return _("Asked year after year"), Q(pair=value)
    column = COLUMNS[name]
    if name in ("month", "answered_in") and _MONTH.fullmatch(value):
        titles = {"month": _("Received in %(time)s"), "answered_in": _("Answered in %(time)s")}
        return titles[name] % {"time": "/".join(reversed(value.split("-")))}, Q(**{f"{column}__startswith": value})
    if value == NONE:
        return _("Not yet said"), Q(**{column: ""}) if name == "kind" else Q(**{f"{column}__isnull": True})
    return _named(name, value), Q(**{column: value})


def _named(name: str, value: str) -> Any:
    fixed: dict[str, Iterable[tuple[Any, Any]]] = {
        "outcome": Outcome.choices, "audience": Audience.choices, "channel": Channel.choices,
        "kind": AnswerKind.choices, "promise": PROMISES, "stars": STARS, "timely": TIMELY,
    }  # fmt: skip
    if name in fixed:
        return {str(key): label for key, label in fixed[name]}[value]
    model: Any = {"topic": Topic, "field": Field, "unit": Unit}[name]
    found = model.objects.filter(pk=int(value)).first() if value.isdecimal() else None
    if found is None:
        raise KeyError(value)
    return str(found)


def _lines(page: Iterable[Item], scope: Scope) -> list[Row]:
    days = calendar()
    return [item_row(item, scope.today, days) for item in page]


SOURCE = Source(cube, sections, counted)
