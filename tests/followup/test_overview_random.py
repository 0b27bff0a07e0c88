"""Every number of the overview opens its rows, on random items: counted beforehand, not yet, and changed since."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from cchc.followup.domain import punctuality
from cchc.followup.domain.duty_count import count_duties
from cchc.followup.domain.overview import Scope, counted, overview
from cchc.followup.forms.overview import OverviewForm
from cchc.followup.models import DutyCount, DutyTotal, DutyTouched
from cchc.organization.enums import Role
from cchc.organization.models import Person, Unit
from cchc.workflow.models import Obligation
from dialogues.models import Conference, Item, Summary, Total
from dialogues.tasks import count_conferences
from tests.dialogues.factories import HANOI, ITEM_PATHS, conference_at, item_at
from tests.factories import Force, person, post


def numbers(scope: Scope) -> dict[str, int]:
    return {figure.key: figure.number for section in overview(scope) for figure in section.figures}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_every_number_opens_its_rows_of_random_items(force: Force, seed: int) -> None:
    """Some counted beforehand, some not, some changed since; for everybody who may look."""
    random = Random(seed)
    conferences = [conference_at(force) for _each in range(3)]
    for _each in range(10):
        state = random.choice([state for state in ITEM_PATHS if state not in ("merged", "escalated", "ruled")])
        item_at(force, state, conference=random.choice(conferences))
    count_conferences(timezone.now())
    count_duties(timezone.now())
    for _each in range(3):
        item_at(force, "published", conference=random.choice(conferences[:2]))
    Conference.objects.filter(pk=conferences[2].pk).update(host=force.next_town)
    Item.objects.filter(conference=conferences[2]).update(host=force.next_town)
    since, until = date(2019, 12, random.choice([1, 18, 19])), date(2020, 12, 31)
    for reader in (force.leader, force.unit_chief, force.provincial_leader, force.inspector, force.next_leader):
        form = OverviewForm({"since": str(since), "until": str(until)}, person=reader, today=date(2020, 3, 1))
        scope = form.scope()
        found = numbers(scope)
        assert found == {key: counted(scope, key).rows.count() for key in found}
        if reader == force.leader:
            received = Item.objects.received().filter(host=force.town, submitted_at__date__gte=since)
            assert found["items.all"] == received.count()


def readers(force: Force) -> list[Person]:
    """Of a town, a province, the country; one who sees more of one branch than of the others; an asker who leads."""
    country, mixed = person("country"), person("mixed")
    post(country, force.ministry, Role.INSPECTOR)
    post(mixed, force.ministry, Role.LEADER)
    post(mixed, force.next_town, Role.PROVINCIAL_LEADER)
    return [force.leader, force.provincial_leader, country, mixed]


def asked(reader: Person, since: date, until: date, unit: Unit | None = None) -> dict[str, int]:
    data = {"since": str(since), "until": str(until), **({"unit": str(unit.pk)} if unit else {})}
    return numbers(OverviewForm(data, person=reader, today=date(2020, 3, 1)).scope())


def totals() -> dict[tuple[int, str, str], dict[str, dict[str, int]]]:
    """What they hold, without what they hold nothing of."""
    found = {(each.unit_id, each.sees, each.period): each.tallies for each in Total.objects.all()}
    found |= {(each.unit_id, "duties", each.period): each.tallies for each in DutyTotal.objects.all()}
    held = {key: {name: tally for name, tally in tallies.items() if tally} for key, tallies in found.items()}
    return {key: tallies for key, tallies in held.items() if tallies}


def keep_nothing() -> None:
    Summary.objects.all().delete()
    Total.objects.all().delete()
    pairs = DutyCount.objects.values_list("unit", "month")
    DutyTouched.objects.bulk_create(DutyTouched(unit_id=unit, month=month) for unit, month in pairs)
    DutyCount.objects.all().delete()
    DutyTotal.objects.all().delete()


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [3, 4])
def test_totals_are_a_recount_whatever_changes(force: Force, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Items, their months, conferences and their hosts change; some of it is counted, some is not yet."""
    monkeypatch.setattr(punctuality, "MANY", 1)
    random = Random(seed)
    conferences = [conference_at(force) for _each in range(3)]
    states = ("submitted", "published", "closed", "promised", "escalated", "declined")
    items = [item_at(force, state, conference=random.choice(conferences)) for state in states]
    looking = readers(force)
    hosts = [force.town, force.next_town, force.province, force.ministry, force.ward]

    def ask_anew() -> None:
        at = datetime(2019, 11, 1, 8, tzinfo=HANOI) + timedelta(days=random.randrange(100))
        Item.objects.filter(pk=random.choice(items).pk).update(submitted_at=at)

    def take_elsewhere() -> None:
        conference, host = random.choice(conferences), random.choice(hosts)
        Conference.objects.filter(pk=conference.pk).update(host=host)
        Item.objects.filter(conference=conference).update(host=host)

    def stand_elsewhere() -> None:
        above = random.choice([force.province, force.ministry, force.town])
        Unit.objects.filter(pk=force.next_town.pk).update(path=f"{above.path}{force.next_town.pk}.")

    def owe_otherwise() -> None:
        duty = random.choice(Obligation.objects.filter(person=None).order_by("pk"))
        duty.due_on += timedelta(days=random.randrange(-40, 40))
        duty.settled_at = random.choice([None, duty.opened_at + timedelta(days=random.randrange(60))])
        duty.unit = random.choice([duty.unit, force.next_team, force.qlhc])
        if duty.settled_at is None and Obligation.objects.open().filter(subject_id=duty.subject_id).exists():
            duty.kind = f"{duty.kind}2"
        duty.save()

    def count() -> None:
        count_conferences(timezone.now())
        count_duties(timezone.now())

    def rename() -> None:
        changed = {"channel": random.choice(["box", "live"]), "author": random.choice([None, *looking])}
        Item.objects.filter(pk=random.choice(items).pk, identity="named").update(**changed)

    for _each in range(8):
        for change in random.sample(
            [ask_anew, owe_otherwise, owe_otherwise, take_elsewhere, stand_elsewhere, rename], 3
        ):
            change()
        if random.random() < 0.6:
            count()
        since = random.choice([date(2019, 1, 1), date(2020, 1, 1), date(2019, 12, random.randrange(1, 32))])
        until = random.choice([date(2020, 12, 31), date(2019, 12, 31), date(2020, 1, random.randrange(1, 32))])
        for reader in looking:
            unit = None if reader == force.leader else random.choice([None, force.province])
            found = asked(reader, since, until, unit if reader != force.provincial_leader else None)
            with transaction.atomic():
                keep_nothing()
                assert found == asked(reader, since, until, unit if reader != force.provincial_leader else None)
                transaction.set_rollback(True)
    count()
    held = totals()
    keep_nothing()
    count()
    assert held == totals() != {}
