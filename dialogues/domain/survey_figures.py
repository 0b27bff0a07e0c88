"""The figures of a survey, and which of them may be shown: no group of fewer than ten, not even by subtraction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from dialogues.enums import AnswerKind, Audience, SurveySource
from dialogues.models import Answer, Feedback, Item, Response, Score, Survey

FEWEST = 10
SCALE = (1, 2, 3, 4, 5)
OVERALL, ON_TOPIC = "overall", "on_topic"
RATABLE = (AnswerKind.RESOLVED, AnswerKind.IN_PROGRESS, AnswerKind.EXPLAINED)

# question -> group -> how often each value was given; what Survey.figures holds
Figures = dict[str, dict[str, dict[str, int]]]


# --- Counting ---------------------------------------------------------------------------------------------------------
def tally(survey: Survey) -> Figures:
    """Count everything afresh: sheets by criterion, or the askers' ratings. Nothing for what others counted."""
    if survey.source == SurveySource.LINK:
        sheets = Response.objects.filter(survey=survey)
        scores = Score.objects.filter(response__survey=survey)
        return {
            **_counted({OVERALL}, sheets.values_list("group", "overall").annotate(n=Count("pk"))),
            **_by_criterion(survey, scores.values_list("criterion__order", "response__group", "value")),
        }
    if survey.source == SurveySource.RATINGS:
        ratings = Feedback.objects.filter(_answers(survey, "answer__")).annotate(group=F("answer__item__audience"))
        return {
            **_counted({OVERALL}, ratings.values_list("group", "stars").annotate(n=Count("pk"))),
            **_counted({ON_TOPIC}, ratings.values_list("group", "on_topic").annotate(n=Count("pk"))),
        }
    return {}


def asked_to_rate(survey: Survey) -> int:
    """Whose answers could be rated: the items answered in it, and those joined with them."""
    answered = Answer.objects.filter(_answers(survey)).values("item")
    return Item.objects.filter(Q(pk__in=answered) | Q(merged_into__in=answered)).count()


def _answers(survey: Survey, to: str = "") -> Q:
    """The published answers that the survey is about; one of a conference leaves the days aside."""
    published = Q(**{f"{to}published_at__isnull": False, f"{to}kind__in": RATABLE, f"{to}item__host": survey.host_id})
    if survey.conference_id:
        return published & Q(**{f"{to}item__conference": survey.conference_id})
    return published & Q(**{f"{to}published_at__date__range": (survey.first_on, survey.last_on)})


def _counted(question: Collection[str], rows: Iterable[tuple[Any, ...]]) -> Figures:
    found: Figures = {name: {} for name in question}
    for name in question:
        for group, value, n in rows:
            found[name].setdefault(group, {})[str(int(value))] = n
    return found


def _by_criterion(survey: Survey, rows: QuerySet[Score, tuple[Any, ...]]) -> Figures:
    found: dict[str, dict[str, dict[str, int]]] = {str(each.order): {} for each in survey.criteria.all()}
    counted: Iterable[Any] = rows.annotate(n=Count("pk"))
    for order, group, value, n in counted:
        found[str(order)].setdefault(group, {})[str(value)] = n
    return found


def added_safely(before: Figures, now: Figures) -> bool:
    """Whether nobody's answer can be found by subtracting *before* from *now*: each group grew by none or by ten."""
    groups = set(before.get(OVERALL, {})) | set(now.get(OVERALL, {}))
    grown = (_size(now[OVERALL].get(group, {})) - _size(before[OVERALL].get(group, {})) for group in groups)
    return all(more == 0 or more >= FEWEST for more in grown)


