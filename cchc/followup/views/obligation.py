"""One promise: what is owed, by whom, by when, and how that day came about."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cchc.followup.domain.explain import basis_of, explain, may_read, owner_words
from cchc.followup.domain.links import links
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.flow import duty
from cchc.workflow.models import Obligation


@require_safe
def obligation_show(request: HttpRequest, pk: int) -> HttpResponse:
    obligation = get_object_or_404(Obligation.objects.select_related("unit", "handover__from_unit"), pk=pk)
    link = links(request.user, [obligation]).get((obligation.subject_type, obligation.subject_id))
    if not may_read(request.user, obligation, link):
        raise Http404
    days = calendar()
    context = {
        "obligation": obligation,
        "label": duty(obligation.subject_type, obligation.kind),
        "owner": owner_words(obligation, request.user),
        "mine": obligation.is_owed_by(request.user),
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
