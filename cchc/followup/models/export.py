"""Long tables that the worker writes: what was asked for, how far it has come, and where the file lies."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cchc.organization.models import Person

KEPT = timedelta(days=7)
MOST_ROWS = 1_000_000  # of a file; the rest is left out, and said


class ExportState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("export", "Waits for its turn")
    WRITING = "writing", pgettext_lazy("export", "Being written")
    READY = "ready", pgettext_lazy("export", "Ready")
    FAILED = "failed", pgettext_lazy("export", "Could not be written")


class ExportForm(models.TextChoices):
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, person: Person) -> Self:
        """Whoever asked for it, and nobody else."""
        return self.filter(owner=person)

    def unfinished(self) -> Self:
        return self.filter(state__in=(ExportState.WAITING, ExportState.WRITING))


class Export(models.Model):
    """*kind* names who gives the rows (settings.EXPORTS), *query* is that of the page it was asked on.

    *posts* are the ids of those that its owner held when it was written: what he may open it by.

    *claim* is the worker's that writes it now; it says every so often, at *alive_at*, that it still does.
    """

    State, Form = ExportState, ExportForm

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    query = models.TextField()
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.XLSX)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    name = models.CharField(max_length=200)  # of the file, without its ending
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.WAITING)
    asked_at = models.DateTimeField(_("asked for"))
    claim = models.UUIDField(null=True)
    alive_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    written = models.PositiveIntegerField(default=0)
    posts = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["owner", "-asked_at"], name="export_of_owner"),
            models.Index(
                fields=["asked_at"], condition=Q(state__in=("waiting", "writing")), name="export_unfinished"
            ),
        )  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("ready", "failed"), finished_at__isnull=False)
                | Q(state__in=("waiting", "writing"), finished_at__isnull=True),
                name="export_finished_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="writing") | Q(claim__isnull=False, alive_at__isnull=False),
                name="export_written_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("export_show", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def is_cut(self) -> bool:
        return self.total is not None and self.total > MOST_ROWS

    @property
    def kept_until(self) -> datetime | None:
        return self.finished_at + KEPT if self.finished_at else None
