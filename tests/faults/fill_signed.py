"""The database of tests/faults/test_sealing.py: a campaign whose commitments are all signed and none is sealed.

`python -m tests.faults.fill_signed NUMBER` in a copy of the filled database: so many are in force, and one more waits
for the leader, who may sign in with PASSWORD. The administrator can be told by mail.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal

import django

PASSWORD = "mot-cua-xanh-27"
ADMINISTRATOR = "quan.tri@example.vn"


def fill(number: int) -> None:
    from django.utils import timezone

    from cchc.documents.models.paper import keep
    from cchc.organization.enums import Role
    from cchc.organization.models import Person, Unit
    from cchc.workflow.engine import perform
    from commitments.domain.campaign import Terms, create_campaign, set_terms
    from commitments.domain.draft import Registered, canonical, digest_of, save_tasks
    from commitments.enums import Scoring
    from tests import factories

    now = timezone.now()
    today = timezone.localdate(now)
    town = Unit.objects.get(code="CATX")
    clerk, leader = (Person.objects.get(username=name) for name in ("thu.ky", "lanh.dao"))
    leader.set_password(PASSWORD)
    leader.save()
    administrator = factories.person("quan.tri", email=ADMINISTRATOR)
    factories.post(administrator, Unit.objects.get(code="CAT"), Role.ADMINISTRATOR)
    days = ("opens_on", "sign_by", "self_by", "check_by", "score_by", "object_by")
    made = create_campaign(
        host=town, by=clerk, at=now, code="CK", year=today.year, title="Cam kết", place="An Thịnh", clause="Hiệu lực.",
        report_days=[], **{name: today + timedelta(days=30 * place) for place, name in enumerate(days)},
    )  # fmt: skip
    levels = [("Xuất sắc", Decimal(90)), ("Hoàn thành", Decimal(50)), ("Không hoàn thành", Decimal(0))]
    teams = list(Unit.objects.filter(kind="team").order_by("pk")[: number + 1])
    terms = Terms([("Nhiệm vụ đăng ký", Scoring.TASKS, Decimal(100))], levels, [("Đội", teams)])
    perform(set_terms(made, terms, by=clerk, at=now), "open", by=leader, at=now)
    work = [Registered("Trả hồ sơ đúng hạn", "Tỷ lệ đúng hạn", "%", Decimal(95), today, Decimal(100))]
    for place, each in enumerate(made.commitments.order_by("unit__pk")):
        chief = Person.objects.get(positions__unit=each.unit_id)
        each = save_tasks(each, work, by=chief, at=now)
        shown = {"digest": digest_of(canonical(each)), "paper": keep(b"%PDF-1.7 paper", now)}
        each = perform(each, "sign", by=chief, at=now, **shown)
        if place:
            perform(each, "countersign", by=leader, at=now, digest=each.digest)


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
