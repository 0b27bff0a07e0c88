"""Taking in what people raise: by account, by a conference's link, anonymously, or on paper for somebody else."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.documents.domain.attachment import Checked, attach
from cchc.organization import access
from cchc.organization.models import Person, Unit
from cchc.workflow.actors import Actor, CodeHolder, Party
from cchc.workflow.engine import NotAllowed, Refused, begin, perform, record
from cchc.workflow.flow import Move
from dialogues import permissions
from dialogues.enums import CODE_PREFIX, ENTERED_CHANNELS, Audience, Channel, Identity, ItemKind, ItemState
from dialogues.models import Conference, Field, Item, Support, Topic

GUEST = Party("guest")
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U to misread
TITLE_LENGTH = 120


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


@dataclass(frozen=True)
class Receipt:
    """What the asker takes home: the item, and a tracking code when no account leads back to it."""

    item: Item
    tracking_code: str = ""


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
    submit_key = submit_key or new_submit_key()
    digest = _digest(submit_key)
    code = "" if asking.author and asking.identity == Identity.NAMED else _tracking_code(submit_key)
    # Locked before looking: a form sent twice at once waits here and then finds the first one's item.
    Conference.objects.select_for_update(of=("self",)).get(pk=conference.pk)
    if earlier := Item.objects.filter(submit_digest=digest).select_related("conference").first():
        return Receipt(earlier, code)
    _check(asking, conference, by, at)
    anonymous = asking.identity == Identity.ANONYMOUS
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
        submit_digest=digest,
        tracking_digest=_digest(code) if code else None,
    )
    if not anonymous:
        item.author, item.unit = asking.author, asking.unit
        item.asker_name, item.asker_contact = asking.asker_name, asking.asker_contact
        item.locality = asking.locality
    moment = on_day(at) if anonymous else at
    actor: Actor = CodeHolder(subject_id=item.pk) if anonymous or by is None else by
    begin(item, by=actor, at=moment)
    for file in files:
        attach(subject_type="dialogues.item", subject_id=str(item.pk), checked=file, by=None if anonymous else by, at=moment)
    if keep_as_draft and code == "":
        return Receipt(item)
    return Receipt(perform(item, "submit", by=actor, at=moment), code)


def _check(asking: Asking, conference: Conference, by: Person | None, at: datetime) -> None:
    for_others = asking.channel in ENTERED_CHANNELS and asking.author != by
    if for_others:
        if not access.can(by, permissions.ASK_FOR_OTHERS, conference.host):
            raise NotAllowed(_("Only the conference's secretary may enter what others handed in."))
        if conference.state not in (Conference.State.COLLECTING, Conference.State.IN_SESSION, Conference.State.CONCLUDED):
            raise Refused(_("This conference takes no more questions."))
        return
    if by is not None and not access.can(by, permissions.ASK, conference.host):
        raise NotAllowed(_("This conference is not open to your unit."))
    if not conference.takes_questions(at):
        raise Refused(_("The question window of this conference is closed."))


def submit(item: Item, move: Move) -> None:
    """Effect of the move: the item gets its time, its number and its code."""
    Conference.objects.select_for_update(of=("self",)).get(pk=item.conference_id)
    same_kind = Item.objects.filter(conference=item.conference_id, kind=item.kind)
    item.number = (same_kind.aggregate(last=Max("number"))["last"] or 0) + 1
    item.code = f"{CODE_PREFIX[ItemKind(item.kind)]}-{item.number:02d}"
    item.submitted_at = move.at


def edit(item: Item, *, by: Actor, at: datetime, text: str, kind: ItemKind, title: str = "") -> Item:
    """Change one's own text until it is accepted. The kind of a handed-in item stays: its code names it."""
    with transaction.atomic():
        now = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if now.state not in (ItemState.DRAFT, ItemState.SUBMITTED):
            raise Refused(_("This has been accepted and can no longer be edited."))
        now.text, now.title = text, title or title_of(text)
        if now.state == ItemState.DRAFT:
            now.kind = kind
        now.moves += 1
        now.save()
        record(now, "edit", by=by, at=on_day(at) if now.is_anonymous else at)
    return now


@transaction.atomic
def support(item: Item, *, by: Person, at: datetime) -> bool:
    """Say that one has the same concern, or take it back; returns whether it now stands."""
    if not access.can(by, permissions.SUPPORT, item.host):
        raise NotAllowed(_("This step is not among your rights here."))
    standing, created = Support.objects.get_or_create(item=item, person=by, defaults={"at": at})
    if not created:
        standing.delete()
    return created


def track(code: str) -> Item | None:
    """The item of a tracking code, typed with or without dashes and in either case; None for a wrong one."""
    cleaned = re.sub(r"[\s-]", "", code).upper().translate(str.maketrans("ILO", "110"))
    if len(cleaned) != 16:
        return None
    return Item.objects.select_related("conference__host", "answer", "turn").filter(tracking_digest=_digest(cleaned)).first()


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
    """80 bits derived from the form's key, so that a form sent twice shows the same code although only a digest is kept."""
    mac = hmac.new(settings.SECRET_KEY.encode(), b"tracking:" + submit_key.encode(), hashlib.sha256).digest()
    number = int.from_bytes(mac[:10], "big")
    return "".join(_CODE_LETTERS[number >> shift & 31] for shift in range(75, -1, -5))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
