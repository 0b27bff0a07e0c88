"""Editing a draft: its texts, and its tables line by line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.documents.domain.document import edit_document
from cchc.documents.domain.lines import changed_lines
from cchc.documents.forms.document import DraftForm, LineForm
from cchc.documents.models import Document
from cchc.documents.permissions import PREPARE_PAPERS
from cchc.documents.typed import dump, line_type, load, parts
from cchc.documents.views.document import load as load_document
from cchc.documents.views.document import tables_of
from cchc.organization import access
from cchc.web.domain import draft as drafts
from cchc.workflow.engine import NotAllowed, Refused, moved_on

ON_A_PAGE = 20
NEW = 2  # blank lines at the end


def _of_own_unit(request: HttpRequest, pk: UUID) -> Document:
    document = load_document(request, pk)
    if not access.can(request.user, PREPARE_PAPERS, document.host):
        raise NotAllowed(_("This step is not among your rights here."))
    if request.method != "POST" and not document.is_draft:
        raise moved_on(document)
    return document


@require_http_methods(["GET", "HEAD", "POST"])
def document_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    document, refusal = _of_own_unit(request, pk), None
    key = f"document-{pk}"
    typed = {} if request.method == "POST" else drafts.recall(drafts.owner_of(request), key)
    initial = {name: value for name, value in typed.items() if name != "seen"}
    form = DraftForm(request.POST if request.method == "POST" else None, document=document, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edits, seen = form.edits(document.content), form.cleaned_data["seen"]
            edit_document(document, by=request.user, at=timezone.now(), seen=seen, **edits)
        except Refused as refused:
            refusal = refused
            form.data = _once_more(request, load_document(request, pk))
        else:
            drafts.discard(drafts.owner_of(request), key)
            messages.success(request, _("The draft is saved."))
            return redirect("document_show", pk)
    context = {
        "document": document, "form": form, "refusal": refusal, "tables": tables_of(document),
        "draft": None if form.is_bound else drafts.find(drafts.owner_of(request), key),
        "draft_url": reverse("draft_save", args=[key]),
    }  # fmt: skip
    status = refusal.status if refusal else 400 if form.is_bound else 200
    return render(request, "documents/document_edit.html", context, status=status)


def _once_more(request: HttpRequest, document: Document) -> Any:
    """What was typed, to be sent on top of what stands now."""
    again = request.POST.copy()
    again["seen"] = str(document.moves)
    return again


@require_http_methods(["GET", "HEAD", "POST"])
def document_lines(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """One table of the content, some lines at a time."""
    document, refusal = _of_own_unit(request, pk), None
    part, content = _table(document, name)
    lines = document.content.get(name, [])
    page = _page_number(request, len(lines))
    forms = _forms(request, content, lines, page)
    bound = request.method == "POST"
    if bound and not [form for form in forms if not form.is_valid()]:
        seen = request.POST.get("seen", "")
        after = changed_lines(lines, forms)
        try:
            edit_document(
                document, by=request.user, at=timezone.now(), seen=int(seen) if seen.isdecimal() else None,
                content={**document.content, name: dump(after)},
            )  # fmt: skip
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The lines are saved."))
            return redirect(_after(request, pk, name, page))
    now = load_document(request, pk) if refusal else document
    context = {
        "document": document, "name": name, "label": part.metadata["label"], "forms": forms, "refusal": refusal,
        "seen": now.moves, "page": page, "last": _last(len(lines)), "count": len(lines),
        "pages": range(1, _last(len(lines)) + 1),
    }  # fmt: skip
    status = refusal.status if refusal else 400 if bound else 200
    return render(request, "documents/document_lines.html", context, status=status)


def _table(document: Document, name: str) -> tuple[Any, type]:
    for part, kind in parts(document.of_kind.content):
        content = line_type(kind)
        if part.name == name and content is not None:
            return part, content
    raise Http404


def _last(count: int) -> int:
    return max(1, -(-count // ON_A_PAGE))


def _page_number(request: HttpRequest, count: int) -> int:
    wanted = request.GET.get("page", "1")
    return min(max(int(wanted), 1), _last(count)) if wanted.isdecimal() and len(wanted) < 6 else 1


def _forms(request: HttpRequest, content: type, lines: list[Any], page: int) -> list[LineForm]:
    first = (page - 1) * ON_A_PAGE
    data = request.POST if request.method == "POST" else None
    shown = [
        LineForm(data, content=content, place=place, value=load(content, line))
        for place, line in enumerate(lines[first : first + ON_A_PAGE], first + 1)
    ]
    if page == _last(len(lines)):
        end = len(lines)
        shown += [LineForm(data, content=content, place=end + number, value=None) for number in range(1, NEW + 1)]
    return shown


def _after(request: HttpRequest, pk: UUID, name: str, page: int) -> str:
    """Back to the paper, or on with the next lines."""
    address = reverse("document_lines", args=[pk, name])
    if "more" in request.POST:
        return f"{address}?page={page}"
    return f"{address}?page={page + 1}" if "next" in request.POST else reverse("document_show", args=[pk])
