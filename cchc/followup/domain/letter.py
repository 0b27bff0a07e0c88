"""Reading the mails of the demo's mailbox: headers, text, the HTML part and attachments."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from cchc.followup import mailbox

SHOWN = 100
HEADERS = ("Date", "From", "To", "Reply-To", "Subject", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post")
NAME = re.compile(r"[A-Za-z0-9-]{1,80}")
_HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Letter:
    """One mail that was kept; *name* is that of its file without the ending."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.message["To"] or "")

    @property
    def sent_at(self) -> datetime | None:
        at: datetime | None = getattr(self.message["Date"], "datetime", None)
        # "-0000" says UTC from nowhere in particular, which is read as a naive time.
        return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(self.message[name])) for name in HEADERS if self.message[name]]

    @property
    def text(self) -> str:
        return _content(self.message, "plain")

    @property
    def html(self) -> str:
        """The HTML part, whose links open in the window around it and not in the frame."""
        found = _content(self.message, "html")
        frame = '<base target="_top">'
        return _HEAD.sub(lambda head: head[0] + frame, found, count=1) if _HEAD.search(found) else frame + found

    @property
    def has_html(self) -> bool:
        return bool(_content(self.message, "html"))

    @property
    def attachments(self) -> list[tuple[str, bytes]]:
        """Name and content of each."""
        return [_file(part, place) for place, part in enumerate(self.message.iter_attachments(), 1)]


def letters() -> list[Letter]:
    """The newest mails, newest first."""
    found = (_read(path) for path in mailbox.files()[:SHOWN])
    return [letter for letter in found if letter is not None]


def letter(name: str) -> Letter | None:
    """The mail called *name*; None when there is none (any more)."""
    return _read(mailbox.folder() / f"{name}.eml") if NAME.fullmatch(name) else None


def _read(path: Path) -> Letter | None:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:  # the oldest go while others come
        return None
    return Letter(path.stem, email.message_from_bytes(raw, policy=default))


def _file(part: EmailMessage, place: int) -> tuple[str, bytes]:
    content = part.get_payload(decode=True)
    return part.get_filename() or str(place), content if isinstance(content, bytes) else b""


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
