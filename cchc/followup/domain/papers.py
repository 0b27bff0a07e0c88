"""Papers as notices name them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from cchc.documents.models import Document
from cchc.followup.bell import Link
from cchc.organization.models import Person


def links(person: Person, ids: Iterable[str]) -> dict[str, Link]:
    found = Document.objects.visible_to(person).filter(pk__in=list(ids)).defer("content", "printed")
    return {str(each.pk): Link(str(each), reverse("document_show", args=[each.pk])) for each in found}
