"""An inspector's delegation reads commitments of its years and units, on its days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cchc.organization.models import Person
from commitments.models import Campaign, Commitment, Report
from tests.commitments.factories import commitment_at
from tests.dialogues.inspecting import head_of, inspection_at, today
from tests.dialogues.pages import signed_in
from tests.factories import Force

pytestmark = pytest.mark.django_db


def numbers(reader: Person) -> tuple[int, int, int]:
    reader = Person.objects.get(pk=reader.pk)
    campaigns, reports = Campaign.objects.visible_to(reader), Report.objects.visible_to(reader)
    return campaigns.count(), Commitment.objects.visible_to(reader).count(), reports.count()


@pytest.mark.parametrize(
    ("first_day", "last_day", "reads", "seen"),
    [
        (date(2019, 7, 1), date(2020, 6, 30), (-7, 7), True),
        (date(2019, 7, 1), date(2020, 6, 30), (1, 7), False),
        (date(2019, 7, 1), date(2020, 6, 30), (-7, -1), False),
        (date(2016, 7, 1), date(2019, 6, 30), (-7, 7), False),
        (date(2021, 1, 1), date(2021, 6, 30), (-7, 7), False),
    ],
)
def test_of_its_years_on_its_days(
    force: Force, first_day: date, last_day: date, reads: tuple[int, int], seen: bool
) -> None:
    """The commitments are those of 2020."""
    made = commitment_at(force, "in_force")
    reading = [today() + timedelta(days=each) for each in reads]
    inspection = inspection_at(
        force, first_day=first_day, last_day=last_day, reads_from=reading[0], reads_until=reading[1]
    )
    every = numbers(force.secretary)
    assert all(every)
    assert numbers(force.inspector) == every
    assert numbers(head_of(inspection)) == (every if seen else (0, 0, 0))
    client, status = signed_in(head_of(inspection)), 200 if seen else 404
    for address in (
        reverse("commitment_show", args=[made.pk]), reverse("campaign_show", args=[made.campaign.code]),
        reverse("report_show", args=[made.reports.all()[0].pk]),
    ):  # fmt: skip
        assert client.get(address).status_code == status


def test_of_the_units_that_it_names(force: Force) -> None:
    commitment_at(force, "in_force")
    inspection = inspection_at(force, first_day=date(2020, 1, 1), last_day=date(2020, 12, 31))
    inspection.invited.set([force.ward])
    seen = Commitment.objects.visible_to(head_of(inspection))
    assert set(seen.values_list("unit", flat=True)) == {force.ward.pk}
    assert not Report.objects.visible_to(head_of(inspection)).exclude(commitment__unit=force.ward).exists()
    inspection.invited.clear()
    assert set(Commitment.objects.visible_to(head_of(inspection)).values_list("unit", flat=True)) > {force.ward.pk}
