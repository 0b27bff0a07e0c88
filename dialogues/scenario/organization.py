"""Units, people and posts of the case, and what became of the units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from cchc.organization.domain.person import create_person
from cchc.organization.domain.position import appoint, end_position
from cchc.organization.domain.unit import change_unit, create_unit, end_unit, record_succession
from cchc.organization.enums import ActingKind, Rank, Role, SuccessionKind, UnitKind
from cchc.organization.models import Person, Position, Unit
from dialogues.scenario.script import Cast, Step
from dialogues.scenario.source import moment

KINDS = {"mass_organisation": UnitKind.MASS_ORGANIZATION}


def steps(source: dict[str, Any], cast: Cast, password: str | None) -> Iterator[Step]:
    at: datetime = source["stage"]["set_up_at"]
    first = [entry for entry in source["units"] if entry["valid_from"] is None]
    yield Step(at, lambda: create_units(first, cast, at))
    yield Step(at, lambda: create_people(source, cast, at, password))
    for entry in source["units"]:
        if entry["valid_from"] is not None:
            before = moment(entry["valid_from"] - timedelta(days=1), 8)
            yield Step(before, lambda entry=entry, at=before: create_units([entry], cast, at))  # type: ignore[misc]
    for change in source["reorganisations"]:
        # Midnight: what happens later that day finds the new order.
        day = moment(change["date"], 0)
        yield Step(day, lambda change=change, at=day: _reorganize(change, source, at))  # type: ignore[misc]


def create_units(entries: list[dict[str, Any]], cast: Cast, at: datetime) -> None:
    """Those of *entries* that are not on stage yet: both cases stand under one ministry."""
    for entry in entries:
        if entry["code"] in cast.units:
            continue
        cast.units[entry["code"]] = create_unit(
            code=entry["code"],
            name=entry["name"],
            short_name=entry["short_name"],
            kind=KINDS.get(entry["kind"], entry["kind"]),
            parent=cast.units[entry["parent"]] if entry["parent"] else None,
            symbol=entry.get("symbol", ""),
            is_focal_point=entry.get("cchc_focal_point", False),
            # A unit ends by its reorganization, on the day when that is known.
            valid_from=entry["valid_from"],
            at=at,
        )
    for code, unit in cast.units.items():
        cast.units[code] = Unit.objects.get(pk=unit.pk)


def create_people(source: dict[str, Any], cast: Cast, at: datetime, password: str | None) -> None:
    """The people of *source* and their posts. The one known password of all is hashed once: slow hashes are for
    real ones."""
    since: date = source["stage"]["posts_since"]
    for entry in source["people"]:
        person = create_person(
            username=entry["username"],
            full_name=entry["full_name"],
            rank=Rank[entry["rank"].upper()] if entry["rank"] else Rank.NONE,
            email=entry["email"],
            at=at,
        )
        cast.people[person.username] = person
        for post in [entry, *entry.get("additional_roles", ())]:
            if post["role"] is None:  # given on the way, by what the play tells
                continue
            acting = {}
            if post["role"] == Role.DEPUTY_LEADER:
                acting = {"acting_kind": ActingKind.KT, "authority": source["stage"]["authority"]}
            unit = cast.units[post["unit"]]
            appoint(person, unit, post["role"], post["position"], valid_from=since, at=at, **acting)
    if password:
        Person.objects.filter(username__in=cast.people).update(password=make_password(password))


def _reorganize(change: dict[str, Any], source: dict[str, Any], at: datetime) -> None:
    decision, last = change["legal_basis"], change["date"] - timedelta(days=1)
    for move in change.get("parent_changes", ()):
        above = Unit.objects.get(code=move["new_parent"])
        change_unit(Unit.objects.get(code=move["unit"]), by=None, at=at, since=change["date"], parent=above)
    handed_over = {
        entry["from"] for entry in change["successions"] if entry["kind"] != SuccessionKind.FUNCTION_TRANSFER
    }
    for entry in source["units"]:
        if entry["valid_to"] == last and entry["code"] not in handed_over:
            end_unit(Unit.objects.get(code=entry["code"]), on=last, decision=decision, by=None, at=at)
    for entry in change["successions"]:
        record_succession(
            unit=Unit.objects.get(code=entry["from"]),
            successor=Unit.objects.get(code=entry["to"]) if entry["to"] else None,
            kind=entry["kind"],
            decision=decision,
            on=change["date"],
            scope=entry["scope"],
            at=at,
        )
    for post in Position.objects.valid_on(change["date"]).filter(unit__valid_to=last):
        end_position(post, on=last, by=None, at=at, note=decision)
