"""The pages of the overview and of long tables, for the list of all pages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from cchc.followup.models import Export
from cchc.organization.models import Person
from tests.browser.stage import LEADER, PROVINCIAL_LEADER, SECRETARY


def export_in(state: str) -> Any:
    """Where an export of the secretary's in this state is."""

    def address(stage: Any) -> str:
        now, owner = timezone.now(), Person.objects.get(username=SECRETARY)
        known: dict[str, Any] = {"owner": owner, "kind": "items", "query": "", "name": "cau-hoi", "title": "HN-2020-01"}
        if state == Export.State.FAILED:
            known["finished_at"] = now
        made = Export.objects.filter(state=state).first() or Export.objects.create(
            **known, state=state, language="vi", asked_at=now, total=4000, written=1500
        )
        return made.get_absolute_url()

    return address


def everything(stage: Any) -> str:
    return "/overview/?since=2019-01-01"


# name, user, address
PLACES: list[tuple[str, str, Any]] = [
    ("overview_show", LEADER, everything),
    ("overview of the province", PROVINCIAL_LEADER, everything),
    ("overview of nothing", SECRETARY, lambda stage: "/overview/?since=1999-01-01&until=1999-12-31"),
    ("overview_rows", LEADER, lambda stage: "/overview/rows/items.all/?since=2019-01-01"),
    ("export_create", SECRETARY, lambda stage: "/exports/new/items/xlsx/?pill=all"),
    ("export_show", SECRETARY, export_in("waiting")),
    ("export failed", SECRETARY, export_in("failed")),
]
NO_PAGES = ["overview_export", "overview_rows_export", "overview_paper", "export_file"]
