"""What is given to be checked: the code that a paper prints, or the file itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.web.forms import CleanForm

LARGEST = 10 * 1024 * 1024  # bytes


class VerifyForm(CleanForm):
    code = forms.CharField(label=gettext_lazy("Code of the paper"), max_length=60, required=False)
    file = forms.FileField(
        label=gettext_lazy("The PDF file itself"), required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "class": "form-control"}),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise ValidationError(_("The file is larger than 10 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("code") and not data.get("file"):
            self.add_error("code", _("Type the code of the paper, or choose its file."))
        return data
