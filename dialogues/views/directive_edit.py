"""Writing directives down: for a conclusion that is not issued yet, or as tasks of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cchc.web.domain import draft as drafts
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed, Refused
from dialogues.domain import directive_draft as writing
from dialogues.domain.conclusion import refuse_writing
from dialogues.domain.directive_draft import Basis
from dialogues.domain.directive_page import warnings
from dialogues.enums import DirectiveState
from dialogues.forms.directive import DirectiveForm
from dialogues.forms.move import NoteForm
from dialogues.models import Conclusion, Directive, Plan
from dialogues.views.conclusion import visible_conclusion
from dialogues.views.conference_frame import load
from dialogues.views.directive_move import visible_directive
from dialogues.views.move import send_again


@dataclass(frozen=True)
class Place:
    """Where a directive is written: what orders it, where one comes back to, and the key of the kept draft."""

    basis: Basis
    back: str
    key: str


def back_to(basis: Basis) -> str:
    if isinstance(basis, Conclusion):
        return reverse("conference_conclusion", args=[basis.conference.code])
    return reverse("plan_show", args=[basis.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def directive_add(request: HttpRequest, code: str) -> HttpResponse:
    """A further directive of the conference's conclusion."""
    conclusion = visible_conclusion(request, load(request, code))
    if conclusion is None:
        raise Http404
    if not writing.may_add(conclusion, request.user):
        refuse_writing(conclusion, request.user)
    return _form_page(request, Place(conclusion, back_to(conclusion), f"directive-new-{conclusion.pk}"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_task_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A further task of a plan; of one in force the unit gets it at once."""
    rows = Plan.objects.visible_to(request.user).select_related("host__parent", "host__command")
    plan = get_object_or_404(rows, pk=pk)
    if not writing.may_add(plan, request.user):
        raise NotAllowed(_("This step is not among your rights here."))
    return _form_page(request, Place(plan, back_to(plan), f"directive-new-{plan.pk}"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def directive_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    directive = _unissued(request, pk)
    basis: Basis = directive.basis
    return _form_page(request, Place(basis, back_to(basis), f"directive-edit-{pk}"), directive)


def _unissued(request: HttpRequest, pk: UUID) -> Directive:
    directive = visible_directive(request, pk)
    basis: Basis = directive.basis
    if directive.state != DirectiveState.DRAFT:
        raise Refused(_("What was issued is not edited any more."))
    if not writing.may_add(basis, request.user):
        if isinstance(basis, Conclusion):
            refuse_writing(basis, request.user)
        raise NotAllowed(_("This step is not among your rights here."))
    return directive


def _form_page(request: HttpRequest, place: Place, directive: Directive | None) -> HttpResponse:
    owner, refusal = drafts.owner_of(request), None
    options: dict[str, Any] = {"basis": place.basis, "person": request.user, "directive": directive}
    typed = {} if request.method == "POST" else drafts.recall(owner, place.key)
    data = request.POST if request.method == "POST" else None
    form = DirectiveForm(data, initial=_typed(typed), **options)
    if request.method == "POST" and form.is_valid():
        try:
            made = _save(request, place.basis, directive, form)
        except Refused as refused:
            refusal = refused
            send_again(form, directive or place.basis, refused)
        else:
            return _saved(request, place, made)
    context = {
        "directive": directive,
        "basis": place.basis,
        "back": place.back,
        "form": form,
        "refusal": refusal,
        "draft": None if form.is_bound else drafts.find(owner, place.key),
        "draft_url": reverse("draft_save", args=[place.key]),
    }
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/directive_form.html", context, status=status)


def _typed(typed: dict[str, Any]) -> dict[str, Any]:
    """A kept draft as initial values: of boxes a single tick comes as text, and none at all as nothing."""
    if not typed:
        return {}
    boxes: dict[str, Any] = {name: typed.get(name, []) for name in ("coordinating", "items", "findings")}
    boxes = {name: value if isinstance(value, list) else [value] for name, value in boxes.items()}
    return {**{name: value for name, value in typed.items() if name != "seen"}, **boxes}


def _save(request: HttpRequest, basis: Basis, directive: Directive | None, form: DirectiveForm) -> Directive:
    told = {"by": request.user, "at": timezone.now(), "seen": form.cleaned_data["seen"], **form.particulars}
    return writing.edit_directive(directive, **told) if directive else writing.write_directive(basis, **told)


def _saved(request: HttpRequest, place: Place, made: Directive) -> HttpResponse:
    drafts.discard(drafts.owner_of(request), place.key)
    messages.success(request, _("%(code)s is saved.") % {"code": made.code})
    for sentence in warnings(made, timezone.localdate(), calendar()):
        messages.warning(request, sentence)
    return redirect(place.back)


@require_http_methods(["GET", "HEAD", "POST"])
def directive_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask before one is taken out that was not issued."""
    directive = _unissued(request, pk)
    back, refusal = back_to(directive.basis), None
    form = NoteForm(request.POST or None, subject=directive, needs_note=False)
    if request.method == "POST" and form.is_valid():
        try:
            writing.remove_directive(
                directive, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"]
            )  # fmt: skip
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("%(title)s is taken out.") % {"title": directive.title})
            return redirect(back)
    context = {"directive": directive, "form": form, "refusal": refusal, "back": back}
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/directive_remove.html", context, status=status)


@require_POST
def directive_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    directive = _unissued(request, pk)
    writing.move_up(directive, by=request.user, at=timezone.now())
    return redirect(back_to(directive.basis))
