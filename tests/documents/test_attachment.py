import hashlib
import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils.datastructures import MultiValueDict
from PIL import Image

from cchc.documents.domain import attachment as attachments
from cchc.documents.domain.attachment import attach, attachments_of, check, sweep_orphans
from cchc.documents.forms.attachment import AttachmentsField
from cchc.documents.models import Attachment
from tests.documents.samples import BAD, GOOD, docx, pdf, picture, upload
from tests.factories import Force

AT = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _room(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SUBJECTS = {"test.box": "tests.documents.subjects.visible_box"}


def kept(attachment: Attachment, settings: Any) -> Path:
    return Path(settings.MEDIA_ROOT) / attachment.path


def make(name: str = "Đơn đề nghị.pdf", content: bytes | None = None, **given: Any) -> Attachment:
    checked = check(upload(name, GOOD[name] if content is None else content))
    return attach(**{"subject_type": "test.box", "subject_id": 1, "checked": checked, "by": None, "at": AT, **given})


@pytest.mark.parametrize("name", GOOD)
def test_what_is_what_it_says_is_accepted(name: str) -> None:
    checked = check(upload(name, GOOD[name]))
    assert checked.name == name
    assert checked.size > 0


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_is_refused_with_a_sentence_that_names_the_file(name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check(upload(name, BAD[name]))
    [sentence] = refusal.value.messages
    assert sentence.startswith((f"{name}: ", "pdf: "))
    assert sentence.endswith(".")


def test_a_byte_too_many_is_refused(settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    check(upload("a.txt", b"a" * 1024 * 1024))
    with pytest.raises(ValidationError, match="1 MB"):
        check(upload("a.txt", b"a" * (1024 * 1024 + 1)))


def test_a_full_disk_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "_SPARE_BYTES", 2**62)
    with pytest.raises(ValidationError):
        check(upload("a.txt", b"a"))


def test_pictures_keep_their_pixels_only() -> None:
    checked = check(upload("a.jpg", picture("JPEG", (40, 20), author="Nguyễn Văn An", orientation=6) + b"<?php"))
    content = checked.file.read()
    assert "Nguyễn".encode() not in content
    assert b"php" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (20, 40)  # upright, though what says so was cut away
        assert not image.getexif()


def test_a_large_upload_lies_in_a_file_and_is_examined_there() -> None:
    with TemporaryUploadedFile("a.txt", "text/plain", 3, None) as large:
        large.write(b"abc")
        large.seek(0)
        assert check(large).size == 3


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\An\\a.txt", "a.txt"),
        ('a"\r\nX: y.txt', "a_X_ y.txt"),
        ("a\u202etxt.exe.txt", "atxt.exe.txt"),
        ("b" * 300 + ".txt", "b" * 116 + ".txt"),
        ("Biên bản; ký.txt", "Biên bản; ký.txt"),
    ],
)
def test_names_are_made_harmless(given: str, name: str) -> None:
    file = upload("x.txt", b"a")
    file.__dict__["_name"] = given  # what a request could bring past Django's own cleaning
    assert check(file).name == name


@pytest.mark.django_db
def test_a_kept_file_is_whole_private_and_under_a_random_name(settings: Any) -> None:
    content = GOOD["Đơn đề nghị.pdf"]
    row = attach(subject_type="test.box", subject_id=1, checked=check(upload("Đơn.pdf", content)), by=None, at=AT)
    path = kept(row, settings)
    stored = path.read_bytes()
    assert row.digest == hashlib.sha256(stored).hexdigest()
    assert row.size == len(stored)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "pdf" not in row.path
    assert "Đơn" not in row.path
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.part"))


def test_of_a_person_the_name_the_hour_and_the_bytes_are_kept(force: Force, settings: Any) -> None:
    content = pdf(author="Nguyễn Văn An")
    row = make("Đơn của tôi.pdf", content, by=force.officer)
    assert (row.uploaded_by, row.uploaded_at, row.name) == (force.officer, AT, "Đơn của tôi.pdf")
    assert kept(row, settings).read_bytes() == content


@pytest.mark.django_db
def test_of_an_anonymous_asker_nothing_is_kept_that_tells_who_or_when(settings: Any) -> None:
    row = make("Đơn của An.pdf", pdf(author="Nguyễn Văn An"))
    assert row.uploaded_by is None
    assert row.uploaded_at == datetime(2020, 1, 1, 17, 0, tzinfo=UTC)  # midnight in Vietnam
    assert "An" not in row.name
    path = kept(row, settings)
    assert path.stat().st_mtime == row.uploaded_at.timestamp()
    assert not (pypdf.PdfReader(path).metadata or {}).get("/Author")


@pytest.mark.django_db
def test_the_author_is_taken_out_of_office_files(settings: Any) -> None:
    content = docx(
        **{
            "word/comments.xml": '<w:c xmlns:w="x"><w:comment w:author="Nguyễn Văn An" w:initials="NVA"/></w:c>',
            "xl/comments1.xml": "<comments><authors><author>Nguyễn Văn An</author></authors></comments>",
            "word/media/image1.jpg": picture("JPEG", author="Nguyễn Văn An"),
            "word/media/image2.png": b"no picture",
        }
    )
    row = make("Văn bản.docx", content)
    with zipfile.ZipFile(kept(row, settings)) as archive:
        for member in archive.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            unpacked = archive.read(member)
            assert "Nguyễn".encode() not in unpacked
            assert b"NVA" not in unpacked
    check(upload("again.docx", kept(row, settings).read_bytes()))


