"""What the organization puts into the frame of every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cchc.organization import access, permissions
from cchc.organization.models import Person
from cchc.web.navigation import NavEntry


@dataclass(frozen=True)
class Workplace:
    unit: str
    title: str


def entries(person: Person) -> list[NavEntry]:
    group = _("Administration")
    found = []
    if access.holds(person, permissions.MANAGE_UNITS):
        found.append(NavEntry(_("Units"), reverse("unit_list"), "unit", group=group, phone=_("Units"), gives_way=True))
    if access.holds(person, permissions.MANAGE_PEOPLE):
        label = _("People")
        found.append(NavEntry(label, reverse("person_list"), "users", group=group, phone=label, gives_way=True))
    if access.holds(person, permissions.RECORD_ABSENCE):
        found.append(NavEntry(_("Absences"), reverse("absence_list"), "user", group=group))
    return found


def workplace(person: Person) -> Workplace:
    """The unit and title of the post a person holds (the first, if several)."""
    post = next(iter(access.posts(person)), None)
    if post is None:
        return Workplace("", "")
    unit = post.unit.command or post.unit
    return Workplace(unit.name, post.title)
