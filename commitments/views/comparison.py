"""Differences between two states of the tasks, with the words that changed marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from commitments import presentation
from commitments.domain.comparison import Change, TaskLine
from commitments.models import Commitment
from dialogues.views.answer import differences


@dataclass(frozen=True)
class Shown:
    """One task that differs: which, and each of its parts that changed, marked."""

    place: int
    title: str
    kind: str  # "added", "gone" or "changed"
    parts: list[tuple[str, SafeString]]


@dataclass(frozen=True)
class Compared:
    before: Commitment
    changes: list[Shown]


def compared(changes: Iterable[Change]) -> list[Shown]:
    return [_shown(change) for change in changes]


def _shown(change: Change) -> Shown:
    line = change.after or change.before
    assert line is not None
    if change.before is None or change.after is None:
        tag = "<del>{}</del>" if change.after is None else "<ins>{}</ins>"
        whole = format_html(tag, ", ".join(words for _label, words in parts_of(line)))
        return Shown(change.place, line.text, "gone" if change.after is None else "added", [("", whole)])
    pairs = zip(parts_of(change.before), parts_of(change.after), strict=True)
    marked = [(label, differences(old, new)) for (label, old), (_label, new) in pairs if old != new]
    return Shown(change.place, line.text, "changed", marked)


def parts_of(line: TaskLine) -> Iterator[tuple[str, str]]:
    """The parts of a task as they are read, each with what it is."""
    amount = presentation.amount(line.target, line.measure_unit)
    yield _("Task"), line.text
    yield _("Measured by"), line.measure
    yield _("Target"), str(presentation.TARGETS[line.direction]) % {"target": amount}
    yield _("Due"), f"{line.due_on:%d/%m/%Y}"
    yield _("Weight"), presentation.number(line.weight)
