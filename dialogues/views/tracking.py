"""Following an item by its tracking code. The code comes by POST only, and nothing of it is kept between two pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cchc.documents.views.attachment import download
from cchc.web import limits
from cchc.workflow.actors import CodeHolder
from cchc.workflow.engine import Refused, offers
from dialogues import presentation
from dialogues.domain import answer as answers
from dialogues.domain import tracking
from dialogues.domain.intake import plain_code, spaced, track, tracked
from dialogues.forms.tracking import ActForm, CodeForm, CorrectForm, RateForm
from dialogues.models import Item
from dialogues.views.item_move import visible_item
from dialogues.views.item_page import item_page

# Wrong codes from one address; right ones are not counted, for a whole ward may sit behind one address.
WRONG_AN_HOUR, HOUR = 20, 3600
ACTIONS = ("confirm", "contest", "withdraw")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def guest_track(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "dialogues/tracking_enter.html", {"form": CodeForm()})
    item, refused = _tracked(request)
    return _page(request, item) if item else refused


@login_not_required
@sensitive_post_parameters()
@require_POST
def guest_track_do(request: HttpRequest, action: str) -> HttpResponse:
    """Confirm, contest or withdraw, by the code."""
    if action not in ACTIONS:
        raise Http404
    item, refused = _tracked(request)
    if item is None:
        return refused
    form = ActForm(request.POST, note_required=action == "contest")
    if not form.is_valid():
        return _page(request, item, status=400, act=form, action=action)
    data = form.cleaned_data
    try:
        tracking.act(item, action, at=timezone.now(), note=data["note"], seen=data["seen"])
    except Refused as refusal:
        return _page(request, _again(item), status=refusal.status, refusal=str(refusal), act=form, action=action)
    return _page(request, _again(item), done=True)


@login_not_required
@sensitive_post_parameters()
@require_POST
def guest_track_edit(request: HttpRequest) -> HttpResponse:
    """Correct the text, until it is accepted."""
    item, refused = _tracked(request)
    if item is None:
        return refused
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return _page(request, item, status=400, correct=form)
    try:
        tracking.correct(item, form.cleaned_data["text"], at=timezone.now(), seen=form.cleaned_data["seen"])
    except Refused as refusal:
        return _page(request, _again(item), status=refusal.status, refusal=str(refusal), correct=form)
    return _page(request, _again(item), done=True)


@login_not_required
@sensitive_post_parameters()
@require_POST
def guest_track_rate(request: HttpRequest) -> HttpResponse:
    item, refused = _tracked(request)
    if item is None:
        return refused
    form = RateForm(request.POST)
    if not form.is_valid():
        return _page(request, item, status=400, rate=form)
    if not _rated(item, form):
        return _page(request, item, status=409, refusal=_("There is no answer to rate at this moment."), rate=form)
    return _page(request, item, rated=True)


@login_not_required
@sensitive_post_parameters()
@require_POST
def guest_track_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    item, refused = _tracked(request)
    return download(get_object_or_404(tracking.files_of(item), pk=pk)) if item else refused


@require_POST
def item_rate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The word of an author with an account on the answer to his own item."""
    own = Item.objects.filter(author=request.user).select_related("merged_into")
    item = get_object_or_404(own, pk=pk)
    answer, form = tracking.ratable(item, tracking.answers_to(item)), RateForm(request.POST)
    if answer is None:
        messages.warning(request, _("There is no answer to rate at this moment."))
        return redirect("item_show", item.pk)
    if not form.is_valid():
        return item_page(request, visible_item(request, pk), refused=form, status=400)
    answers.rate(answer, asked=item, on=timezone.localdate(), **form.cleaned_data)
    messages.success(request, _("Thank you, your rating is kept."))
    return redirect("item_show", item.pk)


def _rated(item: Item, form: RateForm) -> bool:
    answer = tracking.ratable(item, tracking.answers_to(item))
    if answer is None:
        return False
    answers.rate(answer, asked=item, on=timezone.localdate(), **form.cleaned_data)
    return True


def _tracked(request: HttpRequest) -> tuple[Item | None, HttpResponse]:
    """The item of the posted code, or the page that says why not: the same for a wrong code and one that has ended."""
    address, form = limits.address_of(request), CodeForm(request.POST)
    if limits.is_over("track", address, WRONG_AN_HOUR, HOUR):
        form.is_valid()
        form.add_error(None, _("Too many wrong codes from this network. Try again in an hour."))
        return None, render(request, "dialogues/tracking_enter.html", {"form": form}, status=429)
    item = track(form.cleaned_data["code"]) if form.is_valid() else None
    if item is not None:
        return item, HttpResponse()
    if form.is_valid():
        limits.hit("track", address, WRONG_AN_HOUR, HOUR)
        form.add_error("code", _("No item has this code. Check it against the receipt: 16 letters and digits."))
    return None, render(request, "dialogues/tracking_enter.html", {"form": form}, status=400)


def _again(item: Item) -> Item:
    """As it now stands."""
    return tracked().get(pk=item.pk)


def _page(request: HttpRequest, item: Item, status: int = 200, **more: Any) -> HttpResponse:
    given = tracking.answers_to(item)
    offered = {offer.action: offer for offer in offers(item, CodeHolder(subject_id=item.pk))}
    context = {
        "item": item,
        "code": spaced(plain_code(request.POST["code"])),
        "badge": presentation.badge(item, inside=False),
        "answers": given,
        "history": tracking.public_history(item, given),
        "files": tracking.files_of(item),
        "offers": [offered[action] for action in ACTIONS if action in offered],
        "ratable": tracking.ratable(item, given),
        "act": ActForm(),
        "correct": CorrectForm(initial={"text": item.text}),
        "correctable": item.state == Item.State.SUBMITTED,
        "rate": RateForm(),
        **more,
    }
    return render(request, "dialogues/tracking_page.html", context, status=status)
