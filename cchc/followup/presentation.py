"""Ladders of reminders in words, as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.followup.domain.ladder import Rung, kinds, ladders, rungs_of
from cchc.followup.models import Ladder
from cchc.workflow.flow import FLOWS, Sentence
from cchc.workflow.models import Capacity


@dataclass(frozen=True)
class Step:
    """One stage: when, and who is told. *tone* is that of a badge."""

    when: str
    who: str
    tone: str


@dataclass(frozen=True)
class Line:
    """The ladder of one kind. *own*: not the general one; *changed*: set by *by*."""

    key: str
    label: Sentence
    steps: list[Step]
    own: bool = False
    changed: bool = False
    by: str = ""


@dataclass(frozen=True)
class Group:
    """The ladders of what one flow owes."""

    title: Sentence
    lines: list[Line]


def in_words(rungs: Iterable[Rung]) -> list[Step]:
    names = {capacity.value: str(capacity.label) for capacity in Capacity}
    return [Step(_when(rung.offset), ", ".join(names[to] for to in rung.to), _tone(rung.offset)) for rung in rungs]


def _when(offset: int) -> str:
    if offset == 0:
        return _("On the day")
    if offset < 0:
        words = ngettext("%(days)d working day before", "%(days)d working days before", -offset)
    else:
        words = ngettext("%(days)d working day late", "%(days)d working days late", offset)
    return words % {"days": abs(offset)}


def _tone(offset: int) -> str:
    return "is-late" if offset > 0 else "is-wait" if offset == 0 else ""


def ladder_lines() -> list[Line]:
    """The general ladder first, then every kind of obligation in the order of the flows."""
    known = ladders()
    by = {ladder.kind: ladder for ladder in Ladder.objects.select_related("changed_by")}
    listed: dict[str, Sentence] = {"": _("The general ladder"), **kinds()}
    return [
        Line(
            key=key or "general",
            label=label,
            steps=in_words(rungs_of(key, known)),
            own=key in by or key in settings.LADDERS,
            changed=key in by,
            by=by[key].changed_by.full_name if key in by and by[key].changed_by else "",  # type: ignore[union-attr]
        )
        for key, label in listed.items()
    ]


def grouped(lines: Iterable[Line]) -> list[Group]:
    """*lines* that name a kind, under what each is about; in the order of the flows."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.key.partition(":")[0], []).append(line)
    return [Group(FLOWS[subject].title, of_flow) for subject, of_flow in found.items()]
