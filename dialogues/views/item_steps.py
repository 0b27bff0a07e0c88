"""How each move of an item is asked for, in words: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as T

from dialogues.forms import answer as answer_forms
from dialogues.forms import item as forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DIALOG = "move-content"  # the element of the item's page into which htmx fetches a form


@dataclass(frozen=True)
class Step:
    """How a move is asked for: its form, the question above it, and what follows from it. *tells*: who is told."""

    form: type[forms.MoveForm]
    question: StrOrPromise
    follows: StrOrPromise = ""
    tells: bool = False
    template: str = "dialogues/item_move.html"
    dialog: str = "dialogues/_item_move_form.html"


STEPS = {
    "submit": Step(forms.PlainForm, T("Hand in this item?"), T("The secretary receives it and gives it a number.")),
    "accept": Step(forms.AcceptForm, T("Accept %(code)s?"), tells=True),
    "assign": Step(forms.AssignForm, T("Assign %(code)s to which unit?")),
    "take_to_floor": Step(
        forms.PlainForm, T("Take %(code)s to the floor?"), T("The leader answers it in the hall; no unit prepares it.")
    ),
    "merge": Step(
        forms.MergeForm,
        T("Into which item shall %(code)s be merged?"),
        T("Its page and code stay. The answer to the lead item reaches its asker too."),
        True,
        dialog="dialogues/_item_merge_form.html",
    ),
    "decline": Step(
        forms.DeclineForm, T("Not accept %(code)s?"), T("The reason is sent to the asker as the answer."), True
    ),
    "unmerge": Step(
        forms.PlainForm,
        T("Separate %(code)s again?"),
        T("It goes its own way from here, beginning with the assignment."),
        True,
    ),
    "prepare": Step(
        answer_forms.PrepareForm,
        T("The unit's draft for %(code)s"),
        T("The leader receives it to answer."),
        template="dialogues/item_answer.html",
    ),
    "hand_back": Step(forms.ReasonForm, T("Hand %(code)s back to the secretary?"), T("The first due date stays.")),
    "answer": Step(
        answer_forms.AnswerForm,
        T("Answer to %(code)s"),
        T("Once published it can no longer be changed."),
        template="dialogues/item_answer.html",
    ),
    "escalate": Step(
        answer_forms.EscalateForm,
        T("Refer %(code)s upward?"),
        T("The asker is told at once. The secretary writes the report; you sign it and send it up."),
        True,
    ),
    "send_back": Step(
        forms.ReasonForm,
        T("Send %(code)s back to the unit?"),
        T("The unit prepares it anew; the first due date stays."),
    ),
    "publish": Step(
        forms.PlainForm,
        T("Publish the answer to %(code)s?"),
        T("Once published the answer can no longer be changed; it lies before everybody who may see the conference."),
        True,
    ),
    "take_back": Step(
        forms.PlainForm, T("Take the answer to %(code)s back?"), T("It was not published yet. It stays in the history.")
    ),
    "confirm": Step(
        forms.PlainForm, T("Is %(code)s answered?"), T("The item is closed. You may still rate the answer.")
    ),
    "contest": Step(
        forms.ReasonForm, T("Is %(code)s not answered yet?"), T("An answer can be contested once. It is prepared anew.")
    ),
    "report": Step(answer_forms.ReportForm, T("Report %(code)s done"), T("The leader checks the report.")),
    "accept_report": Step(
        forms.PlainForm,
        T("Accept the report on %(code)s?"),
        T("The promise counts as kept and the item is closed."),
        True,
    ),
    "return_report": Step(
        forms.ReasonForm, T("Return the report on %(code)s?"), T("The promise is open again, with its date as before.")
    ),
    "extend": Step(
        forms.ExtendForm, T("Extend the term of %(code)s?"), T("The first date stays and both are shown."), True
    ),
    "withdraw": Step(forms.PlainForm, T("Withdraw %(code)s?"), T("Nobody will answer it. This cannot be undone.")),
    "reopen": Step(
        forms.ReasonForm,
        T("Reopen %(code)s?"),
        T("It begins again with the assignment; the earlier answer stays."),
        True,
    ),
}
