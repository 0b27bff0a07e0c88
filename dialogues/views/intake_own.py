"""What is one's own until it is accepted: edited; and as long as it is a draft, sent or thrown away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cchc.organization.models import Person
from cchc.web.domain import draft as drafts
from cchc.workflow.engine import MovedOn, Refused
from dialogues.domain import intake
from dialogues.forms.intake import EditForm
from dialogues.models import Item


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    at, item = timezone.now(), _own(request.user, pk)
    owner, key = drafts.owner_of(request), f"item.{item.pk}"
    if request.method != "POST":
        kept = drafts.find(owner, key)
        return _page(request, item, EditForm(item, initial=drafts.recall(owner, key) if kept else {}), draft=kept)
    form = EditForm(item, request.POST)
    if not form.is_valid():
        return _page(request, item, form, status=400)
    change = intake.send if request.POST.get("do") == "send" else intake.edit
    try:
        saved = change(item, by=request.user, at=at, seen=form.cleaned_data["seen"], **form.words())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        event = refusal.event if isinstance(refusal, MovedOn) else None
        return _page(request, _own(request.user, pk), form, status=refusal.status, event=event)
    drafts.discard(owner, key)
    if change is intake.send:
        messages.success(request, _("Sent: %(code)s.") % {"code": saved.code})
    else:
        messages.success(request, _("Your changes are saved."))
    return redirect("ask_edit" if saved.state == Item.State.DRAFT else "item_show", saved.pk)


@require_POST
def ask_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    item = _own(request.user, pk)
    intake.discard(item, by=request.user, at=timezone.now())
    drafts.discard(drafts.owner_of(request), f"item.{item.pk}")
    messages.success(request, _("The draft is thrown away."))
    return redirect("ask")


def _own(person: Person, pk: UUID) -> Item:
    own = Item.objects.filter(author=person).select_related("conference__host", "conference__topics")
    return get_object_or_404(own, pk=pk)


def _page(request: HttpRequest, item: Item, form: EditForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "item": item,
        "form": form,
        "is_draft": item.state == Item.State.DRAFT,
        "editable": item.state in (Item.State.DRAFT, Item.State.SUBMITTED),
        "draft_url": reverse("draft_save", args=[f"item.{item.pk}"]),
        "complaints_url": reverse("ask_channels"),
        **more,
    }
    return render(request, "dialogues/intake_edit.html", context, status=status)
