"""Installing a program that tests need: by Debian's own tool, and nobody takes it before it is whole."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cchc.embedded.program import Program

OFFICE = Program("OFFICE_OF_A_TEST", ("office-of-a-test",), ("office-writer", "office-calc"), "Install it.", lean=True)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One whose apt-get writes down what it is told, lays the program there, and waits for a word before it ends."""
    monkeypatch.delenv(OFFICE.variable, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    os.mkfifo(tmp_path / "word")
    script = tmp_path / "apt-get"
    script.write_text(
        f'#!/bin/sh\ncd {tmp_path}\necho "$@" >>told\n[ "$1" = install ] || exit 0\n'
        "touch office-of-a-test && chmod +x office-of-a-test\ncat word >/dev/null\ntouch whole\n"
    )
    script.chmod(0o755)
    return tmp_path


def test_installed_lean_and_taken_when_it_is_whole(machine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def found() -> tuple[str | None, bool]:
        path = OFFICE.find()
        return path, (machine / "whole").exists()

    with ThreadPoolExecutor(2) as threads:
        installing = threads.submit(OFFICE.main)
        while not (machine / "office-of-a-test").exists():
            assert not installing.done()
        taken = threads.submit(found)
        (machine / "word").write_text("go")
        assert installing.result() == 0
        assert taken.result() == (str(machine / "office-of-a-test"), True)
    told = (machine / "told").read_text().splitlines()
    assert told == ["update -qq", "install -y -qq --no-install-recommends office-writer office-calc"]
    assert capfd.readouterr().out.strip() == str(machine / "office-of-a-test")


def test_what_is_there_is_not_installed_and_what_was_named_neither(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(OFFICE.variable, "no-such-office")
    assert OFFICE.main() == 1
    assert capfd.readouterr().err.strip() == "Install it."
    monkeypatch.delenv(OFFICE.variable)
    (machine / "office-of-a-test").touch(mode=0o755)
    assert OFFICE.main() == 0
    assert not (machine / "told").exists()
