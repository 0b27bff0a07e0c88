"""A paper as pages to look at, as PDF, and as a file to work on."""

from __future__ import annotations

import base64
import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cchc.documents.docx import CONTENT_TYPE
from cchc.documents.models import Document
from cchc.documents.printing import draft_pdf, editable, first_pages, sheet
from cchc.documents.typesetting import CannotTypeset
from cchc.documents.views.document import badge, load
from cchc.web.text import fold

MOST = 80  # templates/documents/document/sheet.typ


@never_cache
@require_safe
def document_pages(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The paper as it looks, page by page; of a long one the first."""
    document, problem, pages = load(request, pk), "", []
    try:
        pages = [base64.b64encode(page).decode() for page in first_pages(document, timezone.now())]
    except CannotTypeset as error:
        problem = str(error)
    body = sheet(document)["body"]
    context = {
        "document": document, "badge": badge(document), "pages": pages, "problem": problem,
        "cut": len(body) > MOST or any(len(block.get("rows", [])) > MOST for block in body),
    }  # fmt: skip
    return render(request, "documents/document_pages.html", context)


@never_cache
@require_safe
def document_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The frozen bytes; of a draft the pages as they would be, which no reader without a right to drafts gets."""
    document = load(request, pk)
    if document.paper is None:
        return _file(document, draft_pdf(document, timezone.now()), "application/pdf", "pdf")
    return _file(document, bytes(document.paper.data), "application/pdf", "pdf")


@never_cache
@require_safe
def document_docx(request: HttpRequest, pk: UUID) -> HttpResponse:
    document = load(request, pk)
    return _file(document, editable(document), CONTENT_TYPE, "docx")


def _file(document: Document, data: bytes, kind: str, extension: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    name = f"{name_of(document)}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def name_of(document: Document) -> str:
    """ "05-TB-CATX-TH", or "thong-bao-ket-luan-…" by kind and title: in Vietnamese, as the paper is."""
    with translation.override("vi"):
        words = document.mark or f"{document.kind_label} {document.title}"
    return re.sub(r"[^A-Za-z0-9]+", "-", fold(words) if not document.mark else words).strip("-")[:80] or "paper"
