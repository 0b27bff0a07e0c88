from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cchc.documents.domain.attachment import Checked, check
from cchc.documents.domain.contents import KINDS

MAX_FILES = 5


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Up to five files; the cleaned value is a list of Checked for attach(). A form with it is multipart."""

    widget = FilesInput
    default_error_messages = {
        "too_many": ngettext_lazy("Add at most %(limit)d file.", "Add at most %(limit)d files.", "limit"),
    }

    def __init__(self, *, limit: int = MAX_FILES, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", _("Files"))
        self.limit = limit
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ",".join(f".{extension}" for extension in KINDS)}

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:
        files = [file for file in (data if isinstance(data, Sequence) else [data]) if file]
        if len(files) > self.limit:
            raise ValidationError(self.error_messages["too_many"], "too_many", {"limit": self.limit})
        if not files:
            super().clean(None, initial)
            return []
        checked, errors = [], []
        for file in files:
            try:
                checked.append(check(file))
            except ValidationError as error:
                errors += error.messages
        if errors:
            raise ValidationError(errors)
        return checked
