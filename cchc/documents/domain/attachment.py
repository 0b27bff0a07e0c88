"""Files that people add: examined, kept under a random name, opened by whoever may see their subject."""

import hashlib
import os
import re
import secrets
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Model, OuterRef
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cchc.documents.domain.authorless import without_author
from cchc.documents.domain.contents import KINDS
from cchc.documents.models import Attachment
from cchc.organization.models import Person
from cchc.web.text import clean
from cchc.workflow.engine import record

MAX_NAME = 120
SHOWN = ("id", "name", "size")  # of a file, beside the row that it belongs to
ORPHAN_AGE = timedelta(days=2)  # above a day, because the clock of an anonymous file is set back to midnight
_SPARE_BYTES = 64 * 1024 * 1024
_CHUNK = 256 * 1024
_NOT_IN_NAMES = re.compile(r'[\n\t"*:<>?|]+')


@dataclass(frozen=True)
class Checked:
    """A file that was examined and may be attached. Open as long as the request whose upload it is."""

    name: str
    extension: str
    kind: str
    size: int
    file: IO[bytes]


def check(upload: UploadedFile) -> Checked:
    """Examine an upload; raises ValidationError with a sentence that names the file."""
    name = _plain_name(upload.name or "")
    extension = name.rpartition(".")[2].lower()
    try:
        if extension not in KINDS or "." not in name:
            raise ValidationError(_("Only these kinds of files are accepted: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
        if not upload.size:
            raise ValidationError(_("The file is empty."))
        if upload.size > settings.ATTACHMENT_MAX_BYTES:
            limit = settings.ATTACHMENT_MAX_BYTES // 1024 // 1024
            raise ValidationError(_("The file is larger than %(limit)d MB.") % {"limit": limit})
        _check_room(upload.size)
        file = KINDS[extension].examine(upload.file)  # type: ignore[arg-type]
    except ValidationError as error:
        raise ValidationError(f"{name}: {error.messages[0]}") from error
    return Checked(name, extension, KINDS[extension].mime, _size(file), file)


def attach(*, subject_type: str, subject_id: object, checked: Checked, by: Person | None, at: datetime) -> Attachment:
    """Keep a checked file for a subject, after those it has. `by` is None for an asker without an account.

    Then nothing that tells who or when is kept: neither the name nor the properties of the file, nor the hour. The file
    is whole on disk before the row is written; when the transaction fails, sweep_orphans() removes it later.
    Raises OSError when the disk is full; then nothing is left behind.
    """
    place = Attachment.objects.of(subject_type, [subject_id]).count()
    if by is None:
        checked = _anonymous(checked, place)
        at = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    path, digest = _keep(checked.file, moment=at if by is None else None)
    return Attachment.objects.create(
        subject_type=subject_type,
        subject_id=str(subject_id),
        place=place,
        name=checked.name,
        size=checked.size,
        kind=checked.kind,
        digest=digest,
        path=path,
        uploaded_by=by,
        uploaded_at=at,
    )


def attach_to(subject: Model, files: Iterable[Checked], by: Person, at: datetime) -> None:
    """Keep files that somebody known adds to a subject, each with a line in its history."""
    for checked in files:
        attach(subject_type=subject._meta.label_lower, subject_id=subject.pk, checked=checked, by=by, at=at)
        record(subject, "attach", by=by, at=at, note=checked.name)


def attachments_of(subject_type: str, subject_ids: Iterable[object]) -> dict[str, list[Attachment]]:
    """The files of each subject that has some, by the subject's id as text, in one query."""
    found: dict[str, list[Attachment]] = defaultdict(list)
    for attachment in Attachment.objects.of(subject_type, subject_ids):
        found[attachment.subject_id].append(attachment)
    return dict(found)


def files_beside(subject_type: str) -> ArraySubquery:
    """The files of each row of this type, to be read in the statement of the rows themselves; see `files_in`."""
    own = Attachment.objects.filter(subject_type=subject_type, subject_id=Cast(OuterRef("pk"), CharField()))
    values = JSONObject(**{name: name for name in SHOWN})
    return ArraySubquery(own.order_by("uploaded_at", "place", "pk").values(values=values))


def files_in(found: Iterable[Mapping[str, Any]]) -> list[Attachment]:
    """What `files_beside` has found of one row: files with what a page shows of them."""
    fields = [field for field in Attachment._meta.concrete_fields if field.name in SHOWN]
    rows = ([field.to_python(values[field.name]) for field in fields] for values in found)
    return [Attachment.from_db(DEFAULT_DB_ALIAS, SHOWN, row) for row in rows]


def visible_subject(attachment: Attachment, viewer: Any) -> object | None:
    """The subject of a file if `viewer` may see it, else None: the domain's rule, named in settings.SUBJECTS."""
    rule = settings.SUBJECTS.get(attachment.subject_type)
    return import_string(rule)(viewer, attachment.subject_id) if rule else None


def sweep_orphans(at: datetime) -> int:
    """Remove files that no row names and that are older than two days; return how many."""
    limit = (at - ORPHAN_AGE).timestamp()
    root = Path(settings.MEDIA_ROOT)
    old = [path for path in root.glob("*/*") if path.is_file() and path.stat().st_mtime < limit]
    known = set(Attachment.objects.values_list("path", flat=True).iterator()) if old else set()
    orphans = [path for path in old if path.relative_to(root).as_posix() not in known]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _plain_name(name: str) -> str:
    """The last part of a name, at most 120 characters, without what acts in a header, a path or on Windows."""
    name = _NOT_IN_NAMES.sub("_", clean(name.replace("\\", "/").rpartition("/")[2])).strip(". ")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[: MAX_NAME - len(extension) - 1]}{dot}{extension}" if len(name) > MAX_NAME else name


def _anonymous(checked: Checked, place: int) -> Checked:
    file = without_author(checked.file, checked.extension)
    name = _("File %(number)d") % {"number": place + 1}
    return replace(checked, name=f"{name}.{checked.extension}", size=_size(file), file=file)


def _check_room(size: int) -> None:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free < size + _SPARE_BYTES:
        raise ValidationError(_("The server has no room for files now; send the text and add the file later."))


def _keep(file: IO[bytes], *, moment: datetime | None) -> tuple[str, str]:
    """Write under a random name: whole or not at all. Returns the path below MEDIA_ROOT and the SHA-256."""
    token = secrets.token_hex(16)
    path = f"{token[:2]}/{token[2:]}"
    final = Path(settings.MEDIA_ROOT) / path
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = final.with_suffix(".part")
    digest = hashlib.sha256()
    try:
        with _created_privately(unfinished) as target:
            file.seek(0)
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if moment:
            os.utime(unfinished, (moment.timestamp(), moment.timestamp()))
        unfinished.rename(final)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(final.parent)
    return path, digest.hexdigest()


def _created_privately(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, settings.FILE_UPLOAD_PERMISSIONS), "wb")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size
