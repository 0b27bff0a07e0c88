"""What an uploaded file really is. The extension, the first bytes and a parser of that kind must agree.

The first bytes alone prove nothing: "%PDF-" before a web page, a program behind a picture or a macro in a DOCX all
pass them. Refusals are ValidationErrors with a sentence.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

import filetype
import pypdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from pypdf.generic import DictionaryObject, IndirectObject

from cchc.web.zipped import BROKEN, check_office_file

MAX_PIXELS = 40_000_000
MAX_PAGES = 3000
_JPEG_QUALITY = 90
_DANGEROUS = {"/JavaScript", "/EmbeddedFiles"}


@dataclass(frozen=True)
class Kind:
    """A kind of file that is accepted: its MIME type and what examines it and gives the bytes to keep."""

    mime: str
    examine: Callable[[IO[bytes]], IO[bytes]]


def _pdf(file: IO[bytes]) -> IO[bytes]:
    _match_first_bytes(file, "application/pdf")
    try:
        reader = pypdf.PdfReader(file)
        if reader.is_encrypted:
            raise ValidationError(_("The PDF is protected by a password; save it without one."))
        if not 0 < len(reader.pages) <= MAX_PAGES:
            raise ValidationError(BROKEN)
        active = _acts_by_itself(reader)
    except ValidationError:
        raise
    except Exception as error:  # pypdf lets out whatever a wrong file made it stumble on
        raise ValidationError(BROKEN) from error
    if active:
        raise ValidationError(_("The PDF contains programs or other files; print it to a new PDF and add that one."))
    return file


def _acts_by_itself(reader: pypdf.PdfReader) -> bool:
    """Scripts, launched programs and files inside of the PDF."""
    root = reader.root_object
    names = root.get("/Names", DictionaryObject())
    names = names.get_object() if isinstance(names, IndirectObject) else names
    opening = root.get("/OpenAction", None)
    opening = opening.get_object() if isinstance(opening, IndirectObject) else opening
    starts = isinstance(opening, DictionaryObject) and opening.get("/S") in ("/JavaScript", "/Launch")
    return starts or (isinstance(names, DictionaryObject) and not _DANGEROUS.isdisjoint(names))


def _picture(mime: str, formats: tuple[str, ...]) -> Callable[[IO[bytes]], IO[bytes]]:
    def examine(file: IO[bytes]) -> IO[bytes]:
        _match_first_bytes(file, mime)
        try:
            with Image.open(file, formats=formats) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ValidationError(_("The picture has more than 40 million pixels; make it smaller."))
                return _drawn_again(picture, formats[0])
        except Image.DecompressionBombError as error:
            raise ValidationError(_("The picture has more than 40 million pixels; make it smaller.")) from error
        except ValidationError:
            raise
        except Exception as error:  # a decoder lets out whatever a wrong file made it stumble on
            raise ValidationError(BROKEN) from error

    return examine


def _drawn_again(picture: Image.Image, form: str) -> IO[bytes]:
    """Only the pixels: no place, camera, comment or author, and nothing hidden behind the picture."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    drawn = io.BytesIO()
    picture.save(drawn, form, **({"quality": _JPEG_QUALITY} if form == "JPEG" else {}))
    return drawn


def _office(main_part: str) -> Callable[[IO[bytes]], IO[bytes]]:
    def examine(file: IO[bytes]) -> IO[bytes]:
        check_office_file(file, main_part)
        return file

    return examine


def _text(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(_("The text file is not UTF-8; save it anew with that encoding.")) from error
    if any(ord(char) < 32 and char not in "\t\n\r\f" for char in text):
        raise ValidationError(BROKEN)
    return file


def _match_first_bytes(file: IO[bytes], mime: str) -> None:
    file.seek(0)
    if filetype.guess_mime(file.read(262)) != mime:
        raise ValidationError(BROKEN)
    file.seek(0)


_JPEG = Kind("image/jpeg", _picture("image/jpeg", ("JPEG", "MPO")))
_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    "pdf": Kind("application/pdf", _pdf),
    "png": Kind("image/png", _picture("image/png", ("PNG",))),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _office("word/document.xml")),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _office("xl/workbook.xml")),
    "txt": Kind("text/plain", _text),
}
