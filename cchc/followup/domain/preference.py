"""How people want to be told outside the app: what they chose, and what holds until they choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from cchc.followup.enums import About, Channel, Manner
from cchc.followup.models import Preference
from cchc.organization.models import Person

# At once what is urgent, all else in one mail in the morning (design.md §5); the bell shows everything at once.
DEFAULTS: Mapping[tuple[str, str], Manner] = {
    (Channel.EMAIL, About.TURNS): Manner.AT_ONCE,
    (Channel.EMAIL, About.DUTIES): Manner.DIGEST,
    (Channel.EMAIL, About.NEWS): Manner.DIGEST,
}


def choices_for(about: About) -> list[Manner]:
    """What may be chosen: one's own duties are never off (design.md §5)."""
    return [manner for manner in Manner if about == About.NEWS or manner != Manner.OFF]


def manner_for(person_ids: Iterable[int], channel: str, about: str) -> dict[int, Manner]:
    """How each of these people is told of *about* by *channel*; one query."""
    wanted = list(person_ids)
    chosen = Preference.objects.filter(person__in=wanted, channel=channel, about=about)
    found = dict.fromkeys(wanted, DEFAULTS[channel, about])
    return found | {person: Manner(manner) for person, manner in chosen.values_list("person", "manner")}


def preferences_of(person: Person) -> dict[tuple[str, str], Manner]:
    """Everything that *person* may choose, with what holds now."""
    chosen = person.preferences.values_list("channel", "about", "manner")
    return {**DEFAULTS, **{(channel, about): Manner(manner) for channel, about, manner in chosen}}


@transaction.atomic
def prefer(person: Person, wanted: Mapping[tuple[str, str], str]) -> None:
    """Keep what *person* chose: {(channel, about): manner}. ValueError for duties that would be off."""
    for (channel, about), manner in wanted.items():
        if Manner(manner) not in choices_for(About(about)):
            raise ValueError(f"{about} cannot be {manner}")
        person.preferences.update_or_create(channel=Channel(channel), about=about, defaults={"manner": manner})
