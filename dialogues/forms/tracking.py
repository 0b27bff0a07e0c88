"""What the holder of a tracking code types: the code, a reason, a word on the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cchc.web.forms import CleanForm
from dialogues.forms.intake import WordsForm

STARS = [("1", gettext_lazy("1, not at all")), ("2", "2"), ("3", "3"), ("4", "4"), ("5", gettext_lazy("5, fully"))]


class CodeForm(CleanForm):
    code = forms.CharField(
        label=gettext_lazy("Tracking code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "inputmode": "text",
                "class": "form-control form-control-lg num",
            }
        ),
        error_messages={
            "required": gettext_lazy("Type the tracking code from your receipt."),
            "max_length": gettext_lazy("A tracking code has 16 letters and digits."),
        },
    )  # fmt: skip


class RateForm(CleanForm):
    """One to five stars, whether it is to the point, and a word."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one to five stars."),
            "invalid_choice": gettext_lazy("Choose one to five stars."),
        },
    )
    on_topic = forms.TypedChoiceField(
        label=gettext_lazy("Does it answer what was asked?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose yes or no."),
            "invalid_choice": gettext_lazy("Choose yes or no."),
        },
    )
    comment = forms.CharField(
        label=gettext_lazy("What was good, what is missing?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("At most %(limit_value)d letters; there are %(show_value)d.")},
    )


class CorrectForm(CleanForm):
    """The text, corrected by whoever sent it, as long as it is not accepted."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    text = WordsForm.base_fields["text"]


class ActForm(CleanForm):
    """A move by the code. *seen* is the count of moves of the page that it was made on."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000, required=False)
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": gettext_lazy("At most %(limit_value)d letters; there are %(show_value)d.")},
    )

    def __init__(self, *args: Any, note_required: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["note"].required = note_required
        self.fields["note"].error_messages["required"] = gettext_lazy("Write what is still unanswered.")
