"""Deliveries for tests, as dispatching leaves them."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from cchc.followup.enums import Channel, Manner
from cchc.followup.models import Delivery
from cchc.organization.models import Person
from cchc.workflow.models import Notice

_number = count(1)


def delivery(person: Person, *notices: Notice, **fields: Any) -> Delivery:
    """One that is queued since this moment and may leave, unless told otherwise."""
    made_at = fields.pop("made_at", None) or timezone.now()
    given = {
        "channel": Channel.EMAIL, "manner": Manner.AT_ONCE, "made_at": made_at, "not_before": made_at,
        "message_id": f"<{next(_number)}@test>", **fields,
    }  # fmt: skip
    made = Delivery.objects.create(person=person, **given)
    made.notices.set(notices)
    return made
