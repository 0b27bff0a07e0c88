"""What the worker does for exports (settings.BACKGROUND_WORK)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cchc.documents.table import write_table
from cchc.followup.domain.export import waiting, work_on
from cchc.followup.domain.trouble import Part, work_off
from cchc.followup.models import Export

MOST = 20  # in one round; the rest is found in the next
EXPORTING = Part(
    "export",
    _("Writing of long tables"),
    _("It goes on by itself. Check the room on the disk and read the worker's log."),
    lambda since: Export.objects.unfinished().filter(asked_at__lt=since),
)


def work_exports(at: datetime) -> int:
    """Write what waits; returns how many files."""

    def act(pk: UUID) -> bool:
        return work_on(pk, write_table, timezone.now, timezone.localdate(at))

    return work_off(EXPORTING, list(waiting(at).values_list("pk", flat=True)[:MOST]), act, at)
