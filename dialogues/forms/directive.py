"""What is typed about a directive and what its moves ask for. The forms clean and never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization.enums import UnitKind
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.organization.models.unit import UnitQuerySet
from cchc.web.forms import CleanForm
from dialogues.domain.directive_draft import Basis
from dialogues.domain.directive_list import By, Pill, Wanted
from dialogues.models import Conclusion, Directive, Finding, Item, Topic, TopicSet

MOST = 400  # units or items to choose among
NAMES = ("title", "text", "topic", "lead", "product", "due_on")
RELATED = ("coordinating", "items", "findings")


def leading(host: Unit) -> UnitQuerySet:
    """The units that *host* tells what to do: its own, and those right below it."""
    served = Q(command=host) | Q(parent=host)
    return Unit.objects.valid_on(timezone.localdate()).filter(served).exclude(pk=host.pk).in_order()


def helping(host: Unit) -> UnitQuerySet:
    """Who may help: whoever may lead, the divisions of the unit above, and bodies outside of the force."""
    wanted = Q(command=host) | Q(parent=host) | Q(kind=UnitKind.EXTERNAL_BODY)
    if host.parent:
        wanted |= Q(command=host.parent.command)
    return Unit.objects.valid_on(timezone.localdate()).filter(wanted).exclude(pk=host.pk).in_order()


class Checks(forms.CheckboxSelectMultiple):
    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-check-input"})


class UnitsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return unit.short_name


class ItemsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, item: Item) -> str:
        return f"{item.code} {item.title}"


class DirectiveForm(CleanForm):
    """A directive of *basis*, written by *person*."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label=T("What is to be done"), max_length=200, help_text=T("In one line."))
    text = forms.CharField(
        label=T("Content"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=T("CCHC content"), required=False, empty_label=T("Of no content in particular")
    )
    lead = forms.ModelChoiceField(
        Unit.objects.none(), label=T("Lead unit"), empty_label=T("Choose the unit"),
        error_messages={"required": T("Choose the unit that leads.")},
    )  # fmt: skip
    due_on = DayField(label=T("Deadline"), error_messages={"required": T("Choose the day of the result.")})
    product = forms.CharField(
        label=T("Expected product"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=T("By what one sees that it is done: a list, a rule, a report."),
    )  # fmt: skip
    coordinating = UnitsField(Unit.objects.none(), label=T("Coordinating units"), required=False, widget=Checks())
    items = ItemsField(Item.objects.none(), label=T("Source items"), required=False, widget=Checks())
    findings = forms.ModelMultipleChoiceField(
        Finding.objects.none(), label=T("Source findings"), required=False, widget=Checks()
    )

    def __init__(self, *args: Any, basis: Basis, person: Person, directive: Directive | None, **options: Any) -> None:
        if directive:
            known = {name: getattr(directive, name) for name in NAMES if name not in ("topic", "lead")}
            known |= {"topic": directive.topic_id, "lead": directive.lead_id, "seen": directive.moves}
            known |= {name: [each.pk for each in getattr(directive, name).all()] for name in RELATED}
        else:
            known = {"seen": basis.moves}
        super().__init__(*args, **{**options, "initial": {**known, **options.get("initial", {})}})
        fields: dict[str, Any] = self.fields
        fields["lead"].queryset, fields["coordinating"].queryset = leading(basis.host), helping(basis.host)
        if isinstance(basis, Conclusion):
            conference = basis.conference
            fields["topic"].queryset = Topic.objects.filter(set=conference.topics_id)
            own = Item.objects.visible_to(person).filter(conference=conference).received()
            fields["items"].queryset = own.defer("search").order_by("kind", "number")
            fields["findings"].queryset = Finding.objects.filter(conference=conference)
            if conference.is_inspection:
                del fields["items"]
        else:
            topics = TopicSet.objects.on(basis.issued_on)
            fields["topic"].queryset = Topic.objects.filter(set=topics)
            del fields["items"]
        if not isinstance(basis, Conclusion) or not fields["findings"].queryset.exists():
            del fields["findings"]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if not 2000 <= day.year < 2100:
            raise forms.ValidationError(_("Check the year of this date."))
        return day

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


# --- moves ------------------------------------------------------------------------------------------------------------
class DirectiveMoveForm(CleanForm):
    """A move of *directive*. `seen` is what the page had shown."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, directive: Directive, **options: Any) -> None:
        self.directive = directive
        options["initial"] = {"seen": directive.moves, **options.get("initial", {})}
        super().__init__(*args, **options)

    @property
    def for_move(self) -> dict[str, Any]:
        """What the engine is given, `seen` and `note` with it; files go another way."""
        return {name: value for name, value in self.cleaned_data.items() if name != "files"}


class RemarkForm(DirectiveMoveForm):
    note = forms.CharField(label=T("Remark"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(DirectiveMoveForm):
    note = forms.CharField(
        label=T("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": T("Write the reason: those concerned will read it.")},
    )  # fmt: skip


class DoneForm(DirectiveMoveForm):
    """The last report, with what shows the result."""

    text = forms.CharField(
        label=T("What was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": T("Write what was done.")},
    )  # fmt: skip
    files = AttachmentsField(label=T("Evidence"), help_text=T("Papers, tables or pictures that show it."))


class ProgressForm(DoneForm):
    percent = forms.IntegerField(
        label=T("Percent done"), min_value=0, max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 100}),
    )  # fmt: skip
    field_order = ("percent", "text", "files", "seen")

    def __init__(self, *args: Any, directive: Directive, **options: Any) -> None:
        options["initial"] = {"percent": directive.percent or None, **options.get("initial", {})}
        super().__init__(*args, directive=directive, **options)


class TimeForm(ReasonForm):
    """A later day, and why."""

    until = DayField(label=T("New deadline"), error_messages={"required": T("Choose the new deadline.")})
    field_order = ("until", "note", "seen")

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day <= self.directive.due_on:
            words = _("Choose a day after %(due)s, the present deadline.")
            raise forms.ValidationError(words % {"due": f"{self.directive.due_on:%d/%m/%Y}"})
        return day


class AssignForm(ReasonForm):
    lead = forms.ModelChoiceField(
        Unit.objects.none(), label=T("Lead unit"), empty_label=T("Choose the unit"),
        error_messages={"required": T("Choose the unit that leads.")},
    )  # fmt: skip
    field_order = ("lead", "note", "seen")

    def __init__(self, *args: Any, directive: Directive, **options: Any) -> None:
        super().__init__(*args, directive=directive, **options)
        field: Any = self.fields["lead"]
        field.queryset = leading(directive.host).exclude(pk=directive.lead_id)


class DirectiveFilter(CleanForm):
    """What the list is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    pill = forms.ChoiceField(required=False, choices=Pill.choices)
    by = forms.ChoiceField(required=False, choices=By.choices)
    q = forms.CharField(required=False, max_length=200)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    conference = forms.SlugField(required=False, max_length=60)
    plan = forms.UUIDField(required=False)
    directive = forms.UUIDField(required=False)

    def chosen(self) -> dict[str, Any]:
        """What was typed and fits."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def wanted(self) -> Wanted:
        chosen = self.chosen()
        return Wanted(
            Pill(chosen.get("pill", Pill.ALL)), chosen.get("q", ""), chosen.get("unit"), chosen.get("conference", ""),
            chosen.get("plan"),
        )  # fmt: skip
