"""The register: from 01 each year, for each unit and series, each number once (Nghị định 30/2020, Điều 15)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from cchc.documents.models import Document, Register
from cchc.organization.models import Unit
from cchc.workflow.engine import Refused

# Letters have no symbol of their own: "12/CATX-TH".
LETTERS = "CV"


def next_number(host: Unit, year: int, series: str) -> int:
    """The next free one, as it stands now: a suggestion."""
    found = Register.objects.filter(unit=host, year=year, series=series).first()
    return (found.last if found else 0) + 1


def take_number(host: Unit, year: int, series: str, wanted: int | None = None) -> int:
    """Take *wanted*, or the next free one, for the paper that is issued in this transaction.

    Whoever comes second waits for the first one's end. Raises Refused when the number has been given.
    """
    assert transaction.get_connection().in_atomic_block
    Register.objects.bulk_create([Register(unit=host, year=year, series=series)], ignore_conflicts=True)
    register = Register.objects.select_for_update(no_key=True).get(unit=host, year=year, series=series)
    number = wanted or register.last + 1
    if Document.objects.filter(host=host, year=year, series=series, number=number).exists():
        raise Refused(
            _("Number %(number)s has been given already; the next free one is %(next)s.")
            % {"number": f"{number:02d}", "next": f"{register.last + 1:02d}"}
        )
    if number > register.last:
        register.last = number
        register.save(update_fields=["last"])
    return number


def mark_of(number: int | None, series: str, symbol: str, drafter: str) -> str:
    """ "03/TB-CATX-TH"; a letter's is "03/CATX-TH". Before it is given, dots stand for the number."""
    after = "-".join(part for part in ("" if series == LETTERS else series, symbol, drafter) if part)
    return f"{'…' if number is None else f'{number:02d}'}/{after}" if series else ""
