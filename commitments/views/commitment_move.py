"""The moves of a commitment that need a reason at most: each asks on a page of its own. Signing has its own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.views.decorators.http import require_http_methods

from cchc.workflow.engine import Refused, perform, refusal_of
from commitments.forms.move import MoveForm
from commitments.models import Commitment
from commitments.models.commitment import BEING_SIGNED
from commitments.views.commitment import load, title_of
from commitments.views.move import action_or_404, send_again, status_of

# What each move leads to, said before it is made.
LEADS_TO = {
    "return": T("The unit drafts a new version with your reason before it; this one stays readable as returned."),
    "take_back": T("Nobody confirms this version any more; you draft a new one, and this one stays readable."),
    "revise": T("A new version with the same tasks is opened for you to change; it is signed anew by both."),
    "amend": T(
        "A new version with the same tasks is opened; until both have signed it, the present one stays in force."
    ),
    "agree": T("The scores are final then."),
    "object": T("The leader decides on it once; state which score is wrong and why."),
    "send_back": T("The unit assesses itself again."),
}
# Offered on the page of the evaluation: one comes from there and goes back there.
OF_EVALUATION = ("agree", "object", "send_back")


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    commitment = load(request, pk)
    row = action_or_404(commitment, action)
    form = MoveForm(request.POST or None, subject=commitment, needs_note=row.note_required)
    refusal = refusal_of(commitment, action, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            moved = perform(commitment, action, by=request.user, at=timezone.now(), **form.for_move)
        except Refused as refused:
            refusal = refused
            commitment = load(request, pk)
            send_again(form, commitment, refused)
        else:
            words = _("Done: %(action)s, %(code)s.") % {"action": row.label, "code": commitment.code}
            messages.success(request, words)
            return redirect(_page_of(action), _follow(moved, action).pk)
    still = refusal_of(commitment, action, request.user)
    context = {
        "commitment": commitment,
        "title": title_of(commitment),
        "row": row,
        "back": reverse(_page_of(action), args=[commitment.pk]),
        "leads_to": LEADS_TO.get(action, ""),
        "form": form,
        "refusal": refusal,
        "possible": still is None,
    }
    return render(request, "commitments/commitment_move.html", context, status=status_of(form, refusal))


def _page_of(action: str) -> str:
    return "evaluation_show" if action in OF_EVALUATION else "commitment_show"


def _follow(moved: Commitment, action: str) -> Commitment:
    """The page to go on with: the new version, where the move began one."""
    if action not in ("revise", "amend"):
        return moved
    same = Commitment.objects.filter(campaign=moved.campaign_id, unit=moved.unit_id, state__in=BEING_SIGNED)
    return same.order_by("-version").first() or moved
