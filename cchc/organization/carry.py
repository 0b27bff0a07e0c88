"""What was typed into a page whose session had ended: it travels, signed, through the sign-in page and back.

It is kept nowhere: not in the browser's storage, not in a session, not in a table. An anonymous question that waits
here leads to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest

SALT = "cchc.organization.carry"
HOURS = 8
FIELD = "typed"
NOT_TYPED = ("csrfmiddlewaretoken", FIELD)
VISIBLE = 60  # characters from which a value is shown again rather than sent along unseen


@dataclass(frozen=True)
class Value:
    name: str
    text: str

    @property
    def visible(self) -> bool:
        return len(self.text) > VISIBLE or "\n" in self.text

    @property
    def rows(self) -> int:
        return min(12, 2 + len(self.text) // 60 + self.text.count("\n"))


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: *path* on this site, its values, the names of its file fields with what was attached."""

    path: str
    values: list[Value]
    files: list[tuple[str, str]]
    person_id: int | None = None

    @property
    def shown(self) -> list[Value]:
        return [value for value in self.values if value.visible]

    @property
    def hidden(self) -> list[Value]:
        return [value for value in self.values if not value.visible]

    @property
    def file_fields(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for field, name in self.files:
            found.setdefault(field, []).append(name)
        return found

    def belongs_to(self, person_id: int) -> bool:
        """False when it is known that somebody else typed it: at a shared desk the next person must not read it."""
        return self.person_id is None or self.person_id == person_id


def pack(request: HttpRequest, person_id: int | None = None) -> str:
    """What *request* posted, for a hidden field; "" when nothing was typed. Passwords are left out."""
    values = [
        (name, value)
        for name, several in request.POST.lists()
        if name not in NOT_TYPED and "password" not in name.lower()
        for value in several
    ]
    files = [(name, file.name) for name, several in request.FILES.lists() for file in several]
    if not any(value.strip() for _name, value in values) and not files:
        return ""
    data = {"path": request.get_full_path(), "values": values, "files": files, "person": person_id}
    return signing.dumps(data, salt=SALT, compress=True)


def unpack(text: str) -> Typed | None:
    """The form behind the hidden field; None when there is none, or it is older than HOURS or not ours."""
    try:
        data = signing.loads(text, salt=SALT, max_age=HOURS * 3600) if text else None
    except signing.BadSignature:
        return None
    if data is None:
        return None
    return Typed(
        path=data["path"],
        values=[Value(name, value) for name, value in data["values"]],
        files=[(field, name) for field, name in data["files"]],
        person_id=data["person"],
    )
