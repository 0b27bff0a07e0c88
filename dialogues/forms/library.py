"""What the library is asked for. A filter that makes no sense is left out, never an error."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cchc.web.forms import CleanForm
from dialogues.domain.library import Sought
from dialogues.forms.item_list import MAX_TEXT, by_program, topics_for
from dialogues.models import Field


class LibraryForm(CleanForm):
    q = forms.CharField(max_length=MAX_TEXT, required=False, label=_("Words"))
    topic = forms.ChoiceField(required=False, label=_("Content"))
    field = forms.ChoiceField(required=False, label=_("Field"))
    year = forms.IntegerField(required=False, min_value=1990, max_value=2100, label=_("Year"))

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.topics = {str(topic.pk): topic for topic in topics_for(None)}
        self.known = {str(field.pk): field for field in Field.objects.all()}
        self.fields["topic"].choices = [("", _("All contents")), *by_program(self.topics)]
        self.fields["field"].choices = [
            ("", _("All fields")),
            *((key, str(field)) for key, field in self.known.items()),
        ]
        for name, css in (("q", "form-control fq"), ("topic", "form-select"), ("field", "form-select")):
            self.fields[name].widget.attrs |= {"class": css, "aria-label": self.fields[name].label}
        self.fields["year"].widget.attrs |= {
            "class": "form-control w-auto",
            "placeholder": _("Year"),
            "aria-label": _("Year"),
        }
        self.fields["q"].widget.input_type = "search"
        self.fields["q"].widget.attrs["placeholder"] = _("Words of a question or an answer")
        self.full_clean()

    def sought(self) -> Sought:
        """What is asked for, as far as it can be understood."""
        chosen = self.cleaned_data
        return Sought(
            text=chosen.get("q", ""),
            topic=self.topics.get(chosen.get("topic", "")),
            field=self.known.get(chosen.get("field", "")),
            year=chosen.get("year"),
        )
