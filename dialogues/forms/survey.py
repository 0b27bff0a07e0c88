"""What is typed about a survey, and the sheet that is filled in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cchc.organization import access
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm, CleanModelForm
from dialogues import permissions
from dialogues.domain import survey as surveys
from dialogues.enums import Audience, ConferenceState, SurveySource, SurveyState
from dialogues.models import Conference, Criterion, Survey

MOST_CONFERENCES = 200
COUNTED_ELSEWHERE = ("returned", "satisfied", "reported_percent")
SCALE = (
    (1, gettext_lazy("Very dissatisfied")),
    (2, gettext_lazy("Dissatisfied")),
    (3, pgettext_lazy("scale", "Neither")),
    (4, gettext_lazy("Satisfied")),
    (5, gettext_lazy("Very satisfied")),
)
EARLIEST, LATEST = 1990, 2099


class SurveyForm(CleanModelForm):
    """Particulars of a survey. Fields that its state no longer lets edit are not there."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=EARLIEST, max_value=LATEST)
    first_on = DayField(label=gettext_lazy("From"), required=False)
    last_on = DayField(label=gettext_lazy("Until"), required=False)
    criteria = forms.CharField(
        label=gettext_lazy("Questions, one on each line"),
        required=False,
        max_length=6500,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Each is answered from 1 to 5, beside the overall question that every sheet asks."),
    )

    class Meta:
        model = Survey
        fields = (
            "host", "conference", "title", "source", "year", "first_on", "last_on", "method", "document", "sent",
            "returned", "satisfied", "reported_percent",
        )  # fmt: skip

    def __init__(self, data: Any = None, *, by: Person, instance: Survey | None = None, **options: Any) -> None:
        super().__init__(data, instance=instance, **options)
        fields: dict[str, Any] = self.fields
        fields["host"].queryset = Unit.objects.filter(access.within(by, permissions.MANAGE_SURVEYS, "pk")).in_order()
        fields["host"].empty_label = None
        fields["conference"].queryset = self._conferences(by)
        fields["conference"].empty_label = gettext_lazy("None: of a unit in a period")
        if instance:
            questions = "\n".join(each.text for each in instance.criteria.all())
            self.initial = {"seen": instance.moves, "criteria": questions, **self.initial}
            for name in set(fields) - surveys.EDITABLE[SurveyState(instance.state)] - {"seen"}:
                del fields[name]

    def _conferences(self, by: Person) -> Any:
        rows = Conference.objects.filter(access.within(by, permissions.MANAGE_SURVEYS, "host"))
        newest = rows.exclude(state=ConferenceState.CANCELLED).order_by("-starts_at").values_list("pk", flat=True)
        return Conference.objects.filter(pk__in=[*newest[:MOST_CONFERENCES]]).order_by("-starts_at")

    def clean_criteria(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["criteria"].splitlines() if line.strip()]
        if len(lines) > surveys.MOST_CRITERIA:
            raise ValidationError(_("At most %(n)d questions.") % {"n": surveys.MOST_CRITERIA})
        if any(len(line) > 300 for line in lines):
            raise ValidationError(_("A question has at most 300 characters."))
        if len(set(lines)) < len(lines):
            raise ValidationError(_("A question stands there twice."))
        return lines

    def clean(self) -> dict[str, Any]:
        """What belongs to another source is left aside, so that changing the source loses nothing on the page."""
        data = super().clean() or self.cleaned_data
        if data.get("source", SurveySource.LINK) != SurveySource.REPORTED:
            data |= {name: None for name in COUNTED_ELSEWHERE if name in data}
        host, conference = data.get("host"), data.get("conference")
        if host and conference and conference.host_id != host.pk:
            self.add_error("conference", _("The conference is another unit's."))
        return data

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class SurveyFilter(CleanForm):
    """What the list is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    q = forms.CharField(required=False, max_length=100)
    year = forms.IntegerField(required=False, min_value=EARLIEST, max_value=LATEST)
    source = forms.ChoiceField(required=False, choices=SurveySource.choices)
    conference = forms.SlugField(required=False, max_length=40)


class SheetForm(CleanForm):
    """The sheet: who one is, the overall question, the survey's own, and words of one's own."""

    group = forms.ChoiceField(
        label=pgettext_lazy("survey", "You are"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    overall = forms.TypedChoiceField(
        label=gettext_lazy("Overall, how satisfied are you?"),
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose from 1 to 5.")},
    )
    comment = forms.CharField(
        label=gettext_lazy("What should be done better?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, survey: Survey, data: Any = None) -> None:
        super().__init__(data)
        self.asked: dict[str, Criterion] = {f"c{each.order}": each for each in survey.criteria.all()}
        if survey.conference:
            invited = {each.audience for each in survey.conference.audiences.all()}
            choices = [choice for choice in Audience.choices if choice[0] in invited] or Audience.choices
            self.fields["group"].choices = choices
        for name, criterion in self.asked.items():
            self.fields[name] = forms.TypedChoiceField(
                label=criterion.text, choices=SCALE, coerce=int, empty_value=None, required=False,
                widget=forms.RadioSelect,
            )  # fmt: skip

    @property
    def scales(self) -> list[Any]:
        """The questions answered from 1 to 5, the overall one first."""
        return [self["overall"], *(self[name] for name in self.asked)]

    @property
    def sheet(self) -> dict[str, Any]:
        """What the domain is given."""
        data = self.cleaned_data
        scores = {each.pk: data[name] for name, each in self.asked.items() if data.get(name)}
        return {"group": data["group"], "overall": data["overall"], "comment": data["comment"], "scores": scores}
