"""The moves of an escalation: each has a page that asks for what it needs, and one address that makes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.web.domain import draft as drafts
from cchc.workflow.actors import may
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, offers, perform
from cchc.workflow.flow import Offer
from cchc.workflow.models import Event
from dialogues.domain.escalation import ESCALATION_FLOW
from dialogues.domain.escalation_page import escalation_for_page
from dialogues.domain.escalation_reader import last_sent, reader_of
from dialogues.domain.escalation_report import contents
from dialogues.forms import escalation as forms
from dialogues.models import Escalation
from dialogues.views.escalation_history import line_of
from dialogues.views.escalation_steps import STEPS
from dialogues.views.item_steps import DIALOG


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """Ask for what the move needs; posted, make it."""
    if action not in STEPS:
        raise Http404
    escalation = visible_escalation(request, pk)
    if request.method == "POST":
        return _make(request, escalation, action)
    return _page(request, escalation, _offer(escalation, action, request), empty_form(request, escalation, action))


def visible_escalation(request: HttpRequest, pk: UUID) -> Escalation:
    escalation = escalation_for_page(request.user, pk)
    if escalation is None:
        raise Http404
    if reader_of(escalation, request.user).reads_advice:
        request.place = reverse("escalation_inbox")
    return escalation


def last_event(escalation: Escalation) -> Event | None:
    return Event.objects.of(escalation).newest_first().first()


def _offer(escalation: Escalation, action: str, request: HttpRequest) -> Offer:
    """The offer of *action*; raises what the engine would raise."""
    for offer in offers(escalation, request.user):
        if offer.action == action:
            return offer
    if not may(request.user, ESCALATION_FLOW.row(action).who, escalation):
        raise NotAllowed(_("This step is not among your rights here."))
    raise MovedOn(_("This has moved on in the meantime."), _told(escalation, request))


def _told(escalation: Escalation, request: HttpRequest) -> Event | None:
    """The last step, if the reader may know of it."""
    event, reader = last_event(escalation), reader_of(escalation, request.user)
    return event if event and reader.may_know(event.action) else None


def draft_key(escalation: Escalation, action: str) -> str:
    return f"escalation-{escalation.pk}-{action}"


def empty_form(request: HttpRequest, escalation: Escalation, action: str) -> forms.EscalationForm:
    """The form to fill in, with the kept draft."""
    typed = drafts.recall(drafts.owner_of(request), draft_key(escalation, action))
    initial = {name: value for name, value in typed.items() if name != "seen"}
    return _form(request, escalation, action, initial=initial)


def _form(
    request: HttpRequest, escalation: Escalation, action: str, *data: Any, **options: Any
) -> forms.EscalationForm:
    made = STEPS[action].form
    if made is forms.JoinForm:
        options["search"] = (request.POST or request.GET).get("q", "")[:200]
    return made(*data, escalation=escalation, person=request.user, auto_id=f"{action}_%s", **options)


def _make(request: HttpRequest, escalation: Escalation, action: str) -> HttpResponse:
    form = _form(request, escalation, action, request.POST)
    valid = form.is_valid()
    try:
        if form.cleaned_data.get("seen", escalation.moves) != escalation.moves:
            _offer(escalation, action, request)
            raise MovedOn(_("This has moved on in the meantime."), _told(escalation, request))
        if not valid:
            return _page(request, escalation, _offer(escalation, action, request), form, status=400)
        data, seen = form.data_for_move(), form.cleaned_data["seen"]
        perform(escalation, action, by=request.user, at=timezone.now(), note=form.note, seen=seen, **data)
    except MovedOn as refusal:
        return _moved_on(request, escalation, action, refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, escalation, as_offer(action), form, status=refusal.status)
    drafts.discard(drafts.owner_of(request), draft_key(escalation, action))
    label = ESCALATION_FLOW.row(action).label
    messages.success(request, _("Done: %(action)s, %(code)s.") % {"action": label, "code": escalation.code})
    # From what was taken out one goes back to the issue, where the next may follow.
    return redirect("escalation_show", escalation.lead_id if action == "take_out" else escalation.pk)


def as_offer(action: str) -> Offer:
    row = ESCALATION_FLOW.row(action)
    return Offer(action, row.label, row.icon, "", row.primary, row.danger, row.note_required)


def title_for(escalation: Escalation, request: HttpRequest) -> str:
    """The matter as the reader may know it: above, as it was sent."""
    if reader_of(escalation, request.user).sender:
        return escalation.title
    sent = last_sent([escalation]).get(escalation.pk)
    return sent.title if sent else ""


def _page(
    request: HttpRequest, escalation: Escalation, offer: Offer, form: forms.EscalationForm, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    step, in_dialog = STEPS[offer.action], request.headers.get("HX-Target") == DIALOG
    context = {
        "escalation": escalation,
        "title": title_for(escalation, request),
        "offer": offer,
        "form": form,
        "step": step,
        "question": str(step.question) % {"code": escalation.code},
        "report": contents(escalation) if offer.action == "send" else None,
        "draft_key": draft_key(escalation, offer.action),
        "search": request.GET.get("q", ""),
        "in_dialog": in_dialog,
        **more,
    }
    template = step.dialog if in_dialog else "dialogues/escalation_move.html"
    return render(request, template, context, status=status)


def _moved_on(request: HttpRequest, escalation: Escalation, action: str, refusal: MovedOn) -> HttpResponse:
    """409: what the other did, beside what was typed here; nothing is lost.

    When the step is still possible the form comes again, to be sent on top of what is there now.
    """
    now = visible_escalation(request, escalation.pk)
    reader = reader_of(now, request.user)
    event = refusal.event if refusal.event and reader.may_know(refusal.event.action) else None
    # Somebody was quicker even where the reader may not know who.
    more = {
        "other": line_of(event, now, reader) if event else None,
        "theirs": event.note if event else "",
        "moved": True,
    }
    possible = {offer.action for offer in offers(now, request.user) if not offer.reason}
    if action in possible:
        typed = request.POST.copy()
        typed["seen"] = str(now.moves)
        return _page(request, now, as_offer(action), _form(request, now, action, typed), status=409, **more)
    typed_texts = [
        (field.label, request.POST[field.html_name])
        for field in _form(request, now, action)
        if not field.is_hidden and request.POST.get(field.html_name, "").strip()
    ]
    context = {"escalation": now, "typed": typed_texts, "label": ESCALATION_FLOW.row(action).label, **more}
    return render(request, "dialogues/escalation_moved_on.html", context, status=409)