@pytest.mark.django_db
def test_the_files_of_many_subjects_come_in_one_query(django_assert_num_queries: Any) -> None:
    first, second = make(subject_id=1), make("anh.png", subject_id=1)
    assert first.name.removesuffix(".pdf") != second.name.removesuffix(".png")
    other = make(subject_id="b")
    make(subject_id=1, subject_type="test.other")
    with django_assert_num_queries(1):
        found = attachments_of("test.box", [1, "b", 3])
    assert found == {"1": [first, second], "b": [other]}


@pytest.mark.django_db
def test_a_write_that_fails_leaves_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    checked = check(upload("a.txt", b"abc"))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        attach(subject_type="test.box", subject_id=1, checked=checked, by=None, at=AT)
    assert not Attachment.objects.exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_sweeping_removes_old_files_without_a_row(settings: Any) -> None:
    row, lost = make(), make("anh.png")
    now = datetime.now(UTC)
    Attachment.objects.filter(pk=lost.pk).delete()
    for each in (row, lost):
        os.utime(kept(each, settings), (now.timestamp(), now.timestamp()))
    assert sweep_orphans(now) == 0
    assert sweep_orphans(now + timedelta(days=2, seconds=1)) == 1
    assert kept(row, settings).exists()
    assert not kept(lost, settings).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"size": 0}, {"digest": "x"}])
def test_half_a_row_is_refused(wrong: dict[str, Any]) -> None:
    row = make()
    with pytest.raises(IntegrityError):
        Attachment.objects.filter(pk=row.pk).update(**wrong)


class Slip(forms.Form):
    files = AttachmentsField()


def form(*files: Any) -> Slip:
    return Slip({}, MultiValueDict({"files": list(files)}))


def test_the_field_gives_a_list_of_checked_files() -> None:
    some = form(upload("a.txt", b"a"), upload("b.txt", b"b"))
    assert some.is_valid()
    assert some.is_multipart()
    assert [checked.name for checked in some.cleaned_data["files"]] == ["a.txt", "b.txt"]
    none = form()
    assert none.is_valid()
    assert none.cleaned_data == {"files": []}


def test_the_field_says_what_is_wrong_with_each_file() -> None:
    wrong = form(upload("a.txt", b"a"), upload("b.html", b"b"), upload("c.pdf", b"c"))
    assert not wrong.is_valid()
    assert [message.partition(":")[0] for message in wrong.errors["files"]] == ["b.html", "c.pdf"]


def test_the_field_takes_five_files() -> None:
    assert form(*(upload(f"{n}.txt", b"a") for n in range(5))).is_valid()
    assert "5" in form(*(upload(f"{n}.txt", b"a") for n in range(6))).errors["files"][0]


def test_a_required_field_wants_a_file() -> None:
    assert "files" in type("Form", (forms.Form,), {"files": AttachmentsField(required=True)})({}, {}).errors


def test_a_file_is_a_download_that_no_browser_runs(force: Force, client: Client, settings: Any) -> None:
    row = make("Biên bản; ký.pdf", GOOD["Đơn đề nghị.pdf"], by=force.officer)
    client.force_login(force.stranger)
    response = client.get(row.get_absolute_url())
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == kept(row, settings).read_bytes()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n%3B%20k%C3%BD.pdf"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_the_web_server_in_front_may_send_the_bytes(force: Force, client: Client, settings: Any) -> None:
    settings.FILES_ACCEL_PREFIX = "/private/"
    row = make("ghi chu.txt", by=force.officer)
    client.force_login(force.officer)
    response = client.get(row.get_absolute_url())
    assert response["X-Accel-Redirect"] == f"/private/{row.path}"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content == b""


def test_what_one_may_not_see_answers_like_what_is_not_there(force: Force, client: Client) -> None:
    foreign, unknown = make(subject_id=2), make(subject_type="test.unknown")
    missing = "/files/00000000-0000-4000-8000-000000000000/"
    client.force_login(force.officer)
    answers = {client.get(url).content for url in (missing, foreign.get_absolute_url(), unknown.get_absolute_url())}
    assert len(answers) == 1
    assert client.get(foreign.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_a_guest_opens_only_what_the_tracking_code_opened(client: Client) -> None:
    mine, other = make(subject_id="guest"), make(subject_id=1)
    assert client.get(mine.get_absolute_url()).status_code == 404
    session = client.session
    session["tracking"] = ["guest"]
    session.save()
    response = client.get(mine.get_absolute_url())
    assert b"".join(response.streaming_content)
    assert client.get(other.get_absolute_url()).status_code == 404


def test_a_file_lost_from_the_disk_is_not_found_and_logged(
    force: Force, client: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    row = make(by=force.officer)
    kept(row, settings).unlink()
    client.force_login(force.officer)
    assert client.get(row.get_absolute_url()).status_code == 404
    assert str(row.pk) in caplog.text


def test_a_file_is_only_read(force: Force, client: Client) -> None:
    row = make(by=force.officer)
    client.force_login(force.officer)
    assert client.post(row.get_absolute_url()).status_code == 405
