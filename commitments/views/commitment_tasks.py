"""The tasks of a commitment that is being drafted: rows are added, moved and taken away without JavaScript too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.web.domain import draft as drafts
from cchc.web.models import Draft
from cchc.workflow.engine import MovedOn, Refused, moved_on
from commitments.domain import sources
from commitments.domain.draft import MOST_TASKS, may_register, save_tasks, years_later
from commitments.enums import CommitmentState, Direction
from commitments.forms.commitment import TaskRows, values_of
from commitments.models import Commitment
from commitments.views.commitment import load, task_rows, title_of
from dialogues.models import Item


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_tasks(request: HttpRequest, pk: UUID) -> HttpResponse:
    commitment = load(request, pk)
    if not may_register(commitment, request.user):
        raise Http404
    if commitment.state != CommitmentState.DRAFT and request.method != "POST":
        raise moved_on(commitment)
    if request.method != "POST":
        draft = drafts.find(drafts.owner_of(request), draft_key(commitment))
        return _page(request, commitment, _first_rows(commitment, draft), draft=draft)
    step = request.POST.get("_do", "save")
    rows = TaskRows.posted(request.POST, bound=step == "save")
    if step != "save":
        _change_rows(request, commitment, rows, step)
        return _page(request, commitment, rows, seen=request.POST.get("seen", ""))
    return _save(request, commitment, rows)


def draft_key(commitment: Commitment) -> str:
    return f"commitment-{commitment.pk}"


def _first_rows(commitment: Commitment, draft: Draft | None) -> TaskRows:
    """What was typed and not saved yet, else the tasks as they stand, else an empty row."""
    typed = drafts.typed_in(draft)
    rows = TaskRows.kept(typed) if typed else TaskRows.of(list(commitment.tasks.all()))
    if not rows.order:
        rows.add({"direction": Direction.AT_LEAST})
    return rows


# --- Rows that come, go and move: nothing is saved by this ------------------------------------------------------------
def _change_rows(request: HttpRequest, commitment: Commitment, rows: TaskRows, step: str) -> None:
    verb, _colon, number = step.partition(":")
    if verb == "remove":
        rows.take(number)
    elif verb in ("up", "down"):
        rows.shift(number, -1 if verb == "up" else 1)
    elif verb == "copy":
        rows.drop_empty()
        for values in _copied(request, commitment):
            rows.add(values)
    elif verb == "item":
        rows.drop_empty()
        for values in _promised(request, commitment):
            rows.add(values)
    elif verb == "directive":
        rows.drop_empty()
        for values in _told(request, commitment):
            rows.add(values)
    if (verb == "add" or not rows.order) and len(rows.order) < MOST_TASKS:
        rows.add({"direction": Direction.AT_LEAST})


def _copied(request: HttpRequest, commitment: Commitment) -> list[dict[str, Any]]:
    """The tasks of the chosen commitment, their days moved into this year."""
    chosen = _chosen(sources.earlier_commitments(commitment, request.user), request.POST.get("copy"))
    if chosen is None:
        return []
    years = commitment.campaign.year - chosen.campaign.year
    return [
        values_of(task, copied_from=task.pk, due_on=years_later(task.due_on, years).isoformat())
        for task in chosen.tasks.all()
    ]


def _promised(request: HttpRequest, commitment: Commitment) -> list[dict[str, Any]]:
    """A task to begin with, of the chosen item and the day by which it was promised."""
    chosen: Item | None = _chosen(sources.promised_items(commitment, request.user), request.POST.get("item"))
    if chosen is None:
        return []
    day = sources.promised_on(chosen)
    return [
        {
            "text": chosen.title[:300], "item": chosen.pk, "direction": Direction.AT_LEAST,
            "due_on": day.isoformat() if day else "",
        }
    ]  # fmt: skip


def _told(request: HttpRequest, commitment: Commitment) -> list[dict[str, Any]]:
    """A task to begin with, of the chosen directive and its deadline."""
    chosen = _chosen(sources.open_directives(commitment, request.user), request.POST.get("directive"))
    if chosen is None:
        return []
    day = chosen.due_on.isoformat()
    return [{"text": chosen.title, "directive": chosen.pk, "direction": Direction.AT_LEAST, "due_on": day}]


def _chosen(rows: Any, key: str | None) -> Any:
    try:
        return rows.filter(pk=UUID(key or "")).first()
    except ValueError:
        return None


# --- Saving -----------------------------------------------------------------------------------------------------------
def _save(request: HttpRequest, commitment: Commitment, rows: TaskRows) -> HttpResponse:
    posted = request.POST.get("seen", "")
    seen = int(posted) if posted.isdecimal() and len(posted) < 9 else -1
    if not rows.is_valid():
        return _page(request, commitment, rows, seen=posted, status=400)
    own = sources.known_tasks(commitment)
    items = Item.objects.visible_to(request.user).filter(lead_unit=commitment.unit_id)
    try:
        told = rows.registered(own, items, sources.known_directives(commitment, request.user))
        save_tasks(commitment, told, by=request.user, at=timezone.now(), seen=seen)
    except ValidationError as error:
        rows.errors += error.messages
        return _page(request, commitment, rows, seen=posted, status=400)
    except MovedOn as refusal:
        # The newest state beside what was typed; sent once more, the typed rows stand, if the state still allows it.
        now = load(request, commitment.pk)
        return _page(request, now, rows, seen=str(now.moves), refusal=refusal, status=refusal.status)
    drafts.discard(drafts.owner_of(request), draft_key(commitment))
    messages.success(request, _("The tasks are saved."))
    return redirect("commitment_show", commitment.pk)


def _page(
    request: HttpRequest, commitment: Commitment, rows: TaskRows, *, seen: str = "", refusal: Refused | None = None,
    status: int = 200, draft: Draft | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "commitment": commitment,
        "campaign": commitment.campaign,
        "title": title_of(commitment),
        "rows": rows,
        "seen": seen or str(commitment.moves),
        "refusal": refusal,
        "possible": commitment.state == CommitmentState.DRAFT,
        "stands": task_rows(
            list(commitment.tasks.select_related("item", "directive", "copied_from__commitment", "from_unit"))
        )
        if refusal
        else [],
        "earlier": list(sources.earlier_commitments(commitment, request.user)[: sources.MOST]),
        "promised": list(sources.promised_items(commitment, request.user)[: sources.MOST]),
        "told": list(sources.open_directives(commitment, request.user)[: sources.MOST]),
        "most": MOST_TASKS,
        "draft": draft,
        "draft_url": reverse("draft_save", args=[draft_key(commitment)]),
    }
    return render(request, "commitments/commitment_tasks.html", context, status=status)
