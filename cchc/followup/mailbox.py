"""The demo's post office: every mail is a file under VAR_DIR/mail, for the page /dev/mail/ to show."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

MOST = 500  # the oldest go


def folder() -> Path:
    return Path(settings.VAR_DIR) / "mail"


def files() -> list[Path]:
    """The mails that are kept, newest first."""
    return sorted(folder().glob("*.eml"), reverse=True) if folder().is_dir() else []


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _keep(message.message().as_bytes())
        for old in files()[MOST:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def _keep(message: bytes) -> None:
    """Whole or not at all: a reader never sees half a mail."""
    name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}"
    beside = folder() / f"{name}.new"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(message)
    beside.replace(folder() / f"{name}.eml")
