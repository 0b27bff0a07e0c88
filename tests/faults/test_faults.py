"""Killed, cut off, slowed down and lied to: every reminder exists once, every mail arrives, the owner is told first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

import pytest

from tests.faults.conftest import CHIEFS
from tests.faults.fill import DUE
from tests.faults.stage import Stage, at

Make = Callable[..., Stage]


def late(stage: Stage) -> int:
    """How many duties are five days late: of each the chief, who was never told, is told with the leader."""
    return stage.chiefs // 10


def people(stage: Stage) -> int:
    """One mail to each chief, and one to the leader."""
    return stage.chiefs + 1


def reminders(stage: Stage) -> int:
    return stage.chiefs + 2 * late(stage)


def everything_was_told_once(stage: Stage) -> None:
    """All reminders, all mails, none more often than it was tried nor under another Message-ID, owners first."""
    assert stage.one("SELECT count(*) FROM workflow_notice") == reminders(stage)
    assert stage.states() == {"sent": stage.one("SELECT count(*) FROM followup_delivery")}
    ids = Counter(mail["id"] for mail in stage.mails())
    known = dict(stage.rows("SELECT message_id, person_id FROM followup_delivery"))
    assert set(ids) == set(known)
    assert len(set(known.values())) == people(stage)
    assert too_often(stage) == []
    each_notice_is_in_one_mail(stage)
    owners_first(stage)


def too_often(stage: Stage) -> list[str]:
    """The mails that came more often than is known of: a try that ended without an answer is known, a race is not."""
    ids = Counter(mail["id"] for mail in stage.mails())
    tries = dict(stage.rows("SELECT message_id, attempts FROM followup_delivery"))
    return [key for key, count in ids.items() if count > tries[key]]


def each_notice_is_in_one_mail(stage: Stage) -> None:
    held = stage.rows("SELECT notice_id, count(*) FROM followup_delivery_notices GROUP BY notice_id")
    assert (len(held), {count for _notice, count in held}) == (reminders(stage), {1})


def owners_first(stage: Stage) -> None:
    """By the order in which the mail server took them."""
    order = {}
    for place, mail in enumerate(stage.mails()):
        order.setdefault(mail["id"], place)
    told: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = stage.rows(
        "SELECT n.obligation_id, n.capacity = 'owner', d.message_id FROM workflow_notice n"
        " JOIN followup_delivery_notices h ON h.notice_id = n.id JOIN followup_delivery d ON d.id = h.delivery_id"
    )
    for obligation, owner, message_id in rows:
        if message_id in order:
            told[obligation]["owner" if owner else "above"].append(order[message_id])
    both = [each for each in told.values() if each["owner"] and each["above"]]
    assert len(both) == late(stage)
    assert all(max(each["owner"]) < min(each["above"]) for each in both)


def test_workers_killed_in_the_middle_of_two_hundred_sends(stage: Make) -> None:
    site = stage(chiefs=CHIEFS)
    site.mode("slow=0.01")
    site.start("sink")
    site.start("worker", "beat")
    site.until(lambda: len(site.mails()) >= 50)
    site.kill("worker")
    site.until(lambda: len(site.mails()) >= 110)
    site.kill("worker", part=True)
    site.until(site.all_ended)
    everything_was_told_once(site)


def test_beat_dead_for_two_working_days(stage: Make) -> None:
    site = stage(at(date(2026, 3, 17)))
    site.start("sink")
    site.start("worker", "beat")
    site.until(lambda: site.all_ended() and len(site.mails()) > 0)
    assert site.rows("SELECT DISTINCT stage FROM workflow_notice ORDER BY 1") == [(-1,)]
    first = len(site.mails())
    site.end("beat", "worker")
    site.set_clock(at(date(2026, 3, 20)))  # nobody looked on Wednesday and Thursday
    site.start("worker", "beat")
    site.until(lambda: site.one("SELECT count(*) FROM followup_run WHERE finished_at IS NOT NULL") == 2)
    site.until(site.all_ended)
    told = site.rows(
        "SELECT o.due_on, n.stage, n.capacity, count(*) FROM workflow_notice n JOIN workflow_obligation o"
        " ON o.id = n.obligation_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    # The stages 0 and +1 of Wednesday's duties were both passed: one of them is told, the higher one.
    assert told == [
        (date(2026, 3, 11), 5, "leader", late(site)),
        (date(2026, 3, 11), 5, "owner", late(site)),
        (DUE, -1, "owner", site.chiefs),
        (DUE, 1, "owner", site.chiefs),
    ]
    assert len(site.mails()) - first == people(site)
    owners_first(site)


def test_valkey_killed(stage: Make) -> None:
    site = stage()
    site.mode("slow=0.01")
    site.start("sink")
    site.start("worker", "beat")
    site.until(lambda: len(site.mails()) >= 15)
    site.servers.kill("queue")
    site.servers.start("queue")  # empty: what was queued there is lost
    site.until(site.all_ended)
    everything_was_told_once(site)


def test_postgresql_killed_and_started_again(stage: Make) -> None:
    site = stage()
    site.mode("slow=0.01")
    site.start("sink")
    site.start("worker", "beat")
    site.until(lambda: len(site.mails()) >= 15)
    site.servers.kill("database")
    site.servers.start("database")
    site.until(site.all_ended)
    everything_was_told_once(site)


def test_mail_server_away_then_refusing_one_and_putting_off_others(stage: Make) -> None:
    site = stage()
    site.mode("refuse=chief007 later=chief01")
    site.start("worker", "beat")
    site.until(lambda: site.one("SELECT count(*) FROM followup_delivery WHERE answer LIKE '%refused%'") > 0)
    site.start("sink")
    site.until(lambda: site.one("SELECT count(*) FROM followup_delivery WHERE answer LIKE '451%'") == 10)
    site.mode("refuse=chief007")
    site.until(site.all_ended)
    failed = site.rows("SELECT address, answer FROM followup_delivery WHERE state = 'failed'")
    assert failed == [("chief007@example.vn", "550 5.1.1 no such user here")]
    assert too_often(site) == []
    assert len({mail["to"] for mail in site.mails()}) == people(site) - 1
    owners_first(site)


def test_mail_server_slow(stage: Make) -> None:
    site = stage()
    site.mode("slow=1 until=4")  # longer than is waited for: taken, but nobody hears it
    site.start("sink")
    site.start("worker", "beat")
    site.until(site.all_ended)
    everything_was_told_once(site)


def test_mail_server_that_takes_a_mail_and_dies_before_it_answers(stage: Make) -> None:
    site = stage()
    site.mode("slow=0.005 die=30")
    site.start("sink")
    site.start("worker", "beat")
    site.until(site.all_ended)
    everything_was_told_once(site)
    assert Counter(mail["id"] for mail in site.mails()).most_common(1)[0][1] == 2  # SMTP itself cannot tell


@pytest.mark.parametrize("claims", [True, False])
def test_two_senders_at_once_and_the_race_without_claims(stage: Make, claims: bool) -> None:
    """The negative control: a batch takes longer than a tick, so two send at once: without claims, the same."""
    site = stage(TICK_SECONDS="0.5", TESTS_WITHOUT_CLAIMS="" if claims else "1")
    site.mode("slow=0.05")
    site.start("sink")
    site.start("worker", "beat")
    site.until(site.all_ended)
    if claims:
        everything_was_told_once(site)
    else:
        assert len(too_often(site)) > 4
