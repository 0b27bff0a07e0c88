"""People who sign in: their accounts, passwords and sessions."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cchc.organization.audit import record
from cchc.organization.enums import Rank
from cchc.organization.models import Person
from cchc.web.text import person_sort_key

EDITABLE = ("username", "full_name", "rank", "email", "phone")
OWN = ("email", "phone", "language", "theme")  # what everybody may change about himself
CODE_HOURS = 24
# No letter or digit that can be taken for another one when it is read out: 60 bits.
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@transaction.atomic
def create_person(
    *,
    username: str,
    full_name: str,
    rank: int = Rank.NONE,
    email: str = "",
    phone: str = "",
    password: str | None = None,
    by: Person | None = None,
    at: datetime,
) -> Person:
    """Open an account; without *password* nobody can sign in to it until a one-time code is given out.

    Raises ValidationError, by field.
    """
    person = Person(username=username.strip().lower(), full_name=full_name, rank=rank, email=email, phone=phone)
    person.sort_key = person_sort_key(full_name)
    person.set_password(password)
    person.full_clean(exclude=["password"])
    person.save()
    record(person, "create", by=by, at=at, data={"username": person.username, "full_name": full_name})
    return person


@transaction.atomic
def change_person(person: Person, *, by: Person | None, at: datetime, **fields: Any) -> Person:
    """Change what an administrator keeps about a person. Raises ValidationError, by field."""
    return _change(person, EDITABLE, "change", by, at, fields)


@transaction.atomic
def change_profile(person: Person, *, at: datetime, **fields: Any) -> Person:
    """Change what a person keeps about himself: contact, language, theme."""
    return _change(person, OWN, "change_profile", person, at, fields)


@transaction.atomic
def set_password(person: Person, password: str, *, by: Person | None, at: datetime) -> None:
    """Give *person* a password of his own choice. Ends every session signed in with the old one."""
    person.set_password(password)
    person.must_change_password, person.password_until = False, None
    person.save(update_fields=["password", "must_change_password", "password_until"])
    record(person, "set_password", by=by, at=at)


@transaction.atomic
def give_code(person: Person, *, by: Person | None, at: datetime) -> str:
    """Replace the password by a one-time code and return it; it is shown once and stored nowhere.

    It works for CODE_HOURS hours and lets its user do nothing but choose a password (ASVS 6.4.1). Ends all sessions.
    """
    if by is not None and by.pk == person.pk:
        raise ValidationError(_("Nobody gives a code to himself; the own password is changed with the present one."))
    if not person.is_active:
        raise ValidationError(_("This account is closed: open it again first."))
    code = "-".join("".join(secrets.choice(CODE_ALPHABET) for _each in range(4)) for _group in range(3))
    person.set_password(code)
    person.must_change_password, person.password_until = True, at + timedelta(hours=CODE_HOURS)
    person.save(update_fields=["password", "must_change_password", "password_until"])
    end_sessions(person)
    record(person, "give_code", by=by, at=at)
    return code


@transaction.atomic
def disable(person: Person, *, by: Person | None, at: datetime, note: str = "") -> None:
    """Close the account: the person's next request is refused, wherever he is signed in."""
    if by is not None and by.pk == person.pk:
        raise ValidationError(_("Nobody closes his own account."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    record(person, "disable", by=by, at=at, note=note)


@transaction.atomic
def enable(person: Person, *, by: Person | None, at: datetime, note: str = "") -> None:
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(person, "enable", by=by, at=at, note=note)


@transaction.atomic
def sign_out(person: Person, *, by: Person | None, at: datetime) -> int:
    """End every session of *person*, as an administrator may; returns how many ended."""
    ended = end_sessions(person)
    record(person, "sign_out", by=by, at=at, data={"sessions": ended})
    return ended


def end_sessions(person: Person, *, but: str | None = None) -> int:
    """End every session of *person* except the one with the key *but*; returns how many ended."""
    return person.sessions.exclude(session_key=but or "").delete()[0]


def _change(
    person: Person, allowed: tuple[str, ...], action: str, by: Person | None, at: datetime, fields: dict[str, Any]
) -> Person:
    if unknown := set(fields) - set(allowed):
        raise TypeError(f"may not be changed here: {', '.join(sorted(unknown))}")
    person = Person.objects.select_for_update().get(pk=person.pk)
    changed = [name for name, value in fields.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, fields[name])
    if not changed:
        return person
    person.username = person.username.strip().lower()
    person.sort_key = person_sort_key(person.full_name)
    person.full_clean(exclude=["password"])
    person.save()
    # Which fields, not their contents: contact data stays erasable, the log does not.
    record(person, action, by=by, at=at, data={"fields": sorted(changed)})
    return person
