"""What is typed when something is asked: by an officer, by a guest, or by the secretary for somebody else."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from cchc.documents.forms.attachment import AttachmentsField
from cchc.organization import access
from cchc.organization.forms.fields import DayField, UnitField
from cchc.organization.models import Person, Unit
from cchc.web.forms import CleanForm
from cchc.web.text import fold
from dialogues import permissions
from dialogues.domain.intake import Asking, channel_now, new_submit_key, title_of
from dialogues.enums import ENTERED_CHANNELS, Audience, Channel, Identity, ItemKind
from dialogues.models import Conference, Field, Item, Topic

LONGEST, SHORTEST = 4000, 10
SHOWN = 5  # of several people that fit
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")
_PHONE = re.compile(r"0\d{9,10}|\+\d{9,15}")


class WordsForm(CleanForm):
    """The words themselves, and what they are about: all that one's own item lets change later."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=ItemKind.choices,
        initial=ItemKind.QUESTION,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it is a question, an opinion or a proposal.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Content"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={
            "required": gettext_lazy("Write what you want to ask or say."),
            "min_length": gettext_lazy("Write at least %(limit_value)d letters, so that it can be understood."),
            "max_length": gettext_lazy("The content may have %(limit_value)d letters at most; it has %(show_value)d."),
        },
    )
    title = forms.CharField(
        label=gettext_lazy("Short title"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Left empty, the first sentence becomes the title."),
        error_messages={"max_length": gettext_lazy("The title may have %(limit_value)d letters at most.")},
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=gettext_lazy("CCHC content"), required=False)
    field = forms.ModelChoiceField(Field.objects.all(), label=gettext_lazy("Professional field"), required=False)

    def __init__(self, conference: Conference, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conference = conference
        for name in ("topic", "field"):
            if name in self.fields:
                self.fields[name].empty_label = _("Not sure, leave it to the secretary")
                self.fields[name].error_messages["invalid_choice"] = _("Choose one from the list.")
        if "topic" in self.fields:
            self.fields["topic"].queryset = Topic.objects.filter(set=conference.topics_id)

    def words(self) -> dict[str, Any]:
        """What the domain's edit() takes."""
        return {name: self.cleaned_data[name] for name in WordsForm.base_fields if name in self.cleaned_data}


class EditForm(WordsForm):
    """One's own item until it is accepted. *seen* is the count of moves of the page that was edited."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    def __init__(self, item: Item, *args: Any, **options: Any) -> None:
        saved = {name: getattr(item, name) for name in ("kind", "text", "title", "topic", "field")}
        if item.title == title_of(item.text):
            saved["title"] = ""  # nobody wrote it: it shall follow the text
        options["initial"] = {**saved, "seen": item.moves, **options.get("initial", {})}
        super().__init__(item.conference, *args, **options)
        if item.state != Item.State.DRAFT:
            del self.fields["kind"]


class AskForm(WordsForm):
    """An officer asks. Whether his name may be known he says himself: nothing is chosen beforehand."""

    identity = forms.ChoiceField(
        label=gettext_lazy("Who may know your name?"),
        choices=Identity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether your name may be known.")},
    )
    files = AttachmentsField()
    submit_key = forms.CharField(widget=forms.HiddenInput, required=False)

    field_order = ("identity", "kind", "text", "title", "topic", "field", "files")

    def clean_submit_key(self) -> str:
        # A key that somebody made up could be made up by somebody else too, who would then get this receipt.
        typed = self.cleaned_data["submit_key"]
        return typed if _KEY.fullmatch(typed) else new_submit_key()

    def asking(self, person: Person) -> Asking:
        """What *person* raises. Of an anonymous one the name does not get further than this."""
        anonymous = self.cleaned_data["identity"] == Identity.ANONYMOUS
        post = access.post_for(person, permissions.ASK, self.conference.host)
        return Asking(
            **self.words(),
            identity=Identity(self.cleaned_data["identity"]),
            audience=Audience.OFFICERS,
            channel=channel_now(self.conference),
            author=None if anonymous else person,
            unit=post.unit if post and not anonymous else None,
        )


class ContactMixin:
    cleaned_data: dict[str, Any]

    def clean_asker_contact(self) -> str:
        """A phone number or an e-mail address, one of them."""
        typed: str = self.cleaned_data.get("asker_contact") or ""
        if "@" in typed:
            try:
                validate_email(typed)
            except ValidationError as error:
                raise ValidationError(_("An e-mail address looks like hong.lt@example.vn.")) from error
            return typed
        number = re.sub(r"[\s.()-]", "", typed)
        if number and not _PHONE.fullmatch(number):
            raise ValidationError(_("A phone number has 10 digits, for example 0912 345 678."))
        return number


class GuestForm(ContactMixin, AskForm):
    """A citizen or a business asks by a conference's link. A name is asked for only where it shall be known."""

    audience = forms.ChoiceField(
        label=gettext_lazy("You are asking as"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether you ask as a citizen or for a business.")},
    )
    asker_name = forms.CharField(label=gettext_lazy("Full name"), max_length=120, required=False)
    asker_contact = forms.CharField(label=gettext_lazy("Phone or e-mail"), max_length=120, required=False)
    locality = forms.CharField(label=gettext_lazy("Place of residence or business"), max_length=120, required=False)
    topic = None
    title = None

    # As on the page: the box of errors leads down it.
    field_order = (
        "text", "kind", "identity", "asker_name", "asker_contact", "locality", "audience", "field", "files"
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["identity"].label = pgettext("guest", "Who may know your name?")
        self.fields["audience"].choices = guest_audiences(self.conference)
        if len(self.fields["audience"].choices) == 1:
            self.fields["audience"].initial = self.fields["audience"].choices[0][0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("identity") == Identity.NAMED and not data.get("asker_name") and "asker_name" not in self.errors:
            self.add_error("asker_name", _("Write your name, or choose to leave none."))
        return data

    def asking(self, person: Person | None = None) -> Asking:
        data = self.cleaned_data
        named = data["identity"] == Identity.NAMED
        given = {name: data[name] for name in ("asker_name", "asker_contact", "locality")} if named else {}
        return Asking(
            **self.words(),
            identity=Identity(data["identity"]),
            audience=Audience(data["audience"]),
            channel=channel_now(self.conference),
            **given,
        )


def guest_audiences(conference: Conference) -> list[tuple[str, str]]:
    """The audiences without accounts that a conference has invited, as choices."""
    guests = (Audience.CITIZENS, Audience.BUSINESSES)
    words = {Audience.CITIZENS: _("Citizen"), Audience.BUSINESSES: _("Business, organization")}
    invited = {entry.audience for entry in conference.audiences.all()}
    return [(audience.value, words[audience]) for audience in guests if audience in invited]


class OfficerField(forms.CharField):
    """An officer within the reach of the conference, by user name or by a full name that only one has."""

    def __init__(self, **options: Any) -> None:
        self.people: QuerySet[Person] = Person.objects.none()
        super().__init__(max_length=120, required=False, **options)

    def to_python(self, value: Any) -> Any:
        typed = super().to_python(value)
        return self._find(typed) if typed else None

    def _find(self, typed: str) -> Person:
        if exact := self.people.filter(username=typed.lower()).first():
            return exact
        found = list(self.people.search(typed).order_by("sort_key")[: SHOWN + 1])
        named = [person for person in found if fold(person.full_name) == fold(typed)]
        if len(named) == 1 or len(found) == 1:
            return (named or found)[0]
        if not found:
            raise ValidationError(_("There is no such officer here. Type the user name, or leave it empty."))
        names = ", ".join(f"{person.username} ({person.full_name})" for person in found[:SHOWN])
        raise ValidationError(
            ngettext(
                "%(count)d officer fits: %(names)s. Type the user name.",
                "Several officers fit: %(names)s. Type the user name.",
                len(found),
            )
            % {"count": len(found), "names": names}
        )

    def validate(self, value: Any) -> None:
        """Found or empty: nothing is left to judge."""

    run_validators = validate


class ForOthersForm(ContactMixin, AskForm):
    """The secretary enters what came on paper, out of the box, from a unit, or was said in the hall."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How it came in"),
        choices=[(value, label) for value, label in Channel.choices if value in ENTERED_CHANNELS],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how it came in.")},
    )
    received_on = DayField(label=gettext_lazy("Received on"))
    audience = forms.ChoiceField(
        label=gettext_lazy("Asker"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who asks.")},
    )
    author = OfficerField(
        label=gettext_lazy("Officer with an account"),
        help_text=gettext_lazy("User name or full name. He finds it among his own items."),
    )
    asker_name = forms.CharField(label=gettext_lazy("Name as written"), max_length=120, required=False)
    asker_contact = forms.CharField(label=gettext_lazy("Phone or e-mail"), max_length=120, required=False)
    unit = UnitField(label=gettext_lazy("Unit"), required=False)
    locality = forms.CharField(label=gettext_lazy("Place of residence or business"), max_length=120, required=False)

    field_order = ("channel", "received_on", "audience", "identity", "author", "asker_name", "unit")

    def __init__(self, conference: Conference, *args: Any, today: date, **options: Any) -> None:
        super().__init__(conference, *args, **options)
        self.today = today
        units = Unit.objects.below(conference.host).valid_on(today)
        self.fields["author"].people = Person.objects.filter(pk__in=units.values("positions__person"), is_active=True)
        self.fields["unit"].units = units
        self.fields["identity"].label = _("Does a name stand on it?")
        self.fields["identity"].error_messages["required"] = _("Choose whether a name stands on it.")

    def clean_received_on(self) -> date:
        received: date = self.cleaned_data["received_on"]
        if received > self.today:
            raise ValidationError(_("This day has not come yet."))
        if (self.today - received).days > 366:
            raise ValidationError(_("Check the year of this date."))
        return received

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        named = data.get("identity") == Identity.NAMED
        if (
            named
            and not (data.get("author") or data.get("asker_name"))
            and not {"author", "asker_name"} & {*self.errors}
        ):
            self.add_error("asker_name", _("Write the name that stands on it, or choose that none does."))
        if data.get("author") and data.get("audience") not in (None, Audience.OFFICERS):
            self.add_error("author", _("Only an officer has an account. Choose officers as the asker."))
        return data

    def asking(self, person: Person | None = None) -> Asking:
        data = self.cleaned_data
        given: dict[str, Any] = {}
        if data["identity"] == Identity.NAMED:
            given = {name: data[name] for name in ("author", "asker_name", "asker_contact", "unit", "locality")}
        if author := given.get("author"):
            post = access.post_for(author, permissions.ASK, self.conference.host)
            given |= {"asker_name": "", "unit": given["unit"] or (post.unit if post else None)}
        return Asking(
            **self.words(),
            identity=Identity(data["identity"]),
            audience=Audience(data["audience"]),
            channel=Channel(data["channel"]),
            received_on=data["received_on"],
            **given,
        )
