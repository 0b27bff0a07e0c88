"""Taking in what people raise: by account, by a conference's link, anonymously, or on paper for somebody else."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.documents.models import Attachment
from cchc.organization import access
from cchc.organization.models import Person, Position, Unit
from cchc.workflow.actors import ASKER, Actor, CodeHolder, Party, may
from cchc.workflow.engine import MovedOn, NotAllowed, Refused, begin, moved_on, perform, record
from cchc.workflow.flow import Move
from cchc.workflow.models import Event
from dialogues import permissions
from dialogues.enums import (
    CODE_PREFIX,
    ENTERED_CHANNELS,
    Audience,
    Channel,
    ConferenceState,
    Identity,
    ItemKind,
    ItemState,
)
from dialogues.models import Conference, Field, Item, Support, Topic

GUEST = Party("guest")
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U to misread
CODE_LENGTH = 16  # letters of 5 bits: 80 bits
TITLE_LENGTH = 120
FEW = 5


class NoRoom(Refused):
    """The disk is full: nothing was taken in, neither the files nor the text."""

    status = 507


@dataclass(frozen=True)
class Asking:
    """What somebody raises, as typed. *author* is the officer by whose account or on whose behalf it is raised."""

    text: str
    kind: ItemKind = ItemKind.QUESTION
    title: str = ""
    identity: Identity = Identity.NAMED
    audience: Audience = Audience.OFFICERS
    channel: Channel = Channel.WEB_ADVANCE
    author: Person | None = None
    unit: Unit | None = None
    asker_name: str = ""
    asker_contact: str = ""
    locality: str = ""
    topic: Topic | None = None
    field: Field | None = None
    # When a slip came in that is entered later.
    received_on: date | None = None
    # The number it already carries in a register on paper; otherwise it gets the next one of its kind.
    number: int | None = None

    @property
    def is_anonymous(self) -> bool:
        return self.identity == Identity.ANONYMOUS


@dataclass(frozen=True)
class Receipt:
    """What the asker takes home: the item, and a tracking code when no account leads back to it.

    *again*: the same form had been sent before, and nothing new was made.
    """

    item: Item
    tracking_code: str = ""
    again: bool = False


def new_submit_key() -> str:
    """A random key for one form; sent twice, it makes one item and gives the same receipt."""
    return secrets.token_urlsafe(24)


@transaction.atomic
def ask(
    asking: Asking,
    *,
    conference: Conference,
    by: Person | None,
    at: datetime,
    submit_key: str = "",
    files: Sequence[Checked] = (),
    keep_as_draft: bool = False,
) -> Receipt:
    """Take in one item; without an account *by* is None, and the caller has checked the conference's link.

    Raises Refused outside the question window (paper may come in until the conference is closed) and NotAllowed
    without the right to ask here. The same *submit_key* again returns the first receipt.
    """
    submit_key = f"{conference.pk}:{submit_key or new_submit_key()}"
    code = _tracking_code(submit_key)
    # Locked before looking: a form sent twice at once waits here and then finds the first one's item.
    Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    if earlier := Item.objects.filter(submit_digest=_digest(submit_key)).select_related("conference").first():
        return Receipt(earlier, code if earlier.tracking_digest else "", again=True)
    entering = asking.channel in ENTERED_CHANNELS and asking.author != by
    _check(asking, conference, by, at, entering)
    if asking.author and not asking.is_anonymous:
        code = ""
    item = _item(asking, conference)
    item.submit_digest, item.tracking_digest = _digest(submit_key), _digest(code) if code else None
    moment = on_day(at) if asking.is_anonymous else at
    actor: Actor = by if by and (entering or not asking.is_anonymous) else CodeHolder(subject_id=item.pk)
    # Files before the first event: from then on every other writer of the ledger waits for this one.
    _attach(item, files, by=None if asking.is_anonymous else by, at=moment)
    facts: dict[str, Any] = {"received_on": asking.received_on} if asking.received_on else {}
    begin(item, by=actor, at=moment, **facts)
    if keep_as_draft and code == "":
        return Receipt(item)
    return Receipt(perform(item, "submit", by=actor, at=moment), code)


def _attach(item: Item, files: Sequence[Checked], *, by: Person | None, at: datetime) -> None:
    try:
        for file in files:
            attach(subject_type="dialogues.item", subject_id=item.pk, checked=file, by=by, at=at)
    except OSError as error:
        raise NoRoom(_("The server has no room for files now; send the text and add the file later.")) from error


def _item(asking: Asking, conference: Conference) -> Item:
    """Not saved. Of an anonymous asker nothing is copied but what was said and to which audience he belongs."""
    item = Item(
        conference=conference,
        host=conference.host,
        kind=asking.kind,
        title=asking.title or title_of(asking.text),
        text=asking.text,
        identity=asking.identity,
        audience=asking.audience,
        channel=asking.channel,
        topic=asking.topic,
        field=asking.field,
        number=asking.number,
    )
    if not asking.is_anonymous:
        item.author, item.unit = asking.author, asking.unit
        item.asker_name, item.asker_contact = asking.asker_name, asking.asker_contact
        item.locality = asking.locality
    return item


def _check(asking: Asking, conference: Conference, by: Person | None, at: datetime, entering: bool) -> None:
    if entering and not access.can(by, permissions.ASK_FOR_OTHERS, conference.host):
        raise NotAllowed(_("Only the conference's secretary may enter what others handed in."))
    if by is not None and not entering and not access.can(by, permissions.ASK, conference.host):
        raise NotAllowed(_("This conference is not open to your unit."))
    if reason := _closed(conference, at, entering):
        raise Refused(reason)
    if not entering and asking.audience not in {entry.audience for entry in conference.audiences.all()}:
        raise Refused(_("This conference has not invited this group."))


def _closed(conference: Conference, at: datetime, entered: bool) -> str:
    """Why nothing can be handed in at *at*, or "". Slips and spoken questions may be entered until the end."""
    if not entered:
        return "" if conference.takes_questions(at) else _("The question window of this conference is closed.")
    taking = (ConferenceState.COLLECTING, ConferenceState.IN_SESSION, ConferenceState.CONCLUDED)
    return "" if conference.state in taking else _("This conference takes no more questions.")


def submit(item: Item, move: Move) -> None:
    """Effect of the move: the item gets its time, its number and its code. A draft may come too late: Refused."""
    conference = Conference.objects.select_for_update(of=("self",)).select_related("host").get(pk=item.conference_id)
    item.conference, item.host = conference, conference.host
    if reason := _closed(conference, _heard_at(item, conference, move.at), item.entered_for_others):
        raise Refused(reason)
    _number(item)
    item.submitted_at = move.at


def _heard_at(item: Item, conference: Conference, at: datetime) -> datetime:
    """Of an anonymous act only the day is kept: on the day that the window opens its midnight lies before that hour."""
    return max(at, conference.opens_at) if item.is_anonymous and at == on_day(conference.opens_at) else at


def give_number(item: Item) -> None:
    """The number it brings, or the next one of its kind, and the code made of it."""
    Conference.objects.select_for_update(of=("self",)).get(pk=item.conference_id)
    _number(item)


def _number(item: Item) -> None:
    """As give_number(), with the conference's row locked already."""
    if item.number is None:
        same_kind = Item.objects.filter(conference=item.conference_id, kind=item.kind)
        item.number = (same_kind.aggregate(last=Max("number"))["last"] or 0) + 1
    item.code = f"{CODE_PREFIX[ItemKind(item.kind)]}-{item.number:02d}"


