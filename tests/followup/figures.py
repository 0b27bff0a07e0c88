"""The addresses of the overview and of long tables, for the table of all addresses."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cchc.followup.models import Export


def export(world: Any) -> dict[str, Any]:
    """One that the secretary has asked for."""
    known = {"owner": world.force.secretary, "kind": "items", "query": "", "name": "cau-hoi", "title": "Câu hỏi"}
    made = Export.objects.first() or Export.objects.create(**known, language="vi", asked_at=timezone.now())
    return {"pk": made.pk}


FIGURE_SAMPLES: dict[str, Any] = {
    **dict.fromkeys(("overview_show", "overview_export", "overview_paper"), lambda world: {}),
    **dict.fromkeys(("overview_rows", "overview_rows_export"), lambda world: {"key": "items.all"}),
    "export_create": lambda world: {"kind": "items", "form": "xlsx"},
    **dict.fromkeys(("export_show", "export_file"), export),
}
