import logging
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cchc.documents.domain.attachment import visible_subject
from cchc.documents.models import Attachment

log = logging.getLogger(__name__)


@login_not_required  # guests open the files of their own question; the subject's rule decides
@require_safe
def attachment_open(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, as a download that no browser runs. What one may not see answers like what is not there."""
    attachment = Attachment.objects.filter(pk=pk).first()
    if attachment is None or visible_subject(attachment, _viewer(request)) is None:
        raise Http404
    return download(attachment)


def download(attachment: Attachment) -> HttpResponseBase:
    """The answer that carries the file; whoever calls has asked for the right."""
    response = _bytes(attachment)
    response["Content-Type"] = "text/plain; charset=utf-8" if attachment.kind == "text/plain" else attachment.kind
    response["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _viewer(request: HttpRequest) -> object:
    """The person; or the guest, with the subjects whose tracking code was shown in this session as `tracking`."""
    viewer: Any = request.user
    if not viewer.is_authenticated:
        viewer.tracking = request.session.get("tracking")
    return viewer


def _bytes(attachment: Attachment) -> HttpResponseBase:
    prefix = getattr(settings, "FILES_ACCEL_PREFIX", "")
    if prefix:  # the web server in front reads the file; it knows MEDIA_ROOT as this internal address
        response = HttpResponse()
        response["X-Accel-Redirect"] = f"{prefix}{attachment.path}"
        return response
    try:
        return FileResponse((Path(settings.MEDIA_ROOT) / attachment.path).open("rb"))
    except FileNotFoundError:
        log.error("The file of attachment %s is missing on the disk", attachment.pk)
        raise Http404 from None