@transaction.atomic
def edit(item: Item, *, by: Actor, at: datetime, seen: int | None = None, **changes: Any) -> Item:
    """Change one's own words until they are accepted: `text`, `title`, `topic`, `field`, and `kind` of a draft.

    The history says which of them changed, never what stood there before: it could be a secret taken out in time.
    Raises NotAllowed for anybody but the asker, MovedOn when it has been accepted or changed since *seen*.
    """
    now = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not may(by, ASKER, now):
        raise NotAllowed(_("This step is not among your rights here."))
    if now.state not in (ItemState.DRAFT, ItemState.SUBMITTED):
        raise MovedOn(_("This has been accepted and can no longer be edited."), _last_event(now))
    if seen is not None and seen != now.moves:
        raise moved_on(now)
    if now.state != ItemState.DRAFT:
        changes.pop("kind", None)  # the code that was given out names it
    changes["title"] = changes.get("title") or title_of(changes["text"])
    changed = [name for name, value in changes.items() if getattr(now, name) != value]
    for name in changed:
        setattr(now, name, changes[name])
    if changed:
        now.moves += 1
        now.save()
        record(now, "edit", by=by, at=on_day(at) if now.is_anonymous else at, data={"changed": sorted(changed)})
    return now


@transaction.atomic
def send(item: Item, *, by: Person, at: datetime, seen: int | None = None, **changes: Any) -> Item:
    """Change one's own draft and hand it in, both or neither."""
    return perform(edit(item, by=by, at=at, seen=seen, **changes), "submit", by=by, at=at)


