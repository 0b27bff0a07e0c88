"""One step of `python -m benchmarks commitments` in a process of its own, whose memory and processor time are its own.

`python -m benchmarks.committing STEP [NUMBER]` prints a line of JSON. The steps lead a campaign through its year: what
people do by the thousand is written in bulk (benchmarks.pledges), what the program does is measured.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

import django
import psutil

CODE = "CK-NATION"
OVER = timedelta(days=360)  # the time for objections
Found = dict[str, Any]


def prepare(_number: int) -> Found:
    from benchmarks import pledges

    return pledges.prepare(CODE)


def register(_number: int) -> Found:
    from benchmarks import pledges

    return pledges.register(CODE)


def in_force(unsealed: int) -> Found:
    from benchmarks import pledges

    return pledges.in_force(CODE, unsealed)


def score(_number: int) -> Found:
    from benchmarks import pledges

    return pledges.score(CODE)


def move(action: str) -> Callable[[int], Found]:
    """A move of the campaign, as the button makes it."""

    def made(_number: int) -> Found:
        from django.utils import timezone

        from benchmarks.pledges import actors
        from cchc.workflow.chain import verify
        from cchc.workflow.engine import perform

        (secretary, leader), at = actors(), timezone.now() + (timedelta() if action == "open" else OVER)
        with _measured() as found:
            perform(_campaign(), action, by=secretary if action == "evaluate" else leader, at=at)
        return {**found, "the chain holds": verify().ok}

    return made


def settle(_number: int) -> Found:
    from django.utils import timezone

    from commitments.tasks import settle_silent

    with _measured() as found:
        found["settled"] = settle_silent(timezone.now() + OVER)
    return found


def publish(_number: int) -> Found:
    from commitments.domain import ranking
    from commitments.models import Ranking

    campaign = _campaign()
    with _measured() as gathering:
        content = ranking.gather(campaign)
    with _measured() as computing:
        ranking.compute(content)
    found = move("publish")(0)
    with _measured() as checking:
        checking["differences"] = len(ranking.differences(Ranking.objects.get(campaign__code=CODE)))
    return {**found, "gather": gathering, "compute": computing, "check": checking}


def rank(units: int) -> Found:
    """The arithmetic alone, of made-up units."""
    from commitments.domain.scoring import Scored, rank

    random, levels = Random(76), [("A", Decimal(90)), ("B", Decimal(50)), ("C", Decimal(0))]
    made = [Scored(f"{n}", f"G{n % 5}", Decimal(random.randrange(1001)) / 10) for n in range(units)]
    with _measured() as found:
        rank(made, levels, best_percent=20)
    return found


def seal(_number: int) -> Found:
    """Everything that waits, or what another worker leaves of it."""
    from django.utils import timezone

    from commitments.tasks import seal_waiting

    with _measured() as found:
        found["sealed"] = seal_waiting(timezone.now())
    return found


def parts(times: int) -> Found:
    """What signing has beyond an ordinary form: the password once more, and for the first signature the paper."""
    from django.utils import timezone

    from benchmarks.pledges import PASSWORD, actors
    from commitments.documents import Signing, to_be_signed
    from commitments.domain.signing import post_on
    from commitments.enums import Seat
    from commitments.models import Commitment

    drafts = list(Commitment.objects.filter(campaign__code=CODE, state="draft").order_by("pk")[: times + 5])
    (secretary, leader), at = actors(), timezone.now()
    post = post_on(Seat.LEADER, drafts[0], leader, at.date())
    assert post is not None
    signing = Signing(Seat.LEADER, post, at, "0" * 64)
    for draft in drafts[times:]:  # the first ones read the typeface
        to_be_signed(draft, signing)
    with _measured() as typesetting:
        for draft in drafts[:times]:
            to_be_signed(draft, signing)
    with _measured() as hashing:
        for _each in range(times):
            secretary.check_password(PASSWORD)
    return {"typesetting_ms": typesetting["cpu"] / times * 1000, "password_ms": hashing["cpu"] / times * 1000}


def _campaign() -> Any:
    from commitments.models import Campaign

    return Campaign.objects.get(code=CODE)


@contextmanager
def _measured() -> Iterator[Found]:
    """Seconds by the clock and of processor time, here and in the database; statements; the most memory in MB."""
    from django.db import connection

    connection.ensure_connection()
    backend = psutil.Process(connection.connection.info.backend_pid)
    asked, found = count(), Found()

    def counting(execute: Callable[..., Any], *args: Any) -> Any:
        next(asked)
        return execute(*args)

    def used() -> tuple[float, float, float]:
        there = backend.cpu_times()
        return time.perf_counter(), time.process_time(), there.user + there.system

    before = used()
    with connection.execute_wrapper(counting):
        yield found
    wall, here, there = (round(after - first, 3) for after, first in zip(used(), before, strict=True))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found |= {"seconds": wall, "cpu": here, "database_cpu": there, "statements": next(asked), "mb": most}


STEPS: dict[str, Callable[[int], Found]] = {
    "prepare": prepare, "open": move("open"), "register": register, "parts": parts, "in_force": in_force, "seal": seal,
    "evaluate": move("evaluate"), "score": score, "settle": settle, "publish": publish, "rank": rank,
}  # fmt: skip

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")
    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
