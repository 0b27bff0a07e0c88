"""One promise: what is owed, by whom, by when, and how that day came about."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cchc.followup.bell import links_of
from cchc.followup.domain.explain import basis_of, explain, owed_label, owner_words
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.models import Obligation


@require_safe
def obligation_show(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever owes it, or may see what it is about."""
    obligation = get_object_or_404(Obligation.objects.select_related("unit"), pk=pk)
    mine = obligation.is_owed_by(request.user)
    link = links_of(obligation.subject_type, request.user, [obligation.subject_id]).get(obligation.subject_id)
    if link is None and not mine:
        raise Http404
    days = calendar()
    context = {
        "obligation": obligation,
        "label": owed_label(obligation),
        "owner": owner_words(obligation, request.user),
        "mine": mine,
        "link": link,
        "due": _due(obligation, days),
        "explained": explain(obligation, days, basis_of(obligation)),
    }
    return render(request, "followup/obligation_show.html", context)


def _due(obligation: Obligation, days: Calendar) -> Due:
    settled = obligation.settled_on
    if settled is None:
        return Due(obligation.due_on, days.between(timezone.localdate(), obligation.due_on))
    return Due(obligation.due_on, settled_on=settled, late_days=max(0, days.between(obligation.due_on, settled)))
