"""What is typed into answers: the unit's draft, the leader's word, the holding reply, the report that it is done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization.forms.fields import DayField
from dialogues.enums import AnswerKind, AnswerMode, ConferenceState, EscalationReason, EscalationState
from dialogues.forms.item import MoveForm
from dialogues.models import Escalation

LONGEST = 8000
# The other kinds are given by their own moves: referring upward and declining.
GIVEN_KINDS = (AnswerKind.RESOLVED, AnswerKind.IN_PROGRESS, AnswerKind.EXPLAINED, AnswerKind.DECLINED)


def answer_text(label: Any, rows: int = 8, longest: int = LONGEST) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
        error_messages={"required": T("Write the text first.")},
    )


class ModeForm(MoveForm):
    """In the hall is a choice only while the conference is in session; then it is the usual one."""

    mode = forms.ChoiceField(
        label=T("Given"),
        choices=AnswerMode.choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.live = self.item.conference.state == ConferenceState.IN_SESSION
        if self.live:
            self.initial.setdefault("mode", AnswerMode.LIVE)
        else:
            del self.fields["mode"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data["mode"] = self.cleaned_data.get("mode") or AnswerMode.WRITTEN
        return self.cleaned_data


class PrepareForm(MoveForm):
    text = answer_text(T("The unit's draft"))
    files = AttachmentsField()


class AnswerForm(ModeForm):
    text = answer_text(T("The leader's answer"))
    kind = forms.ChoiceField(
        label=T("Result"),
        choices=[("", T("Choose the result")), *((kind.value, kind.label) for kind in GIVEN_KINDS)],
        error_messages={"required": T("Choose the result: resolved, in progress, explained or declined.")},
    )
    promised_on = DayField(label=T("To be done by"), required=False)
    document = forms.CharField(label=T("Number of the paper"), max_length=60, required=False)
    field_order = ("text", "kind", "promised_on", "mode", "document", "seen")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        promised: date | None = cleaned.get("promised_on")
        if cleaned.get("kind") != AnswerKind.IN_PROGRESS:
            cleaned["promised_on"] = None
        elif not promised:
            if "promised_on" not in self.errors:
                self.add_error("promised_on", _("An answer in progress needs the day by which it will be done."))
        elif promised < timezone.localdate():
            self.add_error("promised_on", _("This day has passed; choose today or a later day."))
        return cleaned


class EscalateForm(ModeForm):
    """With a report of its own, for which the reason is told, or with one of the unit that is still in preparation."""

    report = forms.ModelChoiceField(
        Escalation.objects.none(), label=T("Report"), required=False, empty_label=T("A new report"),
        help_text=T("Several items of the same matter may go up in one report."),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=T("Why it goes up"),
        choices=EscalationReason.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    bodies = forms.CharField(
        label=T("Bodies concerned"), max_length=300, required=False,
        help_text=T("Whose part is needed, for example a department of the People's Committee."),
    )  # fmt: skip
    text = answer_text(T("Reply to the asker for the time being"), rows=5)
    field_order = ("report", "reason", "bodies", "text", "mode", "seen")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        drafts = Escalation.objects.filter(host=self.item.host_id, state=EscalationState.DRAFT, parent=None)
        self.fields["report"].queryset = drafts.order_by("-year", "-number")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("report") and not cleaned.get("reason") and not {"report", "reason"} & set(self.errors):
            self.add_error("reason", _("Choose why it goes up."))
        return cleaned


class ReportForm(MoveForm):
    text = answer_text(T("What was done"), rows=5, longest=4000)
    done_on = DayField(label=T("Done on"), error_messages={"required": T("Choose the day on which it was done.")})
    document = forms.CharField(label=T("Number of the paper that shows it"), max_length=60, required=False)
    files = AttachmentsField()

    def clean_done_on(self) -> date:
        done: date = self.cleaned_data["done_on"]
        if done > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come; choose today or an earlier day."))
        return done
