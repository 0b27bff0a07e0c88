"""Signing in, one's password, one's own details."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization.models import Person
from cchc.web import limits
from cchc.web.forms import CleanForm, CleanModelForm

LONGEST = 128


class PasswordField(forms.CharField):
    """Any characters, blanks too, in one Unicode form."""

    def __init__(self, *, autocomplete: str, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=LONGEST, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().to_python(value) or "")


class SignInForm(CleanForm):
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Type your user name.")},
    )
    password = PasswordField(
        label=gettext_lazy("Password"),
        autocomplete="current-password",
        error_messages={"required": gettext_lazy("Type your password.")},
    )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()


class PasswordForm(CleanForm):
    """The old password is not asked of whoever has just signed in with a one-time code: it is used up.

    Every name here contains "password", so that carry.py and the drafts leave these fields alone.
    """

    old_password = PasswordField(label=gettext_lazy("Present password"), autocomplete="current-password")
    new_password = PasswordField(
        label=gettext_lazy("New password"),
        autocomplete="new-password",
        help_text=gettext_lazy("At least 12 characters. Several words that only you put together are easy to keep."),
    )
    new_password_again = PasswordField(label=gettext_lazy("New password once more"), autocomplete="new-password")

    def __init__(self, person: Person, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        if person.must_change_password:
            del self.fields["old_password"]

    def clean_old_password(self) -> str:
        old = str(self.cleaned_data["old_password"])
        if limits.hit("password_change", self.person.pk, 10, 900):
            raise ValidationError(_("Too many tries. Wait a quarter of an hour, or ask the administrator."))
        if not self.person.check_password(old):
            raise ValidationError(_("This is not the present password."))
        return old

    def clean_new_password(self) -> str:
        new = str(self.cleaned_data["new_password"])
        password_validation.validate_password(new, self.person)
        if new == self.cleaned_data.get("old_password"):
            raise ValidationError(_("The new password is the same as the present one."))
        return new

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        new, again = data.get("new_password"), data.get("new_password_again")
        if new and again and new != again:
            self.add_error("new_password_again", _("The two new passwords differ."))
        return data


class PhoneMixin:
    cleaned_data: dict[str, Any]

    def clean_phone(self) -> str:
        phone = re.sub(r"[\s.()-]", "", self.cleaned_data.get("phone") or "")
        if phone and not re.fullmatch(r"(0\d{9,10}|\+\d{9,15})", phone):
            raise ValidationError(_("A phone number has 10 digits, for example 0912 345 678."))
        return phone


class ProfileForm(PhoneMixin, CleanModelForm):
    class Meta:
        model = Person
        fields = ("email", "phone", "language", "theme")
        labels = {"language": gettext_lazy("Language"), "theme": gettext_lazy("Appearance")}
