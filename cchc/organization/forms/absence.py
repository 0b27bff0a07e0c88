"""Absences: what is typed about them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization.domain.absence import STAND_IN_KINDS
from cchc.organization.models import Person
from cchc.web.forms import CleanForm
from cchc.web.text import fold

from .fields import SHOWN, DayField


class PersonWidget(forms.TextInput):
    """A text field that proposes people of *options_url* while one types; without JavaScript the name is typed."""

    options_url = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["options_url"] = self.options_url
        return context

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        return render_to_string("organization/unit_widget.html", self.get_context(name, value, attrs))


class PersonField(forms.CharField):
    """Somebody by user name, or by a full name that only one has; *people* are those that may be chosen."""

    widget = PersonWidget

    def __init__(self, **options: Any) -> None:
        self.people: QuerySet[Person] = Person.objects.none()
        super().__init__(max_length=200, **options)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return self._find(typed) if typed else None

    def _find(self, typed: str) -> Person:
        name = typed.partition(" - ")[0].strip()
        if exact := self.people.filter(username=name.lower()).first():
            return exact
        found = list(self.people.search(typed).order_by("sort_key", "id")[: SHOWN + 1])
        named = [person for person in found if fold(person.full_name) == fold(typed)]
        if len(named) == 1 or len(found) == 1:
            return (named or found)[0]
        if not found:
            raise ValidationError(_("There is no such person here. Type the user name or the full name."))
        names = ", ".join(f"{person.username} ({person.full_name})" for person in found[:SHOWN])
        raise ValidationError(_("Several people fit: %(names)s. Type the user name.") % {"names": names})

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Lengths and characters were judged before the person was found."""


class StandInForm(CleanForm):
    stand_in = PersonField(
        label=gettext_lazy("Stand-in"),
        help_text=gettext_lazy("User name or full name. For these days the stand-in has the rights of the post."),
    )
    acting_kind = forms.ChoiceField(
        label=gettext_lazy("Signs as"),
        choices=[("", "---------"), *((kind.value, kind.label) for kind in STAND_IN_KINDS)],
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority document"), max_length=200, help_text=gettext_lazy("Number and date.")
    )

    def __init__(self, people: QuerySet[Person], options_url: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stand_in"].people = people
        self.fields["stand_in"].widget.options_url = options_url


class AbsenceForm(CleanForm):
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=120,
        help_text=gettext_lazy("In a few words: leave, training, a journey. Nothing about anybody's health."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day may not lie before the first day."))
        return data


class AbsenceWithStandInForm(AbsenceForm, StandInForm):
    """Naming somebody is left for later by leaving all three fields empty."""

    field_order = ["first", "last", "reason", "stand_in", "acting_kind", "authority"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("stand_in", "acting_kind", "authority"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        given = {name: data.get(name) for name in ("stand_in", "acting_kind", "authority")}
        if any(given.values()):
            for name, value in given.items():
                if not value and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return data


class AbsenceEndForm(CleanForm):
    last = DayField(
        label=gettext_lazy("Last day of absence"),
        help_text=gettext_lazy("A day before the first one cancels the whole absence."),
    )
    note = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)
