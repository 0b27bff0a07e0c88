"""Where the sockets go."""

import os
import shutil

import pytest

from cchc.embedded.errors import CannotStart
from cchc.embedded.layout import LONGEST_SOCKET, SOCKET_PATH_BYTES, prepare_layout
from cchc.embedded.lock import Lock


def test_a_plain_short_path_keeps_its_sockets_inside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "v"
    assert prepare_layout(home).sockets == home / "run"


@pytest.fixture(params=["x" * 120, "có dấu", "two words"])
def odd(tmp_path, request):
    """A layout whose path does not suit a socket; its folder in /tmp goes afterwards."""
    layout = prepare_layout(tmp_path / request.param)
    yield layout
    shutil.rmtree(layout.sockets)


def test_a_long_or_odd_path_has_them_in_a_short_folder(odd):
    assert len(os.fsencode(odd.sockets / LONGEST_SOCKET)) <= SOCKET_PATH_BYTES
    assert odd.sockets == prepare_layout(odd.home).sockets
    assert odd.home.name not in str(odd.sockets)


def test_a_short_folder_that_others_may_write_is_refused(odd):
    odd.sockets.chmod(0o777)
    with pytest.raises(CannotStart, match="belongs to another user"):
        prepare_layout(odd.home)


def test_a_lock_is_held_once_and_freed(tmp_path):
    lock = Lock(tmp_path)
    lock.describe("at http://localhost:8000")
    with pytest.raises(CannotStart, match=rf"process {os.getpid()} at http://localhost:8000"):
        Lock(tmp_path)
    lock.close()
    Lock(tmp_path).close()
