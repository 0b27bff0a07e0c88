"""Forms whose texts are fit to store, and whose refusals say what to type."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cchc.web.text import clean

_TOO_LONG = ngettext_lazy(
    "At most %(limit_value)d character fits here; there are %(show_value)d now.",
    "At most %(limit_value)d characters fit here; there are %(show_value)d now.",
    "limit_value",
)
# Django's own Vietnamese says these awkwardly, or wrong. A field that brings its own sentence keeps it.
_SENTENCES: list[tuple[type[forms.Field], str, Any]] = [
    (forms.Field, "required", _("Please fill this in.")),
    (forms.IntegerField, "invalid", _("Enter a whole number, for example 12.")),
    (forms.DateField, "invalid", _("Enter a date as day/month/year, for example 02/01/2020.")),
    (forms.DateTimeField, "invalid", _("Enter date and time, for example 02/01/2020 08:30.")),
    (forms.TimeField, "invalid", _("Enter a time of 24 hours, for example 16:42.")),
    (forms.ChoiceField, "invalid_choice", _("Choose one of the values offered.")),
    (forms.ModelChoiceField, "invalid_choice", _("Choose one of the values offered.")),
    (forms.FileField, "empty", _("The file is empty.")),
]


class CleanMixin:
    """Passes every text field, but passwords, through clean(): no NUL, control or override reaches the database.

    Lengths are judged after the cleaning, with LF line ends, as the browser counts them.
    """

    fields: dict[str, forms.Field]

    def full_clean(self) -> None:
        for field in self.fields.values():
            _speak_plainly(field)
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                field.to_python = _cleaned(field.to_python)
        super().full_clean()


class CleanForm(CleanMixin, forms.Form):
    pass


class CleanModelForm(CleanMixin, forms.ModelForm):
    pass


def _cleaned(to_python: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        return to_python(clean(value) if isinstance(value, str) else value)

    return convert


def _speak_plainly(field: forms.Field) -> None:
    for kind, code, sentence in _SENTENCES:
        if isinstance(field, kind) and field.error_messages.get(code) is kind.default_error_messages[code]:
            field.error_messages[code] = sentence
    field.validators = [
        MaxLengthValidator(validator.limit_value, _TOO_LONG) if type(validator) is MaxLengthValidator else validator
        for validator in field.validators
    ]
