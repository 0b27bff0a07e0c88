"""A personal calendar in the format of calendar programs (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from cchc.followup.domain.feed import Entry

# How often a program should look again.
AGAIN = timedelta(hours=2)


def calendar_of(entries: Iterable[Entry], *, site: str, at: datetime) -> bytes:
    """The *entries* as a calendar file. *site* is this site's address without a slash at the end."""
    made = Calendar()
    made.add("prodid", "-//CCHC dialogue//obligations//VI")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", _("CCHC dialogue: my work"))
    made.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    made.add("x-published-ttl", AGAIN)
    for entry in entries:
        made.add_component(_event(entry, site, at))
    return made.to_ical()


def _event(entry: Entry, site: str, at: datetime) -> Event:
    event = Event()
    # Of the obligation, not of the secret, its owner or the name by which the site was reached: it stays.
    event.add("uid", f"obligation-{entry.key}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", at)
    event.add("created", entry.opened_at)
    event.add("sequence", entry.changes)
    event.add("dtstart", entry.due_on)
    event.add("dtend", entry.due_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"{entry.duty}: {entry.title}" if entry.title else str(entry.duty))
    if entry.address:
        event.add("url", f"{site}{entry.address}")
    event.add("description", "\n".join(_lines(entry, site)))
    return event


def _lines(entry: Entry, site: str) -> Iterable[str]:
    if entry.unit:
        yield entry.unit
    if entry.first_due_on != entry.due_on:
        yield _("First due on %(day)s") % {"day": date_format(entry.first_due_on, "d/m/Y")}
    if entry.address:
        yield f"{site}{entry.address}"
