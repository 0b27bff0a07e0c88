"""Surveys: the list, preparing and correcting one."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.organization import access
from cchc.web.domain import draft as drafts
from cchc.web.paging import page_of
from cchc.web.search import FoldedVector, matching
from cchc.workflow.engine import Refused
from dialogues import permissions, presentation
from dialogues.domain import survey as surveys
from dialogues.domain.survey_figures import Share, share_of
from dialogues.enums import SurveySource, SurveyState
from dialogues.forms.survey import SurveyFilter, SurveyForm
from dialogues.models import Conference, Survey
from dialogues.views.move import send_again

MOST_TITLE = 250
ORDER = ("-year", "-created_at", "id")


@dataclass(frozen=True)
class Line:
    survey: Survey
    badge: SafeString
    share: Share
    answered: int | None


def load(request: HttpRequest, pk: UUID) -> Survey:
    """The survey if the person may see it; otherwise there is none."""
    rows = Survey.objects.visible_to(request.user).select_related("host__command", "conference", "turn__unit")
    return get_object_or_404(rows, pk=pk)


@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request)
    rows = _filtered(Survey.objects.visible_to(request.user), chosen).select_related("host", "conference")
    page = page_of(request, rows.annotate(handed_in=Count("responses")), ORDER)
    conference = _conference(request, chosen.get("conference", ""))
    context = {
        "page": page,
        "lines": [_line(each) for each in page],
        "chosen": chosen,
        "conference": conference,
        "sources": SurveySource.choices,
        "may_create": access.holds(request.user, permissions.MANAGE_SURVEYS),
    }
    return render(request, "dialogues/survey_list.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    form = SurveyFilter(request.GET)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def _filtered(rows: QuerySet[Survey], chosen: dict[str, Any]) -> QuerySet[Survey]:
    if "q" in chosen:
        rows = matching(rows.alias(search=FoldedVector("title", "method")), chosen["q"])
    if "conference" in chosen:
        rows = rows.filter(conference__code=chosen["conference"])
    return rows.filter(**{name: chosen[name] for name in ("year", "source") if name in chosen})


def _conference(request: HttpRequest, code: str) -> Conference | None:
    return Conference.objects.visible_to(request.user).filter(code=code).first() if code else None


def _line(survey: Survey) -> Line:
    share = share_of(survey) if survey.state == SurveyState.CLOSED else Share(None)
    handed_in = survey.handed_in if survey.state == SurveyState.OPEN else share.answered
    return Line(survey, presentation.survey_badge(survey), share, handed_in)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_create(request: HttpRequest) -> HttpResponse:
    if not access.holds(request.user, permissions.MANAGE_SURVEYS):
        raise Http404
    return _form_page(request, "survey-new", None)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    survey = load(request, pk)
    if not access.can(request.user, permissions.MANAGE_SURVEYS, survey.host):
        raise Http404
    if survey.state == SurveyState.CLOSED:
        messages.warning(request, _("It has been counted. Open it again to change it."))
        return redirect("survey_show", survey.pk)
    return _form_page(request, f"survey-edit-{survey.pk}", survey)


def _form_page(request: HttpRequest, key: str, survey: Survey | None) -> HttpResponse:
    owner, refusal = drafts.owner_of(request), None
    options: dict[str, Any] = {"by": request.user, "instance": copy.copy(survey) if survey else None}
    if request.method == "POST":
        form = SurveyForm(request.POST, **options)
        if form.is_valid():
            try:
                saved = _save(request, form, survey)
            except Refused as refused:
                refusal = refused
                if survey:
                    send_again(form, survey, refused)
            else:
                drafts.discard(owner, key)
                messages.success(request, _("The survey is saved."))
                return redirect("survey_show", saved.pk)
    else:
        form = SurveyForm(initial={**({} if survey else _first(request)), **drafts.recall(owner, key)}, **options)
    context = {
        "form": form,
        "survey": survey,
        "refusal": refusal,
        "draft": drafts.find(owner, key) if not form.is_bound else None,
        "draft_url": reverse("draft_save", args=[key]),
    }
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/survey_form.html", context, status=status)


def _first(request: HttpRequest) -> dict[str, Any]:
    """What a new survey begins with: the year, the usual questions, and the conference it was begun from."""
    conference = _conference(request, request.GET.get("conference", "")[:40])
    first: dict[str, Any] = {"year": timezone.localdate().year, "criteria": "\n".join(surveys.default_criteria())}
    if conference:
        title = _("Satisfaction: %(subject)s") % {"subject": conference.title}
        first |= {"conference": conference.pk, "host": conference.host_id, "title": title[:MOST_TITLE]}
    return first


def _save(request: HttpRequest, form: SurveyForm, survey: Survey | None) -> Survey:
    at = timezone.now()
    if survey is None:
        return surveys.create(by=request.user, at=at, **form.particulars)
    return surveys.change(survey, by=request.user, at=at, seen=form.cleaned_data["seen"], **form.particulars)
