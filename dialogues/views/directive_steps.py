"""How each move of a directive is asked for, in words: one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as T

from dialogues.forms import directive as forms

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Step:
    """How a move is asked for: its form, the question above it, and what follows from it."""

    form: type[forms.DirectiveMoveForm]
    question: StrOrPromise
    follows: StrOrPromise = ""


STEPS = {
    "take_up": Step(
        forms.DirectiveMoveForm, T("Take up %(code)s?"), T("Whoever issued it sees that the unit is at work on it.")
    ),
    "update": Step(
        forms.ProgressForm,
        T("How far is %(code)s?"),
        T("The report and its evidence stay as they are; whoever issued it and the units at work read them."),
    ),
    "report": Step(
        forms.DoneForm,
        T("Report %(code)s done?"),
        T("The leader accepts the result or returns it with a reason. The day of this report counts as the day done."),
    ),
    "accept": Step(
        forms.RemarkForm, T("Accept the result of %(code)s?"), T("The units are told; the directive is done.")
    ),
    "return": Step(
        forms.ReasonForm,
        T("Return %(code)s to the unit?"),
        T("The unit goes on at it with the reason before it; the deadline stays."),
    ),
    "ask_time": Step(
        forms.TimeForm, T("Ask for more time for %(code)s?"), T("The deadline stays until the leader grants it.")
    ),
    "grant_time": Step(
        forms.RemarkForm, T("Grant more time for %(code)s?"), T("The first deadline stays and both are shown.")
    ),
    "deny_time": Step(forms.ReasonForm, T("Deny more time for %(code)s?"), T("The deadline stays as it is.")),
    "extend": Step(
        forms.TimeForm,
        T("Extend the deadline of %(code)s?"),
        T("The first deadline stays and both are shown."),
    ),
    "assign": Step(
        forms.AssignForm,
        T("To which unit does %(code)s go?"),
        T("It takes the directive up anew; its deadline and all reports so far stay."),
    ),
    "close": Step(
        forms.ReasonForm,
        T("End %(code)s without a result?"),
        T("The units are told. Only the leader can reopen it, with a reason."),
    ),
    "reopen": Step(forms.ReasonForm, T("Reopen %(code)s?"), T("The lead unit goes on at it.")),
}
