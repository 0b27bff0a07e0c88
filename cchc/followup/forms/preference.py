"""How one wants to be told outside the app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cchc.followup.domain.preference import choices_for, preferences_of
from cchc.followup.enums import About
from cchc.organization.models import Person
from cchc.web.forms import CleanForm

HELP = {
    About.TURNS: _("When something comes to you and waits for your step. This can never be turned off."),
    About.DUTIES: _("When a day comes near or has passed. This can never be turned off."),
    About.NEWS: _("What others did with your questions, with what you follow and with your unit's work."),
}


class PreferenceForm(CleanForm):
    """One group of choices for each channel and each sort of notice."""

    def __init__(self, data: Any = None, *, person: Person) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        held = preferences_of(person)
        self.keys = {f"{channel}-{about}": (channel, about) for channel, about in held}
        for name, (channel, about) in self.keys.items():
            fields[name] = forms.ChoiceField(
                label=About(about).label,
                help_text=HELP[About(about)],
                choices=[(manner.value, manner.label) for manner in choices_for(About(about))],
                initial=held[channel, about],
                widget=forms.RadioSelect,
            )

    def wanted(self) -> dict[tuple[str, str], str]:
        """What was chosen, as cchc.followup.domain.preference.prefer takes it."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}
