"""Words that several papers share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cchc.organization import access
from cchc.organization.models import Person, Unit


def post_of(person: Person) -> str:
    """ "Trung tá Phạm Văn Dũng, Trưởng Công an thị xã"."""
    post = next(iter(access.posts(person)), None)
    return f"{person.ranked_name}, {post.title}" if post else person.ranked_name


def filed() -> str:
    """The last line of recipients: where the paper itself is kept."""
    return _("Kept: records office")


def invited_line(units: list[Unit]) -> str:
    return ", ".join(unit.short_name for unit in units)
