"""Results: what surveys say, good practices and where they were taken over, gradings by bodies outside."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.overview import Breakdown, Counted, Fact, Figure, Scope, Section, Source, figures, most_first
from cchc.web.cube import Cube, Tally
from cchc.web.panels import Due, Row
from cchc.workdays.domain.calendar import calendar
from dialogues import presentation
from dialogues.domain.survey_figures import percent, share_of
from dialogues.enums import PracticeState, SurveySource, SurveyState
from dialogues.models import Adoption, Grading, Practice, Survey

SURVEY_ORDER, GRADING_ORDER = ("-year", "-created_at", "id"), ("-year", "unit__sort_key", "id")
PRACTICE_ORDER, ADOPTION_ORDER = ("-created_at", "id"), ("-id",)
# Shares of those satisfied, from so many percent up; the words of surveys whose share is not shown.
NINETY, EIGHTY, BELOW, FEW, UNKNOWN = "90", "80", "0", "few", "unknown"
BANDS = (
    (NINETY, _("90 % and more satisfied")), (EIGHTY, _("80 to below 90 % satisfied")),
    (BELOW, _("Below 80 % satisfied")), (FEW, _("Too few answers to be shown")), (UNKNOWN, _("No figures yet")),
)  # fmt: skip
USED, PLANNED, BEHIND, ENDED = "used", "planned", "behind", "ended"
STANDS = (
    (USED, _("In use")), (PLANNED, _("Planned")), (BEHIND, _("Planned, overdue")), (ENDED, _("Given up")),
)  # fmt: skip
TAKEN, GIVEN = "taken", "given"
WAYS = ((TAKEN, _("Taken over by the unit")), (GIVEN, _("The unit's own, taken over elsewhere")))
GLYPHS = {USED: "s4", PLANNED: "s1", BEHIND: "sq", ENDED: "sx"}


# --- surveys: no figure that its own page hides -----------------------------------------------------------------------
def _surveys(scope: Scope) -> QuerySet[Survey]:
    """With results, of the years that the period touches."""
    seen = Survey.objects.visible_to(scope.person).filter(state=SurveyState.CLOSED)
    return seen.filter(scope.of("host", "host"), year__range=(scope.since.year, scope.until.year))


def survey_cube(scope: Scope) -> Cube:
    return Cube(_surveys(scope), ("source",))


def survey_sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    total = sum(found["source"].values())
    every = Figure("surveys.all", _("Surveys with results"), total)
    bands, fact = _bands(scope) if total else ({}, None)
    shown = tuple(Figure(f"surveys.band.{key}", label, len(bands[key])) for key, label in BANDS if bands.get(key))
    made = (
        Breakdown("band", _("By share of those satisfied"), shown, every),
        Breakdown("source", _("By source"), figures("surveys.source", found["source"], SurveySource.choices), every),
    )
    facts = (fact,) if fact else ()
    return [Section("surveys", _("Satisfaction by surveys"), "chart", facts=facts, breakdowns=made)]


def _bands(scope: Scope) -> tuple[dict[str, list[Any]], Fact | None]:
    """The surveys by what their own pages show; and the share of all whose counts are shown there, together."""
    bands: dict[str, list[Any]] = {}
    answered = satisfied = 0
    for survey in _surveys(scope).only("source", "figures", "returned", "satisfied", "reported_percent"):
        share = share_of(survey)
        bands.setdefault(_band(share.value, few=share.few), []).append(survey.pk)
        if share.value is not None and share.answered and share.satisfied is not None:
            answered, satisfied = answered + share.answered, satisfied + share.satisfied
    together = percent(satisfied, answered)
    if together is None:
        return bands, None
    words = _("%(satisfied)d of %(answered)d answers that were counted") % {
        "satisfied": satisfied, "answered": answered,
    }  # fmt: skip
    return bands, Fact(_("Satisfied"), together, words)


def _band(value: Decimal | None, *, few: bool) -> str:
    if value is None:
        return FEW if few else UNKNOWN
    return NINETY if value >= 90 else EIGHTY if value >= 80 else BELOW


def surveys_counted(scope: Scope, key: str) -> Counted:
    title, condition = _survey_condition(scope, key)
    rows = _surveys(scope).filter(condition).select_related("host")
    return Counted(title, rows, SURVEY_ORDER, _survey_lines)


def _survey_condition(scope: Scope, key: str) -> tuple[Any, Q]:
    if key == "all":
        return _("Surveys with results"), Q()
    name, _dot, value = key.partition(".")
    if name == "band":
        return dict(BANDS)[value], Q(pk__in=_bands(scope)[0].get(value, []))
    return {"source": dict(SurveySource.choices)}[name][value], Q(source=value)


def _survey_lines(page: Iterable[Survey]) -> list[Row]:
    made = []
    for each in page:
        looks, share = presentation.SURVEY_STATES[each.state], share_of(each)
        words = _("%(percent)s %% satisfied") % {"percent": share.value} if share.value is not None else ""
        made.append(
            Row(
                each.title,
                reverse("survey_show", args=[each.pk]),
                glyph=looks.glyph,
                tone=looks.tone,
                state=looks.label,
                code=str(each.year),
                meta=(each.host.short_name, words),
            )
        )
    return made


SURVEYS = Source(survey_cube, survey_sections, surveys_counted)


# --- good practices ---------------------------------------------------------------------------------------------------
def _practices(scope: Scope) -> QuerySet[Practice]:
    """Written down in the period by units of the scope."""
    seen = Practice.objects.visible_to(scope.person)
    return seen.filter(scope.of("host", "unit"), scope.moments("created_at"))


def practice_cube(scope: Scope) -> Cube:
    return Cube(_practices(scope), ("state",))


def practice_sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    every = Figure("practices.all", _("Good practices"), sum(found["state"].values()))
    states = figures("practices.state", found["state"], PracticeState.choices)
    return [
        Section("practices", _("Good practices"), "star", breakdowns=(Breakdown("state", _("State"), states, every),))
    ]


def practices_counted(scope: Scope, key: str) -> Counted:
    name, _dot, value = key.partition(".")
    title: Any = _("Good practices")
    condition = Q()
    if key != "all":
        title, condition = {"state": dict(PracticeState.choices)}[name][value], Q(state=value)
    rows = _practices(scope).filter(condition).select_related("unit")
    return Counted(title, rows, PRACTICE_ORDER, _practice_lines)


def _practice_lines(page: Iterable[Practice]) -> list[Row]:
    made = []
    for each in page:
        looks, address = presentation.PRACTICE_STATES[each.state], reverse("practice_show", args=[each.pk])
        meta = (each.unit.short_name, looks.label)
        made.append(Row(each.name, address, glyph=looks.glyph, tone=looks.tone, state=looks.label, meta=meta))
    return made


PRACTICES = Source(practice_cube, practice_sections, practices_counted)


# --- where they were taken over ---------------------------------------------------------------------------------------
def _adoptions(scope: Scope) -> QuerySet[Adoption]:
    """In use since, or planned by, a day of the period: by units of the scope, or of their practices by others."""
    seen = Practice.objects.visible_to(scope.person)
    own = Exists(Practice.objects.filter(pk=OuterRef("practice"), unit__in=scope.units))
    here = Q(unit__in=scope.units)
    rows = Adoption.objects.filter(practice__in=seen.values("pk")).filter(here | own)
    return rows.filter(scope.days("adopted_on") | Q(adopted_on=None) & scope.days("due_on")).annotate(
        stands=Case(
            When(ended_on__isnull=False, then=Value(ENDED)),
            When(adopted_on__isnull=False, then=Value(USED)),
            When(due_on__lt=scope.today, then=Value(BEHIND)),
            default=Value(PLANNED),
            output_field=CharField(),
        ),
        way=Case(When(here, then=Value(TAKEN)), default=Value(GIVEN), output_field=CharField()),
        name=F("practice__name"),
    )


def adoption_cube(scope: Scope) -> Cube:
    return Cube(_adoptions(scope), ("stands", "way"))


def adoption_sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    every = Figure("adoptions.all", _("Takings-over"), sum(found["stands"].values()))
    made = (
        Breakdown("stands", _("How they stand"), figures("adoptions.stands", found["stands"], STANDS), every),
        Breakdown("way", _("From whom"), figures("adoptions.way", found["way"], WAYS), every),
    )
    return [Section("adoptions", _("Practices taken over"), "merge", breakdowns=made)]


def adoptions_counted(scope: Scope, key: str) -> Counted:
    name, _dot, value = key.partition(".")
    title: Any = _("Takings-over")
    condition = Q()
    if key != "all":
        title, condition = {"stands": dict(STANDS), "way": dict(WAYS)}[name][value], Q(**{name: value})
    rows = _adoptions(scope).filter(condition).select_related("unit")
    return Counted(title, rows, ADOPTION_ORDER, lambda page: _adoption_lines(page, scope))


def _adoption_lines(page: Iterable[Any], scope: Scope) -> list[Row]:
    words, days = dict(STANDS), calendar()
    return [
        Row(
            each.name,
            reverse("practice_show", args=[each.practice_id]),
            glyph=GLYPHS[each.stands],
            state=words[each.stands],
            meta=(each.unit.short_name, words[each.stands]),
            due=Due(each.due_on, days.between(scope.today, each.due_on), each.adopted_on) if each.due_on else None,
        )
        for each in page
    ]


ADOPTIONS = Source(adoption_cube, adoption_sections, adoptions_counted)


# --- gradings ---------------------------------------------------------------------------------------------------------
def _gradings(scope: Scope) -> QuerySet[Grading]:
    seen = Grading.objects.visible_to(scope.person).filter(scope.of("unit", "unit"))
    return seen.filter(year__range=(scope.since.year, scope.until.year))


def grading_cube(scope: Scope) -> Cube:
    return Cube(_gradings(scope), ("grade", "year"))


def grading_sections(scope: Scope, found: dict[str, Tally]) -> list[Section]:
    every = Figure("gradings.all", _("Gradings"), sum(found["grade"].values()))
    grades = [(value, value) for value in sorted(value for value in found["grade"] if value)]
    years = [(value, value) for value in sorted((value for value in found["year"] if value), reverse=True)]
    made = (
        Breakdown("grade", _("By grade"), most_first(figures("gradings.grade", found["grade"], grades)), every),
        Breakdown("year", _("By year"), figures("gradings.year", found["year"], years), every),
    )
    return [Section("gradings", _("Yearly gradings by others"), "trophy", breakdowns=made)]


def gradings_counted(scope: Scope, key: str) -> Counted:
    name, _dot, value = key.partition(".")
    title: Any = _("Gradings")
    condition = Q()
    if key != "all":
        if name not in ("grade", "year") or not value or (name == "year" and not value.isdecimal()):
            raise KeyError(key)
        title, condition = value, Q(**{name: value})
    rows = _gradings(scope).filter(condition).select_related("unit")
    return Counted(title, rows, GRADING_ORDER, _grading_lines)


def _grading_lines(page: Iterable[Grading]) -> list[Row]:
    made = []
    for each in page:
        place = _("rank %(rank)s of %(size)s") % {"rank": each.rank, "size": each.group_size} if each.rank else ""
        address = reverse("grading_unit", args=[each.unit.code])
        made.append(
            Row(each.unit.name, address, glyph="trophy", code=str(each.year), meta=(each.group, each.grade, place))
        )
    return made


GRADINGS = Source(grading_cube, grading_sections, gradings_counted)
