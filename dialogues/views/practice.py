"""Good practices: the list, one with those who took it over, writing it, and its moves."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain.attachment import attachments_of
from cchc.organization import access
from cchc.organization.models import Unit
from cchc.web import markup
from cchc.web.domain import draft as drafts
from cchc.web.paging import page_of
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import Refused, offers
from cchc.workflow.models.obligation import seats
from dialogues import permissions, presentation
from dialogues.domain import practice as practices
from dialogues.enums import PracticeState
from dialogues.forms.item_list import by_program, topics_for
from dialogues.forms.move import NoteForm
from dialogues.forms.practice import PracticeFilter, PracticeForm, PublishForm
from dialogues.models import Field, Practice
from dialogues.views.conference_history import timeline
from dialogues.views.move import move_page, send_again

ORDER = ("-created_at", "id")
DONE = {
    "propose": gettext_lazy("The practice is proposed."),
    "withdraw": gettext_lazy("The practice is a draft again."),
    "publish": gettext_lazy("The practice is published."),
    "send_back": gettext_lazy("The practice is sent back."),
    "reject": gettext_lazy("The practice is not recognized."),
    "reconsider": gettext_lazy("The practice is under review again."),
    "retire": gettext_lazy("The practice is no longer recommended."),
    "resume": gettext_lazy("The practice is recommended again."),
}
CONSEQUENCES = {
    "propose": gettext_lazy("The secretary of the command above reviews it; until then it can be taken back."),
    "publish": gettext_lazy("Every unit sees it and can take it over."),
    "send_back": gettext_lazy("The unit reads the reason, completes the description and proposes it again."),
    "reject": gettext_lazy("The unit reads the reason. It can be reviewed again only by the reviewer."),
    "retire": gettext_lazy("It stays readable with those who use it; nobody can take it over any more."),
}
FORMS = {"publish": PublishForm}


@dataclass(frozen=True)
class Line:
    practice: Practice
    badge: SafeString
    adopted: int


def load(request: HttpRequest, pk: UUID) -> Practice:
    """The practice if the person may see it; otherwise there is none."""
    rows = Practice.objects.visible_to(request.user).select_related("unit__command", "host__command", "topic", "field")
    return get_object_or_404(rows.select_related("turn__unit"), pk=pk)


@require_safe
def practice_list(request: HttpRequest) -> HttpResponse:
    form = PracticeFilter(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    page = page_of(request, _filtered(Practice.objects.visible_to(request.user), chosen).for_list(), ORDER)
    topics = {str(topic.pk): topic for topic in topics_for(None)}
    context = {
        "page": page,
        "lines": [Line(each, presentation.practice_badge(each), each.adopted) for each in page],
        "chosen": chosen,
        "unit": Unit.objects.filter(code=chosen["unit"]).first() if "unit" in chosen else None,
        "programs": by_program(topics),
        "grouped": len({topic.set_id for topic in topics.values()}) > 1,
        "fields": Field.objects.all(),
        "states": PracticeState.choices,
        "may_write": access.holds(request.user, permissions.PROPOSE_PRACTICE),
    }
    return render(request, "dialogues/practice_list.html", context)


def _filtered(rows: Any, chosen: dict[str, Any]) -> Any:
    if "q" in chosen:
        rows = practices.searched(rows, chosen["q"])
    if "unit" in chosen:
        rows = rows.filter(unit__code=chosen["unit"])
    return rows.filter(**{name: chosen[name] for name in ("topic", "field", "state") if name in chosen})


@require_safe
def practice_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    practice, at = load(request, pk), timezone.now()
    today, turn = timezone.localdate(at), practice.turn
    adoptions = list(practice.adoptions.select_related("unit__command"))
    writes = access.can(request.user, permissions.PROPOSE_PRACTICE, practice.unit)
    reviews = access.can(request.user, permissions.REVIEW_PRACTICE, practice.host)
    mine = bool(turn and (turn.role, turn.unit_id) in seats(request.user))
    context = {
        "practice": practice,
        "badge": presentation.practice_badge(practice),
        "measures": [
            (each, presentation.number(each.before), presentation.number(each.after))
            for each in practice.measures.all()
        ],
        "adoptions": [
            (each, not each.ended_on and access.can(request.user, permissions.ADOPT_PRACTICE, each.unit))
            for each in adoptions
        ],
        "adopted": sum(1 for each in adoptions if each.adopted_on and not each.ended_on),
        "today": today,
        "may_adopt": practice.state == PracticeState.PUBLISHED
        and access.holds(request.user, permissions.ADOPT_PRACTICE),
        "may_edit": writes and practice.state in practices.WRITABLE,
        "files": attachments_of("dialogues.practice", [practice.pk]).get(str(practice.pk), []),
        "offers": offers(practice, request.user),
        "base": f"{reverse('practice_show', args=[practice.pk])}do/",
        "turn": markup.turn(turn.unit.short_name, mine, title=turn.unit.name) if turn and turn.unit else "",
        "due": markup.due(Due(turn.due_on, calendar().between(today, turn.due_on))) if turn else "",
        "entries": timeline(practice, inside=writes or reviews),
    }
    return render(request, "dialogues/practice_show.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def practice_create(request: HttpRequest) -> HttpResponse:
    if not access.holds(request.user, permissions.PROPOSE_PRACTICE):
        raise Http404
    return _form_page(request, "practice-new", None)


@require_http_methods(["GET", "HEAD", "POST"])
def practice_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    practice = load(request, pk)
    if not access.can(request.user, permissions.PROPOSE_PRACTICE, practice.unit):
        raise Http404
    if practice.state not in practices.WRITABLE:
        messages.warning(request, _("What is under review or was published can no longer be changed."))
        return redirect("practice_show", practice.pk)
    return _form_page(request, f"practice-edit-{practice.pk}", practice)


def _form_page(request: HttpRequest, key: str, practice: Practice | None) -> HttpResponse:
    owner, refusal = drafts.owner_of(request), None
    options: dict[str, Any] = {"by": request.user, "instance": copy.copy(practice) if practice else None}
    if request.method == "POST":
        form = PracticeForm(request.POST, request.FILES, **options)
        if form.is_valid():
            try:
                saved = _save(request, form, practice)
            except Refused as refused:
                refusal = refused
                if practice:
                    send_again(form, practice, refused)
            else:
                drafts.discard(owner, key)
                messages.success(request, _("The practice is saved."))
                return redirect("practice_show", saved.pk)
    else:
        first = {} if practice else _own_unit(request)
        form = PracticeForm(initial={**first, **drafts.recall(owner, key)}, **options)
    context = {
        "form": form,
        "practice": practice,
        "refusal": refusal,
        "draft": drafts.find(owner, key) if not form.is_bound else None,
        "draft_url": reverse("draft_save", args=[key]),
    }
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "dialogues/practice_form.html", context, status=status)


def _own_unit(request: HttpRequest) -> dict[str, Any]:
    posts = access.granted(request.user, permissions.PROPOSE_PRACTICE)
    return {"unit": posts[0][0].unit_id} if posts else {}


def _save(request: HttpRequest, form: PracticeForm, practice: Practice | None) -> Practice:
    at = timezone.now()
    if practice is None:
        return practices.write(by=request.user, at=at, **form.particulars)
    return practices.change(practice, by=request.user, at=at, seen=form.cleaned_data["seen"], **form.particulars)


@require_http_methods(["GET", "HEAD", "POST"])
def practice_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    practice = load(request, pk)
    form = FORMS.get(action, NoteForm)
    back = reverse("practice_show", args=[practice.pk])
    return move_page(request, practice, action, back=back, done=DONE, consequences=CONSEQUENCES, form=form)
