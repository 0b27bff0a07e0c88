"""E-mail through the server of settings.EMAIL_URL: text and HTML, one connection for many letters."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cchc.followup.domain.unsubscribe import token_for
from cchc.organization.models import Person

from .base import Letter, Rejected, TryLater, Unreachable

MOST_IN_SUBJECT = 120


class Email:
    @property
    def ready(self) -> bool:
        return bool(settings.SENDS_EMAIL)

    def address(self, person: Person) -> str:
        return person.email

    @contextmanager
    def connect(self) -> Iterator[Mailer]:
        mailer = Mailer()
        try:
            yield mailer
        finally:
            mailer.close()


class Mailer:
    """Opens its connection with the first letter and again after it broke."""

    def __init__(self) -> None:
        self.connection: Any = None

    def close(self) -> None:
        if self.connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.connection.close()
            self.connection = None

    def send(self, letter: Letter) -> str:
        if self.connection is None:
            self._open()
        try:
            self.connection.send_messages([compose(letter)])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refused(code, said) from None
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPResponseException as error:
            # Of the sender or of us, not of this letter.
            self.close()
            raise TryLater(_answer(error.smtp_code, error.smtp_error)) from None
        except (OSError, smtplib.SMTPException) as error:
            # It may have been taken all the same: SMTP cannot tell, and the copy carries the same Message-ID.
            self.close()
            raise TryLater(_named(error)) from None
        return ""

    def _open(self) -> None:
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_named(error)) from None
        self.connection = connection


def _refused(code: int, said: bytes | str) -> Rejected | TryLater:
    return (Rejected if code >= 500 else TryLater)(_answer(code, said))


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def compose(letter: Letter) -> EmailMultiAlternatives:
    """The letter as a message, in the language that is active."""
    site = settings.SITE_URL
    leave = f"{site}{reverse('unsubscribe', args=[token_for(letter.person)])}"
    context = {
        "letter": letter, "site": site, "leave": leave, "notices_url": f"{site}{reverse('notice_list')}",
        "mine": [line for line in letter.lines if line.mine],
        "others": [line for line in letter.lines if not line.mine],
    }  # fmt: skip
    message = EmailMultiAlternatives(
        subject(letter),
        render_to_string("followup/email/letter.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [letter.address],
        headers={
            "Message-ID": letter.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(render_to_string("followup/email/letter.html", context), "text/html")
    return message


def subject(letter: Letter) -> str:
    """One line: what a single notice says, or how many there are."""
    if letter.digest_on is None and len(letter.lines) == 1:
        line = letter.lines[0]
        said = f"{line.link.title}: {line.sentence}" if line.link else line.sentence
        return " ".join(said.split())[:MOST_IN_SUBJECT]
    count = len(letter.lines)
    if letter.digest_on is not None:
        return ngettext("Digest of %(day)s: %(count)d notice", "Digest of %(day)s: %(count)d notices", count) % {
            "day": date_format(letter.digest_on, "SHORT_DATE_FORMAT"), "count": count,
        }  # fmt: skip
    return _("%(count)d notices for your attention") % {"count": count}
