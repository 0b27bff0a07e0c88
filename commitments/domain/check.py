"""Whether anybody changed what was signed, scored or ranked behind the application's back.

Rows are compared with each other and with the ledger, whose chain is checked first: to change both unseen one would
have to forge the whole chain, whose head is printed elsewhere (`manage.py verify_events`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from cchc.documents.domain.certificate import SealProblem
from cchc.documents.domain.seal import verify as verify_seals
from cchc.documents.models import Paper
from cchc.workflow import chain
from cchc.workflow.models import Event, Subject
from commitments.domain import check_year
from commitments.domain.campaign import contents as contents_of_campaign
from commitments.domain.draft import contents, digest_of
from commitments.domain.verification import codes_in, printed
from commitments.enums import Seat
from commitments.models import Campaign, Commitment, Report, Signature

SIGNED_BY = {"sign": Seat.CHIEF, "countersign": Seat.LEADER}
# What a unit or a host is called may change later by decision; everything else of a frozen text stays.
RENAMED = ("unit", "host")
PIECE = 200  # commitments at once


@dataclass
class Found:
    """What a check has looked at, and the sentences of what it found."""

    papers: int = 0
    commitments: int = 0
    faults: list[str] = field(default_factory=list)


def check() -> Found:
    """Look at everything that was frozen; the sentences name codes and no contents."""
    found = Found()
    verdict = chain.verify()
    if not verdict.ok:
        found.faults.append(_("The ledger is broken at event %(seq)s.") % {"seq": verdict.first_broken})
    found.papers = Paper.objects.count()
    found.faults += [
        _("Paper %(id)d does not have the digest that is kept with it.") % {"id": pk} for pk in _wrong_papers()
    ]
    for model in (Campaign, Commitment, Report):
        found.faults += [_("%(subject)s was removed.") % {"subject": each} for each in _removed(model)]
    for campaign in Campaign.objects.exclude(content="").select_related("host").order_by("pk"):
        found.faults += [f"{campaign.code}: {fault}" for fault in _campaign(campaign)]
    rows = Commitment.objects.select_related("campaign", "unit", "host", "paper", "sealed").order_by("pk")
    rows = rows.prefetch_related("tasks", "signatures", "scores", "reports__entries")
    for commitment in rows.iterator(chunk_size=PIECE):
        found.commitments += 1
        events = list(Event.objects.of(commitment).order_by("seq"))
        found.faults += [f"{commitment}: {fault}" for fault in _commitment(commitment, events)]
    return found


def _wrong_papers() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM documents_paper WHERE digest <> encode(sha256(data), 'hex') ORDER BY id")
        return [pk for (pk,) in cursor.fetchall()]


def _removed(model: type[Subject]) -> list[str]:
    """Of which the ledger knows, and which are no more."""
    kind = model._meta.label_lower
    known = Event.objects.filter(subject_type=kind, action="create").values_list("subject_id", flat=True)
    there = {str(pk) for pk in model._base_manager.values_list("pk", flat=True)}
    return [f"{kind} {key}" for key in known if key not in there]


def _campaign(campaign: Campaign) -> Iterator[str]:
    if digest_of(campaign.content) != campaign.digest:
        yield _("the frozen terms do not have their digest.")
    frozen, now = json.loads(campaign.content), contents_of_campaign(campaign)
    if changed := [name for name in frozen if name not in RENAMED and frozen[name] != now.get(name)]:
        yield _("terms were changed after they were frozen: %(names)s.") % {"names": ", ".join(changed)}
    yield from _state(campaign, list(Event.objects.of(campaign).order_by("seq")))
    yield from check_year.of_campaign(campaign)


def _commitment(commitment: Commitment, events: Sequence[Event]) -> Iterator[str]:
    yield from _state(commitment, events)
    yield from _signatures(commitment, events)
    if commitment.content:
        yield from _text(commitment)
    yield from _seal(commitment, events)
    yield from check_year.of_commitment(commitment, events)


def _state(subject: Subject, events: Sequence[Event]) -> Iterator[str]:
    last = next((event.to_state for event in reversed(events) if event.to_state), "")
    if subject.state != last:
        words = {"state": subject.state, "ledger": last}
        yield _("it stands as “%(state)s”, the ledger left it as “%(ledger)s”.") % words


def _text(commitment: Commitment) -> Iterator[str]:
    if digest_of(commitment.content) != commitment.digest:
        yield _("the signed text does not have its digest.")
    signed, now = json.loads(commitment.content), contents(commitment)
    if changed := [name for name in signed if name not in RENAMED and signed[name] != now.get(name)]:
        yield _("what was signed was changed afterwards: %(names)s.") % {"names": ", ".join(changed)}


def _signatures(commitment: Commitment, events: Sequence[Event]) -> Iterator[str]:
    """Each as the ledger recorded it, none more and none less."""
    made = {Seat(each.seat): each for each in commitment.signatures.all()}
    recorded = {SIGNED_BY[event.action]: event for event in events if event.action in SIGNED_BY}
    for seat in Seat:
        signature, event = made.get(seat), recorded.get(seat)
        if signature is None and event is not None:
            yield _("the signature “%(seat)s” was removed.") % {"seat": seat.label}
        elif signature is not None and (event is None or not _is_recorded(signature, event)):
            yield _("the signature “%(seat)s” is not the one that was made.") % {"seat": seat.label}
        elif signature is not None and signature.digest != commitment.digest:
            yield _("the signature “%(seat)s” stands under another text.") % {"seat": seat.label}
    first, last = recorded.get(Seat.CHIEF), recorded.get(Seat.LEADER)
    if first is not None and not _is_paper(commitment.paper, first.data.get("paper")):
        yield _("the paper is not the one that was signed.")
    if commitment.in_force_at != (last.at if last else None):
        yield _("the day on which it came into force was changed.")


def _is_recorded(signature: Signature, event: Event) -> bool:
    """The name itself may have changed since with the person's; that it is the printed one `_seal` looks after."""
    post = event.acting_as == signature.title or event.acting_as.endswith(f" {signature.title}")
    same = signature.person_id == event.actor_id and signature.at == event.at
    return bool(same and post and signature.digest == event.data.get("digest"))


def _is_paper(paper: Paper | None, recorded: Mapping[str, Any] | str | None) -> bool:
    if paper is None or recorded is None:
        return paper is None and recorded is None
    if isinstance(recorded, str):
        return str(paper.pk) == recorded
    return [paper.pk, paper.digest] == [recorded["id"], recorded["digest"]]


def _seal(commitment: Commitment, events: Sequence[Event]) -> Iterator[str]:
    sealed = commitment.sealed
    recorded = next((event.data.get("digest") for event in events if event.action == "seal"), None)
    if (sealed.digest if sealed else None) != recorded:
        yield _("the sealed paper is not the one that was sealed.")
    if sealed is None:
        return
    data = bytes(sealed.data)
    try:
        seals = verify_seals(data)
    except SealProblem:
        seals = []
    if not seals or not all(each.intact and each.whole for each in seals):
        yield _("the sealed paper was altered after it was sealed.")
        return
    words = unicodedata.normalize("NFC", printed(data))
    if missing := [each.name for each in commitment.signatures.all() if re.sub(r"\s", "", each.name) not in words]:
        yield _("the sealed paper does not name who signed: %(names)s.") % {"names": ", ".join(missing)}
    if commitment.check_code not in codes_in(data):
        yield _("the sealed paper carries another code.")
