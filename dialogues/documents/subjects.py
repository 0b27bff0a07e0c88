"""What the dialogue's papers are about, and who reads them once they are issued."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from cchc.documents.kinds import Matter, Subjects
from cchc.documents.permissions import READ_UNIT_PAPERS
from cchc.organization import access
from cchc.organization.access import Visitor
from cchc.organization.models import Person, Unit
from dialogues import permissions
from dialogues.models import Conclusion, Conference, Escalation, Item


def _conference(person: Person, pk: UUID) -> Matter | None:
    found = Conference.objects.visible_to(person).select_related("host__parent", "chair", "plan").filter(pk=pk).first()
    return (
        None if found is None else Matter(found.host, found.title, reverse("conference_show", args=[found.code]), found)
    )


def _item(person: Person, pk: UUID) -> Matter | None:
    """An item for those who write its answer: to others its asker is not told."""
    rows = Item.objects.visible_to(person).filter(access.within(person, permissions.READ_ITEMS, "host"), pk=pk)
    found = rows.select_related("host__parent", "conference", "author", "answer").first()
    return None if found is None else Matter(found.host, str(found), reverse("item_show", args=[found.pk]), found)


def _escalation(person: Person, pk: UUID) -> Matter | None:
    """A report for the unit that sends it."""
    rows = Escalation.objects.visible_to(person).filter(access.within(person, permissions.READ_ITEMS, "host"), pk=pk)
    found = rows.select_related("host__parent", "receiver").first()
    return None if found is None else Matter(found.host, str(found), reverse("escalation_show", args=[found.pk]), found)


def _conclusion(person: Person, pk: UUID) -> Matter | None:
    rows = Conclusion.objects.visible_to(person).select_related("host__parent", "conference__chair").filter(pk=pk)
    found = rows.first()
    if found is None:
        return None
    return Matter(found.host, str(found), reverse("conference_conclusion", args=[found.conference.code]), found)


def unit_id(unit: Unit) -> UUID:
    """A unit's number in the form that other subjects' ids have."""
    return UUID(int=unit.pk)


def _unit(person: Person, pk: UUID) -> Matter | None:
    rows = Unit.objects.filter(access.within(person, READ_UNIT_PAPERS, "pk"), pk=min(pk.int, 2**63 - 1))
    found = rows.select_related("parent").first()
    return None if found is None else Matter(found, found.name, reverse("document_list"), found)


CONFERENCE = Subjects("dialogues.conference", _conference)
ITEM = Subjects("dialogues.item", _item)
ESCALATION = Subjects("dialogues.escalation", _escalation)
CONCLUSION = Subjects("dialogues.conclusion", _conclusion)
UNIT = Subjects("organization.unit", _unit)


# --- who reads what is issued -----------------------------------------------------------------------------------------
def of_conference(person: Visitor) -> Q:
    return Q(subject_id__in=Conference.objects.visible_to(person).values("pk"))


def of_item(person: Visitor) -> Q:
    """A letter names whoever asked: it is for those at work on it, and for himself."""
    own = Q(author=person) if isinstance(person, Person) else access.NOTHING
    inside = access.within(person, permissions.READ_ITEMS, "host")
    return Q(subject_id__in=Item.objects.filter(own | inside).values("pk"))


def of_escalation(person: Visitor) -> Q:
    return Q(subject_id__in=Escalation.objects.visible_to(person).values("pk"))


def of_conclusion(person: Visitor) -> Q:
    return Q(subject_id__in=Conclusion.objects.visible_to(person).values("pk"))


def of_unit(person: Visitor) -> Q:
    return access.within(person, READ_UNIT_PAPERS, "host")
