import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, subject_type: str, subject_ids: Iterable[object]) -> "AttachmentQuerySet":
        """The files of these subjects, in the order in which they were added."""
        return self.filter(subject_type=subject_type, subject_id__in=[str(pk) for pk in subject_ids]).order_by(
            "uploaded_at", "place", "pk"
        )


class Attachment(models.Model):
    """A private file of some subject. Who may open it is who may see the subject; settings.SUBJECTS knows.

    The rows of anonymous askers say neither who nor at what hour: no person, and the time is rounded to the day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveIntegerField(_("size"))
    kind = models.CharField(_("kind"), max_length=100)  # the MIME type that the contents have
    digest = models.CharField(max_length=64)  # SHA-256 of the stored bytes, hexadecimal
    path = models.CharField(max_length=60, unique=True)  # random, below MEDIA_ROOT
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), null=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="attachment_of_subject")]
        constraints = [
            models.CheckConstraint(name="attachment_whole", condition=Q(size__gt=0, digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("attachment_open", args=[self.pk])
