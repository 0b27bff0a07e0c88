"""What the moves of an item ask for (answers have their own: forms/answer.py). The forms clean and never save."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as T
from django.utils.translation import pgettext_lazy

from cchc.organization.forms.fields import DayField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm
from cchc.web.search import matching
from dialogues.domain.item import MERGE_LEADS, answer_due
from dialogues.domain.similar import similar_to
from dialogues.enums import ItemKind, ProperChannel
from dialogues.forms.item_list import topics_for
from dialogues.models import Field, Item, Topic

OFFERED_LEADS = 8


class MoveForm(CleanForm):
    """A move of *item* by *person*. `seen` is what the page had shown; `note` and `data` go to the engine."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: Item, person: Person, **options: Any) -> None:
        self.item, self.person = item, person
        options["initial"] = {"seen": item.moves, **options.get("initial", {})}
        super().__init__(*args, **options)

    @property
    def note(self) -> str:
        return str(self.cleaned_data.get("note", ""))

    def data_for_move(self) -> dict[str, Any]:
        """What the engine is given beside the note: the fields that were filled in."""
        skip = ("seen", "note", "files")
        return {
            name: value for name, value in self.cleaned_data.items() if name not in skip and value not in ("", None)
        }


class PlainForm(MoveForm):
    """A move that only asks whether it is meant."""


class ReasonForm(MoveForm):
    """A move that needs a reason."""

    note = forms.CharField(
        label=T("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": T("Write the reason: those concerned will read it.")},
    )


class AcceptForm(MoveForm):
    kind = forms.ChoiceField(label=T("Kind"), choices=ItemKind.choices)
    title = forms.CharField(
        label=pgettext_lazy("item", "Title"),
        max_length=200,
        help_text=T("What lists show. The asker's own words stay as they are."),
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=T("CCHC content"), empty_label=T("Choose the content"))
    field = forms.ModelChoiceField(
        Field.objects.all(), label=T("Professional field"), empty_label=T("Choose the field")
    )

    def __init__(self, *args: Any, item: Item, **options: Any) -> None:
        known = {"kind": item.kind, "title": item.title, "topic": item.topic_id, "field": item.field_id}
        super().__init__(*args, item=item, **{**options, "initial": {**known, **options.get("initial", {})}})
        self.fields["topic"].queryset = topics_for(item.conference)


class DeclineForm(ReasonForm):
    channel = forms.ChoiceField(
        label=T("Where it belongs"),
        choices=ProperChannel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": T("Choose where the matter belongs.")},
    )
    note = forms.CharField(
        label=T("Reason, as the asker will read it"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": T("Write the reason: the asker will read it.")},
    )
    document = forms.CharField(label=T("Number of the paper, if there is one"), max_length=60, required=False)
    field_order = ("channel", "note", "document", "seen")


class MergeForm(MoveForm):
    """The lead is chosen among the open items of the conference: alike ones first, or those that a search finds."""

    lead = forms.ModelChoiceField(
        Item.objects.none(),
        label=T("Lead item"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": T("Choose the item that this one repeats.")},
    )

    def __init__(self, *args: Any, item: Item, person: Person, search: str = "", **options: Any) -> None:
        super().__init__(*args, item=item, person=person, **options)
        open_ones = leads_for(item, person)
        self.fields["lead"].queryset = open_ones
        typed = str(self.data.get("lead", ""))
        self.fields["lead"].choices = [(str(lead.pk), str(lead)) for lead in _offered(item, open_ones, search, typed)]


def leads_for(item: Item, person: Person) -> QuerySet[Item]:
    """Into what *item* may be merged."""
    found = Item.objects.visible_to(person).filter(conference=item.conference_id, state__in=MERGE_LEADS)
    return found.exclude(pk=item.pk).defer("search")


def _offered(item: Item, among: QuerySet[Item], search: str, typed: str) -> list[Item]:
    if search:
        found = list(matching(among, search).order_by("kind", "number")[:OFFERED_LEADS])
    else:
        found = similar_to(f"{item.title}\n{item.text}", among, hosts=[item.host_id], limit=OFFERED_LEADS)
        found = found or list(among.order_by("-submitted_at", "id")[:OFFERED_LEADS])
    if typed and typed not in {str(lead.pk) for lead in found}:
        found += list(among.filter(pk=typed)) if _is_id(typed) else []
    return found


def _is_id(text: str) -> bool:
    try:
        Item._meta.pk.to_python(text)
    except forms.ValidationError:
        return False
    return True


class AssignForm(MoveForm):
    lead_unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=T("Lead unit"),
        empty_label=T("Choose the unit"),
        error_messages={"required": T("Choose the unit that prepares the answer.")},
    )
    coordinating = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label=T("Coordinating units"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    due = DayField(label=T("Draft due"), required=False)

    def __init__(self, *args: Any, item: Item, person: Person, **options: Any) -> None:
        today = timezone.localdate()
        self.usual_due = answer_due(item, today)
        known = {
            "lead_unit": item.lead_unit_id,
            "coordinating": list(item.coordinating.values_list("pk", flat=True)),
            "due": item.prepare_by or self.usual_due,
        }
        super().__init__(
            *args, item=item, person=person, **{**options, "initial": {**known, **options.get("initial", {})}}
        )
        units = units_to_prepare(item, today)
        self.fields["lead_unit"].queryset = self.fields["coordinating"].queryset = units
        self.fields["due"].help_text = self._explained()

    def _explained(self) -> str:
        return _("Counted: %(term)d working days from the conference on %(met)s, or 3 from today if that is later.") % {
            "term": self.item.conference.answer_term,
            "met": f"{timezone.localtime(self.item.conference.starts_at):%d/%m/%Y}",
        }

    def clean_coordinating(self) -> list[Unit]:
        return list(self.cleaned_data["coordinating"])  # the ledger writes down units, and no query

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due and due < timezone.localdate():
            raise forms.ValidationError(_("This day has passed; choose today or a later day."))
        return None if due == self.usual_due else due


def units_to_prepare(item: Item, today: date) -> QuerySet[Unit]:
    """The invited units and those of the host."""
    invited = Unit.objects.filter(pk__in=item.conference.invited.values("pk"))
    serve = Unit.objects.filter(command=item.host_id) | Unit.objects.filter(parent=item.host_id)
    return (Unit.objects.valid_on(today) & (invited | serve)).distinct().in_order()


class ExtendForm(ReasonForm):
    to = DayField(label=T("New due date"), error_messages={"required": T("Choose the new due date.")})
    field_order = ("to", "note", "seen")

    def clean_to(self) -> date:
        to: date = self.cleaned_data["to"]
        if self.item.turn and to <= self.item.turn.due_on:
            raise forms.ValidationError(
                _("Choose a day after %(due)s, the present due date.") % {"due": f"{self.item.turn.due_on:%d/%m/%Y}"}
            )
        return to
