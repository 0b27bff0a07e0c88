"""Signs of life: when each part last did its work, and which mornings' reminders were opened."""

from django.db import models


class Pulse(models.Model):
    """The last sign of one part ("beat", "reminders", "chain", …) and whether it was well."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()
    ok = models.BooleanField(default=True)
    detail = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"


class Run(models.Model):
    """The reminders of one working day, opened completely when *finished_at* is set."""

    day = models.DateField(primary_key=True)
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.opened}"
