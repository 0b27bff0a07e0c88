"""Tags of every template (a builtin library). What repeats in rows is a function; larger pieces are partials."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy

from cchc.web import charts, markup
from cchc.web.panels import Due, Text

register = template.Library()


@register.simple_tag
def icon(name: str, label: Text = "", classes: str = "") -> SafeString:
    return markup.icon(name, label, classes)


@register.simple_tag
def state_badge(label: Text, tone: str = "", glyph: str = "s0") -> SafeString:
    return markup.state_badge(label, tone, glyph)


@register.simple_tag
def glyph(name: str, tone: str = "", label: Text = "") -> SafeString:
    return markup.glyph(name, tone, label)


@register.simple_tag
def turn(label: Text = "", mine: bool = False, of: str = "unit", title: Text = "") -> SafeString:
    return markup.turn(label, mine, of, title)


@register.simple_tag
def due(
    what: Any = None,
    days_left: int | None = None,
    settled_on: date | None = None,
    late_days: int = 0,
    paused_from: date | None = None,
    note: Text = "",
) -> SafeString:
    if settled_on or paused_from:
        what = Due(settled_on=settled_on, late_days=late_days, paused_from=paused_from)
    return markup.due(what, days_left, note)


@register.simple_tag
def dots(step: int, total: int, label: Text = "") -> SafeString:
    return markup.dots(step, total, label)


@register.filter
def day(value: date | datetime | None) -> str:
    """dd/mm within the current year, dd/mm/yyyy otherwise."""
    if value is None:
        return ""
    return markup.day(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def moment(value: datetime | None) -> str:
    """ "25/11, 15:20": when something happened."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{markup.day(local.date())}, {local:%H:%M}"


WEEKDAYS = (
    pgettext_lazy("weekday", "Monday"),
    pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"),
    pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)


@register.filter
def long_day(value: date | datetime | None) -> str:
    """ "Thursday, 26/11/2026"."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{WEEKDAYS[local.weekday()]}, {local:%d/%m/%Y}"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's own query with these values changed (None or "" removes one); paging starts anew unless it is
    changed.
    """
    values = context["request"].GET.copy()
    for name in ("after", "before"):
        values.pop(name, None)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{urlencode(list(values.lists()), doseq=True)}"


@register.filter
def bar_of(value: int, most: int) -> SafeString:
    """A bar as long as *value* is of *most*; the number itself stands beside it."""
    return charts.plain_bar(value, most)


@register.simple_tag
def course_chart(course: Any) -> SafeString:
    """The columns of a cchc.followup.domain.overview.Course."""
    places = [charts.Column(step.name, tuple(each.number for each in step.figures)) for step in course.steps]
    return charts.columns(places, f"{course.title}: {', '.join(str(name) for name in course.series)}")


@register.inclusion_tag("components/_rows.html")
def rows(panel: Any) -> dict[str, Any]:
    """The rows of a cchc.web.panels.Panel."""
    return {"panel": panel, "two": not panel.buttons}


@register.inclusion_tag("components/_empty.html")
def empty(
    title: Text, text: Text = "", kind: str = "nothing", icon: str = "", url: str = "", label: Text = "", level: int = 3
) -> dict[str, Any]:
    """`kind`: "nothing" (teach), "done" (all done) or "filtered". `level` 2 where no h2 stands above it."""
    sign = icon or {"done": "check", "filtered": "filter"}.get(kind, "inbox")
    return {"title": title, "text": text, "sign": sign, "url": url, "label": label, "level": level}


@dataclass(frozen=True)
class BarButton:
    """An offer with its address; `direct` posts at once, the others open their page (which asks and works without
    JavaScript).
    """

    offer: Any
    url: str
    direct: bool
    style: str
    # Class for phones: all but the first of the quiet buttons move into the menu there.
    narrow: str = ""


