"""What a channel is: it knows where somebody is reached, and carries a letter there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cchc.followup.sentences import Told
from cchc.organization.models import Person


class Unreachable(Exception):
    """The server cannot be used now, for nobody; the message says what it said."""


class TryLater(Exception):
    """This letter was not taken this time; the message is the server's answer."""


class Rejected(Exception):
    """This letter will never be taken; the message is the server's answer."""


@dataclass(frozen=True)
class Letter:
    """What one person is told at one moment. *digest_on*: the morning whose digest it is."""

    person: Person
    address: str
    message_id: str
    lines: Sequence[Told]
    digest_on: date | None = None


class Sender(Protocol):
    def send(self, letter: Letter) -> str:
        """Hand it over and return the server's answer; raises Unreachable, TryLater or Rejected.

        The person's language is active.
        """


class Channel(Protocol):
    @property
    def ready(self) -> bool:
        """Whether this installation can send by it."""

    def address(self, person: Person) -> str:
        """Where *person* is reached, "" when nowhere."""

    def connect(self) -> AbstractContextManager[Sender]:
        """One connection for many letters; made when the first one is sent."""
