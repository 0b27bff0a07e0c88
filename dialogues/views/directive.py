"""Lists of directives: one by one, summed up by unit, by conference or by plan, as a file; and reminding of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cchc.followup.domain.remind import remind_all
from cchc.followup.views.export import table
from cchc.organization import access
from cchc.organization.models import Unit
from cchc.web import counting
from cchc.web.paging import page_of
from cchc.workdays.domain.calendar import calendar
from cchc.workflow.engine import NotAllowed
from dialogues import permissions
from dialogues.domain import directive_list as listing
from dialogues.domain.directive_list import By, DirectiveList, Group, Pill, Stage
from dialogues.forms.directive import DirectiveFilter
from dialogues.models import Conference, Directive, Plan
from dialogues.models.directive import UNDER_WAY
from dialogues.views.directive_rows import directive_rows

FILTERS = ("q", "unit", "conference", "plan")


@dataclass(frozen=True)
class Number:
    """A number of the board, and the rows that it counts."""

    count: int
    url: str
    late: bool = False


@dataclass(frozen=True)
class GroupRow:
    group: Group
    total: Number
    numbers: list[Number]


@require_safe
def directive_list(request: HttpRequest) -> HttpResponse:
    if not listing.sees(request.user):
        raise Http404
    form = DirectiveFilter(request.GET)
    chosen, listed = form.chosen(), DirectiveList(request.user, form.wanted(), timezone.localdate())
    return _board(request, chosen, listed) if "by" in chosen else _rows(request, chosen, listed)


def _rows(request: HttpRequest, chosen: dict[str, Any], listed: DirectiveList) -> HttpResponse:
    page, counts, pill = (
        page_of(request, listed.rows(), listed.order, nullable=True),
        listed.counts(),
        listed.wanted.pill,
    )
    reminds = listing.may_remind(request.user)
    rows = directive_rows(page, request.user, listed.today, calendar())
    context = {
        "page": page,
        "lines": [(row, reminds and _may_remind_of(request, row.directive)) for row in rows],
        "segs": [
            {
                "label": each.label, "url": f"?{urlencode({**_kept(chosen), 'pill': each.value})}",
                "count": counting.shown(counts[each]), "active": each == pill, "late": each == Pill.LATE,
            }
            for each in Pill
        ],
        "pill": pill,
        "chosen": chosen,
        "total": counting.shown(counts[pill]),
        "filtered": _named(request, chosen),
        "views": _views(chosen),
        "query": urlencode({**_kept(chosen), "pill": pill.value}),
        "may_export": access.holds(request.user, permissions.EXPORT),
        "reminds": reminds,
        "today": listed.today,
    }  # fmt: skip
    return render(request, "dialogues/directive_list.html", context)


def _may_remind_of(request: HttpRequest, directive: Directive) -> bool:
    """Of what units owe to the reader's own unit."""
    turn = directive.turn
    if turn is None or directive.state not in UNDER_WAY or turn.is_owed_by(request.user):
        return False
    return any(access.can(request.user, right, directive.host) for right in listing.RIGHTS)


def _kept(chosen: dict[str, Any]) -> dict[str, Any]:
    return {name: chosen[name] for name in FILTERS if name in chosen}


def _views(chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """One by one, or summed up."""
    address, kept = reverse("directive_list"), _kept(chosen)
    tabs: list[tuple[str, Any]] = [("", _("One by one")), *((by.value, by.label) for by in By)]
    return [
        {
            "label": label, "count": None, "active": chosen.get("by", "") == name,
            "url": f"{address}?{urlencode({**kept, 'by': name} if name else kept)}",
        }
        for name, label in tabs
    ]  # fmt: skip


def _named(request: HttpRequest, chosen: dict[str, Any]) -> str:
    """What the list is narrowed to besides words, in words; only what the reader may see is named."""
    names: list[str] = []
    if "unit" in chosen:
        names += Unit.objects.filter(pk=chosen["unit"]).values_list("short_name", flat=True)
    if "conference" in chosen:
        seen = Conference.objects.visible_to(request.user).filter(code=chosen["conference"])
        names += seen.values_list("title", flat=True)
    if "plan" in chosen:
        names += [str(each) for each in Plan.objects.visible_to(request.user).filter(pk=chosen["plan"])]
    return ", ".join(names)


# --- summed up --------------------------------------------------------------------------------------------------------
def _board(request: HttpRequest, chosen: dict[str, Any], listed: DirectiveList) -> HttpResponse:
    by = By(chosen["by"])
    context = {
        "by": by,
        "views": _views(chosen),
        "chosen": chosen,
        "filtered": _named(request, chosen),
        "stages": [stage.label for stage in Stage],
        "lines": [_group_row(group, by, chosen) for group in listed.groups(by)],
        "today": listed.today,
    }
    return render(request, "dialogues/directive_board.html", context)


def _group_row(group: Group, by: By, chosen: dict[str, Any]) -> GroupRow:
    kept = {**_kept(chosen), by.value: group.key}

    def opening(pill: str, count: int) -> Number:
        url = f"{reverse('directive_list')}?{urlencode({**kept, 'pill': pill})}"
        return Number(count, url, pill == Stage.LATE and count > 0)

    numbers = [opening(stage, group.counts[stage]) for stage in Stage.values]
    return GroupRow(group, opening(Pill.ALL.value, group.total), numbers)


# --- as a file --------------------------------------------------------------------------------------------------------
@require_safe
def directive_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list shows with the same pill and filters."""
    return table(request, "directives", kind)


# --- reminding --------------------------------------------------------------------------------------------------------
@require_POST
def directive_remind(request: HttpRequest) -> HttpResponse:
    """Remind of one, or of everything in the list as it is filtered."""
    if not listing.may_remind(request.user):
        raise NotAllowed(_("This step is not among your rights here."))
    form = DirectiveFilter(request.POST)
    chosen, listed = form.chosen(), DirectiveList(request.user, form.wanted(), timezone.localdate())
    rows = listed.of(listed.wanted.pill)
    if "directive" in chosen:
        rows = rows.filter(pk=chosen["directive"])
    done = remind_all(listing.to_remind(rows, request.user), by=request.user, at=timezone.now())
    (messages.success if done.told else messages.info)(request, " ".join(done.sentences))
    back = urlencode({**_kept(chosen), "pill": listed.wanted.pill.value})
    return redirect(f"{reverse('directive_list')}?{back}")
