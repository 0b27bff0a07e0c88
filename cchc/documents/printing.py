"""What a document says, as data; and as pages, pictures, a sheet for reading, and an editable file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from cchc.documents.docx import Sheet, written
from cchc.documents.domain.letterhead import Head, head_of
from cchc.documents.domain.register import mark_of
from cchc.documents.domain.signers import Signer, signer_of
from cchc.documents.models import Document
from cchc.documents.typesetting import pictures, plain, sheet_of, typeset
from cchc.organization.models import Person
from cchc.workflow.engine import perform
from cchc.workflow.flow import Unrecorded


@dataclass(frozen=True)
class Envelope:
    """All that a template of papers is given."""

    superior: str
    issuer: str
    extra: str
    mark: str
    place: str
    day: date | None
    size: int  # points of the text
    family: str
    recipients: list[str]
    signer: Signer
    title: str
    content: Any


def compose(document: Document, head: Head, signer: Signer, number: int | None, day: date | None) -> dict[str, Any]:
    """What the pages of *document* are made of."""
    made: dict[str, Any] = plain(
        Envelope(
            superior=head.superior, issuer=head.issuer, extra=head.extra, size=head.size, family=head.family,
            mark=mark_of(number, document.series, head.symbol, document.drafter), place=document.place, day=day,
            recipients=[line.strip(" -;.") for line in document.recipients.splitlines() if line.strip(" -;.")],
            signer=signer, title=document.title, content=document.typed,
        )
    )  # fmt: skip
    return made


def words_of(document: Document) -> dict[str, Any]:
    """What it says: as issued, or as it would be issued today."""
    if document.printed is not None:
        kept: dict[str, Any] = document.printed
        return kept
    signer = signer_of(document.signer, document.host, timezone.localdate())
    return compose(document, head_of(document.host), signer, None, None)


def press(document: Document, words: dict[str, Any], at: datetime) -> bytes:
    """The pages as PDF/A-2b. Raises CannotTypeset."""
    return typeset(document.of_kind.template, words, at=at, family=words["family"])


def issue(
    document: Document, *, by: Person, at: datetime, day: date, number: int | None = None, seen: int | None = None
) -> Document:
    """Number, print and freeze it in one transaction. Raises Refused and CannotTypeset; then nothing has happened."""
    return perform(
        document, "issue", by=by, at=at, seen=seen, day=day, number=number,
        compose=Unrecorded(compose), press=Unrecorded(press),
    )  # fmt: skip


def first_pages(document: Document, at: datetime) -> list[bytes]:
    """Its pages as PNG, of a long one only the first. Raises CannotTypeset."""
    words = words_of(document)
    return pictures(document.of_kind.template, words, at=at, family=words["family"], beginning=True)


def draft_pdf(document: Document, at: datetime) -> bytes:
    return press(document, words_of(document), at)


def sheet(document: Document) -> Sheet:
    """Its words in their order, without pages."""
    return sheet_of(document.of_kind.template, words_of(document))


def editable(document: Document) -> bytes:
    """The same paper as DOCX, to be worked on elsewhere."""
    return written(sheet(document))
