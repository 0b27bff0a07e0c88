"""What a post owes: the page for its holder, its successor and those who look after it, and the table of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cchc.followup.domain import handover_post as lists
from cchc.followup.views.export import table
from cchc.organization.models import Person, Position
from cchc.organization.roster import Roster, seats_of
from cchc.web.paging import page_of
from cchc.workdays.domain.calendar import calendar

PAGE = 100  # it is printed


@require_safe
def handover_post(request: HttpRequest, pk: int) -> HttpResponse:
    post, sight = _load(request, pk)
    today, rows = timezone.localdate(), lists.owed_by_post(post)
    everything = sight is lists.Sight.ALL
    page = page_of(request, lists.in_full(rows), lists.ORDER, size=PAGE) if everything else None
    whole = page is not None and not page.next and not page.previous
    context = {
        "post": post,
        "current": post.is_valid_on(today),
        "own": post.person_id == request.user.pk,
        "kinds": lists.kinds_of(page, today) if page and whole else lists.kinds(rows, today),
        "page": page,
        "lines": lists.lines(page.rows, request.user, today, calendar()) if page else [],
        "today": today,
        "turn_of": _turn_of(post, today),
    }
    return render(request, "followup/handover_post.html", context)


def _turn_of(post: Position, today: Any) -> Iterable[Person]:
    """Whose turn all of this is today."""
    role, unit = list(seats_of(post))[-1]
    roster = Roster.load(today, [unit], climbing=False)
    found = roster.holders(role, unit) or roster.away(role, unit)
    return Person.objects.filter(pk__in=found).order_by("sort_key", "id")


@require_safe
def handover_post_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All that it owes, as a file."""
    return table(request, "post", "xlsx", post=str(pk))


def _load(request: HttpRequest, pk: int) -> tuple[Position, lists.Sight]:
    post = get_object_or_404(Position.objects.select_related("person", "unit__command"), pk=pk)
    sight = lists.sight_of(request.user, post)
    if sight is None:
        raise Http404
    return post, sight
