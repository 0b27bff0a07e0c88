"""The moves of an item: each has a page that asks for what it needs, and one address that makes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.web.domain import draft as drafts
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.actors import may
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, moved_on, offers, perform
from cchc.workflow.flow import Offer
from cchc.workflow.models import Event
from dialogues.domain.item import ITEM_FLOW
from dialogues.domain.item_page import item_for_page
from dialogues.domain.reader import Reader, reader_of
from dialogues.domain.told import told
from dialogues.forms import item as forms
from dialogues.models import Item
from dialogues.views.answer import keep_files, prepared_text
from dialogues.views.item_escalation import Referral, referral_of
from dialogues.views.item_history import line_of
from dialogues.views.item_steps import DIALOG, STEPS


@require_http_methods(["GET", "HEAD", "POST"])
def item_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """Ask for what the move needs; posted, make it."""
    if action not in STEPS:
        raise Http404
    item = visible_item(request, pk)
    if request.method == "POST":
        return _make(request, item, action)
    offer = _offer(item, action, request)
    return _page(request, item, offer, empty_form(request, item, action))


def visible_item(request: HttpRequest, pk: UUID) -> Item:
    item = item_for_page(request.user, pk)
    if item is None:
        raise Http404
    return item


def _offer(item: Item, action: str, request: HttpRequest) -> Offer:
    """The offer of *action*; raises what the engine would raise."""
    for offer in offers(item, request.user):
        if offer.action == action:
            return offer
    if not may(request.user, ITEM_FLOW.row(action).who, item):
        raise NotAllowed(_("This step is not among your rights here."))
    raise moved_on(item)


def empty_form(request: HttpRequest, item: Item, action: str) -> forms.MoveForm:
    """The form to fill in: with the kept draft, and the prepared text where the leader has nothing yet."""
    made = STEPS[action].form
    options: dict[str, Any] = {"search": request.GET.get("q", "")[:200]} if made is forms.MergeForm else {}
    initial = {name: value for name, value in recalled(request, item, action).items() if name != "seen"}
    return made(item=item, person=request.user, initial=initial, auto_id=f"{action}_%s", **options)


def recalled(request: HttpRequest, item: Item, action: str) -> dict[str, Any]:
    return drafts.recall(drafts.owner_of(request), draft_key(item, action))


def draft_key(item: Item, action: str) -> str:
    return f"item-{item.pk}-{action}"


def _make(request: HttpRequest, item: Item, action: str) -> HttpResponse:
    step = STEPS[action]
    options: dict[str, Any] = {"search": request.POST.get("q", "")[:200]} if step.form is forms.MergeForm else {}
    form = step.form(request.POST, request.FILES, item=item, person=request.user, auto_id=f"{action}_%s", **options)
    valid = form.is_valid()
    try:
        if form.cleaned_data.get("seen", item.moves) != item.moves:
            _offer(item, action, request)
            raise moved_on(item)
        if not valid:
            return _page(request, item, _offer(item, action, request), form, status=400)
        moved = _perform(request, item, action, form)
    except MovedOn as refusal:
        return _moved_on(request, item, action, refusal)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, item, _as_offer(action), form, status=refusal.status)
    drafts.discard(drafts.owner_of(request), draft_key(item, action))
    messages.success(
        request, _("Done: %(action)s, %(code)s.") % {"action": ITEM_FLOW.row(action).label, "code": moved.code}
    )
    return redirect("item_show", moved.pk)


@transaction.atomic
def _perform(request: HttpRequest, item: Item, action: str, form: forms.MoveForm) -> Item:
    """The move with what belongs to it: its files, and its publication in the same click."""
    at, data = timezone.now(), form.data_for_move()
    moved = perform(item, action, by=request.user, at=at, note=form.note, seen=form.cleaned_data["seen"], **data)
    if files := form.cleaned_data.get("files"):
        keep_files(moved, files, by=request.user, at=at)
    if action == "answer" and "publish" in request.POST:
        moved = perform(moved, "publish", by=request.user, at=at)
    return moved


def _page(
    request: HttpRequest, item: Item, offer: Offer, form: forms.MoveForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    step, in_dialog = STEPS[offer.action], request.headers.get("HX-Target") == DIALOG
    reader = reader_of(item, request.user)
    context = {
        "item": item,
        "offer": offer,
        "form": form,
        "step": step,
        "question": str(step.question) % {"code": item.code or _("this draft")},
        "told": told([item]) if step.tells else None,
        "reader": reader,
        "referral": _referral(item, reader) if offer.action == "answer" else None,
        "prepared": prepared_text(item, reader),
        "draft_key": draft_key(item, offer.action),
        "search": request.GET.get("q", ""),
        "in_dialog": in_dialog,
        **more,
    }
    return render(request, step.dialog if in_dialog else step.template, context, status=status)


def _referral(item: Item, reader: Reader) -> Referral | None:
    return referral_of(item, reader, calendar()) if item.escalation_id else None


def _as_offer(action: str) -> Offer:
    row = ITEM_FLOW.row(action)
    return Offer(action, row.label, row.icon, "", row.primary, row.danger, row.note_required)


def _moved_on(request: HttpRequest, item: Item, action: str, refusal: MovedOn) -> HttpResponse:
    """409: what the other did, with their words, beside what was typed here; nothing is lost.

    When the step is still possible the form comes again, to be sent on top of what is there now.
    """
    now = visible_item(request, item.pk)
    reader = reader_of(now, request.user)
    theirs = _words_of(now, refusal.event) if reader.inside or reader.asker else ""
    more = {"other": line_of(refusal.event, now, reader) if refusal.event else None, "theirs": theirs}
    possible = {offer.action for offer in offers(now, request.user) if not offer.reason}
    if action in possible:
        typed = request.POST.copy()
        typed["seen"] = str(now.moves)
        form = STEPS[action].form(typed, item=now, person=request.user, auto_id=f"{action}_%s")
        return _page(request, now, _as_offer(action), form, status=409, **more)
    typed_texts = [
        (field.label, request.POST[field.html_name])
        for field in STEPS[action].form(item=now, person=request.user)
        if not field.is_hidden and request.POST.get(field.html_name, "").strip()
    ]
    context = {"item": now, "typed": typed_texts, "label": ITEM_FLOW.row(action).label, **more}
    return render(request, "dialogues/item_moved_on.html", context, status=409)


def _words_of(item: Item, event: Event | None) -> str:
    """The text that came with what the other did."""
    if event is None:
        return ""
    if event.action in ("answer", "escalate") and item.answer:
        return item.answer.text
    if event.action == "prepare" and item.answer:
        return item.answer.prepared_text
    return event.note
