"""What is typed about a commitment: its tasks as rows, and what a signature asks for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.typeface import unprintable
from cchc.organization.forms.account import PasswordField
from cchc.organization.forms.fields import DayField
from cchc.web.forms import CleanForm
from commitments.domain.draft import MOST_TASKS, Registered
from commitments.enums import Direction
from commitments.forms.campaign import NumberField
from commitments.models import Task
from dialogues.models import Directive, Item

FULL = Decimal(100)
NAMES = (
    "text",
    "measure",
    "measure_unit",
    "direction",
    "target",
    "due_on",
    "weight",
    "item",
    "copied_from",
    "directive",
)
TYPED = ("text", "measure", "measure_unit", "target", "due_on", "weight")  # a row without any of these is empty


class TaskForm(CleanForm):
    """One task. *item* and *copied_from*: where it comes from, kept while it is edited."""

    text = forms.CharField(
        label=gettext_lazy("Task"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300})
    )
    measure = forms.CharField(label=gettext_lazy("Measured by"), max_length=200)
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Direction.choices)
    target = NumberField(label=gettext_lazy("Target"), max_digits=12, decimal_places=2, min_value=0)
    measure_unit = forms.CharField(label=gettext_lazy("Unit of measure"), max_length=30)
    due_on = DayField(label=gettext_lazy("Due"))
    weight = NumberField(
        label=gettext_lazy("Weight"), max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=FULL
    )
    item = forms.UUIDField(widget=forms.HiddenInput, required=False)
    copied_from = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)
    directive = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            if not field.widget.is_hidden:
                field.widget.attrs |= {"class": "form-select" if select else "form-control"}
        self.fields["weight"].widget.attrs["data-weight"] = "tasks"
        self.fields["measure_unit"].widget.attrs["placeholder"] = "%"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("direction") == Direction.AT_MOST and data.get("target") == 0:
            self.add_error("target", _("A target of at most zero cannot be scored."))
        return data


class TaskRows:
    """The rows of a commitment's tasks in the order in which *rows* names them.

    Made of what was posted or kept as a draft (*typed*: lists by name), or of *tasks*.
    """

    def __init__(self, typed: Mapping[str, list[str]] | None = None, *, bound: bool = False) -> None:
        self.typed: dict[str, list[str]] = dict(typed or {})
        self.bound = bound
        order = list(dict.fromkeys(self.typed.get("rows", [])))
        self.order = [name for name in order if name.isdecimal() and len(name) < 6][: MOST_TASKS + 1]
        self.errors: list[str] = []

    @classmethod
    def posted(cls, data: QueryDict, *, bound: bool) -> TaskRows:
        return cls(
            {name: data.getlist(name) for name in data if name == "rows" or name.startswith("task-")}, bound=bound
        )

    @classmethod
    def kept(cls, draft: Mapping[str, Any]) -> TaskRows:
        """Of a draft, as cchc.web.domain.draft.recall gives it."""
        return cls({name: [value] if isinstance(value, str) else list(value) for name, value in draft.items()})

    @classmethod
    def of(cls, tasks: list[Task]) -> TaskRows:
        made = cls()
        for task in tasks:
            made.add(values_of(task, copied_from=task.copied_from_id))
        return made

    def add(self, values: Mapping[str, Any]) -> None:
        """One more row at the end."""
        number = str(max((int(name) for name in self.order), default=0) + 1)
        self.order.append(number)
        for name in NAMES:
            self.typed[f"task-{number}-{name}"] = [str(values.get(name) or "")]

    def take(self, number: str) -> None:
        self.order = [name for name in self.order if name != number]

    def shift(self, number: str, by: int) -> None:
        """Move a row up or down."""
        at = self.order.index(number) if number in self.order else -1
        if at >= 0 and 0 <= at + by < len(self.order):
            self.order[at], self.order[at + by] = self.order[at + by], self.order[at]

    def drop_empty(self) -> None:
        self.order = [name for name in self.order if not self._is_empty(name)]

    def _is_empty(self, number: str) -> bool:
        return not any(self._value(number, name).strip() for name in TYPED)

    def _value(self, number: str, name: str) -> str:
        return (self.typed.get(f"task-{number}-{name}") or [""])[-1]

    @property
    def forms(self) -> list[TaskForm]:
        if not hasattr(self, "_forms"):
            self._forms = [self._form(number) for number in self.order]
        return self._forms

    def _form(self, number: str) -> TaskForm:
        prefix = f"task-{number}"
        values = {f"{prefix}-{name}": self._value(number, name) for name in NAMES}
        if self.bound:
            form = TaskForm(values, prefix=prefix)
        else:
            form = TaskForm(prefix=prefix, initial={name: values[f"{prefix}-{name}"] for name in NAMES})
        form.number = number
        return form

    @property
    def empty_form(self) -> TaskForm:
        """A row for the script to copy."""
        form = TaskForm(prefix="task-__n__", initial={"direction": Direction.AT_LEAST})
        form.number = "__n__"
        return form

    def is_valid(self) -> bool:
        self.drop_empty()
        valid = [form.is_valid() for form in self.forms]
        if len(self.order) > MOST_TASKS:
            self.errors.append(_("A commitment holds %(most)d tasks at most.") % {"most": MOST_TASKS})
        letters = unprintable(" ".join(self._value(n, name) for n in self.order for name in TYPED[:3]))
        if letters:
            words = _("A paper cannot show these characters: %(letters)s")
            self.errors.append(words % {"letters": " ".join(letters)})
        return all(valid) and not self.errors

    def registered(
        self, sources: QuerySet[Task], items: QuerySet[Item], directives: QuerySet[Directive]
    ) -> list[Registered]:
        """What the domain is given; where a task comes from counts only among *sources*, *items* and *directives*."""
        rows = [form.cleaned_data for form in self.forms]
        copied = sources.in_bulk([row["copied_from"] for row in rows if row["copied_from"]])
        taken = items.in_bulk([row["item"] for row in rows if row["item"]])
        told = directives.in_bulk([row["directive"] for row in rows if row["directive"]])
        return [
            Registered(
                **{
                    **row,
                    "copied_from": copied.get(row["copied_from"]),
                    "item": taken.get(row["item"]),
                    "directive": told.get(row["directive"]),
                }
            )
            for row in rows
        ]


def values_of(task: Task, copied_from: int | None, **changes: Any) -> dict[str, Any]:
    """A task as the texts of a row."""
    number = NumberField().prepare_value
    return {
        "text": task.text, "measure": task.measure, "measure_unit": task.measure_unit, "direction": task.direction,
        "target": number(task.target), "due_on": task.due_on.isoformat(), "weight": number(task.weight),
        "item": task.item_id or "", "directive": task.directive_id or "", "copied_from": copied_from or "", **changes,
    }  # fmt: skip


class SignForm(CleanForm):
    """*digest* is that of the text which was shown; *shown* is that text, to tell what changed since."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    has_read = forms.BooleanField(
        label=gettext_lazy("Agreement with the text"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        error_messages={"required": gettext_lazy("Tick that you have read it: nobody signs what he has not read.")},
    )
    password = PasswordField(
        label=gettext_lazy("Your password again, to sign"), autocomplete="current-password",
        error_messages={"required": gettext_lazy("Type your password to sign.")},
    )  # fmt: skip

    def refuse(self, sentence: Any) -> None:
        self.add_error("password", ValidationError(sentence))
