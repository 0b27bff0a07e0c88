"""What the database lets stand only once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from cchc.workflow.engine import Refused


@contextmanager
def once(constraint: str, sentence: object) -> Iterator[None]:
    """Raises Refused with *sentence* where the unique *constraint* refuses a row: of two at once the second is told."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if constraint not in str(error):
            raise
        raise Refused(sentence) from error
