"""Units that have ended: the queue of what they still owe, handing it over, and what was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cchc.followup.domain import handover as handovers
from cchc.followup.domain.handover_post import in_full, lines
from cchc.followup.forms.handover import HandoverForm
from cchc.organization import access
from cchc.organization.enums import Role
from cchc.organization.gate import needs
from cchc.organization.models import Person, Succession, Unit
from cchc.organization.permissions import CONFIRM_HANDOVER
from cchc.organization.roster import Roster
from cchc.web.paging import page_of
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import Refused
from cchc.workflow.models import Obligation

SHOWN = 200  # duties of one unit on its page; "everything" passes those beyond too


@needs(CONFIRM_HANDOVER)
@require_safe
def handover_queue(request: HttpRequest) -> HttpResponse:
    today, days = timezone.localdate(), calendar()
    done = handovers.visible_handovers(request.user).annotate(n=Count("obligations"))
    context = {
        "waiting": [(each, days.between(today, each.earliest)) for each in handovers.waiting(request.user, today)],
        "page": page_of(request, done, ("-id",)),
    }
    return render(request, "followup/handover_queue.html", context)


@needs(CONFIRM_HANDOVER)
@require_http_methods(["GET", "HEAD", "POST"])
def handover_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Ask, show what would pass, then do it: `step` says which."""
    today = timezone.localdate()
    step = request.POST.get("step", "preview") if request.method == "POST" else ""
    typed = request.POST if step in ("preview", "confirm") else None
    unit, decision, owed = _ended(request, code, None if typed else SHOWN)
    near = HandoverForm(handovers.takers(request.user, (), today), typed)
    if near.is_valid():  # as mostly: a unit below the reader takes over
        return _go(request, step, unit, owed, near)
    suggested = handovers.successors([unit], today)[unit.pk]
    units = handovers.takers(request.user, suggested, today)
    form = HandoverForm(units, typed, initial=_first(request, unit, decision, suggested, today))
    if form.is_valid():
        return _go(request, step, unit, owed, form)
    rows = owed[:SHOWN]
    context = {
        "unit": unit,
        "form": form,
        "lines": lines(rows, request.user, today, calendar()),
        "ticked": [int(pk) for pk in request.POST.getlist("duty") if pk.isdecimal()],
        "more": len(rows) == SHOWN,
        "beside": len(handovers.beside(unit)),
        "suggested": suggested,
        "crumbs": _crumbs(unit.short_name),
    }
    return render(request, "followup/handover_unit.html", context, status=400 if form.errors else 200)


def _go(request: HttpRequest, step: str, unit: Unit, owed: list[Obligation], form: HandoverForm) -> HttpResponse:
    return _confirm(request, unit, form) if step == "confirm" else _preview(request, unit, owed, form)


def _first(request: HttpRequest, unit: Unit, decision: str, suggested: list[Unit], today: date) -> dict[str, Any]:
    """What was typed before; else the recorded successor, or else the unit above."""
    if request.method == "POST":
        return {name: request.POST.get(name, "") for name in ("to_unit", "decision", "scope")}
    above = unit.parent.command if unit.parent else None
    found = [*suggested, *([above] if above and above.is_valid_on(today) else [])]
    return {"to_unit": found[0] if found else "", "decision": decision}


@dataclass(frozen=True)
class Seat:
    """Whose turn *count* duties become; without *holders* the unit above is told."""

    role: str
    unit: Unit
    count: int
    holders: list[Person]


def _preview(request: HttpRequest, unit: Unit, owed: list[Obligation], form: HandoverForm) -> HttpResponse:
    today, days, to_unit = timezone.localdate(), calendar(), form.cleaned_data["to_unit"]
    plan = handovers.plan(unit, form.chosen, handovers.beside(unit) if form.chosen is None else (), owed)
    chosen = None if form.chosen is None else set(form.chosen)
    context = {
        "unit": unit,
        "to_unit": to_unit,
        "form": form,
        "lines": lines(plan.duties[:SHOWN], request.user, today, days),
        "count": len(plan.duties),
        "ending": lines(plan.ending[:SHOWN], request.user, today, days),
        "along": [each.pk for each in plan.duties if chosen is not None and each.pk not in chosen],
        "others": plan.others,
        "seats": _seats(plan, to_unit, today),
        "crumbs": [*_crumbs(), (unit.short_name, reverse("handover_unit", args=[unit.code])), (_("Check"), "")],
    }
    return render(request, "followup/handover_preview.html", context)


def _seats(plan: handovers.Plan, to_unit: Unit, today: date) -> list[Seat]:
    after = handovers.seats_after(plan.duties, to_unit)
    units = {unit.pk: unit for unit in (to_unit, to_unit.command or to_unit)}
    roster = Roster.load(today, units, climbing=False)
    holders = {seat: roster.holders(*seat) or roster.away(*seat) for seat in after}
    known = Person.objects.in_bulk({pk for each in holders.values() for pk in each})
    return [
        Seat(str(Role(role).label), units[unit], count, [known[pk] for pk in holders[role, unit]])
        for (role, unit), count in after.items()
    ]


def _confirm(request: HttpRequest, unit: Unit, form: HandoverForm) -> HttpResponse:
    data = form.cleaned_data
    also = handovers.beside(unit) if form.chosen is None else ()
    try:
        done = handovers.confirm(
            unit, data["to_unit"], data["decision"], chosen=form.chosen, also=also, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("handover_queue")
    messages.success(request, _("Handed over to %(unit)s.") % {"unit": data["to_unit"]})
    return redirect("handover_show", done.pk)


@require_safe
def handover_show(request: HttpRequest, pk: int) -> HttpResponse:
    done = get_object_or_404(handovers.visible_handovers(request.user), pk=pk)
    page = page_of(request, in_full(done.obligations.all()), ("due_on", "id"))
    context = {
        "handover": done,
        "page": page,
        "lines": lines(page.rows, request.user, timezone.localdate(), calendar()),
        "may_see_all": access.holds(request.user, CONFIRM_HANDOVER),
        "crumbs": _crumbs(done.from_unit.short_name),
    }
    return render(request, "followup/handover_show.html", context)


def _ended(request: HttpRequest, code: str, most: int | None) -> tuple[Unit, str, list[Obligation]]:
    """The unit, with the decision of its newest succession, and what it owes, at most so much: it mostly owes."""
    newest = Succession.objects.filter(unit=OuterRef("unit")).order_by("-on", "-pk").values("decision")[:1]
    ended = handovers.ended_units(request.user, timezone.localdate())
    rows = in_full(Obligation.objects.open().filter(unit__code=code, unit__in=ended.values("pk")))
    rows = rows.select_related("unit__parent__command").annotate(newest_decision=Subquery(newest))
    owed: list[Any] = list(rows.order_by("due_on", "pk")[:most])
    if not owed:
        unit = get_object_or_404(ended.select_related("parent__command"), code=code)
        return unit, "", []
    return owed[0].unit, owed[0].newest_decision or "", owed


def _crumbs(label: str = "") -> list[tuple[str, str]]:
    return [(_("Hand-overs"), reverse("handover_queue")), *([(label, "")] if label else [])]
