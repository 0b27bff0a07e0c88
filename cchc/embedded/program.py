"""Programs that no wheel carries and only tests and pictures need: found on the machine, or installed."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """One of them. `variable` of the environment may name it; else the first of `names` on PATH is taken."""

    variable: str
    names: tuple[str, ...]
    package: str  # Debian's
    missing: str  # what to tell when it is not there

    def find(self) -> str | None:
        """Its path; None when there is none."""
        if named := os.environ.get(self.variable):
            return shutil.which(named)
        return next((path for name in self.names if (path := shutil.which(name))), None)

    def main(self) -> int:
        """Print the path; root on a Debian machine installs it first."""
        path = self.find()
        apt = shutil.which("apt-get")
        if path is None and self.variable not in os.environ and os.getuid() == 0 and apt:
            print(f"Installing {self.package} …", file=sys.stderr, flush=True)
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run([apt, "update", "-qq"], env=quiet, stdout=sys.stderr, check=False)
            subprocess.run([apt, "install", "-y", "-qq", self.package], env=quiet, stdout=sys.stderr, check=False)
            path = self.find()
        print(path or self.missing, file=sys.stdout if path else sys.stderr)
        return 0 if path else 1
