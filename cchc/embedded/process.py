"""Processes that never outlive the one that started them."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: BinaryIO | int | None = None,
    account: pwd.struct_passwd | None = None,
    reach_everything: bool = False,
    death_signal: signal.Signals = signal.SIGTERM,
    cwd: Path | None = None,
    session: bool = True,
) -> subprocess.Popen[bytes]:
    """Start a process which gets `death_signal` when this one dies, whatever kills it (on Linux).

    account: run as this user (only root may ask). reach_everything: let that user pass closed folders such as /root.
    session: in a session of its own, so that Ctrl-C reaches only the supervisor, who stops the others in order.
    """
    parent = os.getpid()

    def in_child() -> None:
        if account is not None:
            _become(account, reach_everything=reach_everything)
        # After the change of user, which clears it.
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        [os.fspath(part) for part in argv],
        env=dict(env),
        stdin=subprocess.DEVNULL if session else None,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        cwd=cwd,
        start_new_session=session,
        preexec_fn=in_child,
    )


def stop(process: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask the process to end, wait, and kill its whole group when it has not ended after so many seconds."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what a dead process left behind in its session (workers of a web server, for example)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _become(account: pwd.struct_passwd, *, reach_everything: bool) -> None:
    if reach_everything and _libc is not None:
        # The change of user keeps the capabilities (all but one are given up below), and access() respects them.
        _libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    if reach_everything and _libc is not None:
        mask = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        sets = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
        _libc.capset(header, sets)
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)
