"""Programs that no wheel carries and only tests and pictures need: found on the machine, or installed."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """One of them. `variable` of the environment may name it; else the first of `names` on PATH is taken."""

    variable: str
    names: tuple[str, ...]
    packages: tuple[str, ...]  # Debian's
    missing: str  # what to tell when it is not there
    lean: bool = False  # without what Debian recommends beside it

    def find(self) -> str | None:
        """Its path; None when there is none. Waits while one of these programs is being installed."""
        with _one_at_a_time():
            return self._found()

    def _found(self) -> str | None:
        if named := os.environ.get(self.variable):
            return shutil.which(named)
        return next((path for name in self.names if (path := shutil.which(name))), None)

    def main(self) -> int:
        """Print the path; root on a Debian machine installs it first."""
        with _one_at_a_time():
            path = self._found()
            if path is None and self.variable not in os.environ and os.getuid() == 0:
                self._install()
                path = self._found()
        print(path or self.missing, file=sys.stdout if path else sys.stderr)
        return 0 if path else 1

    def _install(self) -> None:
        if (apt := shutil.which("apt-get")) is None:
            return
        print(f"Installing {', '.join(self.packages)} …", file=sys.stderr, flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        options = ["-y", "-qq", *(["--no-install-recommends"] if self.lean else [])]
        subprocess.run([apt, "update", "-qq"], env=quiet, stdout=sys.stderr, check=False)
        subprocess.run([apt, "install", *options, *self.packages], env=quiet, stdout=sys.stderr, check=False)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A program is there for others when its installation has ended, not when its first file is."""
    path = Path(tempfile.gettempdir()) / f"cchc-programs-{os.getuid()}.lock"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
