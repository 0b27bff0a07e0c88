"""Lists of escalations: what a unit has sent up, with its download, and the inbox of the unit above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cchc.followup.views.export import table
from cchc.organization import access
from cchc.web import counting, markup
from cchc.web.paging import page_of
from cchc.web.panels import Due
from cchc.workdays.domain.calendar import Calendar, calendar
from dialogues import permissions, presentation
from dialogues.domain.escalation_list import Inbox, InboxPill, SentList, SentPill, receives, sends
from dialogues.domain.escalation_page import escalation_for_page, members_of, openable
from dialogues.domain.escalation_reader import last_sent, reader_of, replies_to
from dialogues.enums import EscalationState
from dialogues.forms.escalation import SentFilter
from dialogues.models import Escalation
from dialogues.models.escalation import REPLIED
from dialogues.views.escalation_page import issue_context

S = EscalationState


@dataclass(frozen=True)
class Seg:
    label: str
    url: str
    count: str
    active: bool
    late: bool = False


@dataclass(frozen=True)
class SentRow:
    """A line of "sent up"; *reply* is what came back."""

    escalation: Escalation
    badge: SafeString
    turn: SafeString
    due: SafeString
    reply: str


@require_safe
def escalation_list(request: HttpRequest) -> HttpResponse:
    if not sends(request.user):
        raise Http404
    listed = SentList(request.user, *SentFilter(request.GET).wanted())
    page, days = page_of(request, listed.rows(), listed.order, nullable=True), calendar()
    counts = listed.counts()
    context = {
        "page": page,
        "rows": [_sent_row(each, request, days) for each in page],
        "segs": _segs(SentPill, listed.pill, counts, {"q": listed.text}),
        "pill": listed.pill,
        "text": listed.text,
        "total": counting.shown(counts[listed.pill]),
        "query": urlencode({"pill": listed.pill.value, **({"q": listed.text} if listed.text else {})}),
        "may_export": access.holds(request.user, permissions.EXPORT),
    }
    return render(request, "dialogues/escalation_list.html", context)


def _sent_row(escalation: Escalation, request: HttpRequest, days: Calendar) -> SentRow:
    day: Any = escalation.due_on
    mine = escalation.turn is not None and escalation.turn.is_owed_by(request.user)
    return SentRow(
        escalation,
        presentation.escalation_badge(escalation.state, sender=True),
        presentation.turn(escalation.turn, mine, escalation.host_id),
        markup.due(Due(day, days.between(timezone.localdate(), day))) if day else markup.NOTHING,
        escalation.get_state_display() if escalation.state in REPLIED else "",
    )


def _segs(pills: Any, chosen: Any, counts: dict[str, int], kept: dict[str, str]) -> list[Seg]:
    kept = {name: value for name, value in kept.items() if value}
    return [
        Seg(
            str(pill.label),
            "?" + urlencode({**kept, "pill": pill.value}),
            counting.shown(counts[pill]),
            pill == chosen,
            pill.value == "late",
        )
        for pill in pills
    ]


@require_safe
def escalation_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What "sent up" shows with the same pill and words, as a file."""
    return table(request, "escalations", kind)


# --- the unit above ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class IssueRow:
    """An issue in the inbox, whose matter is told as it was sent."""

    escalation: Escalation
    title: str
    url: str
    sub: str
    due: SafeString
    badge: SafeString
    chosen: bool


@require_safe
def escalation_inbox(request: HttpRequest) -> HttpResponse:
    """The issues, and beside them the one that is chosen by `show`, else the first."""
    if not receives(request.user):
        raise Http404
    inbox, days = _inbox(request), calendar()
    page = page_of(request, inbox.rows(), inbox.order, nullable=True)
    chosen = _chosen(request, page.rows)
    reader = reader_of(chosen, request.user) if chosen else None
    members = members_of(chosen, reader) if chosen and reader else []
    last = last_sent([*page.rows, *([chosen] if chosen else []), *members])
    counts = inbox.counts()
    context: dict[str, Any] = {
        "page": page,
        "rows": [_issue_row(each, last, chosen, inbox.pill, days) for each in page if each.pk in last],
        "segs": _segs(InboxPill, inbox.pill, counts, {}),
        "sum": _sum(counts),
        "pill": inbox.pill,
        "picked": "show" in request.GET,
    }
    if chosen and reader:
        context |= issue_context(request, chosen, reader, last, days)
        context["opened"] = openable(chosen, reader, [last[chosen.pk]]) if reader.above else set()
        if chosen.state in (*REPLIED, S.RETURNED, S.FORWARDED):
            context["replies"] = replies_to(chosen)
    return render(request, "dialogues/escalation_inbox.html", context)


def _inbox(request: HttpRequest) -> Inbox:
    pill = request.GET.get("pill", "")
    acts = any(
        access.holds(request.user, right) for right in (permissions.RECEIVE, permissions.RULE, permissions.ADVISE)
    )
    usual = InboxPill.MINE if acts else InboxPill.ALL
    return Inbox(request.user, InboxPill(pill) if pill in InboxPill.values else usual, timezone.localdate())


def _chosen(request: HttpRequest, rows: list[Escalation]) -> Escalation | None:
    try:
        wanted = UUID(request.GET.get("show", ""))
    except ValueError:
        return escalation_for_page(request.user, rows[0].pk) if rows else None
    found = escalation_for_page(request.user, wanted)
    if found is None or not reader_of(found, request.user).reads_advice:
        raise Http404
    return found


def _issue_row(
    escalation: Escalation, last: dict[Any, Any], chosen: Escalation | None, pill: InboxPill, days: Calendar
) -> IssueRow:
    n, turn = escalation.unit_count, escalation.turn
    joined = ngettext("%(n)d unit", "%(n)d units", n) % {"n": n} if n > 1 else escalation.host.short_name
    query = urlencode({"pill": pill.value, "show": str(escalation.pk)})
    return IssueRow(
        escalation,
        last[escalation.pk].title,
        f"{reverse('escalation_inbox')}?{query}#issue",
        " · ".join(part for part in (joined, _advice_words(escalation)) if part),
        markup.due(Due(turn.due_on, days.between(timezone.localdate(), turn.due_on))) if turn else markup.NOTHING,
        presentation.escalation_badge(escalation.state, sender=False),
        chosen is not None and escalation.pk == chosen.pk,
    )


def _advice_words(escalation: Escalation) -> str:
    if escalation.division is None:
        return _("advised") if escalation.advice else ""
    unit = {"unit": escalation.division.short_name}
    if escalation.advice and escalation.state != S.ASSIGNED:
        return _("%(unit)s has advised") % unit
    return _("with %(unit)s for advice") % unit


def _sum(counts: dict[str, int]) -> str:
    """ "23 referrals from 17 units, joined into 9 issues": its last number is that of the rows under "all"."""
    shown = {name: counting.shown(counts[name]) for name in ("referrals", "units", InboxPill.ALL)}
    return ", ".join(
        [
            ngettext("%(n)s referral", "%(n)s referrals", counts["referrals"]) % {"n": shown["referrals"]}
            + " "
            + ngettext("from %(n)s unit", "from %(n)s units", counts["units"]) % {"n": shown["units"]},
            ngettext("joined into %(n)s issue", "joined into %(n)s issues", counts[InboxPill.ALL])
            % {"n": shown[InboxPill.ALL]},
        ]
    )
