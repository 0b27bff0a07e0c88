"""What needs the administrator now: on the page of operation in full, on his "my work" in a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cchc.followup.domain import trouble
from cchc.followup.domain.stuck import Stuck, stuck, waiting
from cchc.followup.domain.trouble import Trouble
from cchc.followup.models import Pulse
from cchc.web import counting


@dataclass(frozen=True)
class Attention:
    """*mail*: the last try to reach the mail server, None before the first."""

    stuck: Stuck
    troubles: Sequence[Trouble]
    mail: Pulse | None

    @property
    def mail_fails(self) -> bool:
        return self.mail is not None and not self.mail.ok

    @property
    def nothing(self) -> bool:
        return self.stuck.nothing and not self.troubles and not self.mail_fails


def attention(pulses: Mapping[str, Pulse], at: datetime) -> Attention:
    """*pulses*: the last sign of each part, by name."""
    counts = counting.bounded({**waiting(at), **trouble.waiting(at)})
    return Attention(stuck(at, counts), trouble.troubles(pulses, at, counts), pulses.get("email"))
