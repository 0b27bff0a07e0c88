"""How the papers of a unit look."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.documents.domain.letterhead import head_of, set_letterhead
from cchc.documents.forms.letterhead import LetterheadForm
from cchc.documents.models import Letterhead
from cchc.documents.permissions import SET_LETTERHEAD
from cchc.organization import access
from cchc.organization.enums import COMMAND_KINDS
from cchc.web.paging import page_of


@require_safe
def letterhead_list(request: HttpRequest) -> HttpResponse:
    """The commands within one's reach: they issue papers."""
    if not access.holds(request.user, SET_LETTERHEAD):
        raise Http404
    rows = access.units(request.user, SET_LETTERHEAD).filter(kind__in=COMMAND_KINDS).select_related("letterhead")
    page = page_of(request, rows, ("sort_key", "code"))
    return render(request, "documents/letterhead_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def letterhead_edit(request: HttpRequest, code: str) -> HttpResponse:
    unit = get_object_or_404(access.units(request.user, SET_LETTERHEAD).select_related("parent"), code=code)
    own = Letterhead.objects.filter(unit=unit).first() or Letterhead(unit=unit)
    form = LetterheadForm(request.POST if request.method == "POST" else None, instance=own)
    if request.method == "POST" and form.is_valid():
        set_letterhead(unit, by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved for the papers that are issued from now on."))
        return redirect("letterhead_edit", unit.code)
    context = {"unit": unit, "form": form, "head": head_of(unit)}
    return render(request, "documents/letterhead_edit.html", context, status=400 if form.is_bound else 200)
