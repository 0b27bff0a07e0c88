"""Small files of every kind, right and wrong, made here rather than kept as binaries."""

import io
import zipfile
from typing import Any

import openpyxl
import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
DOCUMENT = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
CORE = (
    '<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:creator>Nguyễn Văn An</dc:creator></cp:coreProperties>'
)  # fmt: skip


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def pdf(*, author: str = "", password: str = "", script: bool = False, pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(100, 100)
    if author:
        writer.add_metadata({"/Author": author})
    if script:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        )
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20), *, author: str = "", orientation: int = 1) -> bytes:
    image = Image.new("RGB", size, "green")
    exif = Image.Exif()
    exif[0x0112] = orientation
    if author:
        exif[0x013B] = author
    file = io.BytesIO()
    options: dict[str, Any] = {"exif": exif}
    if author and form == "JPEG":
        options["comment"] = author
    image.save(file, form, **options)
    return file.getvalue()


def office(members: dict[str, str | bytes], *, main: str = "word/document.xml") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": TYPES, main: DOCUMENT, **members}.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(**members: str | bytes) -> bytes:
    return office({"docProps/core.xml": CORE, **members})


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Mã", "Tên"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


GOOD = {
    "Đơn đề nghị.pdf": pdf(),
    "anh.png": picture(),
    "anh.jpg": picture("JPEG"),
    "anh.jpeg": picture("JPEG"),
    "Văn bản.docx": docx(),
    "bang.xlsx": xlsx(),
    "ghi chu.txt": "Nội dung".encode(),
}
MARKUP = b"<html><script>alert(1)</script></html>"
BOMB = office({"word/big.xml": b"<a>" + b" " * 50_000_000 + b"</a>"})
XML = '<?xml version="1.0"?>'
LAUGHS = f'{XML}<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'
BAD = {
    "trang.html": MARKUP,
    "anh.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "nen.zip": office({}),
    "chay.exe": b"MZ" + b"\0" * 100,
    "khong-duoi": pdf(),
    ".pdf": pdf(),
    "rong.txt": b"",
    "gia.pdf": b"%PDF-1.7\n" + MARKUP,
    "gia.png": picture("JPEG"),
    "gia.jpg": MARKUP,
    "cut.png": picture()[:-30],
    "cut.pdf": pdf()[:200],
    "khoa.pdf": pdf(password="mat khau"),
    "ma.pdf": pdf(script=True),
    "to.png": picture(size=(8000, 5001)),
    "gia.docx": pdf(),
    "nen.docx": office({}, main="khac.xml"),
    "gia.xlsx": docx(),
    "macro.docx": docx(**{"word/vbaProject.bin": b"x"}),
    "macro2.docx": docx(**{"[Content_Types].xml": TYPES.replace("/>", ' a="document.macroEnabled"/>')}),
    "ole.docx": docx(**{"word/embeddings/oleObject1.bin": b"x"}),
    "bom.docx": BOMB,
    "cuoi.docx": docx(**{"word/settings.xml": LAUGHS}),
    "cuoi16.docx": docx(**{"word/settings.xml": LAUGHS.encode("utf-16")}),
    "hong.docx": docx(**{"word/styles.xml": "<a>"}),
    "thoat.docx": docx(**{"word/../../etc/passwd": "x"}),
    "truoc.docx": MARKUP + docx(),
    "latin.txt": "Nội dung".encode("utf-16"),
    "nhi-phan.txt": b"\x00\x01",
}  # fmt: skip