# --- Showing ----------------------------------------------------------------------------------------------------------
def hidden(sizes: Mapping[str, int], already: Collection[str] = ()) -> set[str]:
    """Which groups of these *sizes* may not be shown beside their total.

    Those of 1 to 9 answers; and as many more, the smallest first, as keep the hidden ones together from being fewer
    than ten or a single group: else the total less the groups shown would tell.
    """
    present = {group: size for group, size in sizes.items() if size}
    kept = {group for group, size in present.items() if size < FEWEST or group in already}
    others = sorted((size, group) for group, size in present.items() if group not in kept)
    while kept and others and (len(kept) == 1 or sum(present[group] for group in kept) < FEWEST):
        kept.add(others.pop(0)[1])
    return kept


@dataclass(frozen=True)
class Cell:
    """What may be shown of one group's answers to one question. *few*: hidden for being fewer than ten."""

    n: int | None
    counts: tuple[int, ...] = ()
    few: bool = False

    @property
    def shown(self) -> bool:
        return self.n is not None

    @property
    def is_scale(self) -> bool:
        return len(self.counts) == len(SCALE)

    @property
    def satisfied(self) -> Decimal | None:
        """The share of 4 and 5, or of yes, in percent."""
        return percent(sum(self.counts[3:] if self.is_scale else self.counts[1:]), self.n) if self.counts else None

    @property
    def mean(self) -> Decimal | None:
        if not self.n or not self.is_scale:
            return None
        return Decimal(sum(value * self.counts[value - 1] for value in SCALE)) / self.n


@dataclass(frozen=True)
class Line:
    """One question: all answers together, and by group."""

    question: str
    total: Cell
    groups: dict[str, Cell]


def lines(figures: Figures) -> list[Line]:
    """Every question's figures, fit to be shown: the overall one first, then the criteria in order."""
    if not figures:
        return []
    sizes = {group: _size(counts) for group, counts in figures[OVERALL].items()}
    # What is hidden for the whole sheet stays hidden for each of its questions.
    always = hidden(sizes)
    order = [OVERALL, ON_TOPIC, *sorted((name for name in figures if name.isdecimal()), key=int)]
    return [_line(name, figures[name], always) for name in order if name in figures]


def _line(question: str, by_group: Mapping[str, Mapping[str, int]], always: set[str]) -> Line:
    values = (0, 1) if question == ON_TOPIC else SCALE
    sizes = {group: _size(by_group.get(group, {})) for group in Audience.values}
    away = hidden(sizes, always)
    total: dict[str, int] = defaultdict(int)
    for counts in by_group.values():
        for value, n in counts.items():
            total[value] += n
    few = 0 < sum(sizes.values()) < FEWEST
    cells = {
        group: Cell(None, few=size < FEWEST or few) if group in away else _cell(by_group.get(group, {}), values)
        for group, size in sizes.items()
    }
    return Line(question, Cell(None, few=True) if few else _cell(total, values), cells)


def _cell(counts: Mapping[str, int], values: Iterable[int]) -> Cell:
    return Cell(_size(counts), tuple(counts.get(str(value), 0) for value in values))


def _size(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def percent(part: int | None, whole: int | None) -> Decimal | None:
    """In percent, to one place; None when the whole is unknown or nothing."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"))


@dataclass(frozen=True)
class Share:
    """How many are satisfied, in percent: computed from counts, or *reported* by others without them."""

    value: Decimal | None
    answered: int | None = None
    satisfied: int | None = None
    reported: bool = False
    few: bool = False


def share_of(survey: Survey) -> Share:
    """The share satisfied: a percentage is computed whenever the counts are known (design.md §3)."""
    if survey.source == SurveySource.REPORTED:
        computed = percent(survey.satisfied, survey.returned)
        value = _plain(survey.reported_percent) if computed is None else computed
        reported = computed is None and value is not None
        return Share(value, survey.returned, survey.satisfied, reported=reported)
    found = lines(survey.figures)
    if not found:
        return Share(None)
    total = found[0].total
    if not total.shown:
        return Share(None, few=True)
    return Share(total.satisfied, total.n, sum(total.counts[3:]))


def _plain(value: Decimal | None) -> Decimal | None:
    """As it was reported: 87.2, where the database keeps 87.20."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()
