"""The page of one item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from cchc.documents.models import Attachment
from cchc.followup.domain.explain import explain
from cchc.organization import access
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import offers
from cchc.workflow.flow import Offer
from dialogues import permissions, presentation
from dialogues import presentation_directive as shown
from dialogues.domain.intake import support
from dialogues.domain.item_page import Ordered, directives_of
from dialogues.domain.reader import Reader, reader_of
from dialogues.domain.similar import answered_like
from dialogues.domain.tracking import answers_to, ratable
from dialogues.enums import ItemState
from dialogues.forms.tracking import RateForm
from dialogues.models import Answer, Feedback, Item
from dialogues.views.answer import differences
from dialogues.views.item_escalation import referral_of
from dialogues.views.item_history import events_of, timeline
from dialogues.views.item_move import draft_key, empty_form, visible_item
from dialogues.views.item_rows import due_chip

# These have their form on the page itself; the bar's button sends it.
EMBEDDED = ("answer", "prepare")
# What can be undone is done from the bar at once; the rest asks first.
DIRECT = ("take_to_floor", "unmerge", "take_back", "accept_report")


@dataclass(frozen=True)
class BarOffer:
    """An offer as the action bar draws it: *form* is the id of the form on the page that its button sends."""

    offer: Offer
    form: str = ""

    @property
    def dialog(self) -> bool:
        """Whether its form opens in a dialog of the page."""
        return self.offer.action not in EMBEDDED

    def __getattr__(self, name: str) -> Any:
        return getattr(self.offer, name)


@require_safe
def item_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return item_page(request, visible_item(request, pk))


def item_page(request: HttpRequest, item: Item, *, refused: RateForm | None = None, status: int = 200) -> HttpResponse:
    """The page of *item*; *refused* is the asker's word on the answer where it has to be corrected."""
    reader = reader_of(item, request.user)
    merged = list(item.merged.defer("search").order_by("kind", "number")) if item.merged_count else []
    public = "public" in request.GET
    context = {
        "item": item,
        "reader": reader,
        "merged": merged,
        "asker": asker_line(item, reader),
        # Those inside may look at what the others see.
        "timeline": timeline(
            item, events_of(item, merged), merged, replace(reader, inside=False) if public else reader
        ),
        "public": public,
        **_head(item, reader),
        **_answers(item, reader, refused, compare="compare" in request.GET),
        **_bar(request, item),
        "why": presentation.NEXT_FOR_ASKER.get(item.state, "") if reader.asker and not reader.inside else "",
        "directives": _directives(item),
        "may_write_letter": access.can(request.user, permissions.READ_ITEMS, item.host),
        "may_star": access.can(request.user, permissions.SUPPORT, item.host) and not reader.asker,
        "may_edit": reader.asker and item.state in (ItemState.DRAFT, ItemState.SUBMITTED),
    }
    return render(request, "dialogues/item_show.html", context, status=status)


def _directives(item: Item) -> list[tuple[Ordered, SafeString]]:
    """What was told to be done because of it, each with its deadline."""
    told = directives_of(item)
    days, today = calendar() if told else None, timezone.localdate()
    return [(each, shown.deadline(each.directive, today, days)) for each in told] if days else []


def _head(item: Item, reader: Reader) -> dict[str, Any]:
    """State, turn and due, how the date was counted, and what became of it above."""
    mine = item.turn is not None and item.turn.is_owed_by(reader.person)
    found: dict[str, Any] = {
        "badge": presentation.badge(item, reader.inside),
        "turn": presentation.turn(item.turn, mine, item.host_id),
    }
    days = calendar() if item.turn or item.escalation_id else None
    if days and item.escalation_id:
        found["referral"] = referral_of(item, reader, days)
    if days and item.turn:
        found["due"] = due_chip(item, timezone.localdate(), days)
        # The turn of an item that waits on its report to the unit above is the report's: why it moved is told there.
        if item.turn.subject_type == item._meta.label_lower:
            found["counted"] = explain(item.turn, days, presentation.due_basis(item, item.turn, days))
    return found


