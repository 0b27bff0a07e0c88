"""Start services in order, restart the one that dies, stop all in the reverse order."""

import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM, Signals

from cchc.embedded import process
from cchc.embedded.errors import CannotStart

DEATHS, WITHIN_SECONDS = 5, 60


@dataclass
class Service:
    """One child. ready: called after start, returns when it works, raises CannotStart when it does not."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    ready: Callable[[subprocess.Popen[bytes]], None] = lambda _child: None
    stop_signal: Signals = SIGTERM
    stop_seconds: float = 10
    log: Path | None = None
    child: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS))


class Supervisor:
    """Watches its services until told to stop. Restarts are announced through `say`."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.stages: list[list[Service]] = []

    def start(self, *services: Service) -> None:
        """Start these side by side and wait until they work; they stop before everything started earlier."""
        self.stages.append(list(services))
        for service in services:
            service.child = service.start()
        for service in services:
            service.ready(_running(service))

    def check(self) -> None:
        """Restart what has died since the last look; raises CannotStart when one dies 5 times in a minute."""
        for stage in self.stages:
            for service in stage:
                if _running(service).poll() is not None:
                    self._restart(service)

    def stop(self) -> None:
        """Stop everything, last started first."""
        for stage in reversed(self.stages):
            children = [(service, service.child) for service in stage if service.child is not None]
            for service, child in children:
                if child.poll() is None:
                    child.send_signal(service.stop_signal)
            for service, child in children:
                process.stop(child, how=service.stop_signal, seconds=service.stop_seconds)
        self.stages.clear()

    def _restart(self, service: Service) -> None:
        child, now = _running(service), time.monotonic()
        process.kill_group(child)
        service.deaths.append(now)
        if len(service.deaths) == DEATHS and now - service.deaths[0] < WITHIN_SECONDS:
            where = f" Its log: {service.log}" if service.log else ""
            raise CannotStart(
                f"{service.name} has ended {DEATHS} times within a minute (code {child.returncode}).{where}"
            )
        self.say(f"{service.name} has ended (code {child.returncode}); starting it again.")
        service.child = service.start()
        service.ready(service.child)


def _running(service: Service) -> subprocess.Popen[bytes]:
    if service.child is None:
        raise RuntimeError(f"{service.name} was never started")
    return service.child
