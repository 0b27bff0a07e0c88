"""The ladder of reminders: what the table says for a kind of obligation, or what holds where it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from cchc.followup.models import Ladder, Stage
from cchc.followup.models.ladder import EARLIEST, LATEST
from cchc.organization.models import Person
from cchc.workflow.engine import record
from cchc.workflow.flow import Sentence, duties
from cchc.workflow.models import Capacity

C = Capacity


@dataclass(frozen=True)
class Rung:
    """*offset*: working days after the due date, negative before it; *to*: Capacity values in the ladder's order."""

    offset: int
    to: tuple[str, ...]


Rungs = tuple[Rung, ...]

# design.md §5: near and on the day the owner, then one step up each time.
DEFAULT: Rungs = (
    Rung(-3, (C.OWNER,)),
    Rung(-1, (C.OWNER,)),
    Rung(0, (C.OWNER,)),
    Rung(1, (C.OWNER, C.CHIEF)),
    Rung(3, (C.SECRETARY,)),
    Rung(5, (C.LEADER,)),
    Rung(10, (C.ABOVE,)),
)


def kinds() -> dict[str, Sentence]:
    """Every kind that some flow owes, "subject type:kind", with the words of its duty, flow by flow."""
    return {f"{subject}:{kind}": words for (subject, kind), words in duties().items()}


def default(kind: str) -> Rungs:
    """What holds for *kind* when the table says nothing: the domain's own (settings.LADDERS), or everybody's."""
    own = settings.LADDERS.get(kind)
    return DEFAULT if own is None else tuple(Rung(offset, tuple(to)) for offset, to in own)


def own_defaults() -> frozenset[str]:
    """The kinds whose default is not the general ladder."""
    return frozenset({"", *settings.LADDERS})


def ladders() -> dict[str, Rungs]:
    """Every ladder that is not the general one, by kind, and the general one under ""."""
    found = {kind: default(kind) for kind in ("", *settings.LADDERS)}
    for ladder in Ladder.objects.prefetch_related("stages"):
        found[ladder.kind] = tuple(Rung(stage.offset, tuple(stage.to)) for stage in ladder.stages.all())
    return found


def objections(rungs: Iterable[Rung]) -> list[str]:
    """Sentences why these rungs are no ladder; none when they are."""
    found: list[str] = []
    seen: set[int] = set()
    owner_told = False
    for rung in sorted(rungs, key=lambda each: each.offset):
        if not EARLIEST <= rung.offset <= LATEST:
            found.append(
                _("A stage lies between %(first)d and %(last)d working days from the due date.")
                % {"first": EARLIEST, "last": LATEST}
            )
        if rung.offset in seen:
            found.append(_("Two stages lie on the same day: %(offset)+d.") % {"offset": rung.offset})
        if not rung.to:
            found.append(_("The stage %(offset)+d tells nobody.") % {"offset": rung.offset})
        owner_told = owner_told or C.OWNER in rung.to
        if rung.to and not owner_told:
            found.append(
                _("The stage %(offset)+d tells a superior before the one whose turn it is.") % {"offset": rung.offset}
            )
        seen.add(rung.offset)
    return found


class NoLadder(ValueError):
    """The rungs are refused; the arguments are the sentences why."""


@transaction.atomic
def change(kind: str, rungs: Iterable[Rung], *, by: Person, at: datetime) -> Ladder:
    """Set the ladder of *kind* ("" for all that have none of their own); raises NoLadder with sentences.

    No rungs at all: nobody is reminded of this kind.
    """
    wanted = sorted(rungs, key=lambda each: each.offset)
    if sentences := objections(wanted):
        raise NoLadder(*sentences)
    ladder, _made = Ladder.objects.update_or_create(kind=kind, defaults={"changed_by": by, "changed_at": at})
    ladder.stages.all().delete()
    Stage.objects.bulk_create(Stage(ladder=ladder, offset=rung.offset, to=in_order(rung.to)) for rung in wanted)
    said = {"kind": kind, "stages": [[rung.offset, in_order(rung.to)] for rung in wanted]}
    record(ladder, "change", by=by, at=at, data=said)
    return ladder


@transaction.atomic
def reset(kind: str, *, by: Person, at: datetime) -> None:
    """Let the default hold again for *kind*; nothing happens when it does."""
    for ladder in Ladder.objects.select_for_update().filter(kind=kind):
        record(ladder, "reset", by=by, at=at, data={"kind": kind})
        ladder.delete()


def in_order(to: Iterable[str]) -> list[str]:
    """Capacities from the owner upwards."""
    wanted = set(to)
    return [capacity.value for capacity in Capacity if capacity.value in wanted]


def is_changed(kind: str) -> bool:
    """Whether somebody has set the ladder of *kind*."""
    return Ladder.objects.filter(kind=kind).exists()


def rungs_of(kind: str, known: Mapping[str, Rungs]) -> Rungs:
    """The ladder that holds for *kind*."""
    return known[kind] if kind in known else known[""]
