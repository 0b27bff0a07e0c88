"""What is typed into reports to the unit above, and what their moves ask for. The forms clean and never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization.enums import UnitKind
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm
from cchc.web.search import FoldedVector, matching
from dialogues.domain.escalation_list import SentPill
from dialogues.domain.similar import alike_first
from dialogues.enums import EscalationReason, ReplyKind
from dialogues.models import Escalation, Item
from dialogues.models.escalation import AT_RECEIVER

OFFERED = 8
CANDIDATES = 200
# What a reply on paper may say; forwarding is the other body's own affair.
RECORDED = (ReplyKind.RULED, ReplyKind.DELEGATED_BACK, ReplyKind.RETURNED_FOR_INFORMATION, ReplyKind.REFUSED)


class EscalationForm(CleanForm):
    """A move of *escalation* by *person*. `seen` is what the page had shown; `note` and `data` go to the engine."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, escalation: Escalation, person: Person, **options: Any) -> None:
        self.escalation, self.person = escalation, person
        options["initial"] = {"seen": escalation.moves, **options.get("initial", {})}
        super().__init__(*args, **options)

    @property
    def note(self) -> str:
        return str(self.cleaned_data.get("note", ""))

    def data_for_move(self) -> dict[str, Any]:
        """What the engine is given beside the note: the fields that were filled in."""
        skip = ("seen", "note")
        return {
            name: value for name, value in self.cleaned_data.items() if name not in skip and value not in ("", None)
        }


class PlainForm(EscalationForm):
    """A move that only asks whether it is meant."""


class ReasonForm(EscalationForm):
    note = forms.CharField(
        label=T("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": T("Write the reason: those concerned will read it.")},
    )


def words(label: Any, rows: int = 6, **options: Any) -> forms.CharField:
    options.setdefault("error_messages", {"required": T("Write the text first.")})
    options.setdefault("max_length", 8000)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}), **options)


def not_past(day: date | None) -> date | None:
    if day and day < timezone.localdate():
        raise forms.ValidationError(_("This day has passed; choose today or a later day."))
    return day


# --- the unit that asks -----------------------------------------------------------------------------------------------
class ReportForm(EscalationForm):
    """The report as it is written; what is missing for sending is asked for then, not now."""

    title = forms.CharField(label=T("Matter"), max_length=200, help_text=T("In one line: what is asked of whom."))
    reason = forms.ChoiceField(label=T("Why it goes up"), choices=EscalationReason.choices, widget=forms.RadioSelect)
    bodies = forms.CharField(
        label=T("Bodies concerned"), max_length=300, required=False,
        help_text=T("Whose part is needed, for example a department of the People's Committee."),
    )  # fmt: skip
    report_number = forms.CharField(
        label=T("Report number"), max_length=60, required=False, help_text=T("For example 218/BC-CAP.")
    )
    text = words(T("Report"), 10, required=False)
    proposal = words(T("What the unit proposes"), 4, required=False, max_length=4000)
    requested_on = DayField(
        label=T("Opinion wished by"), required=False, help_text=T("Left empty: 15 working days from sending.")
    )
    files = AttachmentsField()

    def __init__(self, *args: Any, escalation: Escalation, **options: Any) -> None:
        names = ("title", "reason", "bodies", "report_number", "text", "proposal", "requested_on")
        known = {name: getattr(escalation, name) for name in names}
        super().__init__(
            *args, escalation=escalation, **{**options, "initial": {**known, **options.get("initial", {})}}
        )

    def clean_requested_on(self) -> date | None:
        return not_past(self.cleaned_data["requested_on"])

    @property
    def particulars(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "files")}


