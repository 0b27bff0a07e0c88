"""What those at work on a thing may know of who was told of it (settings.SUBJECT_INSIDERS)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.told import Insider
from cchc.organization import access
from cchc.organization.models import Person
from cchc.workflow.flow import Sentence
from dialogues import permissions
from dialogues.domain import escalation_reader
from dialogues.domain.reader import is_inside
from dialogues.models import Escalation, Item, Support

SAME_CONCERN = _("Somebody with the same concern")
ASKED_ALIKE = _("Somebody who asked the same")


def of_item(person: Person, pk: str) -> Insider | None:
    """Its asker is known to those inside; who has the same concern is nobody's to know, and who asked what was joined
    with it only the host's."""
    rows = Item.objects.visible_to(person).select_related("host__command", "lead_unit")
    item = rows.filter(pk=pk).first() if _is_uuid(pk) else None
    if item is None or not is_inside(item, person):
        return None
    family = Q(item=item.pk) | Q(item__merged_into=item.pk)
    unnamed: dict[int, Sentence] = dict.fromkeys(
        Support.objects.filter(family).values_list("person", flat=True), SAME_CONCERN
    )
    if not access.can(person, permissions.READ_ITEMS, item.host):
        alike = Item.objects.filter(merged_into=item.pk, author__isnull=False).values_list("author", flat=True)
        unnamed |= dict.fromkeys(alike, ASKED_ALIKE)
    for known in (person.pk, item.author_id):
        unnamed.pop(known, None)  # type: ignore[arg-type]
    return Insider(unnamed)


def of_escalation(person: Person, pk: str) -> Insider | None:
    """Each side as far as it may know the other's steps and duties."""
    rows = Escalation.objects.visible_to(person).select_related("host__command", "receiver__command", "lead")
    escalation = rows.filter(pk=pk).first() if _is_uuid(pk) else None
    if escalation is None:
        return None
    reader = escalation_reader.reader_of(escalation, person)
    if not (reader.sender or reader.reads_advice):
        return None
    return Insider(knows_step=reader.may_know, knows_duty=reader.may_know_duty)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
