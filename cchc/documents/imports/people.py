"""People and their posts from a table: one row for each post, so a person may stand in several."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization import access
from cchc.organization.audit import events_at_the_end
from cchc.organization.domain.person import change_person, create_person
from cchc.organization.domain.position import appoint, change_position, forbidden_pair
from cchc.organization.enums import ActingKind, Rank, Role
from cchc.organization.models import Person, Position, Unit
from cchc.web.sheet import Sheet
from cchc.web.text import fold, words

from .preview import Cell, Column, Line, Mark, Preview, compare, day, lay_out, one_of, required, shorter

COLUMNS = [
    Column("full_name", gettext_lazy("Full name"), ("Nguyễn Văn An", "Trần Thị Bình"), required=True),
    Column("username", gettext_lazy("User name"), ("an.nv", "")),
    Column("rank", gettext_lazy("Rank"), (Rank.TRUNG_UY.label, Rank.THIEU_TA.label)),
    Column("email", gettext_lazy("E-mail"), ("an.nv@example.vn", "")),
    Column("phone", gettext_lazy("Phone"), ("0912345678", "")),
    Column("unit", gettext_lazy("Code of the unit"), ("AT-TH", "AT-TH")),
    Column("role", gettext_lazy("Role"), (Role.OFFICER.label, Role.UNIT_CHIEF.label)),
    Column("title", gettext_lazy("Title"), ("Cán bộ", "Đội trưởng")),
    Column("valid_from", gettext_lazy("Post from"), ("01/07/2025", "01/07/2025")),
    Column("acting_kind", gettext_lazy("Acts for the head as"), ("", "")),
    Column("authority", gettext_lazy("Authority document"), ("", "")),
]
OWN = ("full_name", "rank", "email", "phone")
POST = ("unit", "role", "title", "valid_from", "acting_kind", "authority")


@dataclass
class _Known:
    """What is stored, read once for the whole table."""

    by: Person
    today: date
    units: dict[str, Unit]
    people: dict[str, Person]
    taken: set[str]
    names: dict[str, str]
    posts: dict[int, list[Position]] = field(default_factory=dict)
    by_name: dict[tuple[str, int], Person] = field(default_factory=dict)


def preview(sheet: Sheet, by: Person) -> Preview:
    """What the table would do to the people that *by* looks after."""
    found = lay_out(sheet, COLUMNS)
    if found.problems:
        return found
    known = _look_up(by)
    steps = []
    seen: dict[str, tuple[Line, list[str]]] = {}
    for line in found.lines:
        _read(line)
        person = _who(line, known)
        _same_person(line, seen, known)
        steps.append((line, person, _own(line, person), _post(line, person, known, seen)))
    found.carry_out = lambda at: _carry_out(steps, by, at)
    return found


def _look_up(by: Person) -> _Known:
    today = timezone.localdate()
    units = {unit.code.lower(): unit for unit in access.managed_units(by).valid_on(today)}  # type: ignore[attr-defined]
    people = {person.username: person for person in access.managed_people(by)}
    names = {fold(person.full_name): person.username for person in people.values()}
    known = _Known(by, today, units, people, set(Person.objects.values_list("username", flat=True)), names)
    for post in Position.objects.valid_on(today).filter(person__in=people.values()).select_related("unit", "person"):
        known.posts.setdefault(post.person_id, []).append(post)
        known.by_name[fold(post.person.full_name), post.unit_id] = people[post.person.username]
    return known


def _read(line: Line) -> None:
    required(line, COLUMNS)
    line.read("full_name", shorter(120))
    line.read("username", _username)
    line.read("rank", one_of(Rank.choices, {rank.name.lower(): rank.value for rank in Rank}))
    line.read("email", _email)
    line.read("phone", _phone)
    line.read("unit", shorter(40))
    line.read("role", one_of(Role.choices))
    line.read("title", shorter(150))
    line.read("valid_from", day)
    line.read("acting_kind", one_of(ActingKind.choices))
    line.read("authority", shorter(200))


def _username(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,59}", text.lower()):
        raise ValueError(_("Only small letters without accents, digits, dots, hyphens and underscores."))
    return text.lower()


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return text


def _phone(text: str) -> str:
    phone = re.sub(r"[\s.()-]", "", text)
    # A spreadsheet takes a telephone number for a number and drops its zero.
    phone = f"0{phone}" if re.fullmatch(r"[1-9]\d{8}", phone) else phone
    if not re.fullmatch(r"(0\d{9,10}|\+\d{9,15})", phone):
        raise ValueError(_("A phone number has 10 digits, for example 0912 345 678."))
    return phone


def _who(line: Line, known: _Known) -> Person | None:
    """The person the row is about, if there is one; a new one without user name gets one proposed."""
    name, username = line.values.get("full_name", ""), line.values.get("username")
    unit = known.units.get(str(line.values.get("unit", "")).lower())
    if username is None and unit is not None and (person := known.by_name.get((fold(name), unit.pk))):
        line.values["username"] = person.username
        line.cells.setdefault("username", Cell("")).mark = Mark.DONE
        return person
    if username is None and "username" in line.cells and line.cells["username"].mark == Mark.ERROR:
        return None
    if username is None and name:
        line.values["username"] = username = _propose(name, known.taken)
        twin = known.names.get(fold(name))
        note = _("Proposed: %(name)s. There is already %(twin)s of this name.") if twin else _("Proposed: %(name)s")
        line.cells.setdefault("username", Cell("")).warn(note % {"name": username, "twin": twin})
        return None
    if username in known.taken and username not in known.people:
        line.cells["username"].refuse(_("This user name is taken by somebody you do not look after."))
    return known.people.get(username or "")


def _propose(full_name: str, taken: set[str]) -> str:
    """ "Nguyễn Văn An" -> an.nv, an.nv2 …: the given name, then the initials of the others."""
    *others, given = words(full_name) or ["x"]
    initials = "".join(word[0] for word in others)
    base = f"{given}.{initials}"[:50] if initials else given[:50]
    for number in itertools.count(1):
        name = base if number == 1 else f"{base}{number}"
        if name not in taken:
            taken.add(name)
            return name
    raise AssertionError


def _same_person(line: Line, seen: dict[str, tuple[Line, list[str]]], known: _Known) -> None:
    """Rows with one user name are one person: the later ones may not contradict the first."""
    username = line.values.get("username")
    if not username:
        return
    first, _roles = seen.setdefault(username, (line, [post.role for post in _posts(username, known)]))
    if first is line:
        return
    for name in OWN:
        if name in line.values and line.values[name] != first.values.get(name, line.values[name]):
            line.cells[name].refuse(
                _("Differs from row %(row)d, which has the same user name.") % {"row": first.number}
            )


def _posts(username: str, known: _Known) -> list[Position]:
    person = known.people.get(username)
    return known.posts.get(person.pk, []) if person else []


def _own(line: Line, person: Person | None) -> dict[str, Any]:
    """What about the person is new (for a new one: everything)."""
    if person is None:
        return {name: line.values[name] for name in OWN if name in line.values}
    changes = compare(_part(line, OWN), {name: getattr(person, name) for name in OWN}, _show)
    if line.cells.get("username") and line.cells["username"].mark == Mark.NEW:
        line.cells["username"].mark = Mark.DONE
    return changes


def _part(line: Line, names: tuple[str, ...]) -> Line:
    """The same cells, but only those of *names*."""
    cells = {name: line.cells[name] for name in names if name in line.cells}
    return Line(line.number, cells, {name: line.values[name] for name in names if name in line.values})


def _post(
    line: Line, person: Person | None, known: _Known, seen: dict[str, tuple[Line, list[str]]]
) -> dict[str, Any] | None:
    """The post of the row: {} for one that stands already, its values for a new one, None for none."""
    given = {name: line.values[name] for name in POST if name in line.values}
    if not any(line.cells[name].text for name in POST if name in line.cells):
        return None
    for name in ("unit", "role"):
        if name not in line.values and line.cells.setdefault(name, Cell("")).mark != Mark.ERROR:
            line.cells[name].refuse(_("A post needs a unit and a role."))
    unit = known.units.get(str(given.get("unit", "")).lower())
    if "unit" in given and unit is None:
        line.cells["unit"].refuse(_("There is no such unit today among yours."))
    if given.get("acting_kind") and not given.get("authority"):
        line.cells.setdefault("authority", Cell("")).refuse(
            _("Acting for the head needs the number of the authority document.")
        )
    if person is not None and person.pk == known.by.pk and (unit is None or not _held(person, unit, given, known)):
        line.cells["role"].refuse(_("Nobody gives, changes or ends a post of his own."))
    if unit is None or "role" not in given:
        return None
    if person is not None and (held := _held(person, unit, given, known)):
        return _compare_post(line, held)
    _exclude(line, given, seen)
    if "valid_from" not in given:
        given["valid_from"] = known.today
        line.cells.setdefault("valid_from", Cell("")).warn(_("Taken: today."))
    return {**given, "unit": unit}


def _held(person: Person, unit: Unit, given: dict[str, Any], known: _Known) -> Position | None:
    same = (post for post in known.posts.get(person.pk, []) if post.unit_id == unit.pk)
    return next((post for post in same if post.role == given.get("role")), None)


def _compare_post(line: Line, held: Position) -> dict[str, Any]:
    line.cells["unit"].mark = Mark.DONE
    others = POST[1:]
    changes = compare(_part(line, others), {name: getattr(held, name) for name in others}, _show)
    return {"position": held, **changes} if changes else {}


def _exclude(line: Line, given: dict[str, Any], seen: dict[str, tuple[Line, list[str]]]) -> None:
    roles = seen[line.values["username"]][1] if line.values.get("username") in seen else []
    for role in roles:
        if why := forbidden_pair(given["role"], role):
            line.cells["role"].refuse(why)
    roles.append(given["role"])


@transaction.atomic
@events_at_the_end()
def _carry_out(
    steps: list[tuple[Line, Person | None, dict[str, Any], dict[str, Any] | None]], by: Person, at: datetime
) -> int:
    made: dict[str, Person] = {}
    changed = 0
    for line, stored, own, post in steps:
        username = line.values["username"]
        person = stored or made.get(username)
        if person is None:
            person = made[username] = create_person(username=username, by=by, at=at, **own)
        elif stored is not None and own:
            person = change_person(person, by=by, at=at, **own)
        if post and (held := post.get("position")):
            change_position(held, by=by, at=at, **{name: value for name, value in post.items() if name != "position"})
        elif post:
            appoint(person, by=by, at=at, **post)
        changed += bool(line.mark)
    return changed


def _show(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, int):
        return str(Rank(value).label)
    return str(value or "")
