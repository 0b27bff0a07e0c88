"""One supervisor per installation, by a lock that the kernel frees on any death."""

import fcntl
import os
from pathlib import Path

from cchc.embedded.errors import CannotStart


class Lock:
    """Held from creation until close() or the end of the process; raises CannotStart when somebody else holds it."""

    def __init__(self, home: Path) -> None:
        self._path = home / "lock"
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._fd, 200).decode().strip()
            os.close(self._fd)
            raise CannotStart(f"Already running in {home} ({holder}). Stop it with Ctrl-C there.") from None
        self.describe("")

    def describe(self, text: str) -> None:
        """Write down who holds the lock and where it can be reached, for the next one who tries."""
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, f"process {os.getpid()} {text}".strip().encode(), 0)

    def close(self) -> None:
        os.close(self._fd)
