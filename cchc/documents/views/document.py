"""Papers: the register, those of one subject, and one paper with what is said to it."""

from __future__ import annotations

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
from django.views.decorators.http import require_POST, require_safe

from cchc.documents.domain import document as documents
from cchc.documents.enums import DocumentState
from cchc.documents.forms.document import CommentForm
from cchc.documents.kinds import Matter, PaperKind, kinds, kinds_of
from cchc.documents.models import Document
from cchc.documents.permissions import PREPARE_PAPERS, READ_DRAFT_PAPERS, READ_UNIT_PAPERS, SET_LETTERHEAD
from cchc.documents.printing import sheet
from cchc.documents.typed import line_type, parts
from cchc.organization import access
from cchc.web import markup
from cchc.web.paging import page_of
from cchc.workflow.engine import Refused, offers
from cchc.workflow.history import entries
from cchc.workflow.models import Event

S = DocumentState
BADGES = {S.DRAFT: ("is-prep", "s1"), S.ISSUED: ("is-done", "s4"), S.REPLACED: ("", "sx"), S.DISCARDED: ("", "sx")}
ORDER = ("-begun_at", "-id")
# A table of a thousand lines is read in the file.
MOST_BLOCKS = 300
UNITS = "organization.unit"


@dataclass(frozen=True)
class Line:
    document: Document
    badge: SafeString


@dataclass(frozen=True)
class Offered:
    """A kind that can be made of a subject; *objection*: why not now, or ""; *page*: where it is begun, or ""."""

    kind: PaperKind
    objection: str
    page: str


def badge(document: Document) -> SafeString:
    tone, sign = BADGES[S(document.state)]
    return markup.state_badge(document.get_state_display(), tone, sign)


def load(request: HttpRequest, pk: UUID) -> Document:
    """The paper if the person may see it; otherwise there is none."""
    rows = Document.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("host__parent", "signer__person", "paper", "issued_by", "written_by", "replaces").defer(
            "paper__data", "replaces__content", "replaces__printed"
        ),
        pk=pk,
    )


def matter_of(request: HttpRequest, subject_type: str, pk: UUID) -> Matter:
    found = kinds_of(subject_type)
    matter = found[0].subjects.find(request.user, pk) if found else None
    if matter is None:
        raise Http404
    return matter


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """The register: what the units within one's reach wrote and issued, by year and kind."""
    if not access.holds(request.user, READ_UNIT_PAPERS):
        raise Http404
    rows = Document.objects.visible_to(request.user).filter(access.within(request.user, READ_UNIT_PAPERS, "host"))
    chosen = {name: request.GET.get(name, "") for name in ("kind", "state", "year")}
    if chosen["kind"] in kinds():
        rows = rows.filter(kind=chosen["kind"])
    rows = rows.filter(state=chosen["state"]) if chosen["state"] in S.values else rows.exclude(state=S.DISCARDED)
    if chosen["year"].isdecimal() and len(chosen["year"]) == 4:
        rows = rows.filter(day__year=int(chosen["year"]))
    page = page_of(request, rows.for_list(), ORDER)
    this = timezone.localdate().year
    context = {
        "page": page, "lines": [Line(each, badge(each)) for each in page], "chosen": chosen,
        "filtered": any(chosen.values()), "kinds": [(kind.key, kind.label) for kind in kinds().values()],
        "states": S.choices, "years": [str(year) for year in range(this, this - 8, -1)],
        "host": _own_host(request), "may_set": access.holds(request.user, SET_LETTERHEAD),
    }  # fmt: skip
    return render(request, "documents/document_list.html", context)


def _own_host(request: HttpRequest) -> dict[str, Any] | None:
    """The unit about which one can write reports, with the kinds that there are."""
    host = access.units(request.user, PREPARE_PAPERS).order_by("sort_key").first()
    return {"unit": host, "id": UUID(int=host.pk), "offered": _offered(UNITS, host)} if host else None


def _offered(subject_type: str, subject: Any) -> list[Offered]:
    today = timezone.localdate()
    return [Offered(kind, str(kind.objection(subject)), kind.page(subject, today)) for kind in kinds_of(subject_type)]


@require_safe
def document_subject(request: HttpRequest, subject_type: str, pk: UUID) -> HttpResponse:
    """The papers about one subject, and which can be made."""
    matter = matter_of(request, subject_type, pk)
    rows = Document.objects.visible_to(request.user).about(subject_type, pk).for_list().newest_first()
    prepares = access.can(request.user, PREPARE_PAPERS, matter.host)
    context = {
        "matter": matter, "subject_type": subject_type, "pk": pk,
        "lines": [Line(each, badge(each)) for each in rows[:200]],
        "offered": _offered(subject_type, matter.subject) if prepares else [],
    }  # fmt: skip
    return render(request, "documents/document_subject.html", context)


@require_POST
def document_create(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Begin a draft with what the system knows."""
    wanted = kinds().get(kind)
    if wanted is None:
        raise Http404
    matter = matter_of(request, wanted.subjects.type, pk)
    try:
        made = documents.begin_document(wanted, matter.subject, matter.host, pk, by=request.user, at=timezone.now())
    except Refused as refusal:
        if refusal.status != 409:
            raise
        messages.error(request, str(refusal))
        return redirect("document_subject", wanted.subjects.type, pk)
    messages.success(request, _("The draft is written from what the system knows. Read it and complete it."))
    return redirect("document_show", made.pk)


@require_safe
def document_show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show(request, load(request, pk), CommentForm())


def show(request: HttpRequest, document: Document, form: CommentForm, status: int = 200) -> HttpResponse:
    words = sheet(document)
    inside = access.can(request.user, READ_DRAFT_PAPERS, document.host)
    prepares = access.can(request.user, PREPARE_PAPERS, document.host)
    replacement = document.replacement if document.is_out else None
    visible = Document.objects.visible_to(request.user)
    if replacement and not visible.filter(pk=replacement.pk).exists():
        replacement = None
    context = {
        "document": document, "badge": badge(document), "sheet": words, "blocks": words["body"][:MOST_BLOCKS],
        "more": len(words["body"]) > MOST_BLOCKS, "inside": inside, "about": _about(request, document),
        "may_edit": prepares and document.is_draft,
        "tables": tables_of(document) if prepares and document.is_draft else [],
        "may_replace": prepares and document.state == S.ISSUED and replacement is None,
        "replacement": replacement,
        "comments": document.comments.select_related("by") if inside else [], "form": form,
        "entries": entries(Event.objects.of(document).newest_first()) if inside else [],
        "offers": offers(document, request.user), "base": f"{reverse('document_show', args=[document.pk])}do/",
    }  # fmt: skip
    return render(request, "documents/document_show.html", context, status=status)


def _about(request: HttpRequest, document: Document) -> Matter | None:
    return document.of_kind.subjects.find(request.user, document.subject_id)


def tables_of(document: Document) -> list[dict[str, Any]]:
    """The tables of the content that are edited line by line."""
    return [
        {"name": part.name, "label": part.metadata["label"], "count": len(document.content.get(part.name, []))}
        for part, kind in parts(document.of_kind.content)
        if line_type(kind) is not None
    ]


@require_POST
def document_comment(request: HttpRequest, pk: UUID) -> HttpResponse:
    document, form = load(request, pk), CommentForm(request.POST)
    if not form.is_valid():
        return show(request, document, form, status=400)
    try:
        documents.comment(document, form.cleaned_data["text"], by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return show(request, load(request, pk), form, status=refusal.status)
    return redirect(f"{reverse('document_show', args=[pk])}#comments")
