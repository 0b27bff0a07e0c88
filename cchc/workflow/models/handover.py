"""Open work of a unit that is no more goes to another, by a decision (design.md §2)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Handover(models.Model):
    """What *from_unit* still owed is owed by *to_unit*. The obligations name the hand-over, so both names show."""

    from_unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="handed_over")
    to_unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="taken_over")
    decision = models.CharField(_("decision"), max_length=250)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(decision=""), name="handover_names_decision"),
            models.CheckConstraint(condition=~Q(from_unit=F("to_unit")), name="handover_to_another_unit"),
        )

    def __str__(self) -> str:
        return f"{self.from_unit_id} → {self.to_unit_id}: {self.decision}"