@register.inclusion_tag("components/_abar.html", takes_context=True)
def abar(
    context: template.Context,
    offers: Iterable[Any],
    base: str = "",
    turn: SafeString | str = "",
    due: SafeString | str = "",
    why: Text = "",
    direct: str = "",
    seen: int | None = None,
) -> dict[str, Any]:
    """The action bar of a detail page, from the engine's offers in table order; more than three go under "Other
    actions". What cannot be undone is quiet here, in red letters: the page that asks once more has the red button.

    The address of an offer is its own `url`, else `base` + action + "/". An offer with a `reason` is shown refused,
    with that sentence beside. `turn` and `due` are ready chips; `why` is the consequence line, shown when nothing is
    refused.
    `direct`: actions (separated by blanks) without a form of their own: they are posted from the bar, with `seen`.
    """
    at_once = direct.split()
    known = list(offers)
    first = next((offer for offer in known if offer.primary and not offer.reason), None)
    buttons = [
        BarButton(
            offer,
            getattr(offer, "url", "") or f"{base}{offer.action}/",
            offer.action in at_once,
            "btn-primary" if offer is first else "btn-quiet t-red" if offer.danger else "btn-quiet",
        )
        for offer in known
    ]
    allowed = [button for button in buttons if not button.offer.reason and button.offer is not first]
    room = 2 if first else 3
    shown = [replace(button, narrow=" hide-md" if index else "") for index, button in enumerate(allowed[:room])]
    return {
        "csrf_token": context.get("csrf_token"),
        "primary": next((button for button in buttons if button.offer is first), None),
        "shown": shown,
        "folded": shown[1:],
        "more": allowed[room:],
        "menu": len(allowed) > room or len(shown) > 1,
        "refused": [button for button in buttons if button.offer.reason],
        "turn": turn,
        "due": due,
        "why": why,
        "seen": seen,
        "any": bool(known),
    }


@register.inclusion_tag("components/_pager.html", takes_context=True)
def pager(context: template.Context, page: Any, label: Text = "") -> dict[str, Any]:
    """Previous and next of a cchc.web.paging.Page; other parts of the address stay."""
    return {
        "previous": query(context, before=page.previous) if page.previous else "",
        "next": query(context, after=page.next) if page.next else "",
        "first": query(context) if page.previous else "",
        "label": label or gettext("Pages"),
    }


@register.inclusion_tag("components/_tabs.html")
def tabs(entries: Iterable[Any], label: Text) -> dict[str, Any]:
    """Tabs of a page: objects (or dicts) with `label`, `url`, `count` (None hides it) and `active`."""
    return {"entries": entries, "label": label}


@register.inclusion_tag("components/_segs.html")
def segs(entries: Iterable[Any], label: Text) -> dict[str, Any]:
    """Count pills of a list: objects (or dicts) with `label`, `url`, `count`, `active` and `late`; zero counts stay."""
    return {"entries": entries, "label": label}


@register.inclusion_tag("components/_errors.html")
def error_summary(form: BaseForm, title: Text = "") -> dict[str, Any]:
    """The box above a form that was refused: each error a link to its field, in the order of the fields, and whether
    files have to be chosen again. Nothing for a form without errors."""
    found: list[tuple[str, str]] = []
    if form.is_bound:
        places = {name: place for place, name in enumerate(form.fields)}
        for name, errors in sorted(form.errors.items(), key=lambda each: places.get(each[0], -1)):
            bound = form[name] if name in form.fields else None
            target = (bound.id_for_label or bound.auto_id) if bound else ""
            begin = f"{bound.label}{'' if str(bound.label).endswith('?') else ':'} " if bound else ""
            found.extend((target, f"{begin}{error}") for error in errors)
    again = bool(found) and any(name in form.files for name in form.fields)  # a browser gives no file back
    return {"errors": found, "title": title, "count": len(found), "files_again": again}


@register.simple_tag
def hidden(form: BaseForm) -> SafeString:
    """The hidden fields of a form whose other fields are laid out by hand."""
    return format_html_join("", "{}", ((field,) for field in form.hidden_fields()))


@register.simple_tag(takes_context=True)
def current(context: template.Context, url: str) -> SafeString:
    """aria-current for a link to the page itself."""
    request = context.get("request")
    return SafeString(' aria-current="page"') if request is not None and request.path == url else markup.NOTHING
