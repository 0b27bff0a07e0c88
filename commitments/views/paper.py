"""A paper of commitments as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from cchc.documents.docx import CONTENT_TYPE


def pdf_file(data: bytes, name: str) -> HttpResponse:
    """*data* to download as *name*.pdf; opened in the browser it can do nothing."""
    return _file(data, "application/pdf", f"{name}.pdf")


def docx_file(data: bytes, name: str) -> HttpResponse:
    """The same for a copy to be worked on, whose name says that it is one."""
    return _file(data, CONTENT_TYPE, f"{name}-de-bien-tap.docx")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
