"""The secret address of somebody's calendar feed. Only its digest is kept: whoever reads the table opens no feed."""

from django.db import models


class Feed(models.Model):
    person = models.OneToOneField("organization.Person", models.CASCADE, related_name="feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # A day, not a time: when somebody's telephone looks is nobody's business.
    read_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at:%Y-%m-%d}"
