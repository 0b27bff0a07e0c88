"""Parts of pages about answers: which text a reader is shown, and the files that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization.models import Person
from dialogues.domain.reader import Reader
from dialogues.models import Item


def prepared_text(item: Item, reader: Reader) -> str:
    """The unit's draft, for those inside of the unit's work."""
    return item.answer.prepared_text if item.answer and reader.inside else ""


def keep_files(item: Item, files: Iterable[Checked], *, by: Person, at: datetime) -> None:
    """Files of the answer that stands: shown with it, and to nobody before it is."""
    assert item.answer_id is not None
    for file in files:
        attach(subject_type="dialogues.answer", subject_id=item.answer_id, checked=file, by=by, at=at)
