"""How passwords are kept, and which ones are refused."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cchc.organization.models import Person, Unit
from cchc.web.text import words

# What everybody in the force would try first.
COMMON = (
    *("congan", "cand", "canhsat", "cchc", "doithoai", "hoinghi", "dongchi", "botruong", "giamdoc", "vietnam"),
    *("matkhau", "password", "admin", "quantri", "abc", "qwerty", "123", "113", "114", "115"),
)
LEFT = 8  # characters that must be one's own


class Argon2(Argon2PasswordHasher):
    """Argon2id with OWASP's least cost: Django's own takes 100 MB and eight threads for each sign-in."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1


class ForceWordsValidator:
    """Refuses a password in which little is left when the words of the force and of the person are taken out."""

    def validate(self, password: str, user: Person | None = None) -> None:
        left = plain = "".join(words(password))
        for word in sorted({*COMMON, *_own_words(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        for year in range(1930, date.today().year + 2):  # noqa: DTZ011 - a year in a password needs no time zone
            left = left.replace(str(year), "")
        if left != plain and len(left) < LEFT:
            raise ValidationError(
                _("This password is made of words that others guess first: the force, your unit, your name, years."),
                code="force_words",
            )

    def get_help_text(self) -> str:
        return _("Do not build it from the words of the force, your unit, your name or a year.")


def _own_words(person: Person | None) -> set[str]:
    if person is None:
        return set()
    found = ["".join(words(person.username)), *words(person.full_name), "".join(words(person.full_name))]
    if person.pk:
        above = {int(pk) for path in _paths(person) for pk in path.split(".") if pk}
        for unit in Unit.objects.filter(pk__in=above):
            found += ["".join(words(name)) for name in (unit.code, unit.name, unit.short_name)]
            found.append("".join(words(unit.name)[-2:]))  # the place: "An Thịnh"
    return {word for word in found if len(word) > 2}


def _paths(person: Person) -> list[str]:
    return list(person.positions.values_list("unit__path", flat=True))
