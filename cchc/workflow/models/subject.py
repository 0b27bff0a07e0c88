"""What a flow moves: anything with a state, a public random id and a current turn."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from cchc.organization.models import Unit


class Subject(models.Model):
    """Base of every noun with a flow. *state* is assigned by the engine alone.

    *turn* is the open obligation of the current state, or of the subject that this one waits on; *moves* counts the
    events, so that a form can tell whether what it showed has changed since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=20)
    turn = models.ForeignKey("workflow.Obligation", models.SET_NULL, null=True, editable=False, related_name="+")
    moves = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def unit_for(self, on: str) -> Unit | None:
        """The unit over which a right is asked: the attribute that the permission names."""
        unit: Any = getattr(self, on)
        return unit
