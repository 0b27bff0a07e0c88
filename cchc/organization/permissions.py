"""What a right is, and the platform's own rights. Who holds a role is data; what a role may do is this code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from .enums import Role


class Reach(StrEnum):
    UNIT = "u"  # the unit of the post itself
    HOST = "h"  # the command that the post serves
    BELOW = "p"  # that command and everything under it
    ABOVE = "a"  # the units above the post, itself included: an officer at the conferences of his superiors


@dataclass(frozen=True)
class Permission:
    """A right: which roles hold it and how far from their post it reaches.

    *on* names the attribute of a subject whose unit the right is asked for.
    """

    name: str
    grants: Mapping[Role, Reach] = field(default_factory=lambda: MappingProxyType({}))
    on: str = "host"
    reading: bool = False  # a deputy without written authority may read as the head does, but not act


REGISTRY: dict[str, Permission] = {}


def permission(name: str, on: str = "host", reading: bool = False, **reaches: str) -> Permission:
    """Declare a right; *reaches* maps role codes to reach letters, e.g. ``secretary="h"``."""
    made = Permission(
        name, MappingProxyType({Role(role): Reach(reach) for role, reach in reaches.items()}), on, reading
    )
    if name in REGISTRY:
        raise ValueError(f"permission {name} is declared twice")
    REGISTRY[name] = made
    return made


MANAGE_UNITS = permission("manage_units", administrator="p", provincial_secretary="p")
MANAGE_PEOPLE = permission("manage_people", administrator="p")
MANAGE_CALENDAR = permission("manage_calendar", administrator="p", provincial_secretary="p")
MANAGE_REMINDERS = permission("manage_reminders", administrator="p", provincial_secretary="p")
READ_LEDGER = permission("read_ledger", reading=True, administrator="p", inspector="p")
# Overdue work: a unit's own chief, and a command over everything below it.
OVERSEE = permission(
    "oversee", on="unit", reading=True,
    unit_chief="u", secretary="p", leader="p", deputy_leader="p",
    provincial_secretary="p", provincial_leader="p", inspector="p",
)  # fmt: skip
# Keeps the site running: sees kinds and numbers of what is stuck, never contents.
OPERATE = permission("operate", administrator="p")
# Besides it everybody records his own absence, without naming who stands in (cchc.organization.domain.absence).
RECORD_ABSENCE = permission(
    "record_absence", secretary="p", leader="p", deputy_leader="p",
    provincial_secretary="p", provincial_leader="p", administrator="p",
)  # fmt: skip
# Says who takes over what a unit owed that has ended: whoever works for a command above it.
CONFIRM_HANDOVER = permission(
    "confirm_handover", on="unit", secretary="p", leader="p", deputy_leader="p",
    provincial_secretary="p", provincial_leader="p",
)  # fmt: skip
