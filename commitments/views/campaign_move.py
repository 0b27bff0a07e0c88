"""The moves of a campaign: each asks on a page of its own, says what it freezes and whom it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cchc.workflow.engine import Refused, perform, refusal_of
from cchc.workflow.flow import flow_of
from commitments.forms.move import MoveForm
from commitments.views.campaign import load
from commitments.views.move import action_or_404


@dataclass(frozen=True)
class Question:
    """What is asked before a move, and what it leads to."""

    title: Any
    lines: tuple[Any, ...] = ()


QUESTIONS = {
    "open": Question(
        gettext_lazy("Open the campaign for signing?"),
        (
            gettext_lazy("Title, clause, dates, criteria, rating levels, groups and units are frozen."),
            gettext_lazy("Every unit gets a commitment to draft, and its chief owes the signature by the day below."),
        ),
    ),
    "cancel": Question(
        gettext_lazy("Cancel the campaign?"),
        (
            gettext_lazy("This cannot be undone. Commitments that are being drafted are discarded and stay readable."),
        ),
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_move(request: HttpRequest, code: str, action: str) -> HttpResponse:
    campaign = load(request, code)
    row = action_or_404(campaign, action)
    form = MoveForm(request.POST or None, subject=campaign, needs_note=row.note_required)
    refusal = refusal_of(campaign, action, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            perform(campaign, action, by=request.user, at=timezone.now(), **form.for_move)
        except Refused as refused:
            refusal = refused
        else:
            words = _("Done: %(action)s, %(code)s.") % {"action": flow_of(campaign).row(action).label, "code": code}
            messages.success(request, words)
            return redirect("campaign_show", campaign.code)
    status = refusal.status if refusal else 400 if form.is_bound else 200
    context = {
        "campaign": campaign,
        "row": row,
        "question": QUESTIONS.get(action, Question(row.label)),
        "form": form,
        "refusal": refusal,
        "units": campaign.signatories.count(),
    }
    return render(request, "commitments/campaign_move.html", context, status=status)
