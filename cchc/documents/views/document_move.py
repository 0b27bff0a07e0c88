"""Issuing a paper, discarding a draft, and beginning what replaces an issued one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cchc.documents.domain.document import DOCUMENT_FLOW, begin_replacement
from cchc.documents.domain.letterhead import head_of
from cchc.documents.domain.register import mark_of, next_number
from cchc.documents.forms.document import IssueForm
from cchc.documents.models import Document
from cchc.documents.printing import issue
from cchc.documents.typesetting import CannotTypeset
from cchc.documents.views.document import load
from cchc.workflow.engine import Refused, perform, refusal_of


@require_http_methods(["GET", "HEAD", "POST"])
def document_move(request: HttpRequest, pk: UUID, action: str) -> HttpResponse:
    """Ask before a move that cannot be undone; posted, make it."""
    if action not in ("issue", "discard"):
        raise Http404
    document = load(request, pk)
    form = IssueForm(request.POST if request.method == "POST" else None, document=document)
    if action == "discard":
        form.fields = {"seen": form.fields["seen"]}
    refusal = refusal_of(document, action, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            _make(request, document, action, form.cleaned_data)
        except Refused as refused:
            refusal, document = refused, load(request, pk)
        except CannotTypeset as problem:
            form.add_error(None, str(problem))
        else:
            return _made(request, document, action)
    return _page(request, document, action, form, refusal)


def _make(request: HttpRequest, document: Document, action: str, data: dict[str, Any]) -> None:
    by, at = request.user, timezone.now()
    if action == "issue":
        issue(document, by=by, at=at, day=data["day"], number=data.get("number"), seen=data["seen"])
    else:
        perform(document, action, by=by, at=at, seen=data["seen"])


def _made(request: HttpRequest, document: Document, action: str) -> HttpResponse:
    if action == "discard":
        messages.success(request, _("The draft is discarded."))
        return redirect("document_subject", document.subject_type, document.subject_id)
    now = load(request, document.pk)
    words = _("The paper is issued with the number %(mark)s.") if now.mark else _("The paper is issued.")
    messages.success(request, words % {"mark": now.mark})
    return redirect("document_show", document.pk)


def _page(
    request: HttpRequest, document: Document, action: str, form: IssueForm, refusal: Refused | None
) -> HttpResponse:
    head, year = head_of(document.host), timezone.localdate().year
    following = next_number(document.host, year, document.series) if document.series else None
    context = {
        "document": document, "row": DOCUMENT_FLOW.row(action), "form": form, "refusal": refusal, "year": str(year),
        "possible": refusal_of(document, action, request.user) is None,
        "following": mark_of(following, document.series, head.symbol, document.drafter),
    }  # fmt: skip
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "documents/document_move.html", context, status=status)


@require_POST
def document_replace(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin the draft that takes the place of an issued paper."""
    made = begin_replacement(load(request, pk), by=request.user, at=timezone.now())
    messages.success(request, _("Correct the new draft; once it is issued, the earlier paper is marked as replaced."))
    return redirect("document_show", made.pk)
