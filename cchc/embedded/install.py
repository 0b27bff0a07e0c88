"""Make .venv from the locks: `python3 -I cchc/embedded/install.py requirements.lock …`.

Runs before anything is installed, so it needs only the standard library, and an older Python must at least read it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VENV = BASE_DIR / ".venv"
PYTHON = VENV / "bin" / "python"


def main(locks: list[str]) -> None:
    """Install what the locks name, unless these very locks are installed already."""
    _need_python(locks)
    if _works() and all(_stamp(lock).exists() and _stamp(lock).read_text() == _digest(lock) for lock in locks):
        return
    if not _works():
        _make_venv()
    print(f"Installing the packages of {' and '.join(locks)} …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    if subprocess.call(pip + [part for lock in locks for part in ("-r", str(BASE_DIR / lock))]) != 0:
        sys.exit("The packages could not be installed; the reason is above. A package index must be reachable once.")
    for lock in locks:
        _stamp(lock).write_text(_digest(lock))


def _need_python(locks: list[str]) -> None:
    if tuple(sys.version_info) >= (3, 11):
        return
    for version in VERSIONS:
        found = shutil.which(f"python{version}")
        if found:
            os.execv(found, [found, "-I", __file__, *locks])  # noqa: S606
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version}. Install it, or name it: make run PYTHON=…")


def _make_venv() -> None:
    print("Creating .venv …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.call([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
        # Debian keeps these two in a package of their own.
        apt = shutil.which("apt-get")
        if os.getuid() != 0 or apt is None:
            sys.exit("Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv")
        subprocess.call([apt, "update", "-qq"])
        subprocess.call([apt, "install", "-y", "-qq", "python3-venv"])
    if subprocess.call([sys.executable, "-m", "venv", str(VENV)]) != 0:
        sys.exit("The folder .venv could not be made; the reason is above.")


def _works() -> bool:
    return PYTHON.exists() and subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0


def _stamp(lock: str) -> Path:
    return VENV / f".{lock}.installed"


def _digest(lock: str) -> str:
    # With the folder's own path: a moved checkout has scripts that point to the old place.
    return hashlib.sha256((BASE_DIR / lock).read_bytes() + os.fsencode(VENV)).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
