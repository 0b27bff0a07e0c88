"""What the administrator's "my work" says of the page of operation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.followup.domain.attention import attention
from cchc.followup.domain.stuck import MOST_SEATS, Stuck
from cchc.followup.models import Pulse
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import OPERATE
from cchc.web.counting import shown
from cchc.web.panels import Panel, Piece, Row


def operation(person: Person, at: datetime) -> list[Piece]:
    """What the page of operation lists, a line for each kind."""
    if not access.holds(person, OPERATE):
        return []
    found = attention({pulse.name: pulse for pulse in Pulse.objects.all()}, at)
    if found.nothing:
        return []
    page = f"{reverse('health_show')}#stuck"
    warn: dict[str, Any] = {"glyph": "warn", "tone": "is-late", "state": _("Not in order")}
    rows = [Row(_("The mail server cannot be reached"), page, **warn)] if found.mail_fails else []
    rows += [Row(each.part.title, page, **warn) for each in found.troubles]
    rows += [Row(words, url, **warn) for number, words, url in _counts(found.stuck, page) if number]
    return [Panel("operation", _("Operation"), rows, more_url=reverse("health_show"))]


def _counts(stuck: Stuck, page: str) -> list[tuple[int, str, str]]:
    """How many, the same in words, and where they are listed."""
    outbox, posts = reverse("delivery_list"), len(stuck.orphaned) + stuck.more
    failed = ngettext("%(n)s delivery failed", "%(n)s deliveries failed", stuck.failed)
    late = ngettext(
        "%(n)s delivery waits for more than 15 minutes", "%(n)s deliveries wait for more than 15 minutes", stuck.waiting
    )  # fmt: skip
    mornings = ngettext(
        "The reminders of %(n)s morning were not opened to the end",
        "The reminders of %(n)s mornings were not opened to the end", stuck.unfinished,
    )  # fmt: skip
    vacant = ngettext("%(n)s post owes work and has nobody", "%(n)s posts owe work and have nobody", posts)
    return [
        (stuck.failed, failed % {"n": shown(stuck.failed)}, f"{outbox}?state=failed"),
        (stuck.waiting, late % {"n": shown(stuck.waiting)}, f"{outbox}?state=waiting"),
        (stuck.unfinished, mornings % {"n": shown(stuck.unfinished)}, page),
        (posts, vacant % {"n": shown(posts, MOST_SEATS)}, page),
    ]
