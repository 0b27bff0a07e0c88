"""What is typed about a campaign: its particulars and terms, who must sign, and what its list is filtered by."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from cchc.organization import access
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm, CleanModelForm
from commitments import permissions
from commitments.domain import terms
from commitments.domain.board import Pill
from commitments.domain.campaign import Terms
from commitments.enums import Scoring
from commitments.models import Campaign
from dialogues.models import Conference

MOST_CONFERENCES = 100
MOST_ROWS = 20
RESERVED_CODES = frozenset({"new"})
DAYS = ("opens_on", "sign_by", "self_by", "check_by", "score_by", "object_by")
FULL = Decimal(100)


class NumberField(forms.DecimalField):
    """A decimal typed as Vietnamese write it (87,5), or as machines do (87.5)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        options.setdefault("error_messages", {"invalid": gettext_lazy("Enter a number, for example 87,5.")})
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().replace(" ", "").replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


class DaysField(forms.CharField):
    """Several days, typed as 25/03/2020, 25/06/2020."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(f"{day:%d/%m/%Y}" for day in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[date]:
        typed = [part.strip() for part in str(value or "").replace(";", ",").split(",") if part.strip()]
        return sorted({DayField().clean(part) for part in typed})


class ConferenceField(forms.ModelChoiceField):
    def label_from_instance(self, conference: Conference) -> str:
        return f"{conference.code}: {conference.title}"


class CampaignForm(CleanModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    conference = ConferenceField(
        Conference.objects.none(), required=False, label=gettext_lazy("Conference"),
        empty_label=gettext_lazy("Signed without a conference"),
    )  # fmt: skip
    opens_on = DayField(label=gettext_lazy("Registration opens on"))
    sign_by = DayField(label=gettext_lazy("To be signed by"))
    report_days = DaysField(
        label=gettext_lazy("Reporting dates"), required=False, max_length=200,
        help_text=gettext_lazy("With commas between them, for example 25/03/2020, 25/06/2020."),
    )  # fmt: skip
    self_by = DayField(label=gettext_lazy("Self-assessment by"))
    check_by = DayField(label=gettext_lazy("Check by the secretary by"))
    score_by = DayField(label=gettext_lazy("Scores of the leader by"))
    object_by = DayField(label=gettext_lazy("Objections until"))
    late_factor = NumberField(
        label=gettext_lazy("Factor for a late result"), max_digits=3, decimal_places=2, min_value=0, max_value=1
    )
    excellent_percent = forms.IntegerField(
        label=gettext_lazy("Best level at most (percent of the units)"), min_value=0, max_value=100
    )
    least_tasks = forms.IntegerField(
        label=gettext_lazy("Units with fewer tasks are not ranked"), min_value=0, max_value=30
    )

    class Meta:
        model = Campaign
        fields = (
            "code", "year", "title", "host", "conference", "place", "clause", *DAYS, "report_days", "late_factor",
            "excellent_percent", "least_tasks",
        )  # fmt: skip
        widgets = {"title": forms.Textarea(attrs={"rows": 2, "maxlength": 300}), "clause": forms.Textarea({"rows": 4})}

    def __init__(self, data: Any = None, *, by: Person, instance: Campaign | None = None, **more: Any) -> None:
        super().__init__(data, instance=instance, **more)
        self.edited = instance
        self.fields["title"].label = pgettext_lazy("campaign", "Title")
        hosts = Unit.objects.filter(access.within(by, permissions.PREPARE_CAMPAIGN, "pk")).in_order()
        fields: dict[str, Any] = self.fields
        fields["host"].queryset, fields["host"].empty_label = hosts, None
        present = instance.conference_id if instance else None
        newest = Conference.objects.visible_to(by).order_by("-starts_at", "code").values_list("pk", flat=True)
        known = [*newest[:MOST_CONFERENCES], *([present] if present else [])]
        fields["conference"].queryset = Conference.objects.filter(pk__in=known).order_by("-starts_at", "code")
        if instance:
            del self.fields["host"]
            self.initial = {**self.initial, "seen": self.initial.get("seen", instance.moves)}

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code.lower() in RESERVED_CODES:
            raise ValidationError(_("This word cannot be a code; use one like CK-2020."))
        return code

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 2000 <= year < 2100:
            raise ValidationError(_("Check the year."))
        return year

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for before, after in zip(DAYS, DAYS[1:], strict=False):
            if data.get(before) and data.get(after) and data[after] < data[before]:
                words = _("This day may not lie before “%(other)s” (%(day)s).")
                told = {"other": self.fields[before].label, "day": f"{data[before]:%d/%m/%Y}"}
                self.add_error(after, words % told)
        return data

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class _Row(CleanForm):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {"aria-label": field.label, "class": "form-select" if select else "form-control"}


class CriterionForm(_Row):
    name = forms.CharField(label=gettext_lazy("Criterion"), max_length=200)
    # A row that was left as it came is empty, though its select has no empty choice.
    scoring = forms.ChoiceField(label=gettext_lazy("Scored by"), choices=Scoring.choices, initial=Scoring.TASKS)
    weight = NumberField(label=gettext_lazy("Weight"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["weight"].widget.attrs["data-weight"] = "criteria"


class LevelForm(_Row):
    name = forms.CharField(label=gettext_lazy("Level"), max_length=80)
    minimum = NumberField(
        label=gettext_lazy("From, points"), max_digits=5, decimal_places=2, min_value=0, max_value=FULL
    )


class _Rows(forms.BaseFormSet):
    """Rows of which those without a name are left out."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = gettext_lazy("Remove")
        form.fields["DELETE"].widget.attrs |= {"class": "form-check-input", "aria-label": _("Remove")}

    @property
    def kept(self) -> list[dict[str, Any]]:
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [row for row in rows if row.get("name")]


