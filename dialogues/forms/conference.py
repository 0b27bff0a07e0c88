"""What is typed about a conference: its particulars, its agenda, and what its moves ask for."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.organization.models.unit import UnitQuerySet
from cchc.web.forms import CleanForm, CleanModelForm
from cchc.workdays.domain.calendar import calendar
from dialogues import permissions
from dialogues.domain import conference as conferences
from dialogues.enums import Audience, ConferenceKind, ConferenceState, Part, PlanState
from dialogues.models import AgendaEntry, Conference, Plan, TopicSet

MOST_PLANS = 200
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
# Addresses that stand where a code would.
RESERVED_CODES = frozenset({"new", "units"})
# What is asked of a dialogue alone.
ASKING = ("opens_at", "closes_at", "answer_term", "audiences", "reported_items")


def within_reason(value: datetime) -> None:
    if not EARLIEST <= value < LATEST:
        raise ValidationError(gettext_lazy("Check the year of this date."))


class MomentField(forms.DateTimeField):
    """A day and an hour, by the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, validators=[within_reason], **options)


class ChairField(forms.ModelChoiceField):
    """A head or deputy of one of the host units; *ruled out* by the form when it is another host's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Person.objects.none(), label=gettext_lazy("Chair"), **options)
        self.hosts: dict[int, set[int]] = defaultdict(set)
        self.titles: dict[int, str] = {}

    def offer(self, hosts: list[Unit], at: datetime, present: Person | None = None) -> None:
        """Let choose among the heads and deputies of *hosts* on the day of *at*, and the one who is it now."""
        for post in conferences.chair_posts(hosts, timezone.localtime(at).date()):
            self.hosts[post.person_id].add(post.unit.command_id or post.unit_id)
            self.titles.setdefault(post.person_id, post.title)
        known = [*self.hosts, *([present.pk] if present else [])]
        self.queryset = Person.objects.filter(pk__in=known).order_by("sort_key", "id")

    def label_from_instance(self, person: Person) -> str:
        title = self.titles.get(person.pk, "")
        return f"{person.ranked_name}, {title}" if title else person.ranked_name


class PlanField(forms.ModelChoiceField):
    def label_from_instance(self, plan: Plan) -> str:
        words = plan.abstract if len(plan.abstract) <= 70 else f"{plan.abstract[:70].rsplit(' ', 1)[0]}…"
        return f"{plan} ({plan.issued_on:%d/%m/%Y}): {words}"


def _hosts(by: Person) -> UnitQuerySet:
    """The units for which *by* prepares conferences."""
    return Unit.objects.filter(access.within(by, permissions.PREPARE_CONFERENCE, "pk"))


class ConferenceForm(CleanModelForm):
    """Particulars of a conference. Fields that its state no longer lets edit are not there."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    chair = ChairField(empty_label=gettext_lazy("Choose the chair"))
    plan = PlanField(
        Plan.objects.none(), required=False, label=gettext_lazy("Plan"), empty_label=gettext_lazy("No plan")
    )
    starts_at = MomentField(label=gettext_lazy("Begins"))
    ends_at = MomentField(label=gettext_lazy("Ends"))
    opens_at = MomentField(
        label=gettext_lazy("Questions from"), required=False, help_text=gettext_lazy("Blank: from now on.")
    )
    closes_at = MomentField(
        label=gettext_lazy("Questions until"), required=False, help_text=gettext_lazy("Blank: until the end.")
    )
    answer_term = forms.IntegerField(
        label=gettext_lazy("Written answers within (working days)"), min_value=1, max_value=60, initial=15
    )
    topics = forms.ModelChoiceField(
        TopicSet.objects.all(),
        required=False,
        label=gettext_lazy("Set of CCHC contents"),
        empty_label=gettext_lazy("By the date of the conference"),
    )
    audiences = forms.MultipleChoiceField(
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        label=gettext_lazy("Who may ask"),
        error_messages={"required": gettext_lazy("Choose at least one audience.")},
    )
    invited = forms.ModelMultipleChoiceField(Unit.objects.all(), required=False, label=gettext_lazy("Invited units"))
    all_units = forms.BooleanField(required=False, label=gettext_lazy("All teams and wards of the host unit"))

    class Meta:
        model = Conference
        fields = (
            *("title", "host", "chair", "plan", "code", "venue", "starts_at", "ends_at", "opens_at", "closes_at"),
            *("answer_term", "topics", "reported_items"),
        )

    def __init__(
        self, data: Any = None, *, by: Person, at: datetime, instance: Conference | None = None,
        kind: ConferenceKind = ConferenceKind.DIALOGUE, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, instance=instance, **more)
        self.kind = ConferenceKind(instance.kind) if instance else kind
        self.by, self.at, self.edited = by, at, instance
        hosts = _hosts(by).valid_on(timezone.localtime(at).date()).in_order()
        self.hosts = [instance.host] if instance else list(hosts)
        fields: dict[str, Any] = self.fields
        fields["plan"].queryset = self._plans()
        fields["chair"].offer(self.hosts, at, instance.chair if instance else None)
        fields["host"].queryset, fields["host"].empty_label = hosts, None
        self.fields["code"].required = False
        self.fields["code"].help_text = _("Blank: the next free one is given.")
        self.fields["title"].widget = forms.Textarea(attrs={"rows": 2, "maxlength": 300})
        self.fields["title"].label = pgettext("conference", "Title")
        if self.kind == ConferenceKind.INSPECTION:
            for name in ASKING:
                del self.fields[name]
            self.fields["host"].label, self.fields["chair"].label = _("Inspected command"), _("Receives the delegation")
            self.fields["invited"].label = _("Inspected units")
            self.fields["title"].label = pgettext("inspection", "Title")
            self.fields["chair"].empty_label = _("Choose who receives it")
        if instance:
            editable = conferences.EDITABLE[instance.state]
            for name in set(self.fields) - {*editable, "seen", "all_units"}:
                del self.fields[name]
            stands = {
                "seen": instance.moves,
                "audiences": [each.audience for each in instance.audiences.all()],
                "invited": [unit.pk for unit in instance.invited.all()],
            }
            self.initial = {**stands, **self.initial}

    def _plans(self) -> Any:
        """The newest plans in force, and the one that is chosen already."""
        present = self.edited.plan_id if self.edited else None
        newest = Plan.objects.visible_to(self.by).filter(state=PlanState.IN_FORCE).order_by("-issued_on", "number")
        known = [*newest.values_list("pk", flat=True)[:MOST_PLANS], *([present] if present else [])]
        return Plan.objects.filter(pk__in=known).order_by("-issued_on", "number")

    @property
    def chosen_host(self) -> Unit | None:
        """The host as it is chosen at the moment."""
        if self.edited:
            return self.edited.host
        chosen = str(self["host"].value() or "")
        return next((unit for unit in self.hosts if str(unit.pk) == chosen), self.hosts[0] if self.hosts else None)

    @property
    def unit_rows(self) -> list[tuple[Unit, bool]]:
        """The units to tick: teams and wards of the host, then others that were chosen; each with whether it is."""
        chosen = {str(pk) for pk in _several(self["invited"].value())}
        near = (
            list(conferences.invitable(self.chosen_host, timezone.localtime(self.at).date())[:300])
            if self.chosen_host
            else []
        )
        others = chosen - {str(unit.pk) for unit in near}
        far = Unit.objects.filter(pk__in=[pk for pk in others if pk.isdecimal() and len(pk) < 18]).in_order()
        return [(unit, str(unit.pk) in chosen) for unit in (*near, *(far if others else ()))]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"] or "").strip()
        if code.lower() in RESERVED_CODES:
            raise ValidationError(_("This word cannot be a code; use one like HN-2020-01."))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._complete(data)
        self._check_times(data)
        host, chair = data.get("host"), data.get("chair")
        chairs: Any = self.fields.get("chair")
        if host and chair and host.pk not in chairs.hosts[chair.pk]:
            self.add_error("chair", _("The chair is the head of the host unit, or a deputy."))
        if data.get("all_units") and self.chosen_host and "invited" in data:
            near = conferences.invitable(host or self.chosen_host, timezone.localtime(self.at).date())
            data["invited"] = list({unit.pk: unit for unit in (*data["invited"], *near)}.values())
        return data

    def _complete(self, data: dict[str, Any]) -> None:
        """Fill in what was left blank for the system to choose."""
        if "opens_at" in data and data["opens_at"] is None:
            data["opens_at"] = self.at.replace(second=0, microsecond=0)
        ends = self._time(data, "ends_at")
        if "closes_at" in data and data["closes_at"] is None and ends:
            data["closes_at"] = ends
        starts = self._time(data, "starts_at")
        if self.kind == ConferenceKind.INSPECTION and starts and ends and "starts_at" in self.fields:
            # Nobody asks anything: the window is no more than what the table wants.
            data["opens_at"], data["closes_at"] = min(self.at.replace(second=0, microsecond=0), starts), ends
        if "topics" in data and data["topics"] is None and starts:
            data["topics"] = TopicSet.objects.on(timezone.localtime(starts).date())
            if data["topics"] is None:
                self.add_error("topics", _("No set of contents is in force on that day; choose one."))

    def _check_times(self, data: dict[str, Any]) -> None:
        starts, ends, opens, closes = (
            self._time(data, name) for name in ("starts_at", "ends_at", "opens_at", "closes_at")
        )
        if starts and ends and ends <= starts and "ends_at" in data:
            self.add_error("ends_at", _("The conference must end after it begins."))
        if opens and closes and closes <= opens and "closes_at" in data:
            self.add_error("closes_at", _("Questions must close after they open."))
        elif ends and closes and closes > ends and "closes_at" in data:
            self.add_error("closes_at", _("Questions must close before the conference ends."))

    def _time(self, data: dict[str, Any], name: str) -> datetime | None:
        """A time as typed, or as it stands when the form does not ask for it."""
        if name in self.fields:
            typed: datetime | None = data.get(name)
            return typed
        return getattr(self.edited, name, None)

    @property
    def particulars(self) -> dict[str, Any]:
        """What the domain is given."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "all_units")}
        return typed if self.edited else {**typed, "kind": self.kind}


def _several(value: Any) -> list[Any]:
    """The values of a field of several, also when a draft kept a single one."""
    if value is None or value == "":
        return []
    return [getattr(each, "pk", each) for each in value] if isinstance(value, (list, tuple)) else [value]


def new_conference(by: Person, at: datetime, kind: str = ConferenceKind.DIALOGUE) -> dict[str, Any]:
    """What a new conference is proposed to be: in three weeks, in the afternoon, open for questions from now on."""
    day = calendar().roll(timezone.localtime(at).date() + timedelta(days=21))
    starts = datetime.combine(day, time(14), tzinfo=timezone.get_current_timezone())
    hour = timezone.localtime(at).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    host = _hosts(by).in_order().first()
    return {
        "host": host and host.pk,
        "code": conferences.suggest_code(host, day.year, kind) if host else "",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "opens_at": hour,
        "closes_at": starts + timedelta(hours=2),
        "audiences": [Audience.OFFICERS],
        "all_units": True,
    }


# --- What the moves ask for -------------------------------------------------------------------------------------------
class MoveForm(CleanForm):
    """A reason, demanded where the flow demands one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    def __init__(self, *args: Any, conference: Conference, at: datetime, needs_note: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.conference = conference
        if not needs_note:
            del self.fields["note"]
        self.initial = {"seen": conference.moves, **self.initial}


class RescheduleForm(MoveForm):
    starts_at = MomentField(label=gettext_lazy("Begins"))
    ends_at = MomentField(label=gettext_lazy("Ends"))
    closes_at = MomentField(label=gettext_lazy("Questions until"), required=False)
    field_order = ("starts_at", "ends_at", "closes_at", "note")

    def __init__(self, *args: Any, conference: Conference, **more: Any) -> None:
        super().__init__(*args, conference=conference, **more)
        if conference.is_inspection:
            del self.fields["closes_at"]
        kept = {name: getattr(conference, name) for name in ("starts_at", "ends_at", "closes_at")}
        self.initial = {**kept, **self.initial}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        closes = data.get("closes_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The conference must end after it begins."))
        elif starts and (starts, ends) == (self.conference.starts_at, self.conference.ends_at):
            self.add_error("starts_at", _("The new date is the same as the old one."))
        if closes and closes <= self.conference.opens_at:
            self.add_error("closes_at", _("Questions must close after they open."))
        return data