def _answers(item: Item, reader: Reader, refused: RateForm | None, *, compare: bool) -> dict[str, Any]:
    """The answer that stands, those before it, their files and what was thought of them."""
    rounds = rounds_of(item, reader)
    files = files_of(item, rounds, reader)
    for given in rounds:
        given.attached = files.get(given.pk, [])
    answer = next((answer for answer in rounds if answer.pk == item.answer_id), None)
    both = answer if answer and reader.inside and answer.leader_changed_it else None
    return {
        "answer": answer,
        "comparable": both is not None,
        "differences": differences(both.prepared_text, both.text) if both and compare else "",
        "earlier_rounds": [answer for answer in rounds if answer.pk != item.answer_id],
        "feedback": feedback_of(rounds),
        "files": files.get("question", []),
        "may_rate": (refused or RateForm()) if reader.asker and ratable(item, _told(item, rounds)) else None,
    }


def _bar(request: HttpRequest, item: Item) -> dict[str, Any]:
    """The buttons, and the form of whoever writes now."""
    buttons = offers(item, request.user)
    action = next((offer.action for offer in buttons if offer.action in EMBEDDED and not offer.reason), "")
    return {
        "offers": [BarOffer(offer, f"{action}-form" if offer.action == action else "") for offer in buttons],
        "direct": " ".join(DIRECT),
        "form_action": action,
        "form": empty_form(request, item, action) if action else None,
        "draft_key": draft_key(item, action),
    }


def rounds_of(item: Item, reader: Reader) -> list[Answer]:
    """The answers of an item, newest first, as far as the reader may know them."""
    rounds = item.answers.select_related("prepared_by", "prepared_unit", "answered_by").order_by("-number")
    if not reader.inside:
        rounds = rounds.filter(published_at__isnull=False).defer("prepared_text")
    return list(rounds)


def _told(item: Item, rounds: list[Answer]) -> list[Answer]:
    """The answers that were published to the asker of *item*: its own, or those of what it was merged into."""
    return answers_to(item) if item.merged_into_id else [answer for answer in rounds if answer.published_at]


def feedback_of(rounds: list[Answer]) -> list[Feedback]:
    published = [answer.pk for answer in rounds if answer.published_at]
    return list(Feedback.objects.filter(answer__in=published).select_related("answer")) if published else []


def files_of(item: Item, rounds: list[Answer], reader: Reader) -> dict[int | str, list[Attachment]]:
    """Files by what they belong to: an answer's key, or "question".

    Only those who know the asker get the question's: a file's name may tell whose it is.
    """
    wanted = Q(subject_type="dialogues.answer", subject_id__in=[str(answer.pk) for answer in rounds])
    if reader.knows_asker or item.is_anonymous:
        wanted |= Q(subject_type="dialogues.item", subject_id=str(item.pk))
    answers = {str(answer.pk): answer.pk for answer in rounds}
    found: dict[int | str, list[Attachment]] = {}
    for file in Attachment.objects.filter(wanted).order_by("uploaded_at", "place", "pk"):
        found.setdefault(answers.get(file.subject_id, "question"), []).append(file)
    return found


@dataclass(frozen=True)
class AskerLine:
    """Who asked, as far as the reader may know. *name* is empty where it is not his to know, or nobody's."""

    audience: str
    name: str
    unit: str
    contact: str
    anonymous: bool


def asker_line(item: Item, reader: Reader) -> AskerLine:
    known = reader.knows_asker and not item.is_anonymous
    name = (item.author.full_name if item.author else item.asker_name) if known else ""
    unit = item.unit.short_name if known and item.unit else item.locality if known else ""
    contact = item.asker_contact if known else ""
    return AskerLine(str(presentation.ASKERS[item.audience]), name, unit, contact, item.is_anonymous)


@require_safe
def item_earlier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked and answered before, at an earlier conference: a part that the page fetches after it is shown."""
    item = visible_item(request, pk)
    found = answered_like(f"{item.title}\n{item.text}", item.conference, request.user, limit=5)
    earlier = [other for other in found if other.pk != item.pk and other.conference_id != item.conference_id][:2]
    return render(request, "dialogues/_item_earlier.html", {"item": item, "earlier": earlier})


@require_POST
def item_support(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that one has the same concern, or take it back."""
    item = visible_item(request, pk)
    support(item, by=request.user, at=timezone.now())
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "item_show", *(() if safe else (item.pk,)))
