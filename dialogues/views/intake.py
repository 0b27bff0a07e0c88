"""An officer asks: where, what, and with or without a name."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cchc.organization import access
from cchc.organization.models import Person
from cchc.web import limits
from cchc.web.domain import draft as drafts
from cchc.web.qr import qr
from cchc.workflow.engine import Refused
from dialogues import permissions
from dialogues.domain import intake
from dialogues.domain.similar import answered_like
from dialogues.domain.tracking import dates_of
from dialogues.enums import Audience, Identity
from dialogues.forms.intake import AskForm
from dialogues.models import Conference, Item

HOUR = 3600
NAMED_AN_HOUR = 30
# Counted for the conference and not for the person: a count of one's own would say who sent something, and when.
ANONYMOUS_AN_HOUR = 120
MAX_LIKE = 4000
asking_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Straight to the one conference that is open, or a choice of several, or when the next one opens."""
    at = timezone.now()
    conferences = list(intake.open_to(request.user, at)[:50])
    if len(conferences) == 1:
        return redirect("ask_form", conferences[0].code)
    upcoming = intake.upcoming_for(request.user, at)[:5] if not conferences else []
    context = {"conferences": conferences, "upcoming": upcoming, "own_drafts": _own_drafts(request.user)}
    return render(request, "dialogues/intake_choose.html", context)


@sensitive_post_parameters()
@asking_page
def ask_form(request: HttpRequest, code: str) -> HttpResponse:
    at, conference = timezone.now(), _conference(request.user, code)
    if request.method != "POST":
        return _blank(request, conference, at)
    anonymous = request.POST.get("identity") == Identity.ANONYMOUS
    keep_as_draft = request.POST.get("do") == "draft"
    if anonymous:
        drafts.discard(drafts.owner_of(request), draft_key(conference))
    form = AskForm(conference, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, conference, form, status=400)
    if anonymous and keep_as_draft:
        form.add_error("identity", _("A draft carries your name. Without a name, send it or leave it."))
        return _page(request, conference, form, status=400)
    if _too_many(request.user, conference, anonymous):
        form.add_error(None, _("Too much was sent within an hour. Nothing is lost: keep this page and send later."))
        return _page(request, conference, form, status=429)
    return _send(request, conference, form, at, keep_as_draft)


def _send(
    request: HttpRequest, conference: Conference, form: AskForm, at: datetime, keep_as_draft: bool
) -> HttpResponse:
    try:
        receipt = intake.ask(
            form.asking(request.user),
            conference=conference,
            by=request.user,
            at=at,
            submit_key=form.cleaned_data["submit_key"],
            files=form.cleaned_data["files"],
            keep_as_draft=keep_as_draft,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, conference, form, status=refusal.status)
    if receipt.tracking_code:
        # No redirect, no message, no session: nothing is stored on the way to this page that leads back.
        return receipt_page(request, receipt, at, layout="base.html")
    drafts.discard(drafts.owner_of(request), draft_key(conference))
    if receipt.item.state == Item.State.DRAFT:
        messages.success(request, _("The draft is saved. Only you see it."))
        return redirect("ask_edit", receipt.item.pk)
    said = _("This form had been sent already: %(code)s.") if receipt.again else _("Sent: %(code)s.")
    messages.success(request, said % {"code": receipt.item.code})
    return redirect("item_show", receipt.item.pk)


def receipt_page(
    request: HttpRequest, receipt: intake.Receipt, at: datetime, *, layout: str, **more: Any
) -> HttpResponse:
    """What the asker takes home: the code, shown this once, and what happens next and by when."""
    item, code = receipt.item, intake.spaced(receipt.tracking_code)
    context = {
        "layout": layout,
        "item": item,
        "again": receipt.again,
        "code": code,
        # The code and not an address with it: an address stands in histories and logs.
        "picture": qr(code, _("QR code of the tracking code")) if code else "",
        "track_address": request.build_absolute_uri(reverse("guest_track")),
        "dates": dates_of(item, at),
        **more,
    }
    return render(request, "dialogues/intake_receipt.html", context)


