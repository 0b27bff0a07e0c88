"""The filter bar of a list of items, and what it asks for. A filter that makes no sense is left out, never an error."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm
from cchc.web.gathering import gathered
from dialogues.domain.item_list import TURNS, Pill, Sort, Wanted
from dialogues.enums import Audience, Channel, Outcome
from dialogues.models import Conference, Topic, TopicSet

MAX_TEXT = 200
TURN_WORDS = {
    "secretary": _("The secretary's turn"),
    "leader": _("The leader's turn"),
    "above": _("The unit above"),
    "asker": _("The asker's turn"),
}


class ItemListForm(CleanForm):
    q = forms.CharField(max_length=MAX_TEXT, required=False)
    topic = forms.ChoiceField(required=False)
    turn = forms.ChoiceField(required=False)
    source = forms.ChoiceField(required=False)
    pill = forms.ChoiceField(choices=Pill.choices, required=False)
    sort = forms.ChoiceField(choices=Sort.choices, required=False)
    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)

    def __init__(self, data: Any, *, person: Person, today: date, conference: Conference | None = None) -> None:
        super().__init__(data)
        self.conference = conference
        self.topics, self.units = _offered(person, conference, today)
        self.fields["topic"].choices = [
            ("", _("All contents")),
            *by_program(self.topics),
        ]
        self.fields["turn"].choices = [
            ("", _("Anybody's turn")),
            *TURN_WORDS.items(),
            (_("Units"), [(key, unit.short_name) for key, unit in self.units.items()]),
        ]
        self.fields["source"].choices = [
            ("", _("All sources")),
            (_("Asker"), Audience.choices),
            (_("Channel"), Channel.choices),
        ]
        self.full_clean()

    def selects(self) -> SafeString:
        """The three choices, built here: through the form's own widgets their options cost more than all the rest."""
        labels = (("topic", _("Content")), ("turn", _("Turn")), ("source", _("Source")))
        return format_html_join(
            "",
            '<select class="form-select" name="{}" id="items-{}" aria-label="{}">{}</select>',
            ((name, name, label, self._options(name)) for name, label in labels),
        )

    def _options(self, name: str) -> SafeString:
        chosen, parts = self.cleaned_data.get(name, ""), []
        for key, words in self.fields[name].choices:
            if isinstance(words, list | tuple):
                inner = format_html_join(
                    "", "{}", ((_option(inner_key, inner_words, chosen),) for inner_key, inner_words in words)
                )
                parts.append(format_html('<optgroup label="{}">{}</optgroup>', key, inner))
            else:
                parts.append(_option(key, words, chosen))
        return format_html_join("", "{}", ((part,) for part in parts))

    def wanted(self) -> Wanted:
        """What is asked for, as far as it can be understood."""
        chosen = self.cleaned_data
        turn = chosen.get("turn", "")
        return Wanted(
            pill=Pill(chosen.get("pill") or Pill.OPEN),
            text=chosen.get("q", ""),
            topic=self.topics.get(chosen.get("topic", "")),
            turn=turn if turn in TURNS else "",
            unit=self.units.get(turn),
            source=chosen.get("source", ""),
            outcome=chosen.get("outcome", ""),
            sort=chosen.get("sort", ""),
            conference=self.conference,
        )


def _option(key: str, words: Any, chosen: str) -> SafeString:
    mark = SafeString(" selected") if key == chosen and key else SafeString("")
    return format_html('<option value="{}"{}>{}</option>', key, mark, words)


def _offered(person: Person, conference: Conference | None, today: date) -> tuple[dict[str, Topic], dict[str, Unit]]:
    """The contents and the units of the choices, by their keys: one question to the database."""
    topics, units = topics_for(conference).select_related(None), units_for(person, conference, today)
    found = gathered({"topics": topics, "sets": TopicSet.objects.all(), "units": units})
    sets = {each.pk: each for each in found["sets"]}
    for topic in found["topics"]:
        topic.set = sets[topic.set_id]
    by_key = {name: {str(each.pk): each for each in found[name]} for name in ("topics", "units")}
    return by_key["topics"], by_key["units"]


def topics_for(conference: Conference | None) -> QuerySet[Topic]:
    """The contents of the conference's program, or of all programs."""
    topics = Topic.objects.select_related("set").order_by("-set__valid_from", "order")
    return topics.filter(set=conference.topics_id) if conference else topics


def units_for(person: Person, conference: Conference | None, today: date) -> QuerySet[Unit]:
    """The units that prepare answers: those of the conference's host, or of the reader's own command."""
    if conference:
        commands = [conference.host_id]
    else:
        commands = [post.unit.command_id or post.unit_id for post in access.posts(person)]
    serve = Q(command__in=commands) | Q(parent__in=commands)
    return Unit.objects.valid_on(today).filter(serve).exclude(pk__in=commands).in_order()


def by_program(topics: dict[str, Topic]) -> list[tuple[str, Any]]:
    """Choices of contents, under the names of their programs when there are several."""
    programs: dict[str, list[tuple[str, str]]] = {}
    for key, topic in topics.items():
        programs.setdefault(str(topic.set), []).append((key, str(topic)))
    return list(programs.items()) if len(programs) > 1 else next(iter(programs.values()), [])
