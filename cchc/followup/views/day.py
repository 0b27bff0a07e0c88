"""The calendar of working days: a year of it, and changing it by form, preview and consent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cchc.followup.domain import day as days
from cchc.followup.domain.entries import entries_of
from cchc.followup.domain.moved import SHOWN, lines
from cchc.followup.forms.day import DayForm, SourceForm, SwapForm
from cchc.organization import access
from cchc.organization.forms.fields import refusals_in
from cchc.organization.gate import needs
from cchc.organization.permissions import MANAGE_CALENDAR
from cchc.web.templatetags.ui import WEEKDAYS
from cchc.workdays.domain.calendar import calendar
from cchc.workdays.domain.day import FIRST_SEEDED_YEAR, next_year_is_empty, seeded_years
from cchc.workdays.domain.year import months, working_days
from cchc.workdays.models import Day

FORM_METHODS = ["GET", "HEAD", "POST"]
SHORT = (
    pgettext_lazy("weekday, short", "Mo"),
    pgettext_lazy("weekday, short", "Tu"),
    pgettext_lazy("weekday, short", "We"),
    pgettext_lazy("weekday, short", "Th"),
    pgettext_lazy("weekday, short", "Fr"),
    pgettext_lazy("weekday, short", "Sa"),
    pgettext_lazy("weekday, short", "Su"),
)
Draft = Callable[..., days.Changes]


@require_safe
def day_list(request: HttpRequest) -> HttpResponse:
    today, current = timezone.localdate(), calendar()
    year = _year(request.GET.get("year", ""), today)
    may_change = access.holds(request.user, MANAGE_CALENDAR)
    context = {
        "year": str(year),
        "years": _segs(year, today),
        "weekdays": list(zip(SHORT, WEEKDAYS, strict=True)),
        "months": months(year, current, today),
        "working_days": working_days(year, current),
        "entries": entries_of(year),
        "may_change": may_change,
        "empty_year": str(today.year + 1) if next_year_is_empty(today) else "",
    }
    return render(request, "followup/day_list.html", context)


@needs(MANAGE_CALENDAR)
@require_http_methods(FORM_METHODS)
def day_create(request: HttpRequest) -> HttpResponse:
    form = DayForm(request.POST or None, initial={"kind": Day.Kind.OFF})
    draft = partial(days.enter, today=timezone.localdate())
    return _steps(request, form, draft, "followup/day_create.html", _("New entry"))


@needs(MANAGE_CALENDAR)
@require_http_methods(FORM_METHODS)
def day_swap(request: HttpRequest) -> HttpResponse:
    draft = partial(days.swap, today=timezone.localdate())
    return _steps(request, SwapForm(request.POST or None), draft, "followup/day_swap.html", _("Swap two days"))


@needs(MANAGE_CALENDAR)
@require_http_methods(FORM_METHODS)
def day_edit(request: HttpRequest, pk: int) -> HttpResponse:
    day = get_object_or_404(Day.objects.standing(), pk=pk)
    initial = {name: getattr(day, name) for name in ("date", "kind", "name", "source")}
    draft = partial(days.correct, day, today=timezone.localdate())
    form = DayForm(request.POST or None, initial=initial)
    return _steps(request, form, draft, "followup/day_edit.html", _("Change"), day=day)


@needs(MANAGE_CALENDAR)
@require_http_methods(FORM_METHODS)
def day_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    day = get_object_or_404(Day.objects.standing(), pk=pk)
    form = SourceForm(request.POST or None)
    return _steps(request, form, partial(days.withdraw, day), "followup/day_withdraw.html", _("Withdraw"), day=day)


@needs(MANAGE_CALENDAR)
@require_http_methods(FORM_METHODS)
def day_seed(request: HttpRequest, year: int) -> HttpResponse:
    """The public holidays of a year, through the same preview; there is nothing to type."""
    if year not in _years(timezone.localdate()):
        raise Http404
    return _consent(request, days.seeding(year), year, _("Public holidays"))


def _steps(
    request: HttpRequest, form: forms.Form, draft: Draft, template: str, title: str, **context: Any
) -> HttpResponse:
    """The form, then what it would move, then the change itself."""
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        with refusals_in(form):
            changes = draft(**form.cleaned_data)
            return _consent(request, changes, changes[-1].date.year, title, form)
    context |= {"form": form, "crumbs": _crumbs(title)}
    return render(request, template, context, status=400 if form.errors else 200)


def _consent(
    request: HttpRequest, changes: days.Changes, year: int, title: str, form: forms.Form | None = None
) -> HttpResponse:
    """What *changes* would move; sent with the mark of that preview, they are made."""
    refusal = ""
    if changes and "seen" in request.POST:
        try:
            moved = days.change(changes, by=request.user, at=timezone.now(), seen=request.POST["seen"])
        except days.CalendarChanged as error:
            refusal = str(error)
        else:
            messages.success(request, _saved(moved))
            return redirect(f"{reverse('day_list')}?year={year}")
    preview = days.preview(changes) if changes else None
    context = {
        "preview": preview,
        "lines": lines(preview.moved, request.user) if preview else [],
        "shown": SHOWN,
        "form": form,
        "refusal": refusal,
        "year": year,
        "crumbs": _crumbs(title),
    }
    return render(request, "followup/day_preview.html", context, status=409 if refusal else 200)


def _saved(moved: int) -> str:
    words = ngettext(
        "The calendar is saved; %(n)d due date moved.", "The calendar is saved; %(n)d due dates moved.", moved
    )
    return words % {"n": moved}


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("Working days"), reverse("day_list")), (title, "")]


def _segs(year: int, today: date) -> list[dict[str, Any]]:
    near = [each for each in range(year - 2, year + 3) if each in _years(today)]
    return [{"label": str(each), "url": f"?year={each}", "count": None, "active": each == year} for each in near]


def _years(today: date) -> range:
    return range(FIRST_SEEDED_YEAR, seeded_years(today)[-1] + 2)


def _year(text: str, today: date) -> int:
    return int(text) if text.isdecimal() and len(text) == 4 and int(text) in _years(today) else today.year