def _last_event(item: Item) -> Event | None:
    return Event.objects.of(item).newest_first().first()


@transaction.atomic
def discard(item: Item, *, by: Person, at: datetime) -> None:
    """Throw one's own draft away, with its files. What was handed in is withdrawn instead, and stays."""
    now = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if not may(by, ASKER, now):
        raise NotAllowed(_("This step is not among your rights here."))
    if now.state != ItemState.DRAFT:
        raise MovedOn(_("This has been handed in; it can be withdrawn until it is accepted."), _last_event(now))
    record(now, "discard", by=by, at=at)
    Attachment.objects.of("dialogues.item", [now.pk]).delete()  # the bytes go with the next sweep
    now.delete()


@transaction.atomic
def support(item: Item, *, by: Person, at: datetime) -> bool:
    """Say that one has the same concern, or take it back; returns whether it now stands."""
    if not access.can(by, permissions.SUPPORT, item.host):
        raise NotAllowed(_("This step is not among your rights here."))
    standing, created = Support.objects.get_or_create(item=item, person=by, defaults={"at": at})
    if not created:
        standing.delete()
    return created


def follow(item: Item, *, by: Person, at: datetime) -> None:
    """Say that one has the same concern, however often it is said; support() would take it back the second time."""
    if not access.can(by, permissions.SUPPORT, item.host):
        raise NotAllowed(_("This step is not among your rights here."))
    Support.objects.get_or_create(item=item, person=by, defaults={"at": at})


def open_to(person: Person, at: datetime) -> QuerySet[Conference]:
    """The conferences where *person* may ask now, the next to meet first."""
    asks = access.within(person, permissions.ASK, "host")
    found = Conference.objects.visible_to(person).open_for_questions(at).filter(asks)
    return found.filter(audiences__audience=Audience.OFFICERS).select_related("host").order_by("starts_at", "code")


def upcoming_for(person: Person, at: datetime) -> QuerySet[Conference]:
    """Announced conferences that will take this person's questions later, the next to open first."""
    found = Conference.objects.visible_to(person).filter(state=ConferenceState.COLLECTING, opens_at__gt=at)
    found = found.filter(access.within(person, permissions.ASK, "host"), audiences__audience=Audience.OFFICERS)
    return found.select_related("host").order_by("opens_at", "code")


def channel_now(conference: Conference) -> Channel:
    """By which way something typed into a form comes in: in the hall while it is in session, else in advance."""
    return Channel.QR_LIVE if conference.state == ConferenceState.IN_SESSION else Channel.WEB_ADVANCE


def few_may_ask(conference: Conference, on: date) -> bool:
    """Whether fewer than five people could be behind an officer's question: then no name hides little."""
    posts = Position.objects.valid_on(on).filter(unit__path__startswith=conference.host.path, person__is_active=True)
    return len(posts.order_by().values("person").distinct()[:FEW]) < FEW


def track(code: str) -> Item | None:
    """The item of a tracking code, typed with or without dashes and in either case; None for a wrong one."""
    plain = plain_code(code)
    return tracked().filter(tracking_digest=_digest(plain)).first() if len(plain) == CODE_LENGTH else None


def tracked() -> QuerySet[Item]:
    """Items with what a tracking page shows of them."""
    return Item.objects.select_related("conference__host", "answer", "turn", "merged_into", "lead_unit").defer("search")


def plain_code(code: str) -> str:
    """A tracking code without dashes and blanks, its misread letters put right."""
    return re.sub(r"[\s-]", "", code).upper().translate(str.maketrans("ILO", "110"))


def title_of(text: str) -> str:
    """The first sentence, cut at a word: what lists show until the secretary writes a better title."""
    first = re.split(r"(?<=[.?!…])\s|\n", text.strip(), maxsplit=1)[0]
    if len(first) <= TITLE_LENGTH:
        return first
    return first[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;: ") + "…"


def on_day(at: datetime) -> datetime:
    """The midnight that began the day of *at*: all that is kept of the time of an anonymous asker's act."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def spaced(code: str) -> str:
    """A tracking code in groups of four, as people read and type it."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _tracking_code(submit_key: str) -> str:
    """80 bits derived from the form's key: sent twice it shows the same code, although only a digest is kept."""
    mac = hmac.new(settings.SECRET_KEY.encode(), b"tracking:" + submit_key.encode(), hashlib.sha256).digest()
    number = int.from_bytes(mac[:10], "big")
    return "".join(_CODE_LETTERS[number >> shift & 31] for shift in range(75, -1, -5))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