class TakeInForm(EscalationForm):
    items = forms.ModelMultipleChoiceField(
        Item.objects.none(),
        label=T("Items that wait in other reports"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": T("Choose at least one item.")},
    )

    def __init__(self, *args: Any, waiting: QuerySet[Item], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["items"].queryset = waiting
        self.fields["items"].label_from_instance = lambda item: f"{item} ({item.escalation.code})"


class RecordReplyForm(EscalationForm):
    kind = forms.ChoiceField(
        label=T("What the reply says"),
        choices=[(kind.value, kind.label) for kind in RECORDED],
        widget=forms.RadioSelect,
        error_messages={"required": T("Choose what the reply says.")},
    )
    text = words(T("The reply in its words"))
    document = forms.CharField(label=T("Number of the paper"), max_length=60, required=False)
    done_by = DayField(label=T("To be done by"), required=False)
    field_order = ("kind", "text", "document", "done_by", "seen")


# --- the unit above ---------------------------------------------------------------------------------------------------
class AssignForm(EscalationForm):
    division = forms.ModelChoiceField(
        Unit.objects.none(),
        label=T("Advising division"),
        empty_label=T("Choose the division"),
        error_messages={"required": T("Choose the division that gives its advice.")},
    )
    due = DayField(
        label=T("Advice by"), required=False,
        help_text=T("Left empty: 3 working days before the opinion is due."),
    )  # fmt: skip

    def __init__(self, *args: Any, escalation: Escalation, **options: Any) -> None:
        known = {"division": escalation.division_id, "due": escalation.advise_by}
        super().__init__(
            *args, escalation=escalation, **{**options, "initial": {**known, **options.get("initial", {})}}
        )
        serve = Unit.objects.valid_on(timezone.localdate()).filter(command=escalation.receiver_id)
        self.fields["division"].queryset = serve.exclude(pk=escalation.receiver_id).in_order()

    def clean_due(self) -> date | None:
        return not_past(self.cleaned_data["due"])


class AdviseForm(EscalationForm):
    text = words(T("Advice"), 8, error_messages={"required": T("Write the advice: the leader decides by it.")})

    def __init__(self, *args: Any, escalation: Escalation, **options: Any) -> None:
        initial = {"text": escalation.advice, **options.get("initial", {})}
        super().__init__(*args, escalation=escalation, **{**options, "initial": initial})


class PresentForm(AdviseForm):
    """The secretary presents it himself, with a word of his own or without."""

    text = words(T("Advice"), 8, required=False)


class ReplyForm(EscalationForm):
    text = words(T("What is decided"), 5)
    document = forms.CharField(label=T("Number of the paper"), max_length=60, required=False)
    done_by = DayField(label=T("To be done by"), required=False)

    def clean_done_by(self) -> date | None:
        return not_past(self.cleaned_data["done_by"])


class RefuseForm(EscalationForm):
    text = words(
        T("Basis on which it is not taken up"), 5,
        error_messages={"required": T("Write the basis: the unit has to tell those who asked.")},
    )  # fmt: skip
    document = forms.CharField(label=T("Number of the paper"), max_length=60, required=False)


class InformationForm(ReplyForm):
    text = words(T("What is to be added"), 5, error_messages={"required": T("Write what information is missing.")})
    done_by = DayField(label=T("Wanted by"), required=False)


class ForwardForm(EscalationForm):
    to = forms.ModelChoiceField(Unit.objects.none(), label=T("To which body"), empty_label=None)
    text = words(T("What the unit is told"), 4)
    document = forms.CharField(label=T("Number of the paper"), max_length=60, required=False)

    def __init__(self, *args: Any, escalation: Escalation, **options: Any) -> None:
        super().__init__(*args, escalation=escalation, **options)
        self.fields["to"].queryset = bodies_above(escalation.receiver)


def bodies_above(unit: Unit) -> QuerySet[Unit]:
    """Where the superior may send it on: the command above him, and the departments of a ministry."""
    above = unit.parent.command if unit.parent else None
    if above is None:
        return Unit.objects.none()
    departments = Q(kind=UnitKind.MINISTRY_DEPARTMENT, path__startswith=above.path)
    return Unit.objects.valid_on(timezone.localdate()).filter(Q(pk=above.pk) | departments).in_order()


class JoinForm(EscalationForm):
    """The issue is chosen among the open ones before the same unit: alike ones first, or those that a search finds."""

    lead = forms.ModelChoiceField(
        Escalation.objects.none(),
        label=T("The same issue"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": T("Choose the issue that asks the same.")},
    )

    def __init__(self, *args: Any, escalation: Escalation, person: Person, search: str = "", **options: Any) -> None:
        super().__init__(*args, escalation=escalation, person=person, **options)
        among = leads_for(escalation, person)
        field = self.fields["lead"]
        field.queryset = among
        typed = str(self.data.get("lead", ""))
        field.choices = [
            (str(lead.pk), f"{lead} ({lead.host.short_name})") for lead in offered(escalation, among, search, typed)
        ]


def leads_for(escalation: Escalation, person: Person) -> QuerySet[Escalation]:
    """With what *escalation* may be joined."""
    found = Escalation.objects.visible_to(person).filter(receiver=escalation.receiver_id, state__in=AT_RECEIVER)
    return found.exclude(pk=escalation.pk).select_related("host").order_by("-sent_at", "id")


def offered(escalation: Escalation, among: QuerySet[Escalation], search: str, typed: str) -> list[Escalation]:
    rows = matching(among.alias(search=FoldedVector("code", "title", "report_number")), search) if search else among
    text = f"{escalation.title}\n{escalation.proposal}"
    found = alike_first(text, rows[:CANDIDATES], lambda each: f"{each.title}\n{each.proposal}")
    kept = [each for each in found[OFFERED:] if str(each.pk) == typed]
    return found[:OFFERED] + kept


class TimeForm(ReasonForm):
    """A later day for the opinion, and why."""

    to = DayField(label=T("New due date"), error_messages={"required": T("Choose the new due date.")})
    field_order = ("to", "note", "seen")

    def clean_to(self) -> date:
        to: date = self.cleaned_data["to"]
        if self.escalation.answer_by and to <= self.escalation.answer_by:
            raise forms.ValidationError(
                _("Choose a day after %(due)s, the present due date.")
                % {"due": f"{self.escalation.answer_by:%d/%m/%Y}"}
            )
        return to


class SentFilter(CleanForm):
    """What "sent up" is filtered by; what does not fit is ignored, as an address may be typed by hand."""

    pill = forms.ChoiceField(required=False, choices=SentPill.choices)
    q = forms.CharField(required=False, max_length=200)

    def wanted(self) -> tuple[SentPill, str]:
        self.full_clean()
        return SentPill(self.cleaned_data.get("pill") or SentPill.ALL), self.cleaned_data.get("q", "")
