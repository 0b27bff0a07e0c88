"""Keep, recall and discard drafts. A draft is a help, never a record: no event, no history."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from cchc.web.models import Draft

MAX_BYTES = 32 * 1024
MAX_DRAFTS = 50
KEEP_CALENDAR_DAYS = 30
Fields = dict[str, list[str]]

# PostgreSQL's jsonb refuses NUL, and no encoder takes a lone surrogate.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class TooLarge(ValueError):
    """The form holds more than MAX_BYTES of text."""


@dataclass(frozen=True)
class Owner:
    """Whose draft: a person's id, or a guest's session key. Exactly one is set."""

    person_id: int | None = None
    session_key: str = ""

    @property
    def lookup(self) -> dict[str, Any]:
        return {"person_id": self.person_id, "session_key": self.session_key}

    @property
    def known(self) -> bool:
        return self.person_id is not None or bool(self.session_key)


def owner_of(request: HttpRequest) -> Owner:
    """The signed-in person, else the guest's session (unknown while there is none: nothing to recall then)."""
    if request.user.is_authenticated:
        return Owner(person_id=request.user.pk)
    return Owner(session_key=request.session.session_key or "")


def keep(owner: Owner, key: str, fields: Fields, *, at: datetime) -> Draft:
    """Store the fields under the key, over what was there. Characters that cannot be stored are left out.

    Raises TooLarge. An owner keeps at most MAX_DRAFTS; the oldest makes room.
    """
    clean = {_storable(name): [_storable(value) for value in values] for name, values in fields.items()}
    if len(json.dumps(clean, ensure_ascii=False).encode()) > MAX_BYTES:
        raise TooLarge(key)
    draft, created = Draft.objects.update_or_create(**owner.lookup, key=key, defaults={"data": clean, "saved_at": at})
    if created:
        stale = Draft.objects.filter(**owner.lookup).order_by("-saved_at", "-pk").values("pk")[MAX_DRAFTS:]
        Draft.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).delete()
    return draft


def recall(owner: Owner, key: str) -> dict[str, Any]:
    """What was typed, fit for a form's `initial`: one value as text, several as a list. {} when there is no draft."""
    return typed_in(find(owner, key))


def typed_in(draft: Draft | None) -> dict[str, Any]:
    """What `recall` gives of a draft that was found already."""
    if draft is None:
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in draft.data.items()}


def find(owner: Owner, key: str) -> Draft | None:
    return Draft.objects.filter(**owner.lookup, key=key).first() if owner.known else None


def discard(owner: Owner, key: str) -> None:
    """Forget the draft: it was sent, thrown away, or must not be tied to its author."""
    if owner.known:
        Draft.objects.filter(**owner.lookup, key=key).delete()


def expire(at: datetime) -> int:
    """Delete drafts nobody touched for KEEP_CALENDAR_DAYS; returns how many."""
    return Draft.objects.filter(saved_at__lt=at - timedelta(days=KEEP_CALENDAR_DAYS)).delete()[0]


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("", text)