@require_POST
def ask_draft(request: HttpRequest, code: str) -> HttpResponse:
    """Autosave of the form. Only once somebody has chosen to sign it: what is kept stands under his name."""
    conference = _conference(request.user, code)
    owner, key = drafts.owner_of(request), draft_key(conference)
    if request.POST.get("identity") != Identity.NAMED:
        drafts.discard(owner, key)
        return HttpResponse(status=204)
    fields = {name: request.POST.getlist(name) for name in AskForm.base_fields if name in request.POST}
    fields.pop("submit_key", None)
    try:
        draft = drafts.keep(owner, key, fields, at=timezone.now())
    except drafts.TooLarge:
        return JsonResponse({"error": _("Too long to be kept as a draft.")}, status=413)
    return JsonResponse({"saved_at": timezone.localtime(draft.saved_at).strftime("%H:%M")})


@require_POST
def ask_similar(request: HttpRequest, code: str) -> HttpResponse:
    """Earlier items with their answers, for what is being typed. By POST: what is typed belongs in no address."""
    conference = _conference(request.user, code)
    found = answered_like(request.POST.get("text", "")[:MAX_LIKE], conference, request.user)
    may_follow = access.can(request.user, permissions.SUPPORT, conference.host)
    if request.headers.get("HX-Request"):
        return render(request, "dialogues/_similar.html", {"similar": found, "may_follow": may_follow})
    form = AskForm(conference, initial={**request.POST.dict(), "submit_key": intake.new_submit_key()})
    return _page(request, conference, form, similar=found, looked=True)


@require_POST
def ask_follow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """ "This is what I need": follow the earlier item instead of asking again."""
    item = get_object_or_404(Item.objects.visible_to(request.user).public(), pk=pk)
    intake.follow(item, by=request.user, at=timezone.now())
    if meant := Conference.objects.filter(code=request.POST.get("conference", "").replace("\x00", "")).first():
        drafts.discard(drafts.owner_of(request), draft_key(meant))
    messages.success(request, _("You follow %(code)s and are told what becomes of it.") % {"code": item.code})
    return redirect("item_show", item.pk)


@login_not_required
@require_safe
def ask_channels(request: HttpRequest) -> HttpResponse:
    """Where complaints, denunciations and crime reports belong instead."""
    return render(request, "dialogues/intake_channels.html")


def draft_key(conference: Conference) -> str:
    return f"ask.{conference.code}"


def _conference(person: Person, code: str) -> Conference:
    found = Conference.objects.visible_to(person).select_related("host", "topics").prefetch_related("audiences")
    return get_object_or_404(found, code=code)


def _own_drafts(person: Person) -> list[Item]:
    own = Item.objects.filter(author=person, state=Item.State.DRAFT).select_related("conference")
    return list(own.only("title", "conference__title").order_by("-id")[:5])


def _too_many(person: Person, conference: Conference, anonymous: bool) -> bool:
    if anonymous:
        return limits.hit("ask-anonymous", conference.pk, ANONYMOUS_AN_HOUR, HOUR)
    return limits.hit("ask", person.pk, NAMED_AN_HOUR, HOUR)


def _blank(request: HttpRequest, conference: Conference, at: datetime) -> HttpResponse:
    invited = any(entry.audience == Audience.OFFICERS for entry in conference.audiences.all())
    if not (conference.takes_questions(at) and invited and access.can(request.user, permissions.ASK, conference.host)):
        context = {"conference": conference, "at": at, "invited": invited, "layout": "base.html"}
        return render(request, "dialogues/intake_closed.html", context)
    kept = drafts.find(drafts.owner_of(request), draft_key(conference))
    initial = drafts.recall(drafts.owner_of(request), draft_key(conference)) if kept else {}
    form = AskForm(conference, initial={**initial, "submit_key": intake.new_submit_key()})
    return _page(request, conference, form, draft=kept)


def _page(request: HttpRequest, conference: Conference, form: AskForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "conference": conference,
        "form": form,
        "keep_as_draft": request.POST.get("do") == "draft",
        "few": intake.few_may_ask(conference, timezone.localdate()),
        "may_follow": access.can(request.user, permissions.SUPPORT, conference.host),
        "complaints_url": reverse("ask_channels"),
        **more,
    }
    return render(request, "dialogues/intake_ask.html", context, status=status)
