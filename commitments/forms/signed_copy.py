"""What comes back signed: a PDF with a digital signature, or scans of the paper signed by hand."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.domain.attachment import Checked
from cchc.documents.forms.attachment import AttachmentsField
from cchc.web.forms import CleanForm
from commitments.forms.verify import LARGEST

SCANNED = ("pdf", "png", "jpg", "jpeg")


class CopyForm(CleanForm):
    file = forms.FileField(
        label=gettext_lazy("The PDF with the digital signature"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "class": "form-control"}),
        error_messages={
            "required": gettext_lazy("Choose the signed file."), "empty": gettext_lazy("The file is empty."),
        },
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB."))
        return file


class ScanForm(CleanForm):
    files = AttachmentsField(label=gettext_lazy("Scan of the paper signed by hand"), limit=3, required=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["files"].widget.attrs |= {
            "accept": ",".join(f".{each}" for each in SCANNED),
            "class": "form-control",
        }

    def clean_files(self) -> list[Checked]:
        files: list[Checked] = self.cleaned_data["files"]
        if any(each.extension not in SCANNED for each in files):
            raise ValidationError(_("A scan is a PDF or a picture (PNG, JPEG)."))
        return files
