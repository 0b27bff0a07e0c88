""" "My work" of the dialogue, by role: what awaits me, what I sent, and what a host has to keep in sight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.utils.translation import ngettext

from cchc.organization import access
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.web import markup
from cchc.web.panels import Button, Due, Empty, Notice, Panel, Piece, Row, Tile
from cchc.workdays.domain.calendar import Calendar, calendar
from cchc.workflow.models import Obligation
from cchc.workflow.models.obligation import awaiting
from dialogues import directives, permissions, presentation
from dialogues.domain.escalation_list import NOUN
from dialogues.domain.intake import open_to
from dialogues.domain.item_list import ItemList, Pill, Wanted
from dialogues.enums import ConferenceState, Outcome
from dialogues.home_escalation import Referrals, due_of
from dialogues.models import Conference, Item
from dialogues.models.item import grounds

UNITS = 8
SENT = 5
# The button of a row that awaits me, by what is owed.
STEPS = {
    "triage": T("Accept"),
    "assign": T("Assign"),
    "prepare": T("Prepare"),
    "answer": T("Answer"),
    "publish": T("Publish"),
    "confirm": T("Rate"),
    "fulfil": T("Report"),
    "check": T("Check"),
}
# Colors of the bar, in the order of the sentence; terms that share one are shown together.
BAR = (
    ("c1", (Outcome.ANSWERED_LIVE,)),
    ("c1l", (Outcome.ANSWERED_WRITTEN,)),
    ("c3", (Outcome.ESCALATED,)),
    ("c4", (Outcome.OPEN,)),
    ("c6", (Outcome.MERGED, Outcome.DECLINED, Outcome.WITHDRAWN)),
)


def pieces(person: Person, at: datetime, most: int) -> list[Piece]:
    """The pieces of the page, each in its place by its kind; of all that awaits *person* the soonest *most*."""
    today, days = timezone.localtime(at).date(), calendar()
    hosts = access.places(person, permissions.READ_ITEMS).ids
    found: list[Piece] = []
    soonest = awaiting(person, most)
    referrals = Referrals.of(person, [turn for turn, kind in soonest.items() if kind == NOUN])
    work = waiting(person, soonest, referrals, today, days)
    numbers = tiles(person, today, work) if hosts else []
    if hosts:
        found += numbers
    elif access.holds(person, permissions.ASK):
        found += windows(person, at)
    found.append(work)
    if access.holds(person, permissions.READ_RECEIVED):
        found.append(referrals.inbox(today, days))
    if hosts:
        found += [
            referrals.referred(today, days),
            late_units(hosts, today, days, everything=bool(numbers)),
            *reconciliation(hosts),
        ]
    elif access.holds(person, permissions.ASK):
        found += [sent(person, today, days), supported(person, today, days)]
    return found


def tiles(person: Person, today: date, work: Panel) -> list[Tile]:
    """Four numbers, each counted as the list it opens counts it; the first with the earliest day in *work*.

    None for whoever sees a province: of the lists before him the numbers are not told.
    """
    if any(ground.wide for ground in grounds(person)):
        return []
    counts = ItemList(person, Wanted(), today).counts()
    return [
        Tile(counts[Pill.MINE], _("Await me"), opens(Pill.MINE), sub=_earliest(work), tone="mine"),
        Tile(counts[Pill.UP], _("Referred upward"), opens(Pill.UP)),
        Tile(counts[Pill.OPEN], _("Still open"), opens(Pill.OPEN)),
        Tile(counts[Pill.LATE], _("Overdue"), opens(Pill.LATE), tone="late" if counts[Pill.LATE] else ""),
    ]


def _earliest(work: Panel) -> str:
    due = next((row.due.due_on for row in work.rows if row.due and row.due.due_on), None)
    return _("Earliest: %(day)s") % {"day": markup.day(due)} if due else ""


def opens(pill: Pill) -> str:
    return f"{reverse('item_list')}?pill={pill.value}"


def windows(person: Person, at: datetime) -> list[Piece]:
    """The conference that takes questions now, and the way to ask."""
    conference = open_to(person, at).first()
    if conference is None:
        return []
    address = reverse("ask_form", args=[conference.code])
    until = timezone.localtime(conference.closes_at)
    words = _("%(title)s takes questions until %(time)s on %(day)s.") % {
        "title": conference.title,
        "time": f"{until:%H:%M}",
        "day": f"{until:%d/%m/%Y}",
    }
    return [
        Notice(words, icon="cal", button=Button(_("Ask at this conference"), address)),
        Button(_("Ask, state an opinion"), reverse("ask"), icon="plus"),
    ]


def waiting(person: Person, soonest: dict[int, str], referrals: Referrals, today: date, days: Calendar) -> Panel:
    """What is owed by me, late first: *soonest* are the first of my obligations with the kind of their subjects.

    Those of other domains join it (cchc.web.panels.home_of); where all are not shown, the page of all is a step away.
    """
    # The few obligations first: joined to all that a row shows, they are ten tables before the planner.
    rows = referrals.waiting(person, today, days)
    if items := [turn for turn, kind in soonest.items() if kind == "dialogues.item"]:
        found = Item.objects.filter(turn__in=items).for_list().select_related("lead_unit")
        rows |= {item.turn_id: item_row(item, today, days, step=True) for item in found}
    if conferences := [turn for turn, kind in soonest.items() if kind == "dialogues.conference"]:
        met = Conference.objects.filter(turn__in=conferences).select_related("turn")
        rows |= {each.turn_id: conference_row(each, today, days) for each in met}
    rows |= directives.awaited(soonest, today, days)
    return Panel(
        "waiting",
        _("Awaits me"),
        [rows[turn] for turn in soonest if turn in rows],
        more_url=f"{reverse('home')}?all=1#waiting" if len(awaiting(person)) > len(soonest) else "",
        primary=True,
        empty=Empty(_("Nothing awaits you"), _("What becomes your turn appears here and among the notices."), "done"),
    )


def item_row(item: Item, today: date, days: Calendar, *, step: bool = False) -> Row:
    """An item as a line of work; with its next *step* as a button."""
    shown, turn = presentation.ITEM_STATES[item.state], item.turn
    address = reverse("item_show", args=[item.pk])
    button = Button(STEPS[turn.kind], address) if step and turn and turn.kind in STEPS else None
    n = item.merged_count  # type: ignore[attr-defined]
    merged = ngettext("%(n)d merged into it", "%(n)d merged into it", n) % {"n": n} if n else ""
    unit = item.lead_unit if Item.lead_unit.is_cached(item) else None
    return Row(
        item.title,
        address,
        glyph=shown.glyph,
        tone=shown.tone,
        state=presentation.words(item),
        code=item.code,
        meta=(presentation.ASKERS[item.audience], merged, unit.short_name if unit else ""),
        due=due_of(turn, today, days),
        button=button,
    )


def conference_row(conference: Conference, today: date, days: Calendar) -> Row:
    address = reverse("conference_show", args=[conference.code])
    return Row(
        conference.title,
        address,
        glyph="cal",
        state=conference.get_state_display(),
        code=conference.code,
        meta=(conference.get_state_display(),),
        due=due_of(conference.turn, today, days),
        button=Button(_("Open"), address),
    )


def sent(person: Person, today: date, days: Calendar) -> Panel:
    """What I sent, and where it is now."""
    items = Item.objects.filter(author=person).for_list().order_by("-submitted_at", "id")[: SENT + 1]
    ask = Button(_("Ask, state an opinion"), reverse("ask"))
    return Panel(
        "sent",
        _("Sent by me"),
        [_sent_row(item, today, days) for item in items[:SENT]],
        more_url=opens(Pill.SENT) if items else "",
        empty=Empty(
            _("Nothing sent yet"),
            _("What you ask or propose, and where it stands, appears here."),
            icon="send",
            button=ask,
        ),
    )


def _sent_row(item: Item, today: date, days: Calendar) -> Row:
    shown = presentation.ITEM_STATES[item.state]
    return Row(
        item.title,
        reverse("item_show", args=[item.pk]),
        glyph=shown.glyph,
        tone=shown.tone,
        state=presentation.words(item, inside=False),
        code=item.code,
        meta=(presentation.dots(item), presentation.words(item, inside=False)),
        due=due_of(item.turn, today, days),
    )


def supported(person: Person, today: date, days: Calendar) -> Panel:
    """What concerns me too."""
    items = Item.objects.filter(supports__person=person).visible_to(person).for_list()
    rows = [_sent_row(item, today, days) for item in items.order_by("-submitted_at", "id")[:SENT]]
    return Panel(
        "supported",
        _("My concern too"),
        rows,
        more_url=opens(Pill.SUPPORTED) if rows else "",
        rail=True,
        empty=Empty(
            _("No item followed yet"),
            _("Press the star at a question that concerns you too: you are told when it is answered."),
            icon="star",
            button=Button(_("Answered questions"), opens(Pill.ANSWERED)),
        ),
    )


def late_units(hosts: tuple[int, ...], today: date, days: Calendar, *, everything: bool) -> Panel:
    """Units of the command that owe something past its day, the longest first.

    "None" is said only where *everything* before the reader is the command's own: a province has others below it.
    """
    late = Obligation.objects.late_on(today).filter(role=Role.UNIT_CHIEF)
    serve = Unit.objects.filter(Q(command__in=hosts) | Q(parent__in=hosts)).values("pk")
    grouped = (
        late.filter(unit__in=serve)
        .order_by()
        .values("unit", "unit__short_name")
        .annotate(n=Count("pk"), since=Min("due_on"))
    )
    rows = [
        Row(
            unit["unit__short_name"],
            f"{opens(Pill.LATE)}&turn={unit['unit']}",
            glyph="slate",
            tone="is-late",
            state=_("Overdue"),
            meta=(ngettext("%(n)d step", "%(n)d steps", unit["n"]) % {"n": unit["n"]},),
            due=Due(unit["since"], days.between(today, unit["since"])),
        )
        for unit in grouped.order_by("since", "unit")[:UNITS]
    ]
    none = Empty(_("No unit is overdue"), kind="done") if everything else None
    return Panel("late", _("Units overdue"), rows, rail=True, empty=none)


def reconciliation(hosts: tuple[int, ...]) -> Iterator[Panel]:
    """The latest conference in numbers that add up; each opens the rows that it counts."""
    met = (ConferenceState.IN_SESSION, ConferenceState.CONCLUDED, ConferenceState.CLOSED)
    latest = Conference.objects.filter(host__in=hosts, state__in=met).order_by("-starts_at", "code").values("pk")[:1]
    of_it = Item.objects.filter(conference__in=latest).received().with_outcome().order_by()
    found = list(of_it.values_list("conference__code", "conference__starts_at", "outcome").annotate(n=Count("pk")))  # type: ignore[misc]
    if not found:
        return
    code, starts_at = found[0][:2]
    counts = {outcome: n for _code, _starts_at, outcome, n in found}
    total = sum(counts.values())
    title = ngettext("%(n)s item at the conference on %(day)s", "%(n)s items at the conference on %(day)s", total) % {
        "n": total,
        "day": markup.day(timezone.localtime(starts_at).date()),
    }
    yield Panel("reconciliation", title, rail=True, body=_bar(reverse("conference_items", args=[code]), counts))


def _bar(address: str, counts: dict[str, int]) -> SafeString:
    total, place, rects, lines = max(1, sum(counts.values())), 0.0, [], []
    for tone, outcomes in BAR:
        for outcome in outcomes:
            n = counts.get(outcome.value, 0)
            if width := 100 * n / total:
                rects.append((tone, f"{place:.2f}", f"{max(width - 0.5, 0.3):.2f}"))
                place += width
            lines.append((f"{address}?pill=all&outcome={outcome.value}", tone, outcome.label, n))
    words = ", ".join(f"{label} {n}" for _address, _tone, label, n in lines)
    return format_html(
        '<svg class="bar mb-2" viewBox="0 0 100 14" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
        '<ul class="legend lines">{}</ul>',
        words,
        format_html_join("", '<rect class="{}" x="{}" width="{}" height="14"/>', rects),
        format_html_join("", '<li><a href="{}"><i class="{}"></i>{} <b>{}</b></a></li>', lines),
    )
