"""Parts of pages about answers: which text a reader is shown, and the files that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization.models import Person
from dialogues.domain.reader import Reader
from dialogues.models import Item

_WORDS = re.compile(r"\S+\s*|\s+")


def prepared_text(item: Item, reader: Reader) -> str:
    """The unit's draft, for those inside of the unit's work."""
    return item.answer.prepared_text if item.answer and reader.inside else ""


def differences(before: str, after: str) -> SafeString:
    """*after*, with what was left out of *before* and what was put in marked, word by word."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[SafeString] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(format_html("{}", "".join(new[c:d])))
            continue
        if b > a:
            parts.append(format_html("<del>{}</del>", "".join(old[a:b])))
        if d > c:
            parts.append(format_html("<ins>{}</ins>", "".join(new[c:d])))
    return format_html_join("", "{}", ((part,) for part in parts))


def keep_files(item: Item, files: Iterable[Checked], *, by: Person, at: datetime) -> None:
    """Files of the answer that stands: shown with it, and to nobody before it is."""
    assert item.answer_id is not None
    for file in files:
        attach(subject_type="dialogues.answer", subject_id=item.answer_id, checked=file, by=by, at=at)
