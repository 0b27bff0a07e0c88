"""Files of askers without an account are kept without what their programs wrote into them about the author."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import IO

import pypdf
from django.core.exceptions import ValidationError

from cchc.documents.domain.contents import KINDS

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_BLANK = {
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}"/>',
    "docProps/app.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_OFFICE}/custom-properties"/>',
}
# Authors of comments and changes, persons of threaded comments, who shares a workbook and the folder it lay in.
_TRACES = re.compile(rb'(?<=\s)((?:\w+:)?(?:author|initials|userId|displayName|userName)|url(?=="[^"]*[\\]))="[^"]*"')
_COMMENT_AUTHOR = re.compile(rb"(<(?:\w+:)?author>)[^<]*")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def without_author(file: IO[bytes], extension: str) -> IO[bytes]:
    """The same contents without names, times and places of making. Pictures and texts carry none after their check."""
    rewrite = _REWRITERS.get(extension)
    return rewrite(file) if rewrite else file


def _pdf(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    writer = pypdf.PdfWriter(clone_from=file)
    writer.metadata = None
    writer.root_object.pop("/Metadata", None)
    written = io.BytesIO()
    writer.write(written)
    return written


def _office(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    written = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            plain = zipfile.ZipInfo(member.filename, _LONG_AGO)
            plain.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(plain, _anonymous_part(member.filename, source.read(member)))
    return written


def _anonymous_part(name: str, content: bytes) -> bytes:
    if name in _BLANK:
        return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + _BLANK[name].encode()
    extension = name.rpartition(".")[2].lower()
    if extension == "xml":
        return _COMMENT_AUTHOR.sub(rb"\1", _TRACES.sub(rb'\1=""', content))
    if extension in ("jpg", "jpeg", "png"):
        try:
            return _bytes(KINDS[extension].examine(io.BytesIO(content)))
        except ValidationError:
            return b""  # a picture that cannot be drawn again could tell the place and the camera
    return content


def _bytes(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


_REWRITERS: dict[str, Callable[[IO[bytes]], IO[bytes]]] = {"pdf": _pdf, "docx": _office, "xlsx": _office}
