"""The vocabulary of a flow: a table of transitions, and what each state owes to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit

from .actors import Who

if TYPE_CHECKING:
    from .models import Subject


# What is shown to somebody: translated when it is read, in the reader's language.
Sentence = str | Promise


@dataclass(frozen=True)
class Unrecorded:
    """A value that an effect needs and the ledger, which forgets nothing, must not keep: an address, say."""

    value: Any


@dataclass(frozen=True)
class Move:
    """What an effect, a guard and a notifier are told: who moves, when, and what was typed."""

    by: Person | None
    at: datetime
    note: str = ""
    capacity: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fork:
    """A target that depends on the subject; *targets* lists every possibility."""

    decide: Callable[[Any], str]
    targets: tuple[str, ...]


def _nothing(subject: Any, move: Move) -> None:
    return None


def _nothing_together(subjects: Sequence[Any], move: Move) -> None:
    return None


def _no_objection(subject: Any) -> str:
    return ""


def _nobody(subject: Any) -> Iterable[Person]:
    return ()


@dataclass(frozen=True)
class Transition:
    """One row of a flow: from which states, to which, who may, and what goes with it.

    *target* None means that the state stays. *guard* returns the sentence why not, or "". *effect* sets fields and
    related rows and does not save the subject. *notify* returns whom to tell. *done* is the verb of the history.
    *together* is the effect of a move that is made on many at once (engine.perform_many): given all of them, it sets
    related rows alone.
    """

    action: str
    sources: tuple[str, ...]
    target: str | Fork | None
    who: Who
    label: Sentence
    done: Sentence
    icon: str = ""
    guard: Callable[[Any], Sentence] = _no_objection
    effect: Callable[[Any, Move], Any] = _nothing
    together: Callable[[Sequence[Any], Move], Any] = _nothing_together
    notify: Callable[[Any], Iterable[Person]] = _nobody
    note_required: bool = False
    danger: bool = False
    primary: bool = True

    @property
    def sets_the_subject(self) -> bool:
        """Whether an effect looks at each subject by itself, and may set its fields."""
        return self.effect is not _nothing

    @property
    def targets(self) -> tuple[str, ...]:
        if isinstance(self.target, Fork):
            return self.target.targets
        return self.sources if self.target is None else (self.target,)


@dataclass(frozen=True)
class Owed:
    """Whose turn a state is, and by when: *within* working days of entering it, or by the date that *due* gives."""

    kind: str
    label: Sentence
    role: Role | None = None
    unit: Callable[[Any], Unit | None] = lambda subject: subject.host
    person: Callable[[Any], Person | None] = lambda subject: None
    within: int | None = None
    due: Callable[[Any, date], date] | None = None
    # What *due* looks at beyond the subject's own fields: fetched for many at once when the calendar changes.
    reads: tuple[str, ...] = ()
    # The date first set for this turn, when it has been left and come back.
    first: Callable[[Any], date | None] = lambda subject: None


@dataclass(frozen=True)
class Waits:
    """A state that owes nothing itself: its turn is that of another subject, whose flow says so in `turned`."""

    on: Callable[[Any], Subject | None]


# Verbs of the history that any flow may have: written by the platform itself.
COMMON_VERBS: Mapping[str, Sentence] = {"remind": _("reminded whoever's turn it was")}


def _nobody_waits(subject: Any) -> None:
    return None


@dataclass(frozen=True)
class Workflow:
    name: str
    transitions: tuple[Transition, ...]
    owes: Mapping[str, Owed | Waits]
    # What its subjects are called, in the plural: the heading over their duties.
    title: Sentence = ""
    # Called when the turn has passed: gives it to the subjects that wait on this one.
    turned: Callable[[Any], None] = _nobody_waits
    # Verbs of the history that are no move: creation, edits, uploads.
    verbs: Mapping[str, Sentence] = field(default_factory=dict)

    def row(self, action: str) -> Transition:
        """The transition called *action*; KeyError when the flow has none."""
        return {row.action: row for row in self.transitions}[action]

    def done(self, action: str) -> Sentence:
        """The history's verb for *action*."""
        return {**COMMON_VERBS, **self.verbs, **{row.action: row.done for row in self.transitions}}.get(action, action)

    @property
    def states(self) -> tuple[str, ...]:
        found = dict.fromkeys(s for row in self.transitions for s in (*row.sources, *row.targets))
        return tuple(found)


FLOWS: dict[str, Workflow] = {}


def flow(name: str, transitions: Iterable[Transition], owes: Mapping[str, Owed | Waits], **more: Any) -> Workflow:
    """Declare the flow of the noun *name* ("dialogues.item")."""
    made = Workflow(name, tuple(transitions), owes, **more)
    actions = [row.action for row in made.transitions]
    if len(set(actions)) != len(actions):
        raise ValueError(f"{name}: an action stands twice in the table")
    FLOWS[name] = made
    return made


def duty(subject_type: str, kind: str) -> Sentence:
    """What an obligation of *kind* asks for, as its flow calls it ("Prepare an answer")."""
    return duties().get((subject_type, kind), kind)


def duties(*, of_posts: bool = False) -> dict[tuple[str, str], Sentence]:
    """The words of every duty there is, by subject type and kind, flow by flow; of several the first state's.

    *of_posts*: without those that somebody owes by name.
    """
    found: dict[tuple[str, str], Sentence] = {}
    for name, declared in FLOWS.items():
        for owed in declared.owes.values():
            if isinstance(owed, Owed) and (owed.role or not of_posts):
                found.setdefault((name, owed.kind), owed.label)
    return found


def flow_of(subject: Subject) -> Workflow:
    return FLOWS[subject._meta.label_lower]


@dataclass(frozen=True)
class Offer:
    """One button: *reason* is why it may not be pressed now, or ""."""

    action: str
    label: Sentence
    icon: str
    reason: Sentence
    primary: bool
    danger: bool
    note_required: bool
