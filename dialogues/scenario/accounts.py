"""The accounts that the demo offers on its login page. Production never sees them: it has no demo data."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from cchc.organization.enums import Role
from cchc.organization.models import Position
from dialogues.scenario.source import yaml_of

PASSWORD = "mot-cua-xanh-27"  # noqa: S105 - of invented people on one's own computer, and said on the login page
ORDER = list(Role)


@dataclass(frozen=True)
class Account:
    role: str
    name: str
    username: str
    password: str
    title: str
    unit: str


def by_role() -> list[Account]:
    """The demo's accounts, those of one role together; none where DEMO is not set or the demo is not loaded."""
    if not settings.DEMO:
        return []
    offered: list[str] = yaml_of("accounts.yaml")["accounts"]
    held = Position.objects.valid_on(timezone.localdate()).filter(person__username__in=offered, person__is_active=True)
    first: dict[str, Position] = {}
    for post in held.select_related("person", "unit").order_by("id"):
        first.setdefault(post.person.username, post)
    posts = sorted(first.values(), key=lambda post: (ORDER.index(Role(post.role)), offered.index(post.person.username)))
    return [
        Account(
            role=str(Role(post.role).label),
            name=post.person.ranked_name,
            username=post.person.username,
            password=PASSWORD,
            title=post.title,
            unit=post.unit.short_name,
        )
        for post in posts
    ]
