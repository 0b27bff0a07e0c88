"""A unit takes a good practice over, or gives it up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.organization import access
from cchc.workflow.engine import Refused
from dialogues import permissions
from dialogues.domain import practice as practices
from dialogues.forms.practice import AdoptForm, EndForm
from dialogues.views.practice import load


@require_http_methods(["GET", "HEAD", "POST"])
def practice_adopt(request: HttpRequest, pk: UUID) -> HttpResponse:
    practice = load(request, pk)
    posts = access.granted(request.user, permissions.ADOPT_PRACTICE)
    if not posts:
        raise Http404
    first: dict[str, Any] = {"unit": request.GET.get("unit", "")[:40] or posts[0][0].unit_id}
    form = AdoptForm(_sent(request), by=request.user, initial=first)
    status = _enter(request, form, partial(practices.adopt, practice))
    if status is None:
        messages.success(request, _("It is stated. Thank you for passing the practice on."))
        return redirect("practice_show", practice.pk)
    return render(request, "dialogues/practice_adopt.html", {"practice": practice, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def practice_end(request: HttpRequest, pk: UUID, adoption: int) -> HttpResponse:
    practice = load(request, pk)
    found = get_object_or_404(practice.adoptions.select_related("unit__command"), pk=adoption)
    if not access.can(request.user, permissions.ADOPT_PRACTICE, found.unit):
        raise Http404
    form = EndForm(_sent(request), initial={"on": timezone.localdate()})
    status = _enter(request, form, partial(practices.end_adoption, found))
    if status is None:
        messages.success(request, _("It is stated that the practice is no longer in use."))
        return redirect("practice_show", practice.pk)
    context = {"practice": practice, "adoption": found, "form": form}
    return render(request, "dialogues/practice_end.html", context, status=status)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _enter(request: HttpRequest, form: Form, act: Callable[..., object]) -> int | None:
    """Enter what was typed: None when that is done, else the status with which the form is shown."""
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 400
    try:
        act(by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return refused.status
    return None
