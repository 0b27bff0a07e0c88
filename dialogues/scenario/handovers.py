"""What passed from units that ended to others: entered by the town's secretary on the day of the reorganization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cchc.followup.domain.handover import confirm
from cchc.organization.models import Unit
from cchc.workflow.handing import Key
from dialogues.scenario.script import Cast, Step
from dialogues.scenario.source import moment


def steps(source: dict[str, Any], cast: Cast) -> Iterator[Step]:
    """Transfers of items; those of commitments are told elsewhere."""
    codes = {entry["code"] for entry in source["items"]}
    for change in source["reorganisations"]:
        passes: dict[str, list[str]] = defaultdict(list)
        for transfer in change.get("open_work_transfers", ()):
            if transfer["ref"] in codes:
                passes[transfer["to_unit"]].append(transfer["ref"])
        at = moment(change["date"], 9)
        for taker, refs in passes.items():
            before = next(entry["from"] for entry in change["successions"] if entry["to"] == taker)
            yield Step(
                at,
                lambda change=change, before=before, taker=taker, refs=refs, at=at: _confirm(  # type: ignore[misc]
                    source, cast, change, before, taker, refs, at
                ),
            )


def _confirm(
    source: dict[str, Any], cast: Cast, change: dict[str, Any], before: str, taker: str, refs: list[str], at: datetime
) -> None:
    """Whatever is open, and the items named: the unit that ended has a part in them that another goes on with."""
    also: set[Key] = {("dialogues.item", str(cast.items[ref].pk)) for ref in refs}
    confirm(
        Unit.objects.get(code=before),
        Unit.objects.get(code=taker),
        change["legal_basis"],
        also=also,
        by=cast.people[source["conference"]["secretaries"][0]],
        at=at,
    )
