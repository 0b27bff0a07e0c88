"""What processes have used: processor time and memory, read from the kernel."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import psutil


def family(pid: int) -> list[psutil.Process]:
    """A process and everything below it."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """Processor time these processes have used so far, in user and kernel."""
    total = 0.0
    for each in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system
    return total


def backends(postmaster: int, database: str) -> list[psutil.Process]:
    """The server processes of connections to one database (PostgreSQL writes its name into their titles)."""
    found = []
    for each in psutil.Process(postmaster).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if database in " ".join(each.cmdline()).split():
                found.append(each)
    return found


def memory(processes: list[psutil.Process]) -> list[dict[str, float]]:
    """For each process, in MB: the most it ever held, and its fair share now (what is shared is divided)."""
    found = []
    for each in processes:
        with contextlib.suppress(OSError, psutil.Error):
            folder = Path("/proc", str(each.pid))
            peak = _kb(folder / "status", "VmHWM")
            found.append({"pid": each.pid, "peak": peak / 1024, "share": _kb(folder / "smaps_rollup", "Pss") / 1024})
    return found


def _kb(file: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", file.read_text(), re.MULTILINE)
    return int(found[1]) if found else 0
