"""Forms of a draft: what every paper has, and the fields of its kind's content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field
from datetime import date, datetime
from typing import Any, get_origin

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cchc.documents.domain.signers import signers
from cchc.documents.models import Document
from cchc.documents.typed import base_type, dump, line_type, parts
from cchc.documents.typeface import unprintable
from cchc.organization.forms.fields import DayField
from cchc.organization.models import Position
from cchc.web.forms import CleanForm

LONGEST, SHORT = 12_000, 500
MOST_LINES = 200


class MomentField(forms.DateTimeField):
    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"], **options)


class LinesField(forms.CharField):
    """A list of texts, one on each line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(super().to_python(value) or "").splitlines() if line.strip()]

    def run_validators(self, value: Any) -> None:
        if len(value) > MOST_LINES or any(len(line) > SHORT for line in value):
            words = _("At most %(lines)d lines of %(letters)d characters fit here.")
            raise ValidationError(words % {"lines": MOST_LINES, "letters": SHORT})


def field_for(part: Field[Any], kind: Any) -> forms.Field:
    """The form field of one field of a content."""
    rows = part.metadata["rows"]
    options: dict[str, Any] = {"label": part.metadata["label"], "required": False, "help_text": part.metadata["help"]}
    base = base_type(kind)
    if get_origin(kind) is list:
        return LinesField(widget=forms.Textarea(attrs={"rows": rows}), **options)
    if base is datetime:
        return MomentField(**options)
    if base is date:
        return DayField(**options)
    if base is int:
        return forms.IntegerField(min_value=0, max_value=10_000_000, **options)
    if rows > 1:
        return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **options)
    return forms.CharField(max_length=SHORT, **options)


class PrintedForm(CleanForm):
    """Refuses letters that papers cannot show, where they are typed."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            if isinstance(value, str | list) and (letters := unprintable("".join(value))):
                self.add_error(name, _("A paper cannot show these characters: %(letters)s") % {"letters": letters})
        return data


class PartsMixin:
    """The fields of the dataclass *content*, but for those that are tables of their own."""

    fields: dict[str, forms.Field]

    def add_parts(self, content: type, value: Any = None) -> None:
        self.parts = [(part, kind) for part, kind in parts(content) if line_type(kind) is None]
        for part, kind in self.parts:
            self.fields[part.name] = field_for(part, kind)
            if value is not None:
                self.fields[part.name].initial = getattr(value, part.name)

    def content_of(self, data: dict[str, Any]) -> dict[str, Any]:
        """The typed values; a number left blank is 0."""
        return {
            part.name: (data[part.name] or 0) if base_type(kind) is int else data[part.name]
            for part, kind in self.parts
        }


class DraftForm(PartsMixin, PrintedForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1_000_000)
    title = forms.CharField(
        label=gettext_lazy("Abstract, under the name of the kind"), max_length=SHORT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Place before the date"), max_length=80, required=False)
    drafter = forms.CharField(label=gettext_lazy("Symbol of the drafting unit"), max_length=30, required=False)
    signer = forms.ModelChoiceField(label=gettext_lazy("Signer"), queryset=Position.objects.none(), required=False)
    recipients = LinesField(
        label=gettext_lazy("Recipients"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One on each line; the last says where it is kept."),
    )  # fmt: skip

    def __init__(self, *args: Any, document: Document, **more: Any) -> None:
        super().__init__(*args, **more)
        kind = document.of_kind
        self.add_parts(kind.content, document.typed)
        self.fields["signer"].queryset = signers(document.host, timezone.localdate())
        self.fields["signer"].label_from_instance = _signer_words
        if kind.signed_by_two:
            del self.fields["signer"]
        if not kind.dated:
            del self.fields["place"]
        if not kind.numbered:
            del self.fields["drafter"]
        self.initial = {
            "seen": document.moves, "title": document.title, "place": document.place, "drafter": document.drafter,
            "signer": document.signer_id, "recipients": document.recipients.splitlines(), **self.initial,
        }  # fmt: skip

    def frame(self) -> Iterator[Any]:
        """What every paper has."""
        names = {part.name for part, _kind in self.parts}
        return (field for field in self if field.name not in names and not field.is_hidden)

    def words(self) -> Iterator[Any]:
        """What only this kind has."""
        names = {part.name for part, _kind in self.parts}
        return (field for field in self if field.name in names)

    def edits(self, kept: dict[str, Any]) -> dict[str, Any]:
        """What edit_document is given, *kept* being the content so far."""
        data = self.cleaned_data
        frame: dict[str, Any] = {name: data[name] for name in ("title", "place", "drafter", "signer") if name in data}
        return {
            **frame,
            "recipients": "\n".join(data["recipients"]),
            "content": {**kept, **dump(self.content_of(data))},
        }


def _signer_words(post: Position) -> str:
    acting = f"{post.get_acting_kind_display().split(' ')[0]} " if post.acting_kind else ""
    return f"{acting}{post.title}: {post.person.ranked_name}"


class LineForm(PartsMixin, PrintedForm):
    """One line of a table; `place` moves it, `drop` takes it out."""

    place = forms.IntegerField(label=gettext_lazy("Place in the order"), min_value=1, max_value=100_000, required=False)
    drop = forms.BooleanField(label=gettext_lazy("Take this line out"), required=False)

    def __init__(self, *args: Any, content: type, place: int, value: Any = None, **more: Any) -> None:
        super().__init__(*args, prefix=f"line-{place}", initial={"place": place}, **more)
        self.at, self.is_new = place, value is None
        self.add_parts(content, value)

    def words(self) -> Iterator[Any]:
        return (field for field in self if field.name not in ("place", "drop"))

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(part.name) for part, _kind in self.parts)


class CommentForm(CleanForm):
    text = forms.CharField(
        label=gettext_lazy("Comment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the comment.")},
    )  # fmt: skip


class IssueForm(CleanForm):
    """Day and number: the next free one is proposed, that of a register on paper may be typed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=1_000_000)
    day = DayField(label=gettext_lazy("Day that the paper bears"))
    number = forms.IntegerField(
        label=gettext_lazy("Number"), min_value=1, max_value=1_000_000, required=False,
        help_text=gettext_lazy("Left blank, it gets the next free number of its day's year."),
    )  # fmt: skip

    def __init__(self, *args: Any, document: Document, **more: Any) -> None:
        super().__init__(*args, **more)
        if not document.of_kind.numbered:
            del self.fields["number"]
        self.initial = {"seen": document.moves, "day": timezone.localdate(), **self.initial}
