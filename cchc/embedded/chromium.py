"""The browser that tests and pictures use: `python -m cchc.embedded.chromium` prints its path, or installs it."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of a Chromium: $CHROMIUM, or the first one on PATH; None when there is none."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Print the path; root on a Debian machine installs it first."""
    path = find()
    apt = shutil.which("apt-get")
    if path is None and "CHROMIUM" not in os.environ and os.getuid() == 0 and apt:
        print("Installing Chromium …", file=sys.stderr, flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], env=quiet, stdout=sys.stderr, check=False)
        subprocess.run([apt, "install", "-y", "-qq", "chromium"], env=quiet, stdout=sys.stderr, check=False)
        path = find()
    if path is None:
        print(
            "The browser tests need Chromium. Install it (Debian: sudo apt install chromium; Fedora: sudo dnf install "
            "chromium), or name one: make test CHROMIUM=/path/to/chrome",
            file=sys.stderr,
        )
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
