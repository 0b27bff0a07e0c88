"""Bytes that were frozen: a signed or issued paper. They live in the database, so that they stand and fall with the
signature of the same transaction, and are backed up with it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Func, Q


class Paper(models.Model):
    """Never changed, never removed (a trigger of the database sees to it); *digest* is the SHA-256 of *data*."""

    data = models.BinaryField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["digest"], name="paper_by_digest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    digest=Func(
                        Func(F("data"), function="sha256", output_field=models.BinaryField()),
                        function="encode",
                        template="%(function)s(%(expressions)s, 'hex')",
                        output_field=models.CharField(),
                    )
                ),
                name="paper_is_its_digest",
            ),
        )

    def __str__(self) -> str:
        return self.digest[:16]

    @property
    def recorded(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        return {"id": self.pk, "digest": self.digest}


def keep(data: bytes, at: datetime) -> Paper:
    """Freeze *data* and return the row."""
    return Paper.objects.create(data=data, digest=hashlib.sha256(data).hexdigest(), made_at=at)
