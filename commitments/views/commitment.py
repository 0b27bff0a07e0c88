"""The page of one commitment, and its paper."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cchc.documents.models import Paper
from cchc.documents.typesetting import CannotTypeset
from cchc.followup.domain.explain import explain
from cchc.organization import access
from cchc.organization.models import Position
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import offers
from commitments import documents, permissions, presentation
from commitments.bases import basis_in
from commitments.domain import comparison, signed_copy
from commitments.domain.draft import may_register
from commitments.domain.signing import Heads
from commitments.enums import CommitmentState, Seat
from commitments.models import Commitment, Signature, Task
from commitments.views.comparison import Compared, compared
from commitments.views.history import timeline
from commitments.views.paper import pdf_file

S = CommitmentState


def load(request: HttpRequest, pk: UUID) -> Commitment:
    """The commitment if the person may see it; otherwise there is none."""
    return get_object_or_404(_visible(request), pk=pk)


def _visible(request: HttpRequest) -> QuerySet[Commitment]:
    wanted = ("campaign", "host__parent", "unit", "turn__unit", "taken_over_by__unit")
    return Commitment.objects.visible_to(request.user).select_related(*wanted).defer("campaign__content")


def load_versions(request: HttpRequest, pk: UUID) -> tuple[Commitment, list[Commitment]]:
    """As `load`, with all versions of the unit's commitment in the campaign, the latest first."""
    asked = Commitment.objects.filter(pk=pk)
    same = _visible(request).filter(campaign__in=asked.values("campaign"), unit__in=asked.values("unit"))
    versions = list(same.order_by("-version"))
    found = next((each for each in versions if each.pk == pk), None)
    if found is None:
        raise Http404
    return found, versions


@dataclass(frozen=True)
class Row:
    """A task ready to print."""

    task: Task
    target: str
    origin: str
    url: str


@dataclass(frozen=True)
class Place:
    """One of the two places for a signature: made, expected now, or later."""

    number: int
    seat: str
    signature: Signature | None
    post: Position | None
    post_words: str
    awaited: bool
    mine: bool


@require_safe
def commitment_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    commitment, versions = load_versions(request, pk)
    today, days, turn = timezone.localdate(), calendar(), commitment.turn
    mine = turn is not None and turn.is_owed_by(request.user)
    before = next((each for each in versions if each.version == commitment.version - 1), None)
    fill([commitment, *([before] if before else [])])
    tasks, heads = list(commitment.tasks.all()), Heads.needed(commitment, today)
    places = signature_places(commitment, heads, mine)
    editable = commitment.state == S.DRAFT and may_register(commitment, request.user)
    context = {
        "commitment": commitment,
        "campaign": commitment.campaign,
        "title": title_of(commitment),
        "badge": presentation.badge(commitment),
        "turn": presentation.turn(turn, mine),
        "due": presentation.due(turn, today, days),
        "counted": explain(turn, days, basis_in(commitment.campaign, turn, days)) if turn else None,
        "rows": task_rows(tasks),
        "weight": sum(task.weight for task in tasks),
        "places": places,
        "signed": sum(1 for place in places if place.signature),
        "locked_at": next((place.signature.at for place in places if place.signature), None),
        "short_code": presentation.short_code(commitment.digest),
        "paper": documents.paper_of(commitment, heads),
        "versions": versions,
        "compared": Compared(before, compared(comparison.between(before.tasks.all(), tasks))) if before else None,
        "may_edit": editable,
        "entries": timeline(commitment),
        "offers": offers(commitment, request.user),
        "base": f"{reverse('commitment_show', args=[commitment.pk])}do/",
        "why": why(commitment),
        **signed_outside(commitment),
        "insider": access.can(request.user, permissions.READ_COMMITMENTS, commitment.host),
    }
    return render(request, "commitments/commitment_show.html", context)


def signed_outside(commitment: Commitment) -> dict[str, Any]:
    """What came back digitally signed of a kept paper."""
    if commitment.paper_id is None:
        return {}
    found = signed_copy.digital_signatures(commitment)
    own = signed_copy.by_signer(commitment, found)
    return {
        "digital": list(own.values()),
        "in_law": signed_copy.in_law(commitment, own),
        "copies": signed_copy.by_copy(found),
    }


def title_of(commitment: Commitment) -> str:
    return _("Commitment for %(year)s, %(unit)s") % {"year": commitment.campaign.year, "unit": commitment.unit.name}


def why(commitment: Commitment) -> str:
    """The consequence of the step that is awaited."""
    if commitment.state == S.DRAFT:
        return _("Signed, the text is locked; the leader confirms it then.")
    if commitment.state == S.SIGNED:
        return _("Confirmed, the commitment is in force and is not edited; changes need a new version.")
    return ""


def task_rows(tasks: list[Task]) -> list[Row]:
    return [
        Row(
            task, presentation.target(task), presentation.origin(task),
            _source(task),
        )
        for task in tasks
    ]  # fmt: skip


def _source(task: Task) -> str:
    """The page of what it comes from."""
    if task.item_id:
        return reverse("item_show", args=[task.item_id])
    return reverse("directive_show", args=[task.directive_id]) if task.directive_id else ""


def fill(commitments: list[Commitment]) -> None:
    """Fetch tasks and signatures of all of them at once."""
    tasks = Task.objects.select_related("item", "directive", "copied_from__commitment", "from_unit")
    prefetch_related_objects(commitments, Prefetch("tasks", tasks), "signatures")


def signature_places(commitment: Commitment, heads: Heads, mine: bool = False) -> list[Place]:
    """The unit's signature and the leader's, in their order; whoever has not signed yet is named as expected."""
    made = {each.seat: each for each in commitment.signatures.all()}
    awaited = {S.DRAFT: Seat.CHIEF, S.SIGNED: Seat.LEADER}.get(S(commitment.state))
    found = []
    for number, seat in enumerate(Seat, 1):
        signature, post = made.get(seat), heads.expected(seat)
        unit = commitment.unit if seat == Seat.CHIEF else commitment.host
        words = documents.post_in_full(signature.title, signature.unit_name) if signature else ""
        words = words or (documents.post_in_full(post.title, unit.name) if post else "")
        found.append(Place(number, str(seat.label), signature, post, words, seat == awaited, mine and seat == awaited))
    return found


@require_safe
def commitment_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper as it looks, page by page."""
    commitment, problem, pages = load(request, pk), "", []
    try:
        pages = [base64.b64encode(page).decode() for page in documents.pages(commitment, timezone.now())]
    except CannotTypeset as error:
        problem = str(error)
    context = {"commitment": commitment, "title": title_of(commitment), "pages": pages, "problem": problem}
    return render(request, "commitments/commitment_paper.html", context)


@require_safe
def commitment_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The frozen paper, or the same with the organization's seal, as a file named by code and version."""
    commitment = load(request, pk)
    paper = commitment.paper if kind == "paper" else commitment.sealed
    if paper is None:
        raise Http404
    return file_answer(commitment, paper, "-sealed" if kind == "sealed" else "")


def file_answer(commitment: Commitment, paper: Paper, kind: str) -> HttpResponse:
    """*paper* as a download that no browser runs, named by code and version."""
    return pdf_file(bytes(paper.data), f"{name_of(commitment)}{kind}")


def name_of(commitment: Commitment) -> str:
    """How its files are called."""
    return f"{commitment.code.replace('/', '-')}-v{commitment.version}"
