"""The taxonomy as data."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation

from dialogues.domain.topic import seed_taxonomy
from dialogues.models import Field, Topic, TopicSet

pytestmark = pytest.mark.django_db


def test_both_programs_with_their_six_contents() -> None:
    seed_taxonomy()

    old, new = TopicSet.objects.get(code="30c"), TopicSet.objects.get(code="76")

    assert [topic.code for topic in old.topics.all()] == [
        "the_che", "tthc", "bo_may", "doi_ngu", "tai_chinh_cong", "hien_dai_hoa",
    ]  # fmt: skip
    assert new.topics.count() == 6
    assert not Topic.objects.filter(name="").exists()
    assert not Topic.objects.filter(name_en="").exists()
    assert Field.objects.count() == Field.objects.exclude(name="").exclude(name_en="").count() == 19


def test_a_day_falls_under_exactly_one_set() -> None:
    seed_taxonomy()

    assert TopicSet.objects.on(date(2020, 1, 2)).code == "30c"  # type: ignore[union-attr]
    assert TopicSet.objects.on(date(2020, 12, 31)).code == "30c"  # type: ignore[union-attr]
    assert TopicSet.objects.on(date(2021, 1, 1)).code == "76"  # type: ignore[union-attr]
    assert TopicSet.objects.on(date(2026, 8, 3)).code == "76"  # type: ignore[union-attr]
    assert TopicSet.objects.on(date(2011, 11, 7)) is None


def test_seeding_again_adds_nothing_and_keeps_what_was_added_by_hand() -> None:
    assert seed_taxonomy() == 2 + 12 + 19
    Field.objects.create(code="cho_meo", name="Vật nuôi", name_en="Pets", order=90)
    Field.objects.filter(code="cu_tru").update(name="sai")

    call_command("seed_taxonomy")

    assert Field.objects.count() == 20
    assert Field.objects.get(code="cu_tru").name == "Cư trú"


def test_a_content_is_named_in_the_language_of_the_page() -> None:
    seed_taxonomy()
    field = Field.objects.get(code="cu_tru")

    with translation.override("vi"):
        assert str(field) == "Cư trú"
    with translation.override("en"):
        assert str(field) == "Residence"
