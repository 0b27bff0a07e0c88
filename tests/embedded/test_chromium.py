"""Finding the browser."""

import sys

from cchc.embedded import chromium


def test_the_one_named_is_taken(monkeypatch):
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert chromium.find() == sys.executable


def test_otherwise_the_first_on_the_path(monkeypatch, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.find() is None
    for name in ("google-chrome", "chromium-browser"):
        (tmp_path / name).touch(mode=0o755)
    assert chromium.find() == str(tmp_path / "chromium-browser")


def test_a_wrong_name_is_a_sentence(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    assert chromium.main() == 1
    assert "make test CHROMIUM=" in capsys.readouterr().err
