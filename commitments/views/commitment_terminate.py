"""Ending a commitment whose unit is reorganized: by which decision, and who goes on with its open tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.followup.domain.handover import successors
from cchc.workflow.engine import Refused, perform, refusal_of
from cchc.workflow.flow import flow_of
from commitments import presentation
from commitments.domain.takeover import open_tasks, successor_units
from commitments.forms.terminate import TerminateForm
from commitments.models import Commitment
from commitments.views.commitment import load, title_of
from commitments.views.move import send_again, status_of

ACTION = "terminate"


@require_http_methods(["GET", "HEAD", "POST"])
def commitment_terminate(request: HttpRequest, pk: UUID) -> HttpResponse:
    commitment = load(request, pk)
    form, refusal = _form(request, commitment), refusal_of(commitment, ACTION, request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            perform(
                commitment, ACTION, by=request.user, at=timezone.now(), note=data["note"], seen=data["seen"],
                successor=data["successor"] or None,
            )  # fmt: skip
        except Refused as refused:
            refusal, commitment = refused, load(request, pk)
            send_again(form, commitment, refused)
        else:
            words = {"action": flow_of(commitment).row(ACTION).label, "code": commitment.code}
            messages.success(request, _("Done: %(action)s, %(code)s.") % words)
            return redirect("commitment_show", commitment.pk)
    return render(
        request,
        "commitments/commitment_terminate.html",
        _context(request, commitment, form, refusal),
        status=status_of(form, refusal),
    )


def _form(request: HttpRequest, commitment: Commitment) -> TerminateForm:
    """The recorded successor is proposed."""
    units = successor_units(commitment)
    recorded = successors([commitment.unit], timezone.localdate())[commitment.unit_id]
    first = next((unit for unit in recorded if unit in units), None)
    return TerminateForm(units, request.POST or None, subject=commitment, initial={"successor": first or ""})


def _context(
    request: HttpRequest, commitment: Commitment, form: TerminateForm, refusal: Refused | None
) -> dict[str, Any]:  # fmt: skip
    return {
        "commitment": commitment,
        "title": title_of(commitment),
        "row": flow_of(commitment).row(ACTION),
        "form": form,
        "refusal": refusal,
        "possible": refusal_of(commitment, ACTION, request.user) is None,
        "tasks": [(task, presentation.target(task)) for task in open_tasks(commitment)],
    }
