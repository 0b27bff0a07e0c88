"""Adding what was signed outside: a PDF with a digital signature, or a scan; and the kept copies as files."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.workflow.engine import Refused
from commitments.domain import signed_copy
from commitments.forms.signed_copy import CopyForm, ScanForm
from commitments.models import Commitment
from commitments.views.commitment import file_answer, load, signed_outside, title_of


@require_http_methods(["GET", "HEAD", "POST"])
def signed_copy_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came back signed, for everybody who sees the commitment; added to by those who may."""
    commitment = load(request, pk)
    refused = signed_copy.refusal(commitment, request.user)
    if request.method != "POST":
        return _page(request, commitment, CopyForm(), ScanForm(), refused)
    if refused is not None:
        raise refused
    return (_scan if request.POST.get("what") == "scan" else _copy)(request, commitment)


def _copy(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    form, at = CopyForm(request.POST, request.FILES), timezone.now()
    if form.is_valid():
        try:
            signed_copy.add_copy(commitment, form.cleaned_data["file"].read(), by=request.user, at=at)
        except Refused as reason:
            form.add_error("file", str(reason))
        else:
            messages.success(request, _("The digital signature is valid; the signed copy is kept."))
            return redirect("signed_copy_list", commitment.pk)
    return _page(request, commitment, form, ScanForm(), None, 400)


def _scan(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            signed_copy.add_scan(commitment, form.cleaned_data["files"], by=request.user, at=timezone.now())
        except Refused as reason:
            form.add_error("files", str(reason))
        else:
            messages.success(request, _("The scan is kept, marked as one that nobody has checked."))
            return redirect("signed_copy_list", commitment.pk)
    return _page(request, commitment, CopyForm(), form, None, 400)


def _page(
    request: HttpRequest, commitment: Commitment, copy: CopyForm, scan: ScanForm, refused: Refused | None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "commitment": commitment,
        "title": title_of(commitment),
        **signed_outside(commitment),
        "scans": signed_copy.scans_of(commitment),
        "may_add": refused is None,
        "copy": copy,
        "scan": scan,
        "bound": copy if copy.is_bound else scan,
    }
    return render(request, "commitments/signed_copy_list.html", context, status=status)


@require_safe
def signed_copy_file(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The *number*th copy that was kept."""
    commitment = load(request, pk)
    kept = (
        list(commitment.copies.select_related("paper")[number - 1 : number]) if 0 < number <= signed_copy.MOST else []
    )
    if not kept:
        raise Http404
    return file_answer(commitment, kept[0].paper, f"-signed-{number}")
