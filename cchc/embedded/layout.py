"""Where the embedded servers keep their data, sockets and logs."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from cchc.embedded.errors import CannotStart

# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
SOCKET_PATH_BYTES = 103
LONGEST_SOCKET = "postgres/.s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The folders of one installation; two installations never share one."""

    home: Path
    sockets: Path

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def postgres_sockets(self) -> Path:
        return self.sockets / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.home / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def logs(self) -> Path:
        return self.home / "log"


def prepare_layout(home: Path) -> Layout:
    """Create the folders under `home`; sockets move to a short folder when the path is too long or odd for them.

    Raises CannotStart when a folder cannot be written.
    """
    home = home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "log").mkdir(exist_ok=True)
        sockets = _socket_folder(home)
        if not os.access(home / "log", os.W_OK):
            raise PermissionError
    except PermissionError:
        raise CannotStart(
            f"{home} cannot be written by this user. Start as the user who owns it, or set VAR_DIR to another folder."
        ) from None
    return Layout(home=home, sockets=sockets)


def _socket_folder(home: Path) -> Path:
    inside = home / "run"
    inside.mkdir(exist_ok=True)
    plain = re.fullmatch(r"[A-Za-z0-9/._-]+", str(inside))
    if plain and len(os.fsencode(inside / LONGEST_SOCKET)) <= SOCKET_PATH_BYTES:
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    short = Path("/tmp") / f"cchc-{os.getuid()}-{digest}"  # noqa: S108 - checked below; TMPDIR may itself be too long
    short.mkdir(mode=0o755, exist_ok=True)
    status = short.lstat()
    # /tmp is open to everybody: somebody else's folder or link of this name is not used.
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise CannotStart(f"{short} belongs to another user. Remove it, or check out into a shorter path.")
    return short
