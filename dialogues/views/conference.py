"""Conferences: the list, a new one, editing one."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cchc.organization import access
from cchc.organization.models import Unit
from cchc.web import counting, markup
from cchc.web.domain import draft as drafts
from cchc.web.paging import page_of
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.engine import MovedOn, Refused
from dialogues import permissions
from dialogues.domain import conference as conferences
from dialogues.enums import ConferenceKind, ConferenceState
from dialogues.forms.conference import ConferenceFilter, ConferenceForm, new_conference
from dialogues.models import Conference
from dialogues.views.conference_frame import differences, load, steps_of

S = ConferenceState
ORDER = ("-starts_at", "code")
WHEN = {
    "all": (gettext_lazy("All"), tuple(S)),
    "upcoming": (gettext_lazy("Upcoming"), (S.DRAFT, S.COLLECTING)),
    "running": (gettext_lazy("In session or being answered"), (S.IN_SESSION, S.CONCLUDED)),
    "past": (gettext_lazy("Past"), (S.CLOSED, S.CANCELLED)),
}
MOST_HOSTS = 300


@dataclass(frozen=True)
class Line:
    """One conference in the list, ready to print."""

    conference: Conference
    dots: str
    step: str
    turn: str
    due: str


@require_safe
def conference_list(request: HttpRequest) -> HttpResponse:
    at, days = timezone.now(), calendar()
    seen = Conference.objects.visible_to(request.user)
    chosen = _chosen(request)
    rows = _filtered(seen, chosen)
    states = Counter(rows.order_by().values_list("state", flat=True)[: counting.LIMIT + 1])
    when = chosen.get("when") or "all"
    shown = rows.filter(state__in=WHEN[when][1]).select_related("host", "chair", "turn__unit")
    page = page_of(request, shown.defer("guest_key"), ORDER)
    context = {
        "page": page,
        "lines": [_line(each, at, days) for each in page],
        "segs": [_seg(request, name, states, name == when) for name in WHEN],
        "filters": _choices(seen, at),
        "chosen": chosen,
        "filtered": any(chosen.get(name) for name in ("host", "year", "state", "when")),
        "may_create": access.holds(request.user, permissions.PREPARE_CONFERENCE),
    }
    return render(request, "dialogues/conference_list.html", context)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    form = ConferenceFilter(request.GET)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


def _filtered(rows: QuerySet[Conference], chosen: dict[str, Any]) -> QuerySet[Conference]:
    if "host" in chosen:
        rows = rows.filter(host=chosen["host"])
    if "year" in chosen:
        rows = rows.filter(starts_at__year=chosen["year"])
    return rows.filter(state=chosen["state"]) if "state" in chosen else rows


def _choices(seen: QuerySet[Conference], at: datetime) -> dict[str, Any]:
    hosts = Unit.objects.filter(pk__in=seen.order_by().values("host")).in_order().only("pk", "short_name")[:MOST_HOSTS]
    ends = seen.order_by().aggregate(first=Min("starts_at"), last=Max("starts_at"))
    first, last = (timezone.localtime(ends[name] or at).year for name in ("first", "last"))
    years = range(last, first - 1, -1)
    return {"hosts": hosts, "years": years, "states": S.choices}


def _seg(request: HttpRequest, name: str, states: Counter[str], active: bool) -> dict[str, Any]:
    values = request.GET.copy()
    for each in ("after", "before", "when"):
        values.pop(each, None)
    if name != "all":
        values["when"] = name
    label, among = WHEN[name]
    count = sum(states[state] for state in among)
    return {"label": label, "url": f"?{values.urlencode()}", "count": counting.shown(count), "active": active}


def _line(conference: Conference, at: datetime, days: Calendar) -> Line:
    step = conferences.step_of(conference, at)
    label = steps_of(conference)[min(step, 6) - 1] if step else conference.get_state_display()
    obligation = conference.turn
    return Line(
        conference,
        markup.dots(step, 6, label) if step else "",
        str(label),
        markup.turn(obligation.unit.short_name, title=obligation.unit.name) if obligation and obligation.unit else "",
        markup.due(Due(obligation.due_on, days.between(timezone.localtime(at).date(), obligation.due_on)))
        if obligation
        else "",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def conference_create(request: HttpRequest) -> HttpResponse:
    at, kind = timezone.now(), _kind(request)
    key = f"{kind.value}-new" if kind == ConferenceKind.INSPECTION else "conference-new"
    if not access.holds(request.user, permissions.PREPARE_CONFERENCE):
        raise Http404
    form, refusal = _form(request, key, at=at, kind=kind, initial=new_conference(request.user, at, kind)), None
    if form.is_bound and form.is_valid():
        try:
            made = conferences.create(by=request.user, at=at, **form.particulars)
        except Refused as refused:
            refusal = refused
        else:
            words = _("The conference is in preparation; open it for questions when ready.")
            if made.is_inspection:
                words = _("The inspection is in preparation; set its scope and name the delegation.")
            return _saved(request, made, key, at, words)
    return _form_page(request, form, key, refusal)


def _kind(request: HttpRequest) -> ConferenceKind:
    chosen = request.POST.get("kind") or request.GET.get("kind")
    return ConferenceKind.INSPECTION if chosen == ConferenceKind.INSPECTION else ConferenceKind.DIALOGUE


@require_http_methods(["GET", "HEAD", "POST"])
def conference_edit(request: HttpRequest, code: str) -> HttpResponse:
    at, key = timezone.now(), f"conference-edit-{code}"
    conference = load(request, code)
    if not access.can(request.user, permissions.PREPARE_CONFERENCE, conference.host):
        raise Http404
    if not conferences.EDITABLE[conference.state]:
        raise Refused(_("A conference that has ended can no longer be edited."))
    form, refusal = _form(request, key, at=at, instance=copy.copy(conference)), None
    if form.is_bound and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            now = conferences.change(conference, by=request.user, at=at, seen=seen, **form.particulars)
        except Refused as refused:
            refusal = refused
        else:
            return _saved(request, now, key, at, _("The particulars are saved."))
    return _form_page(request, form, key, refusal, conference)


def _form(request: HttpRequest, key: str, *, at: datetime, initial: dict[str, Any] | None = None, **more: Any) -> Any:
    """The form as sent; or, asked for another page of units or not sent yet, with what was typed so far."""
    if request.method == "POST" and "_find" not in request.POST:
        return ConferenceForm(request.POST, by=request.user, at=at, **more)
    if request.method == "POST":
        typed = _typed(request.POST)
    else:
        typed = drafts.recall(drafts.owner_of(request), key)
        typed = {**typed, "all_units": "all_units" in typed} if typed else {}
    return ConferenceForm(by=request.user, at=at, initial={**(initial or {}), **typed}, **more)


def _typed(posted: QueryDict) -> dict[str, Any]:
    typed = {name: values[0] if len(values) == 1 else values for name, values in posted.lists()}
    return {"audiences": [], "invited": [], "all_units": False, **typed}


def _form_page(
    request: HttpRequest, form: ConferenceForm, key: str, refusal: Refused | None, conference: Conference | None = None
) -> HttpResponse:
    status = 400 if form.is_bound else 200
    changed = []
    if refusal is not None:
        status = refusal.status
        if isinstance(refusal, MovedOn) and conference is not None:
            changed = differences(form, conference)
            # Sent once more, it stands: the other's words have been seen beside one's own.
            again = request.POST.copy()
            again["seen"] = str(conference.moves)
            form.data = again
    context = {
        "form": form,
        "conference": conference,
        "inspection": form.kind == ConferenceKind.INSPECTION,
        "refusal": refusal,
        "changed": changed,
        "draft": drafts.find(drafts.owner_of(request), key) if not form.is_bound else None,
        "draft_url": reverse("draft_save", args=[key]),
        "found": _found(request.POST.get("unit_q", "")) if "_find" in request.POST else None,
        "unit_q": request.POST.get("unit_q", ""),
        "back": reverse("conference_show", args=[conference.code]) if conference else reverse("conference_list"),
    }
    return render(request, "dialogues/conference_form.html", context, status=status)


def _saved(request: HttpRequest, conference: Conference, key: str, at: datetime, words: str) -> HttpResponse:
    drafts.discard(drafts.owner_of(request), key)
    messages.success(request, words)
    page = "conference_inspection" if conference.is_inspection else "conference_show"
    return redirect(page, conference.code)


@require_safe
def conference_units(request: HttpRequest) -> HttpResponse:
    """Units whose names fit what is typed, to tick; a part of the form."""
    if not access.holds(request.user, permissions.PREPARE_CONFERENCE):
        raise Http404
    return render(request, "dialogues/_conference_units.html", {"found": _found(request.GET.get("unit_q", ""))})


def _found(text: str) -> list[Unit]:
    text = text.replace("\x00", "").strip()[:100]
    return list(Unit.objects.valid_on(timezone.localdate()).search(text).in_order()[:20]) if text else []
