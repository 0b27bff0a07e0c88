"""People who sign in. Their rights come from their positions, never from the person."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import Rank
from cchc.web.search import FoldedVector, matching

SEARCHED = FoldedVector("full_name", "username")


class PersonQuerySet(models.QuerySet["Person"]):
    def search(self, text: str) -> Self:
        """People whose name or user name has all words of *text*, accents ignored; all of them for a blank text."""
        return matching(self.alias(search=SEARCHED), text)


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Person:
        # The index is on lower(username); iexact would compare upper() and read the whole table.
        return self.alias(lowered=Lower("username")).get(lowered=(username or "").lower())


THEMES = [("light", _("Light")), ("dark", _("Dark"))]
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]


class Person(AbstractBaseUser):
    username = models.CharField(
        _("user name"),
        max_length=60,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]+$",
                _("Only small letters without accents, digits, dots, hyphens and underscores."),
            )
        ],
    )
    full_name = models.CharField(_("full name"), max_length=120)
    rank = models.PositiveSmallIntegerField(_("rank"), choices=Rank.choices, default=Rank.NONE)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(default=False, editable=False)
    # A one-time code set by an administrator is a password that stops working at this moment.
    password_until = models.DateTimeField(null=True, editable=False)
    theme = models.CharField(_("appearance"), max_length=5, choices=THEMES, default="light")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="vi")
    # Given name, then family name: the order of Vietnamese lists.
    sort_key = models.CharField(max_length=500, editable=False, default="", db_collation="C")

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="person_in_order"),
            GinIndex(SEARCHED, name="person_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="person_username_once",
                violation_error_message=_("This user name is taken."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def ranked_name(self) -> str:
        """Rank before name, as leaders and signers are written."""
        return f"{self.get_rank_display()} {self.full_name}" if self.rank else self.full_name
