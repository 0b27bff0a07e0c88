"""A right cannot change without a change to the golden file: `manage.py access_matrix --write`, then read the diff."""

from django.conf import settings

from cchc.organization.management.commands.access_matrix import GOLDEN
from cchc.organization.matrix import access_matrix


def test_as_agreed() -> None:
    assert access_matrix() == (settings.BASE_DIR / GOLDEN).read_text()
