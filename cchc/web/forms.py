"""Forms whose texts are fit to store: what people paste is cleaned before anything judges it."""

from collections.abc import Callable
from typing import Any

from django import forms

from cchc.web.text import clean


class CleanMixin:
    """Passes every text field, but passwords, through clean(): no NUL, control or override reaches the database.

    Lengths are judged after the cleaning, with LF line ends, as the browser counts them.
    """

    fields: dict[str, forms.Field]

    def full_clean(self) -> None:
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                field.to_python = _cleaned(field.to_python)  # type: ignore[method-assign]
        super().full_clean()  # type: ignore[misc]


class CleanForm(CleanMixin, forms.Form):
    pass


class CleanModelForm(CleanMixin, forms.ModelForm):
    pass


def _cleaned(to_python: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        return to_python(clean(value) if isinstance(value, str) else value)

    return convert
