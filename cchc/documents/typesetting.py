"""Papers: a template of templates/<app>/document/ and data become a PDF, by Typst, in this process.

The data reach the template as JSON and never as Typst source, so whatever somebody typed is printed letter by letter.
Templates are in Vietnamese and not in gettext's care: an official paper is Vietnamese whatever language the page has.
"""

import io
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cchc.documents.typeface import press, question, unprintable

Standard = Literal["a-2b", "a-2a", "a-3b", "ua-1", "1.7"]
_DENSITY = 110  # dots per inch: an A4 page is then 909 pixels wide


class CannotTypeset(Exception):
    """The paper cannot be made of these data; the message is a sentence for whoever typed them."""


def typeset(template: str, data: Any, *, at: datetime, standard: Standard = "a-2b", family: str = "") -> bytes:
    """The paper as PDF/A: the same template, data, moment, typeface and release of Typst give the same bytes.

    `template`: a path below templates/, such as "commitments/document/commitment.typ". `data`: a mapping or dataclass,
    see plain(). `at`: the moment that the file names as its making; a recorded one, not the present. `family`: one of
    typeface.families() instead of the installation's.
    Raises CannotTypeset when the typeface lacks a letter; TypstError and RuntimeError are faults of the template.
    """
    return _compile(template, data, family, format="pdf", pdf_standards=[standard], timestamp=int(at.timestamp()))[0]


def pictures(
    template: str, data: Any, *, at: datetime, family: str = "", density: int = _DENSITY, beginning: bool = False
) -> list[bytes]:
    """The pages of the same paper as PNG, for where a PDF cannot be shown. Raises as typeset().

    `beginning`: a template that is made with sheet.typ leaves out what is beyond a few pages (40 ms each).
    """
    _need_letters(json.dumps(plain(data), ensure_ascii=False))  # only PDF/A tells
    only = "beginning" if beginning else ""
    return _compile(template, data, family, only, format="png", ppi=density, timestamp=int(at.timestamp()))


def sheet_of(template: str, data: Any) -> dict[str, Any]:
    """What a template that is made with templates/documents/document/sheet.typ says, in order and without any look."""
    root = Path(settings.BASE_DIR, "templates")
    found = question(
        str(root / template), "<sheet>", {"data": json.dumps(plain(data), ensure_ascii=False), "only": "sheet"},
        root=str(root),
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(found)
    return answer


def plain(value: Any) -> Any:
    """`value` as JSON has it. Text is brought into the form NFC, for which the typeface has every Vietnamese letter.

    A date is {"year", "month", "day"}; a moment, by the local clock, has "hour", "minute" and "second" too: Typst's
    datetime(..it) takes both. A Decimal is text of plain digits. Dataclasses are mappings.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case datetime():
            local = timezone.localtime(value)
            return {name: getattr(local, name) for name in ("year", "month", "day", "hour", "minute", "second")}
        case date():
            return {"year": value.year, "month": value.month, "day": value.day}
        case Decimal():
            return format(value.normalize(), "f")
        case Mapping():
            return {str(name): plain(part) for name, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return unicodedata.normalize("NFC", str(value))


def qr_picture(text: str) -> str:
    """A QR code of `text` as an SVG file, which decree30.typ draws."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def _compile(template: str, data: Any, family: str = "", only: str = "", **how: Any) -> list[bytes]:
    root = Path(settings.BASE_DIR, "templates")
    text = json.dumps(plain(data), ensure_ascii=False)
    try:
        return press(str(root / template), {"data": text, "only": only}, root=str(root), family=family, **how)
    except typst.TypstError as error:
        _need_letters(text, error)
        raise


def _need_letters(text: str, cause: Exception | None = None) -> None:
    if letters := unprintable(text):
        sentence = _("A paper cannot show these characters: %(letters)s") % {"letters": " ".join(letters)}
        raise CannotTypeset(sentence) from cause
