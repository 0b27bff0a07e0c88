"""Small pieces of markup used many times on a page: built here rather than in templates, so that 25 rows stay cheap."""

from datetime import date
from functools import cache, lru_cache

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext

from cchc.web.panels import Due, Text

NOTHING = SafeString("")
# Two working days or fewer are "soon" (ui.md §3).
SOON = 2


@cache
def _icons() -> str:
    # Asking the manifest 50 times for one page is a tenth of its cost; it does not change while the process lives.
    return static("icons.svg")


@lru_cache(maxsize=512)
def _icon(address: str, name: str, classes: str, label: str) -> SafeString:
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="ic{}" {}><use href="{}#i-{}"/></svg>', classes, spoken, address, name)


def icon(name: str, label: Text = "", classes: str = "") -> SafeString:
    """A symbol of icons.svg; with a label it is a picture with that name, without one decoration."""
    return _icon(_icons(), name, f" {classes}" if classes else "", str(label))


def state_badge(label: Text, tone: str = "", glyph: str = "s0") -> SafeString:
    """The label may differ by reader, tone (`is-prep is-wait is-up is-done`) and glyph may not."""
    return _badge(str(label), tone, icon(glyph))


# Such pieces are the same on many rows and pages and depend on nothing but the words they are given. *typed*: words
# that count as safe markup never stand in for the same words that do not.
@lru_cache(maxsize=512, typed=True)
def _badge(label: str, tone: str, sign: SafeString) -> SafeString:
    return format_html('<span class="badge-s {}">{}{}</span>', tone, sign, label)


def glyph(name: str, tone: str, label: Text) -> SafeString:
    """The bare state sign, for lists that show one state in each row; its words are read aloud."""
    return icon(name, label, f"gl {tone}".strip())


def turn(label: Text = "", mine: bool = False, of: str = "unit", title: Text = "") -> SafeString:
    """Whose turn it is: a unit's or a person's (`of="user"`) short name, `title` the full one; or the reader's own."""
    if mine:
        return format_html('<span class="turn mine">{}<span>{}</span></span>', icon("user"), gettext("My turn"))
    if not label:
        return NOTHING
    return _turn(str(label), icon(of), gettext("Turn of"), str(title))


@lru_cache(maxsize=2048, typed=True)
def _turn(label: str, sign: SafeString, words: str, title: str) -> SafeString:
    return format_html(
        '<span class="turn"{}>{}<span><span class="visually-hidden">{} </span>{}</span></span>',
        format_html(' title="{}"', title) if title else NOTHING,
        sign,
        words,
        label,
    )


def day(value: date, today: date | None = None) -> str:
    """dd/mm within the current year, dd/mm/yyyy otherwise."""
    return f"{value:%d/%m}" if value.year == (today or localdate()).year else f"{value:%d/%m/%Y}"


def due(what: Due | date | None, days_left: int | None = None, note: Text = "") -> SafeString:
    """The due chip: always a calendar date, then the distance in working days; nothing when there is no date.

    `what`: a Due, a date, or any object with `due_on` and, if known, `days_left`, `settled_on`, `late_days`,
    `paused_from`. `note` replaces the distance in the small text.
    """
    facts = what if isinstance(what, Due) else _facts(what, days_left)
    if facts.paused_from:
        return _chip("", "pause", gettext("Paused"), gettext("from %(day)s") % {"day": day(facts.paused_from)})
    if facts.settled_on:
        late = facts.late_days
        words = (
            ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late} if late else gettext("On time")
        )
        return _chip("", "check", words, "")
    if facts.due_on is None:
        return NOTHING
    left = facts.days_left
    if left is None:
        return _chip("", "clock", day(facts.due_on), str(note))
    if left == 0:
        return _chip("soon", "clock", gettext("Today"), str(note))
    if left < 0:
        small = ngettext("%(days)d day over", "%(days)d days over", -left) % {"days": -left}
    else:
        small = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    tone = "late" if left < 0 else "soon" if left <= SOON else ""
    return _chip(tone, "clock", day(facts.due_on), str(note) or small)


def _facts(what: date | object | None, days_left: int | None) -> Due:
    if what is None or isinstance(what, date):
        return Due(due_on=what, days_left=days_left)
    return Due(
        due_on=getattr(what, "due_on", None),
        days_left=getattr(what, "days_left", None) if days_left is None else days_left,
        settled_on=getattr(what, "settled_on", None),
        late_days=getattr(what, "late_days", 0) or 0,
        paused_from=getattr(what, "paused_from", None),
    )


def _chip(tone: str, sign: str, text: str, small: str) -> SafeString:
    return _due(tone, icon(sign), gettext("Due"), text, small)


@lru_cache(maxsize=2048, typed=True)
def _due(tone: str, sign: SafeString, words: str, text: str, small: str) -> SafeString:
    return format_html(
        '<span class="due {}">{}<span><span class="visually-hidden">{} </span>{}{}</span></span>',
        tone,
        sign,
        words,
        text,
        format_html(" <small>{}</small>", small) if small else NOTHING,
    )


def dots(step: int, total: int, label: Text = "") -> SafeString:
    """The meter of steps: `step` is the current one from 1; `step > total` means all are done."""
    marks = format_html_join(
        "", '<i class="{}"></i>', (("ok" if n < step else "now" if n == step else "",) for n in range(1, total + 1))
    )
    words = gettext("Step %(step)d of %(total)d") % {"step": min(step, total), "total": total}
    return format_html(
        '<span class="dots" role="img" aria-label="{}">{}</span>', f"{words}: {label}" if label else words, marks
    )


def person_badge(initials: str) -> SafeString:
    return format_html('<span class="ava" aria-hidden="true">{}</span>', initials)
