"""One survey: its results with what may be shown of them, its link and poster, and the moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.table import table_response
from cchc.organization import access
from cchc.web.charts import Part, bar
from cchc.web.qr import qr
from dialogues import permissions, presentation
from dialogues.domain import survey as surveys
from dialogues.domain.survey_figures import ON_TOPIC, OVERALL, Cell, lines, percent, share_of
from dialogues.enums import Audience, SurveySource, SurveyState
from dialogues.forms.survey import SCALE
from dialogues.models import Survey
from dialogues.views.conference_history import timeline
from dialogues.views.move import move_page
from dialogues.views.survey import load

MOST_COMMENTS = 200
# From "very dissatisfied" on; red stands for what is late only.
COLORS = ("c3", "c4", "c6", "c1l", "c1")
DONE = {
    "open": gettext_lazy("The survey takes answers now."),
    "record": gettext_lazy("The figures are on record."),
    "close": gettext_lazy("The survey is closed and counted."),
    "reopen": gettext_lazy("The survey is open again."),
}
CONSEQUENCES = {
    "open": gettext_lazy(
        "Its questions can no longer be changed. Share the link, or print the poster with its QR code."
    ),
    "record": gettext_lazy("Everybody who may see the unit's surveys sees the figures."),
    "close": gettext_lazy(
        "Nobody can answer any more. The results are counted and shown to those who may see them; the secretary can "
        "open it again."
    ),
    "reopen": gettext_lazy("The results are not shown until it is closed again."),
}


@dataclass(frozen=True)
class Shown:
    """One question with its figures in words and as a bar; hidden figures say why."""

    question: str
    total: Cell
    groups: list[tuple[str, Cell]]
    chart: SafeString | str


@require_safe
def survey_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    survey = load(request, pk)
    manages = access.can(request.user, permissions.MANAGE_SURVEYS, survey.host)
    reads = access.can(request.user, permissions.READ_COMMENTS, survey.host)
    closed = survey.state == SurveyState.CLOSED
    share = share_of(survey)
    url = link_of(request, survey)
    context = {
        "survey": survey,
        "badge": presentation.survey_badge(survey),
        "closed": closed,
        "share": share,
        "rate": percent(share.answered, survey.sent),
        "handed_in": survey.responses.count() if survey.state == SurveyState.OPEN else None,
        "waiting": closed and survey.has_link and _waiting(survey, share.answered),
        "lines": shown_lines(survey) if closed else [],
        "groups": _groups(survey) if closed else [],
        "scale": [(color, words) for color, (_value, words) in zip(COLORS, SCALE, strict=True)],
        "criteria": survey.criteria.all(),
        "comments": _comments(survey) if closed and reads else None,
        "link": url if manages and survey.has_link and survey.state == SurveyState.OPEN else "",
        "qr": qr(url, _("QR code of the survey"), scale=None),
        "may_edit": manages and not closed,
        "may_print": manages,
        "offers": surveys.offered(survey, request.user),
        "base": f"{reverse('survey_show', args=[survey.pk])}do/",
        "entries": timeline(survey, inside=manages),
    }
    return render(request, "dialogues/survey_show.html", context)


def link_of(request: HttpRequest, survey: Survey) -> str:
    return request.build_absolute_uri(reverse("survey_answer", args=[survey.key]))


def _waiting(survey: Survey, counted: int | None) -> bool:
    """Whether sheets came after a reopening that may not be added yet."""
    return counted is not None and survey.responses.count() > counted


def shown_lines(survey: Survey) -> list[Shown]:
    """The questions of a survey with their figures, small groups hidden."""
    names = {str(each.order): each.text for each in survey.criteria.all()}
    names |= {OVERALL: _("Overall"), ON_TOPIC: _("The answer was to the point")}
    return [
        Shown(names[each.question], each.total, [(str(Audience(g).label), cell) for g, cell in each.groups.items()],
              _chart(each.total))
        for each in lines(survey.figures)
        if each.question in names
    ]  # fmt: skip


def _chart(cell: Cell) -> SafeString | str:
    if not (cell.is_scale and cell.n):
        return ""
    parts = [
        Part(color, Decimal(100) * count / cell.n, f"{words}: {count}")
        for color, (_value, words), count in zip(COLORS, SCALE, cell.counts, strict=True)
    ]
    return bar(parts, ", ".join(part.words for part in parts))


def _groups(survey: Survey) -> list[tuple[str, Cell]]:
    """The overall question by who answered, of the groups from which anybody did."""
    found = next((each for each in lines(survey.figures) if each.question == OVERALL), None)
    cells = found.groups.items() if found else ()
    return [(str(Audience(group).label), cell) for group, cell in cells if cell.n != 0]


def _comments(survey: Survey) -> list[str]:
    """What was written, without who, when and with which score: in the order of the letters."""
    if survey.source == SurveySource.LINK:
        rows = survey.responses.exclude(comment="").values_list("comment", flat=True)
        return sorted(rows[:MOST_COMMENTS])
    return []


@require_safe
def survey_export(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The results as a workbook: exactly what the page shows, so what is hidden there is hidden here."""
    survey = load(request, pk)
    if survey.state != SurveyState.CLOSED or not access.holds(request.user, permissions.EXPORT):
        raise Http404
    columns = [
        _("Question"),
        pgettext("survey", "Group"),
        _("Answers"),
        _("Satisfied (%)"),
        _("Mean"),
        *(str(words) for _n, words in SCALE),
    ]
    return table_response(f"khao-sat-{survey.year}", columns, _rows(survey))


def _rows(survey: Survey) -> Iterator[list[Any]]:
    if survey.source == SurveySource.REPORTED:
        share = share_of(survey)
        note = _("as reported") if share.reported else ""
        yield [survey.title, note, share.answered, share.value, None, None, None, None, None, None]
    for line in shown_lines(survey):
        for group, cell in [(_("All"), line.total), *line.groups]:
            yield [line.question, group, *_cells(cell)]


def _cells(cell: Cell) -> list[Any]:
    if not cell.shown:
        return [_("Fewer than 10") if cell.few else _("Not shown"), *[None] * (2 + len(SCALE))]
    mean = cell.mean.quantize(Decimal("0.01")) if cell.mean is not None else None
    return [cell.n, cell.satisfied, mean, *(cell.counts if cell.is_scale else [None] * len(SCALE))]


def _own(request: HttpRequest, pk: UUID) -> Survey:
    """The survey with a link, for whoever runs it."""
    survey = load(request, pk)
    if not (survey.has_link and access.can(request.user, permissions.MANAGE_SURVEYS, survey.host)):
        raise Http404
    return survey


@require_safe
def survey_poster(request: HttpRequest, pk: UUID) -> HttpResponse:
    survey = _own(request, pk)
    url = link_of(request, survey)
    context = {"survey": survey, "url": url, "qr": qr(url, _("QR code of the survey"), scale=None)}
    return render(request, "dialogues/survey_poster.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_link(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, then make a new link."""
    survey = _own(request, pk)
    if request.method != "POST":
        return render(request, "dialogues/survey_link.html", {"survey": survey})
    surveys.renew_link(survey, by=request.user, at=timezone.now())
    messages.success(request, _("There is a new link; the old one leads nowhere now. Print the poster again."))
    return redirect("survey_show", survey.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    survey = load(request, pk)
    back = reverse("survey_show", args=[survey.pk])
    return move_page(request, survey, action, back=back, done=DONE, consequences=CONSEQUENCES)
