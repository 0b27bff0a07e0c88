"""Every number of the overview opens its rows, on random items: counted beforehand, not yet, and changed since."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from django.utils import timezone

from cchc.followup.domain.overview import Scope, counted, overview
from cchc.followup.forms.overview import OverviewForm
from dialogues.models import Conference, Item
from dialogues.tasks import count_conferences
from tests.dialogues.factories import ITEM_PATHS, conference_at, item_at
from tests.factories import Force


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
    for _each in range(3):
        item_at(force, "published", conference=random.choice(conferences[:2]))
    Conference.objects.filter(pk=conferences[2].pk).update(host=force.next_town)
    Item.objects.filter(conference=conferences[2]).update(host=force.next_town)
    since, until = date(2019, 12, random.choice([1, 18, 19])), date(2020, 12, 31)
    for person in (force.leader, force.unit_chief, force.provincial_leader, force.inspector, force.next_leader):
        form = OverviewForm({"since": str(since), "until": str(until)}, person=person, today=date(2020, 3, 1))
        scope = form.scope()
        found = numbers(scope)
        assert found == {key: counted(scope, key).rows.count() for key in found}
        if person == force.leader:
            received = Item.objects.received().filter(host=force.town, submitted_at__date__gte=since)
            assert found["items.all"] == received.count()
