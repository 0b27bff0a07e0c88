"""Signing in: the password, its limits, and the session that follows.

A second factor belongs between `check` and `begin`: `check` has seen the password and changed nothing yet, and only
`begin` opens the session. views/account.py calls the one after the other, nobody else does. `confirm` asks a person who
is signed in once more, before a signature: views know only whether it is he, so that a passkey can take its place.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from axes.utils import reset
from django.contrib.auth import authenticate, login
from django.http import HttpRequest

from cchc.organization import sessions
from cchc.organization.models import Person
from cchc.web import limits

# Per minute and address: a hall of three hundred people stands behind one (security.md §2).
TRIES, FAILURES, SECONDS = 300, 60, 60


class TooMany(Exception):
    """So many tries came from one address that it has to wait a minute."""


def check(request: HttpRequest, username: str, password: str, *, at: datetime) -> Person | None:
    """Whose name and password these are; None when they do not fit, the account is closed or the code is too old.

    A name nobody has costs the same time. Raises TooMany. After five failures of one name from one address axes refuses
    that pair for a quarter of an hour, and replaces the response (AXES_LOCKOUT_CALLABLE).
    """
    address = limits.address_of(request)
    if limits.hit("login", address, TRIES, SECONDS) or limits.is_over("login_failed", address, FAILURES, SECONDS):
        raise TooMany
    # Vietnamese keyboards type the same letter in two ways.
    person = authenticate(request, username=username.strip().lower(), password=unicodedata.normalize("NFC", password))
    if isinstance(person, Person) and (person.password_until is None or at < person.password_until):
        return person
    limits.hit("login_failed", address, FAILURES, SECONDS)
    return None


def begin(request: HttpRequest, person: Person, *, at: datetime) -> None:
    """Open the session. A one-time code is used up by this."""
    if person.must_change_password and person.password_until is not None:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    # What a guest left in this browser (a receipt, say) must not end up in a named person's session.
    request.session.flush()
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    device = sessions.device_name(request.headers.get("User-Agent", ""))
    sessions.begin(request, device=device, address=limits.address_of(request), at=at)


def confirm(request: HttpRequest, person: Person, password: str, *, at: datetime) -> bool:
    """Whether it is *person*, signed in already, who acts: asked for each signature, good for that one alone.

    Wrong passwords count with those of signing in: after five from one address the name is locked there for a quarter
    of an hour. Raises TooMany then, and the page that asked can say so in its own words.
    """
    found = check(request, person.username, password, at=at)
    if getattr(request, "axes_locked_out", False):
        # Else axes would answer with the page of signing in.
        request.axes_locked_out = False  # type: ignore[attr-defined]
        raise TooMany
    if found is None or found.pk != person.pk:
        return False
    # As signing in does: who knows the password starts to count anew.
    reset(ip=limits.address_of(request), username=person.username)
    return True
