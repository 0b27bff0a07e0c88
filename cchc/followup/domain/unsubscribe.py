"""One press in a mail turns off what is not one's own duty (RFC 8058). The address proves itself, nobody signs in."""

from __future__ import annotations

from django.core import signing

from cchc.followup.domain.preference import prefer
from cchc.followup.enums import About, Channel, Manner
from cchc.organization.models import Person

SALT = "cchc.followup.unsubscribe"
MAX_AGE = 180 * 24 * 3600  # seconds


def token_for(person: Person) -> str:
    """What the mails to *person* carry."""
    return signing.dumps(person.pk, salt=SALT)


def person_of(token: str) -> Person | None:
    """Whose mail it was; None for a token that is none, is too old, or whose person has gone."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return Person.objects.filter(pk=pk, is_active=True).first()


def stop_news(person: Person) -> None:
    """No e-mail of news any more; one's own duties are never off."""
    prefer(person, {(Channel.EMAIL.value, About.NEWS.value): Manner.OFF})
