"""The place of the frame for papers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cchc.documents.permissions import READ_UNIT_PAPERS, SET_LETTERHEAD
from cchc.organization import access
from cchc.organization.models import Person
from cchc.web.navigation import NavEntry


def entries(person: Person) -> list[NavEntry]:
    found = []
    if access.holds(person, READ_UNIT_PAPERS):
        found.append(NavEntry(_("Papers"), reverse("document_list"), "folder"))
    elif access.holds(person, SET_LETTERHEAD):  # who only sets how they look
        found.append(NavEntry(_("Letterhead"), reverse("letterhead_list"), "doc", group=_("Administration")))
    return found
