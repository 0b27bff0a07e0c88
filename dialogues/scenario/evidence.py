"""Files for the demo, handed in as evidence: each a real one of its kind that says only what it stands for."""

from __future__ import annotations

import io
from pathlib import PurePath

import docx
import pypdf
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cchc.documents.domain.attachment import Checked, check

A4 = (595, 842)  # points


def evidence(name: str) -> Checked:
    """A file called *name*; its extension says which kind it is."""
    words, kind = PurePath(name).stem.replace("-", " "), PurePath(name).suffix[1:]
    makers = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "jpg": _jpg}
    return check(SimpleUploadedFile(name, makers[kind](words)))


def _pdf(words: str) -> bytes:
    file, writer = io.BytesIO(), pypdf.PdfWriter()
    writer.add_blank_page(*A4)
    writer.add_metadata({"/Title": words})
    writer.write(file)
    return file.getvalue()


def _docx(words: str) -> bytes:
    file, paper = io.BytesIO(), docx.Document()
    paper.add_paragraph(words)
    paper.save(file)
    return file.getvalue()


def _xlsx(words: str) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write_string(0, 0, words)
    return file.getvalue()


def _jpg(words: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "#e3f1e8").save(file, "JPEG")
    return file.getvalue()
