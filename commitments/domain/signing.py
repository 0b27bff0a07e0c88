"""Who signs a commitment, in which post, and what awaits a signer next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Person, Position, Unit
from cchc.workflow.models import Obligation
from commitments import permissions
from commitments.domain.commitment import signing_post
from commitments.enums import Seat
from commitments.models import Commitment

ACTIONS = {"sign": Seat.CHIEF, "countersign": Seat.LEADER}
RIGHTS = {Seat.CHIEF: permissions.SIGN, Seat.LEADER: permissions.COUNTERSIGN}
# Whose post heads the side of each seat.
HEADS = {Seat.CHIEF: (Role.UNIT_CHIEF,), Seat.LEADER: (Role.LEADER, Role.PROVINCIAL_LEADER)}


@dataclass(frozen=True)
class Heads:
    """The posts of those who head the unit and its host on a day: expected to sign, and for whom others act."""

    posts: tuple[Position, ...]

    @classmethod
    def needed(cls, commitment: Commitment, day: date) -> Heads:
        """As `of`, and without a look into the database when both have signed in their own right."""
        own = [each for each in commitment.signatures.all() if not each.acting_kind]
        return cls(()) if len(own) == len(Seat) else cls.of(commitment, day)

    @classmethod
    def of(cls, commitment: Commitment, day: date) -> Heads:
        at_host = Q(unit=commitment.host_id) | Q(unit__command=commitment.host_id)
        wanted = Q(role__in=HEADS[Seat.CHIEF], unit=commitment.unit_id) | Q(role__in=HEADS[Seat.LEADER]) & at_host
        # Said once more, so that an index finds them among the posts of a country.
        near = Unit.objects.filter(Q(pk__in=[commitment.unit_id, commitment.host_id]) | Q(command=commitment.host_id))
        found = Position.objects.valid_on(day).filter(wanted, unit__in=near.values("pk"), person__is_active=True)
        return cls(tuple(found.select_related("person", "unit").order_by("acting_kind", "valid_from", "id")))

    def expected(self, seat: Seat) -> Position | None:
        """Who is expected on *seat*: whoever holds the post in his own right, else whoever acts in it."""
        return next((post for post in self.posts if post.role in HEADS[seat]), None)

    def acted_for(self, seat: Seat) -> str:
        """The title of the head for whom a signer on *seat* acts."""
        own = [post for post in self.posts if post.role in HEADS[seat] and post.acting_kind == ActingKind.DIRECT]
        return own[0].title if own else ""


def post_on(seat: Seat, commitment: Commitment, person: Person, day: date) -> Position | None:
    """By which post *person* would sign on *seat*."""
    unit = commitment.unit if seat == Seat.CHIEF else commitment.host
    return signing_post(person, RIGHTS[seat], unit, day)


def next_to_sign(person: Person, kind: str, *, but: Commitment) -> tuple[Commitment | None, int]:
    """The next commitment that awaits *person*'s signature of *kind*, soonest due first, and how many there are."""
    open_ones = Obligation.objects.open().owed_by(person).filter(subject_type=but._meta.label_lower, kind=kind)
    waiting = Commitment.objects.filter(turn__in=open_ones.values("pk")).exclude(pk=but.pk)
    found = list(waiting.order_by("turn__due_on", "unit__sort_key", "id").values_list("pk", flat=True)[:100])
    return (Commitment.objects.get(pk=found[0]) if found else None), len(found)
