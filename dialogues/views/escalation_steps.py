"""How each move of an escalation is asked for, in words: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as T

from dialogues.forms import escalation as forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Step:
    """How a move is asked for: its form, the question above it, and what follows from it."""

    form: type[forms.EscalationForm]
    question: StrOrPromise
    follows: StrOrPromise = ""
    dialog: str = "dialogues/_escalation_move_form.html"


STEPS = {
    "propose": Step(
        forms.PlainForm, T("Present %(code)s for signature?"), T("The leader reads it, signs it and sends it.")
    ),
    "send": Step(
        forms.PlainForm,
        T("Send %(code)s?"),
        T("The report is frozen as it stands here, with a checksum; the unit above reads exactly this."),
        dialog="dialogues/_escalation_send_form.html",
    ),
    "send_back": Step(
        forms.ReasonForm, T("Send %(code)s back to the secretary?"), T("The report can be changed and presented anew.")
    ),
    "recall": Step(
        forms.PlainForm,
        T("Take %(code)s back?"),
        T("It has not been read yet: the unit above sees it no more. It can be changed and sent anew."),
    ),
    "withdraw": Step(
        forms.ReasonForm,
        T("Withdraw %(code)s?"),
        T("Its items come back to the leader, who answers them himself. This cannot be undone."),
    ),
    "receive": Step(forms.PlainForm, T("Acknowledge %(code)s?"), T("The sender is told that it was received.")),
    "assign": Step(
        forms.AssignForm, T("Which division gives its advice on %(code)s?"), T("The sender is not told of the advice.")
    ),
    "advise": Step(
        forms.AdviseForm, T("Advice on %(code)s"), T("The leader decides by it; the sender does not see it.")
    ),
    "present": Step(
        forms.PresentForm, T("Present %(code)s to the leader?"), T("No division is asked; the leader decides now.")
    ),
    "rule": Step(
        forms.ReplyForm,
        T("Rule on %(code)s"),
        T("The ruling goes into every item concerned, and cannot be changed afterwards."),
    ),
    "delegate_back": Step(
        forms.ReplyForm,
        T("Leave %(code)s to the unit?"),
        T("The unit's leader decides within his authority and answers. This cannot be undone."),
    ),
    "ask_again": Step(forms.ReasonForm, T("Ask for advice on %(code)s again?"), T("The advice so far stays readable.")),
    "return_for_information": Step(
        forms.InformationForm,
        T("What information is missing in %(code)s?"),
        T("The unit adds to its report and sends it anew; the first due date stays."),
    ),
    "forward_up": Step(
        forms.ForwardForm,
        T("Refer %(code)s to the next level?"),
        T("A report of your own unit begins with the text of this one; what comes back is decided upon here."),
    ),
    "refuse": Step(
        forms.RefuseForm,
        T("Not take up %(code)s?"),
        T("The basis is sent to the unit, whose leader answers those who asked. This cannot be undone."),
    ),
    "join": Step(
        forms.JoinForm,
        T("With which issue is %(code)s joined?"),
        T("One decision settles both. It can be taken out again until then."),
        dialog="dialogues/_escalation_join_form.html",
    ),
    "take_out": Step(
        forms.PlainForm, T("Take %(code)s out of the issue?"), T("It is decided upon by itself, with its own due date.")
    ),
    "record_reply": Step(
        forms.RecordReplyForm,
        T("What was replied to %(code)s?"),
        T("It goes into every item concerned, and cannot be changed afterwards."),
    ),
    "extend": Step(forms.TimeForm, T("Extend the term of %(code)s?"), T("The first date stays and both are shown.")),
    "ask_time": Step(
        forms.TimeForm, T("Ask for more time for %(code)s?"), T("The leader of the unit that asks grants it or not.")
    ),
    "grant_time": Step(
        forms.PlainForm, T("Grant more time for %(code)s?"), T("The first date stays and both are shown.")
    ),
    "deny_time": Step(forms.ReasonForm, T("Deny more time for %(code)s?"), T("The due date stays as it is.")),
}
