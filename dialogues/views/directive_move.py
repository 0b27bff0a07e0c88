"""The moves of a directive: each has a page that asks for what it needs, and one address that makes it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.web.domain import draft as drafts
from cchc.workflow.engine import Refused, perform, refusal_of
from cchc.workflow.flow import flow_of
from dialogues.domain.directive import report
from dialogues.domain.directive_page import directive_for_page
from dialogues.forms.directive import DirectiveMoveForm
from dialogues.models import Directive
from dialogues.views.directive_steps import STEPS
from dialogues.views.move import send_again

# These bring evidence.
REPORTS = ("update", "report")


def visible_directive(request: HttpRequest, pk: UUID) -> Directive:
    directive = directive_for_page(request.user, pk)
    if directive is None:
        raise Http404
    return directive


@require_http_methods(["GET", "HEAD", "POST"])
def directive_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """Ask for what the move needs; posted, make it."""
    directive = visible_directive(request, pk)
    if action not in STEPS:
        raise Http404
    form, refusal = _form(request, directive, action), refusal_of(directive, action, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            _make(request, directive, action, form)
        except Refused as refused:
            refusal = refused
            send_again(form, directive, refused)
        else:
            drafts.discard(drafts.owner_of(request), _key(directive, action))
            done = {"action": flow_of(directive).row(action).label, "code": directive.code}
            messages.success(request, _("Done: %(action)s, %(code)s.") % done)
            return redirect("directive_show", pk)
    return _page(request, directive, action, form, refusal)


def _form(request: HttpRequest, directive: Directive, action: str) -> DirectiveMoveForm:
    made = STEPS[action].form
    if request.method == "POST":
        return made(request.POST, request.FILES, directive=directive)
    typed = drafts.recall(drafts.owner_of(request), _key(directive, action))
    return made(directive=directive, initial={name: value for name, value in typed.items() if name != "seen"})


def _key(directive: Directive, action: str) -> str:
    return f"directive-{directive.pk}-{action}"


def _make(request: HttpRequest, directive: Directive, action: str, form: DirectiveMoveForm) -> None:
    by, at = request.user, timezone.now()
    if action in REPORTS:
        report(directive, action, form.cleaned_data["files"], by=by, at=at, **form.for_move)
    else:
        perform(directive, action, by=by, at=at, **form.for_move)


def _page(
    request: HttpRequest, directive: Directive, action: str, form: DirectiveMoveForm, refusal: Refused | None
) -> HttpResponse:
    step, key = STEPS[action], _key(directive, action)
    context = {
        "directive": directive,
        "row": flow_of(directive).row(action),
        "question": str(step.question) % {"code": directive.code},
        "follows": step.follows,
        "form": form,
        "refusal": refusal,
        # Refused because somebody was quicker, it may still be possible now.
        "possible": refusal_of(visible_directive(request, directive.pk), action, request.user) is None,
        "draft": None if form.is_bound else drafts.find(drafts.owner_of(request), key),
        "draft_url": reverse("draft_save", args=[key]),
    }
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/directive_move.html", context, status=status)
