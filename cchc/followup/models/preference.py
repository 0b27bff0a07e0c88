"""How somebody wants to be told outside the app."""

from django.db import models
from django.db.models import Q

from cchc.followup.enums import About, Channel, Manner


class Preference(models.Model):
    """Without a row the default of cchc.followup.domain.preference holds. One's own duties are never off."""

    person = models.ForeignKey("organization.Person", models.CASCADE, related_name="preferences")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    about = models.CharField(max_length=10, choices=About.choices)
    manner = models.CharField(max_length=10, choices=Manner.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "channel", "about"], name="preference_once"),
            models.CheckConstraint(condition=~Q(about__in=("turns", "duties"), manner="off"), name="duties_never_off"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel} {self.about}: {self.manner}"
