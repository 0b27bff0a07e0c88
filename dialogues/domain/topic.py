"""The taxonomy as data: filled in at first start, and again without harm at every later one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from dialogues.models import Field, Topic, TopicSet

SOURCE = Path(__file__).with_name("taxonomy.yaml")


@transaction.atomic
def seed_taxonomy() -> int:
    """Add the sets, contents and fields that are missing and set right the names of the others.

    Returns how many were added. A content or field that was added by hand stays.
    """
    data: dict[str, list[dict[str, Any]]] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    added = 0
    for entry in data["sets"]:
        particulars = {name: entry[name] for name in ("basis", "valid_from", "valid_to")}
        topics, created = TopicSet.objects.update_or_create(code=entry["code"], defaults=particulars)
        added += created
        for order, each in enumerate(entry["topics"], 1):
            names = {"name": each["name"], "name_en": each["name_en"], "order": order}
            added += Topic.objects.update_or_create(set=topics, code=each["code"], defaults=names)[1]
    for order, each in enumerate(data["fields"], 1):
        names = {"name": each["name"], "name_en": each["name_en"], "order": order}
        added += Field.objects.update_or_create(code=each["code"], defaults=names)[1]
    return added
