"""How a unit's papers look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.models import Letterhead
from cchc.documents.typeface import families, unprintable
from cchc.web.forms import CleanModelForm


class LetterheadForm(CleanModelForm):
    family = forms.ChoiceField(
        label=gettext_lazy("Typeface"), required=False,
        help_text=gettext_lazy("Those of the server that have every Vietnamese letter."),
    )  # fmt: skip

    class Meta:
        model = Letterhead
        fields = ("superior", "issuer", "extra", "symbol", "drafter", "place", "family", "size")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", _("That of this site")), *((name, name) for name in families())]
        self.fields["family"].choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            if isinstance(value, str) and (letters := unprintable(value)):
                self.add_error(name, _("A paper cannot show these characters: %(letters)s") % {"letters": letters})
        return data
