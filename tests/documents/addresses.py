"""The addresses of papers, for the table of all addresses."""

from __future__ import annotations

from typing import Any

from cchc.documents.models import Document
from tests.documents.issuing import draft


def paper(world: Any) -> Document:
    """A draft about the conference of *world*, made when it is asked for first."""
    found = Document.objects.filter(state="draft").first()
    return found or draft(world.force, "invitation", world.conference)


PAPER_SAMPLES: dict[str, Any] = {
    **dict.fromkeys(("document_list", "letterhead_list"), lambda world: {}),
    **dict.fromkeys(
        (
            "document_show document_comment document_edit document_pages document_pdf document_docx document_replace"
        ).split(),
        lambda world: {"pk": paper(world).pk},
    ),
    "document_lines": lambda world: {"pk": paper(world).pk, "name": "course"},
    "document_move": lambda world: {"pk": paper(world).pk, "action": "discard"},
    "document_subject": lambda world: {"subject_type": "dialogues.conference", "pk": world.conference.pk},
    "document_create": lambda world: {"kind": "invitation", "pk": world.conference.pk},
    "letterhead_edit": lambda world: {"code": world.force.town.code},
}
