"""Writing the report: its fields and files, and which items it takes in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cchc.documents.domain.attachment import attach, attachments_of
from cchc.organization import access
from cchc.web.domain import draft as drafts
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, record
from dialogues import permissions
from dialogues.domain.escalation_page import waiting_elsewhere
from dialogues.domain.escalation_reader import NOUN
from dialogues.domain.escalation_report import edit_report, take_in
from dialogues.enums import EscalationState
from dialogues.forms.escalation import ReportForm, TakeInForm
from dialogues.models import Escalation
from dialogues.views.escalation_move import last_event, visible_escalation

S = EscalationState


def may_write(request: HttpRequest, escalation: Escalation) -> bool:
    """Whether the report is with its unit, and this person's to write."""
    return escalation.state in (S.DRAFT, S.RETURNED) and _writes(request, escalation)


def _writes(request: HttpRequest, escalation: Escalation) -> bool:
    rights = (permissions.REPORT_UP, permissions.SEND_UP)
    return any(access.can(request.user, right, escalation.host) for right in rights)


def _of_own_unit(request: HttpRequest, pk: UUID) -> Escalation:
    escalation = visible_escalation(request, pk)
    if not _writes(request, escalation):
        raise NotAllowed(_("This step is not among your rights here."))
    return escalation


def _must_be_here(request: HttpRequest, escalation: Escalation) -> None:
    if not may_write(request, escalation):
        raise MovedOn(_("This has moved on in the meantime."), last_event(escalation))


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    escalation = _of_own_unit(request, pk)
    key = f"escalation-{pk}-edit"
    options: dict[str, Any] = {"escalation": escalation, "person": request.user}
    if request.method != "POST":
        _must_be_here(request, escalation)
        typed = drafts.recall(drafts.owner_of(request), key)
        form = ReportForm(initial={name: value for name, value in typed.items() if name != "seen"}, **options)
        return _form_page(request, escalation, form, key)
    form = ReportForm(request.POST, request.FILES, **options)
    if not form.is_valid():
        return _form_page(request, escalation, form, key, status=400)
    try:
        _save(request, escalation, form)
    except Refused as refusal:
        again = request.POST.copy()
        again["seen"] = str(escalation.moves)
        form.data = again
        return _form_page(request, escalation, form, key, refusal=refusal, status=refusal.status)
    drafts.discard(drafts.owner_of(request), key)
    messages.success(request, _("The report is saved."))
    return redirect("escalation_show", pk)


@transaction.atomic
def _save(request: HttpRequest, escalation: Escalation, form: ReportForm) -> None:
    at, seen = timezone.now(), form.cleaned_data["seen"]
    edit_report(escalation, by=request.user, at=at, seen=seen, **form.particulars)
    for file in form.cleaned_data["files"]:
        kept = attach(subject_type=NOUN, subject_id=escalation.pk, checked=file, by=request.user, at=at)
        record(escalation, "attach", by=request.user, at=at, note=kept.name)


def _form_page(
    request: HttpRequest, escalation: Escalation, form: ReportForm, key: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "escalation": escalation,
        "form": form,
        "draft": None if form.is_bound else drafts.find(drafts.owner_of(request), key),
        "draft_url": reverse("draft_save", args=[key]),
        "files": attachments_of(NOUN, [escalation.pk]).get(str(escalation.pk), []),
        **more,
    }
    return render(request, "dialogues/escalation_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_take_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose items of the same unit that wait in other reports in preparation."""
    escalation = _of_own_unit(request, pk)
    _must_be_here(request, escalation)
    waiting = waiting_elsewhere(escalation).order_by("code", "pk")
    form = TakeInForm(request.POST or None, escalation=escalation, person=request.user, waiting=waiting)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                taken = _take_in(request, escalation, form)
            except Refused as refused:
                form.add_error(None, str(refused))
                status = refused.status
            else:
                n = {"n": taken}
                messages.success(request, ngettext("%(n)d item taken in.", "%(n)d items taken in.", taken) % n)
                return redirect("escalation_show", pk)
    context = {"escalation": escalation, "form": form, "waiting": waiting.exists()}
    return render(request, "dialogues/escalation_take_in.html", context, status=status)


@transaction.atomic
def _take_in(request: HttpRequest, escalation: Escalation, form: TakeInForm) -> int:
    chosen = list(form.cleaned_data["items"])
    for item in chosen:
        take_in(escalation, item, by=request.user, at=timezone.now())
    return len(chosen)