class _Criteria(_Rows):
    def clean(self) -> None:
        total = sum((row["weight"] for row in self.kept if row.get("weight")), Decimal())
        if not any(self.errors) and total != FULL:
            words = _("The weights of the criteria must sum to 100; they sum to %(sum)s.")
            raise ValidationError(words % {"sum": NumberField().prepare_value(total)})


class _Levels(_Rows):
    def clean(self) -> None:
        found = [row["minimum"] for row in self.kept if row.get("minimum") is not None]
        if any(self.errors):
            return
        if Decimal() not in found:
            raise ValidationError(_("One rating level must begin at 0 points."))
        if len(set(found)) != len(found):
            raise ValidationError(_("Two rating levels begin at the same points."))


def _rows_of(form: type[CleanForm], formset: type[_Rows]) -> Any:
    return forms.formset_factory(form, formset=formset, extra=2, can_delete=True, max_num=MOST_ROWS)


CriterionRows = _rows_of(CriterionForm, _Criteria)
LevelRows = _rows_of(LevelForm, _Levels)


class KindsForm(CleanForm):
    """By which kinds the units that must sign are chosen at first."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Units that must sign"), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, host: Unit | None, day: date, **more: Any) -> None:
        super().__init__(data, **more)
        choices = terms.kinds_below(host, day) if host else []
        self.fields["kinds"].choices = [(kind, f"{label} ({n})") for kind, label, n in choices]


def rows_of_terms(found: Terms) -> dict[str, list[dict[str, Any]]]:
    """Terms as the rows of their tables show them at first."""
    return {
        "criteria": [{"name": name, "scoring": scoring, "weight": weight} for name, scoring, weight in found.criteria],
        "levels": [{"name": name, "minimum": minimum} for name, minimum in found.levels],
    }


def new_campaign(by: Person, today: date) -> dict[str, Any]:
    """What a new campaign is proposed to be: for this year, or the next when it is late in the year."""
    host = Unit.objects.filter(access.within(by, permissions.PREPARE_CAMPAIGN, "pk")).in_order().first()
    last = Campaign.objects.filter(host=host).order_by("-year", "-code").first() if host else None
    taken = Campaign.objects.filter(host=host).aggregate(year=Max("year"))["year"] if host else None
    year = today.year + (today.month >= 10)
    year = max(year, taken + 1) if taken else year
    rules = last or Campaign()
    with override("vi"):  # it is printed on papers
        title = _("Carry out the tasks of administrative reform in %(year)s") % {"year": year}
    return {
        "host": host and host.pk, "year": year, "code": f"CK-{year}-{host.code}"[:24] if host else f"CK-{year}",
        "title": title,
        "clause": _of_year(last, year) if last else "", "place": last.place if last else "",
        "opens_on": today, "sign_by": today + timedelta(days=30), "self_by": date(year, 12, 10),
        "check_by": date(year, 12, 18), "score_by": date(year, 12, 25), "object_by": date(year, 12, 30),
        "report_days": [date(year, 3, 25), date(year, 6, 25), date(year, 9, 25)],
        **{name: getattr(rules, name) for name in ("late_factor", "excellent_percent", "least_tasks")},
    }  # fmt: skip


def _of_year(last: Campaign, year: int) -> str:
    """The clause of the last campaign for another year; a year after a stroke is of a paper's number and stays."""
    return re.sub(rf"(?<![\d/]){last.year}(?![\d/])", str(year), last.clause)


class BoardForm(CleanForm):
    """What the board is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    q = forms.CharField(required=False, max_length=100)
    pill = forms.ChoiceField(required=False, choices=Pill.choices)
    group = forms.IntegerField(required=False, min_value=1, max_value=2**62)


class RemindForm(BoardForm):
    """*commitment*: remind this one alone, else everyone in the list."""

    commitment = forms.UUIDField(required=False)


class CampaignFilter(CleanForm):
    year = forms.IntegerField(required=False, min_value=2000, max_value=2099)
    state = forms.ChoiceField(required=False, choices=Campaign.State.choices)
