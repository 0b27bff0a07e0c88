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
from dialogues.enums import AnswerKind, AnswerMode, ConferenceState, EscalationReason
from dialogues.forms.item import MoveForm

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
    reason = forms.ChoiceField(
        label=T("Why it goes up"),
        choices=EscalationReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": T("Choose why it goes up.")},
    )
    text = answer_text(T("Reply to the asker for the time being"), rows=5)
    field_order = ("reason", "text", "mode", "seen")


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
