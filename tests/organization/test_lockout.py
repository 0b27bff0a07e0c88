"""The lock holds in every worker and after a restart: each try here is made by a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from cchc.organization.domain import person as people
from tests.factories import AT, person

PASSWORD = "bốn con thuyền trôi"
TRY = """
import sys, django
django.setup()
from django.test import Client
password, address, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
data = {"username": "an.nv", "password": password}
tries = [Client().post("/login/", data, REMOTE_ADDR=address) for _ in range(times)]
print(*(answer.status_code for answer in tries))
"""


@pytest.mark.django_db(transaction=True)
def test_lock_across_processes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["cchc.organization.hashers.Argon2"]
    people.set_password(person("an.nv"), PASSWORD, by=None, at=AT)
    assert attempt("sai", "127.0.0.9", 3) == ["400"] * 3
    assert attempt("sai", "127.0.0.9", 3)[-1] == "429"
    assert attempt(PASSWORD, "127.0.0.9") == ["429"]
    assert attempt(PASSWORD, "127.0.0.10") == ["302"]


def attempt(password: str, address: str, times: int = 1) -> list[str]:
    base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    query = os.environ["DATABASE_URL"].partition("?")[2]
    url = f"{base}/{connection.settings_dict['NAME']}" + (f"?{query}" if query else "")
    env = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "ALLOWED_HOSTS": "testserver"}
    command = [sys.executable, "-W", "ignore", "-c", TRY, password, address, str(times)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return done.stdout.split()
