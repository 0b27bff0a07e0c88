"""The first account of a new site."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cchc.organization.models import Person, Unit

pytestmark = pytest.mark.django_db


def test_the_code_signs_in_and_wants_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    call_command(
        "create_administrator", "quan.tri", "Trần Văn Quản", "--unit", "CAT", "--unit-name", "Công an tỉnh Sơn Nam"
    )
    code = capsys.readouterr().out.split()[-1].rstrip(".")
    client = Client()
    client.post(reverse("login"), {"username": "quan.tri", "password": code})
    assert client.get(reverse("unit_list")).headers["Location"].startswith(reverse("password_change"))
    assert Person.objects.get().positions.get().unit == Unit.objects.get(code="CAT")


def test_without_a_unit_nothing_is_made() -> None:
    with pytest.raises(CommandError, match="CAT"):
        call_command("create_administrator", "quan.tri", "Trần Văn Quản", "--unit", "CAT")
    assert not Person.objects.exists()