class NewChairForm(MoveForm):
    chair = ChairField(empty_label=gettext_lazy("Choose the chair"))
    field_order = ("chair", "note")

    def __init__(self, *args: Any, conference: Conference, at: datetime, **more: Any) -> None:
        super().__init__(*args, conference=conference, at=at, **more)
        field: Any = self.fields["chair"]
        field.offer([conference.host], at)
        field.queryset = field.queryset.exclude(pk=conference.chair_id)


MOVE_FORMS: dict[str, type[MoveForm]] = {"reschedule": RescheduleForm, "new_chair": NewChairForm}


# --- Agenda and participants ------------------------------------------------------------------------------------------
class AgendaForm(CleanForm):
    order = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=999, required=False)
    at = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time", "step": 60}, format="%H:%M")
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=1440)
    text = forms.CharField(label=gettext_lazy("Content"), max_length=300)
    person = forms.ChoiceField(label=pgettext_lazy("agenda", "By"), required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        person: Any = self.fields["person"]
        person.choices = [("", "–"), *people]
        for name, label in (
            ("order", _("Order")),
            ("at", _("Time")),
            ("minutes", _("Minutes")),
            ("text", _("Content")),
        ):
            self.fields[name].widget.attrs |= {"aria-label": label, "class": "form-control"}
        self.fields["person"].widget.attrs |= {"aria-label": pgettext("agenda", "By"), "class": "form-select"}

    def clean_person(self) -> int | None:
        return int(self.cleaned_data["person"]) if self.cleaned_data["person"] else None


class _AgendaRows(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = gettext_lazy("Remove")
        form.fields["DELETE"].widget.attrs |= {"class": "form-check-input", "aria-label": _("Remove")}

    @property
    def entries(self) -> list[AgendaEntry]:
        """The rows that stay, by their order numbers; rows without one come last."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        kept = [row for row in kept if row.get("text")]
        kept.sort(key=lambda row: (row["order"] is None, row["order"] or 0))
        return [
            AgendaEntry(at=row["at"], minutes=row["minutes"], text=row["text"], person_id=row["person"]) for row in kept
        ]


AgendaRows = forms.formset_factory(AgendaForm, formset=_AgendaRows, extra=3, can_delete=True, max_num=100)


class ParticipantForm(CleanForm):
    person = forms.ModelChoiceField(Person.objects.filter(is_active=True))
    part = forms.ChoiceField(choices=Part.choices)


class ConferenceFilter(CleanForm):
    """What the list is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    host = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    year = forms.IntegerField(required=False, min_value=2000, max_value=2099)
    state = forms.ChoiceField(required=False, choices=ConferenceState.choices)
    when = forms.ChoiceField(required=False, choices=[(name, name) for name in ("upcoming", "running", "past", "all")])
