"""Units from a table: the tree may stand in any order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.organization import access
from cchc.organization.audit import events_at_the_end
from cchc.organization.domain.unit import change_unit, create_unit
from cchc.organization.enums import UnitKind
from cchc.organization.models import Person, Unit
from cchc.web.sheet import Sheet
from cchc.web.text import fold

from .preview import Cell, Column, Line, Mark, Preview, compare, day, lay_out, one_of, required, shorter, yes_or_no

COLUMNS = [
    Column("code", gettext_lazy("Code"), ("CATX-AT", "AT-TH"), required=True),
    Column("name", gettext_lazy("Unit name"), ("Công an thị xã An Thịnh", "Đội Tổng hợp"), required=True),
    Column("short_name", gettext_lazy("Short name"), ("CATX An Thịnh", "Đội TH")),
    Column("symbol", gettext_lazy("Document symbol"), ("CATX", "TH")),
    Column("kind", gettext_lazy("Kind"), (UnitKind.DISTRICT_POLICE.label, UnitKind.TEAM.label), required=True),
    Column("parent", gettext_lazy("Code of the unit above"), ("CAT", "CATX-AT"), required=True),
    Column("is_focal_point", gettext_lazy("Focal point"), ("", "x")),
    Column("valid_from", gettext_lazy("Exists from"), ("01/07/2025", "01/07/2025")),
    Column("valid_to", gettext_lazy("Exists to"), ("", "")),
]
_OPTIONAL_BLANK = ("parent",)  # a body outside the force stands alone


def preview(sheet: Sheet, by: Person) -> Preview:
    """What the table would do to the units that *by* looks after."""
    found = lay_out(sheet, COLUMNS)
    if found.problems:
        return found
    stored = {unit.code.lower(): unit for unit in access.managed_units(by).select_related("parent")}
    _read(found.lines)
    _refuse_twice(found.lines)
    _refuse_foreign(found.lines, stored)
    for line in found.lines:
        if above := stored.get(str(line.values.get("parent", "")).lower()):
            line.values["parent"] = above.code
    changes = [_judge(line, stored) for line in found.lines]
    order = _in_order(found.lines, stored)
    found.carry_out = lambda at: _carry_out([(found.lines[place], changes[place]) for place in order], by, at)
    return found


def _read(lines: list[Line]) -> None:
    for line in lines:
        required(line, [column for column in COLUMNS if column.name not in _OPTIONAL_BLANK])
        line.read("code", _code)
        line.read("name", shorter(200))
        line.read("short_name", shorter(60))
        line.read("symbol", shorter(30))
        line.read("kind", one_of(UnitKind.choices))
        line.read("parent", _code)
        line.read("is_focal_point", yes_or_no)
        line.read("valid_from", day)
        line.read("valid_to", day)
        first, last = line.values.get("valid_from"), line.values.get("valid_to")
        if first and last and last < first:
            line.cells["valid_to"].refuse(_("The last day may not lie before the first day."))


def _code(text: str) -> str:
    if not all(char.isascii() and (char.isalnum() or char in "-_") for char in text):
        raise ValueError(_("Only letters without accents, digits and hyphens."))
    return shorter(40)(text)


def _refuse_twice(lines: list[Line]) -> None:
    seen: dict[str, int] = {}
    for line in lines:
        code = str(line.values.get("code", "")).lower()
        if code and code in seen:
            line.cells["code"].refuse(_("Stands in row %(row)d already.") % {"row": seen[code]})
        seen.setdefault(code, line.number)


def _refuse_foreign(lines: list[Line], stored: dict[str, Unit]) -> None:
    codes = {str(line.values.get("code", "")).lower() for line in lines} - stored.keys() - {""}
    others = Unit.objects.alias(lowered=Lower("code")).filter(lowered__in=codes)
    taken = {code.lower() for code in others.values_list("code", flat=True)}
    for line in lines:
        if line.values.get("code", "").lower() in taken:
            line.cells["code"].refuse(_("This code is taken by a unit that you do not look after."))


def _judge(line: Line, stored: dict[str, Unit]) -> dict[str, Any]:
    """Mark the cells of one row; returns what an existing unit would change, or all values of a new one."""
    unit = stored.get(line.values.get("code", "").lower())
    if unit is not None:
        now = {name: getattr(unit, name) for name in line.values if name not in ("code", "parent")}
        now |= {"code": line.values["code"], "parent": unit.parent.code if unit.parent else ""}
        changes = compare(line, now, _show)
        if "parent" in changes and (above := stored.get(changes["parent"].lower())) and above.is_within(unit):
            line.cells["parent"].refuse(_("The unit would stand under itself."))
        return changes
    if "short_name" not in line.values and "name" in line.values:
        line.values["short_name"] = line.values["name"][:60]
        line.cells.setdefault("short_name", Cell("")).warn(
            _("Taken from the name: %(name)s") % {"name": line.values["name"][:60]}
        )
    if not line.values.get("parent") and line.cells["parent"].mark != Mark.ERROR:
        if line.values.get("kind") != UnitKind.EXTERNAL_BODY:
            line.cells["parent"].refuse(_("Name the unit above; only a body outside the force stands alone."))
    elif twin := _twin(line, stored):
        line.cells["name"].warn(_("%(code)s has the same name under the same unit.") % {"code": twin.code})
    return dict(line.values)


def _twin(line: Line, stored: dict[str, Unit]) -> Unit | None:
    above, name = str(line.values.get("parent", "")).lower(), fold(line.values.get("name", ""))
    same = (unit for unit in stored.values() if unit.parent and unit.parent.code.lower() == above)
    return next((unit for unit in same if fold(unit.name) == name), None)


def _in_order(lines: list[Line], stored: dict[str, Unit]) -> list[int]:
    """Places of the rows, each after the row of the unit above it; what hangs in the air or in a circle is refused."""
    rows = {str(line.values.get("code", "")).lower(): place for place, line in enumerate(lines)}
    order: list[int] = []
    done: set[int] = set()

    def put(place: int, way: tuple[int, ...]) -> None:
        if place in done:
            return
        line = lines[place]
        above = str(line.values.get("parent") or "").lower()
        if place in way:
            line.cells["parent"].refuse(_("The unit would stand under itself."))
        elif above in rows:
            put(rows[above], (*way, place))
        elif above and above not in stored and line.cells["parent"].mark != Mark.DONE:
            line.cells["parent"].refuse(_("There is no such unit, neither in the table nor among yours."))
        if place not in done:
            done.add(place)
            order.append(place)

    for place in range(len(lines)):
        put(place, ())
    return order


@transaction.atomic
@events_at_the_end()
def _carry_out(steps: list[tuple[Line, dict[str, Any]]], by: Person, at: datetime) -> int:
    changed = 0
    for line, values in steps:
        if not values or line.mark == Mark.DONE:
            continue
        fields = {name: value for name, value in values.items() if name != "code"}
        if "parent" in fields:
            fields["parent"] = Unit.objects.filter(code__iexact=fields["parent"]).first() if fields["parent"] else None
        unit = Unit.objects.filter(code__iexact=line.values["code"]).first()
        if unit is None:
            create_unit(code=line.values["code"], by=by, at=at, **fields)
        else:
            change_unit(unit, by=by, at=at, **fields)
        changed += 1
    return changed


def _show(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(UnitKind(value).label) if value in UnitKind.values else str(value or "")
