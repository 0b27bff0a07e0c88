"""The terms of a campaign in preparation as a whole: prepared, revised, and who must sign under them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import override

from cchc.organization.enums import UnitKind
from cchc.organization.models import Person, Unit
from cchc.organization.models.unit import UnitQuerySet
from cchc.workflow.engine import Refused
from commitments.domain.campaign import Terms, change_campaign, create_campaign, set_terms
from commitments.enums import Scoring
from commitments.models import Campaign, Signatory

Criteria = Sequence[tuple[str, str, Decimal]]
Levels = Sequence[tuple[str, Decimal]]


def terms_of(campaign: Campaign) -> Terms:
    """The terms as they stand."""
    groups: dict[int, tuple[str, list[Unit]]] = {group.pk: (group.name, []) for group in campaign.groups.all()}
    for row in campaign.signatories.select_related("unit").order_by("unit__sort_key", "unit__code"):
        groups[row.group_id][1].append(row.unit)
    return Terms(
        [(each.name, each.scoring, each.weight) for each in campaign.criteria.all()],
        [(each.name, each.minimum) for each in campaign.levels.all()],
        list(groups.values()),
    )


def frozen_terms(campaign: Campaign) -> Terms:
    """The terms under which units sign, as the opening froze them; without the units."""
    content = json.loads(campaign.content)
    return Terms(
        [(name, scoring, Decimal(weight)) for name, scoring, weight in content["criteria"]],
        [(name, Decimal(minimum)) for name, minimum in content["levels"]],
        [(name, []) for name in content["groups"]],
    )


def usual_terms(host: Unit | None) -> Terms:
    """What a new campaign of *host* begins with: the latest one's terms, else those of Nghị định 335/2025/NĐ-CP."""
    latest = Campaign.objects.filter(host=host).order_by("-year", "-code").first() if host else None
    if latest is not None:
        return terms_of(latest)
    with override("vi"):  # they are printed on papers
        return _first_terms()


def _first_terms() -> Terms:
    levels = [
        (_("Tasks completed excellently"), Decimal(90)), (_("Tasks completed well"), Decimal(70)),
        (_("Tasks completed"), Decimal(50)), (_("Tasks not completed"), Decimal(0)),
    ]  # fmt: skip
    return Terms([(_("Registered tasks"), Scoring.TASKS, Decimal(100))], levels, [])


def may_sign(host: Unit, day: date) -> UnitQuerySet:
    """The units that may be asked to sign: all below *host* that exist on *day*."""
    return Unit.objects.valid_on(day).below(host).exclude(pk=host.pk)


def kinds_below(host: Unit, day: date, *, not_in: Campaign | None = None) -> list[tuple[str, str, int]]:
    """The kinds of units below *host*: code, words, and how many; *not_in* counts those not chosen yet."""
    rows = may_sign(host, day)
    if not_in is not None:
        rows = rows.exclude(Exists(Signatory.objects.filter(campaign=not_in, unit=OuterRef("pk"))))
    counts = dict(rows.order_by().values_list("kind").annotate(n=Count("pk")))
    return [(kind.value, str(kind.label), counts[kind]) for kind in UnitKind if kind in counts]


@transaction.atomic
def prepare(
    *, host: Unit, by: Person, at: datetime, criteria: Criteria, levels: Levels, kinds: Iterable[str], day: date,
    **fields: Any,
) -> Campaign:  # fmt: skip
    """A new campaign with its terms; every kind in *kinds* is a group of all its units below *host* on *day*."""
    made = create_campaign(host=host, by=by, at=at, **fields)
    below = may_sign(host, day).in_order()
    with override("vi"):
        names = {kind: str(UnitKind(kind).label) for kind in kinds}
    groups = [(name, list(below.filter(kind=kind))) for kind, name in names.items()]
    return set_terms(made, Terms(criteria, levels, groups), by=by, at=at)


@transaction.atomic
def revise(
    campaign: Campaign, *, by: Person, at: datetime, seen: int | None, criteria: Criteria, levels: Levels, **fields: Any
) -> Campaign:
    """Change particulars, criteria and levels at once; who must sign stays."""
    now = change_campaign(campaign, by=by, at=at, seen=seen, **fields)
    return set_terms(now, Terms(criteria, levels, terms_of(now).groups), by=by, at=at)


@transaction.atomic
def include(
    campaign: Campaign, units: Collection[Unit], group: str, *, by: Person, at: datetime, seen: int | None
) -> Campaign:
    """Let *units* sign, compared within *group* (a new one if none has this name); moved if they were elsewhere.

    Raises Refused when a unit is not below the host.
    """
    strangers = [unit for unit in units if not unit.is_within(campaign.host) or unit.pk == campaign.host_id]
    if strangers:
        raise Refused(_("%(unit)s does not stand below the host.") % {"unit": strangers[0].name})
    terms = terms_of(campaign)
    groups = _without(terms, units)
    known = next((each for name, each in groups if name == group), None)
    if known is None:
        groups.append((group, list(units)))
    else:
        known.extend(units)
    return set_terms(campaign, Terms(terms.criteria, terms.levels, groups), by=by, at=at, seen=seen)


@transaction.atomic
def leave_out(
    campaign: Campaign, units: Collection[Unit], *, by: Person, at: datetime, seen: int | None, group: str = ""
) -> Campaign:
    """These units need not sign; *group* goes with all that are in it."""
    terms = terms_of(campaign)
    groups = [(name, left) for name, left in _without(terms, units) if name != group]
    return set_terms(campaign, Terms(terms.criteria, terms.levels, groups), by=by, at=at, seen=seen)


def _without(terms: Terms, units: Iterable[Unit]) -> list[tuple[str, list[Unit]]]:
    gone = {unit.pk for unit in units}
    return [(name, [unit for unit in chosen if unit.pk not in gone]) for name, chosen in terms.groups]
