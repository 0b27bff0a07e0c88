"""DOCX and XLSX files are ZIP archives of XML: what makes one safe to unpack, read and hand on."""

import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_MEMBERS = 3000
MAX_UNPACKED = 60 * 1024 * 1024
MAX_RATIO = 200  # of a member above a megabyte; office XML packs to a 10th or a 50th
_CHUNK = 64 * 1024
_START = b"PK\x03\x04"
_ACTIVE = ("vbaproject", "vbadata", "/activex/", "/macrosheets/")

BROKEN = _("The file is damaged or is not what its name says.")
TOO_MUCH = _("The file unpacks to more than this system accepts.")
MACROS = _("The file contains macros or embedded programs; save it without them.")
ENTITIES = _("The file contains definitions that office programs do not write; save it anew.")


def check_office_file(file: IO[bytes], main_part: str) -> None:
    """Refuse what is no plain office file with `main_part` in it ("word/document.xml", "xl/workbook.xml").

    Raises ValidationError with a sentence. Reads every member to its end, as a stream, never more than MAX_UNPACKED.
    """
    file.seek(0)
    if file.read(4) != _START:  # anything before the archive would make it two kinds of file at once
        raise ValidationError(BROKEN)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive.infolist(), main_part)
            _check_members(archive)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise ValidationError(BROKEN) from error
    finally:
        file.seek(0)


def _check_directory(members: list[zipfile.ZipInfo], main_part: str) -> None:
    """What the archive says of itself, before a byte is unpacked."""
    names = [f"/{member.filename.lower()}" for member in members]
    if f"/{main_part}" not in names or "/[content_types].xml" not in names:
        raise ValidationError(BROKEN)
    if len(names) != len(set(names)) or any(".." in name or "\\" in name or "\x00" in name for name in names):
        raise ValidationError(BROKEN)
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise ValidationError(TOO_MUCH)
    for member in members:
        if member.file_size > 1024 * 1024 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise ValidationError(TOO_MUCH)
    if any(mark in name for name in names for mark in _ACTIVE):
        raise ValidationError(MACROS)
    if any("/embeddings/" in name and not name.endswith((".xlsx", ".docx", ".pptx")) for name in names):
        raise ValidationError(MACROS)


def _check_members(archive: zipfile.ZipFile) -> None:
    """What the members really are: their true size, well-formed XML without DTD, no macros under another name."""
    unpacked = 0
    for member in archive.infolist():
        name = member.filename.lower()
        parser = _parser() if name.endswith((".xml", ".rels")) and member.file_size else None
        for chunk in _chunks(archive, member):
            unpacked += len(chunk)
            if unpacked > MAX_UNPACKED:
                raise ValidationError(TOO_MUCH)
            if parser:
                parser.Parse(chunk, False)
        if parser:
            parser.Parse(b"", True)
    if b"macroenabled" in archive.read("[Content_Types].xml").lower():
        raise ValidationError(MACROS)


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _parser() -> Any:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*args: Any) -> None:
    raise ValidationError(ENTITIES)
