"""The places of the frame that follow-up adds."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain import frame
from cchc.organization import access
from cchc.organization.models import Person
from cchc.organization.permissions import MANAGE_CALENDAR, MANAGE_REMINDERS, OPERATE, OVERSEE
from cchc.web.navigation import NavEntry


def entries(person: Person) -> list[NavEntry]:
    group = _("Administration")
    found = []
    if access.holds(person, OVERSEE):
        found.append(NavEntry(_("Overview"), reverse("overview_show"), "chart"))
        found.append(NavEntry(_("Late work"), reverse("overdue_list"), "clock", count=frame.late(person)))
    if left := frame.left(person):
        found.append(NavEntry(_("Hand-overs"), reverse("handover_queue"), "merge", count=left))
    if access.holds(person, MANAGE_CALENDAR):
        found.append(NavEntry(_("Working days"), reverse("day_list"), "clock", group=group))
    if access.holds(person, MANAGE_REMINDERS):
        found.append(NavEntry(_("Ladder of reminders"), reverse("ladder_list"), "bell", group=group))
    if access.holds(person, OPERATE):
        label = _("Operation")
        found.append(NavEntry(label, reverse("health_show"), "shield", group=group, phone=label, gives_way=True))
        found.append(NavEntry(_("Outbox"), reverse("delivery_list"), "send", group=group))
    return found
