"""How drafts of papers follow when the work of a unit that has ended passes to another; issued ones stay its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cchc.documents.domain.letterhead import head_of
from cchc.documents.domain.signers import signers
from cchc.documents.enums import DocumentState
from cchc.documents.models import Document
from cchc.organization.models import Unit
from cchc.workflow.handing import Follower, Key, Passing, ids_of

DOCUMENT = "documents.document"


def _drafts(unit: Unit) -> QuerySet[Document]:
    return Document.objects.filter(host=unit, state=DocumentState.DRAFT)


def together(keys: Collection[Key], unit: Unit) -> set[Key]:
    """With each subject go the unit's drafts about it; only commands write papers."""
    if not unit.is_command:
        return {*keys}
    about = _drafts(unit).values_list("pk", "subject_type", "subject_id")
    return {*keys, *((DOCUMENT, str(pk)) for pk, kind, subject in about if (kind, str(subject)) in keys)}


def beside(unit: Unit) -> dict[str, QuerySet[Any]]:
    """All of its drafts: nobody owes them, and some are about no matter that passes, such as a year's report."""
    return {DOCUMENT: _drafts(unit)}


def rows(keys: Collection[Key], passing: Passing) -> Sequence[QuerySet[Any]]:
    return [_drafts(passing.from_unit).filter(pk__in=ids_of(keys, DOCUMENT)[DOCUMENT])]


def take_over(keys: Collection[Key], passing: Passing) -> None:
    """Let the drafts of *keys* be the other command's, under its head and its signer; their words are its to change."""
    (drafts,) = rows(keys, passing)
    head, post = head_of(passing.command), signers(passing.command, timezone.localdate(passing.at)).first()
    for draft in drafts.order_by("pk"):
        draft.host, draft.drafter, draft.place = passing.command, head.drafter, head.place or draft.place
        draft.signer = None if draft.of_kind.signed_by_two else post
        draft.save(update_fields=["host", "drafter", "place", "signer"])
        passing.write(draft)


FOLLOWER = Follower(together, rows, take_over, beside)
