"""What is done in a walk of a campaign, its commitments and their reports: allowed steps, and whatever is tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
)

from cchc.organization.enums import Rank, Role
from cchc.workflow.actors import CLOCK, SYSTEM
from cchc.workflow.engine import Refused, perform
from cchc.workflow.models import Event
from commitments.domain.campaign import CAMPAIGN_FLOW, Terms, set_terms
from commitments.domain.commitment import COMMITMENT_FLOW, unanswered
from commitments.domain.draft import canonical, save_tasks
from commitments.domain.progress import REPORT_FLOW, Reached
from commitments.enums import CampaignState, CommitmentState, Scoring
from commitments.models import Campaign, Commitment, Report, Task
from commitments.models.commitment import BEING_SIGNED, STANDING
from tests.commitments.factories import LEVELS, SCORES, campaign, countersign, sign, tasks
from tests.dialogues.factories import HANOI
from tests.factories import Force, force, person, post
from tests.walking import Walk

S = CommitmentState
BEGUN = datetime(2020, 1, 2, 8, tzinfo=HANOI)
BY_PEOPLE = [row.action for row in COMMITMENT_FLOW.transitions if row.who not in (SYSTEM, CLOCK)]
BACKWARD = {"return", "take_back", "send_back", "amend", "terminate"}
# What the table allows and the effect may refuse all the same: a day that has passed, points that nobody gave.
PARTICULAR = {"object"}
ELSEWHERE = ["register", "campaign:open", "campaign:publish", "campaign:cancel", "report:submit", "report:accept",
             "report:return"]  # fmt: skip
CHOICE = st.integers(0, 300)
WEIGHTS = st.lists(st.integers(1, 100), min_size=1, max_size=4)


class YearSteps(Walk):
    """Three units of one campaign, scored by their tasks and by judgement."""

    @initialize()
    def begin(self) -> None:
        self.town: Force = force()
        other = person("phu.dd", "Đào Duy Phú", rank=Rank.THIEU_TA)
        post(other, self.town.th, Role.UNIT_CHIEF, "Đội trưởng")
        self.chiefs = {
            self.town.qlhc.pk: self.town.unit_chief, self.town.th.pk: other, self.town.ward.pk: self.town.ward_chief,
        }  # fmt: skip
        self.now = BEGUN
        made = campaign(self.town, opened=False)
        criteria = [("Nhiệm vụ", Scoring.TASKS, Decimal(70)), ("Phối hợp", Scoring.JUDGED, Decimal(30))]
        groups = [("Đội", [self.town.qlhc, self.town.th]), ("Phường", [self.town.ward])]
        made = set_terms(made, Terms(criteria, LEVELS, groups), by=self.town.secretary, at=self.now)
        self.campaign = perform(made, "open", by=self.town.leader, at=self.now)
        self.signed: dict[Any, tuple[Any, ...]] = {}
        self.scores: list[tuple[Any, ...]] = []
        self.published = ""

    # --- what people do -------------------------------------------------------------------------------------------
    @rule(steps=st.lists(st.tuples(CHOICE, st.integers(0, 12)), min_size=6, max_size=12))
    def go_some_way(self, steps: list[tuple[int, int]]) -> None:
        """Units in turn make some allowed steps, mostly forward, and report between them."""
        for choice, days in steps:
            self.now += timedelta(days=days)
            made = self._of_unit(choice)
            if made.state == S.DRAFT:
                self._register(made, (60, 40))
            allowed = self._allowed(made)
            forward = [action for action in allowed if action not in BACKWARD]
            if allowed and choice % 5 == 2:
                self._step(made, allowed[choice // 5 % len(allowed)], choice)
            elif forward:
                self._step(made, forward[choice % len(forward)], choice)
            self._report(made, choice)

    @rule(which=CHOICE, action=st.sampled_from([*BY_PEOPLE, *ELSEWHERE]), weights=WEIGHTS)
    def try_anything(self, which: int, action: str, weights: list[int]) -> None:
        if action == "register":
            self._register(self._any(which), tuple(weights))
        elif action.startswith("campaign:"):
            self._step_of_campaign(action.removeprefix("campaign:"))
        elif action.startswith("report:"):
            reports = list(Report.objects.order_by("due_on", "pk"))
            if reports:
                self._step_of(reports[which % len(reports)], action.removeprefix("report:"), which)
        else:
            self._step(self._any(which), action, which)

    @precondition(lambda self: self._campaign().state == CampaignState.OPEN)
    @rule(choice=CHOICE)
    def the_evaluation_begins(self, choice: int) -> None:
        for number in range(len(self.chiefs) if choice % 3 else 0):
            if self._of_unit(number).state == S.DRAFT:
                self._register(self._of_unit(number), (60, 40))
            for action in ("sign", "countersign"):
                self._step(self._of_unit(number), action, choice)
        if choice % 2:
            self._step(self._of_unit(choice), "amend", choice)
        if Commitment.objects.filter(state=S.IN_FORCE).exists():
            self.now = max(self.now, datetime(2020, 12, 7, 8, tzinfo=HANOI))
        self._step_of_campaign("evaluate")

    @precondition(lambda self: self._campaign().state == CampaignState.EVALUATING)
    @rule(choice=CHOICE)
    def the_evaluation_ends(self, choice: int) -> None:
        late = {"object"} if timezone.localdate(self.now) > self.campaign.object_by else set()
        for made in Commitment.objects.filter(state__in=STANDING).order_by("unit"):
            found = made
            while found.state != S.FINAL:
                forward = [each for each in self._allowed(found) if each not in BACKWARD | late]
                assert forward
                self._step(found, forward[choice % len(forward)], choice)
                found = Commitment.objects.get(pk=made.pk)
        self._step_of_campaign("publish")

    @precondition(lambda self: self._campaign().state == CampaignState.EVALUATING)
    @rule()
    def the_time_for_objections_passes(self) -> None:
        self.now = max(self.now, datetime(2020, 12, 31, 8, tzinfo=HANOI))
        for made in unanswered(self.now):
            assert timezone.localdate(self.now) > self.campaign.object_by
            perform(made, "settle", by=CLOCK, at=self.now)

    # --- how ------------------------------------------------------------------------------------------------------
    def _allowed(self, made: Commitment) -> list[str]:
        rows = [row for row in COMMITMENT_FLOW.transitions if row.action in BY_PEOPLE]
        return [row.action for row in rows if made.state in row.sources and not row.guard(made)]

    def _step(self, made: Commitment, action: str, choice: int) -> None:
        allowed, before = action in self._allowed(made), Event.objects.count()
        try:
            with transaction.atomic():
                moved = self._perform(made, action, choice)
        except Refused:
            assert not allowed or action in PARTICULAR
            assert Event.objects.count() == before
            assert Commitment.objects.get(pk=made.pk).state == made.state
        else:
            assert allowed
            row = COMMITMENT_FLOW.row(action)
            assert moved.state in (row.targets if row.target else (made.state,))

    def _step_of_campaign(self, action: str) -> None:
        made = self._campaign()
        row, before = CAMPAIGN_FLOW.row(action), Event.objects.count()
        allowed = made.state in row.sources and not row.guard(made)
        by = self.town.secretary if action == "evaluate" else self.town.leader
        try:
            with transaction.atomic():
                perform(made, action, by=by, at=self.now, note="Theo chỉ đạo.")
        except Refused:
            assert not allowed
            assert Event.objects.count() == before
        else:
            assert allowed

    def _perform(self, made: Commitment, action: str, choice: int) -> Commitment:
        chief, leader = self.chiefs[made.unit_id], (self.town.leader, self.town.deputy)[choice % 2]
        if action == "sign":
            return sign(made, chief, self.now)
        if action == "countersign":
            return countersign(made, leader, self.now)
        data: dict[str, Any] = {}
        if action in SCORES:
            criteria = self.campaign.criteria.values_list("pk", flat=True)
            data["points"] = {pk: Decimal((choice * number) % 10_001) / 100 for number, pk in enumerate(criteria, 7)}
        if action in ("return", "score", "decide"):
            by = leader
        else:
            by = self.town.secretary if action in ("check", "send_back", "terminate") else chief
        return perform(made, action, by=by, at=self.now, note="Theo chỉ đạo.", **data)

    def _register(self, made: Commitment, weights: tuple[int, ...]) -> None:
        before, today = canonical(made), timezone.localdate(self.now)
        # Their days come soon, so that some results are early, some on the day and some late.
        due = [replace(each, due_on=today + timedelta(days=5 * n)) for n, each in enumerate(tasks(*weights), 1)]
        try:
            save_tasks(made, due, by=self.chiefs[made.unit_id], at=self.now)
        except Refused:
            assert made.state != S.DRAFT
            assert canonical(Commitment.objects.get(pk=made.pk)) == before
        else:
            assert made.state == S.DRAFT

    def _report(self, made: Commitment, choice: int) -> None:
        """Some report of the version is handed in, and mostly accepted."""
        reports = list(made.reports.exclude(state="closed").order_by("due_on", "pk"))
        if reports and choice % 3:
            report = reports[choice % len(reports)]
            for action in ("submit", "accept" if choice % 5 else "return"):
                self._step_of(report, action, choice)

    def _step_of(self, report: Report, action: str, choice: int) -> None:
        report, today = Report.objects.get(pk=report.pk), timezone.localdate(self.now)
        row, before = REPORT_FLOW.row(action), Event.objects.count()
        allowed = report.state in row.sources and not row.guard(report)
        by, data = self.town.secretary, {}
        if action == "submit":
            by = self.chiefs[report.unit.pk]
            wanted = [report.task] if report.task else list(report.commitment.tasks.all())[: choice % 3 + 1]
            data["entries"] = [reached(task, choice, today) for task in wanted]
        try:
            with transaction.atomic():
                perform(report, action, by=by, at=self.now, note="Kèm minh chứng.", **data)
        except Refused:
            assert not allowed
            assert Event.objects.count() == before
        else:
            assert allowed

    def _campaign(self) -> Campaign:
        return Campaign.objects.get(pk=self.campaign.pk)

    def _of_unit(self, number: int) -> Commitment:
        """The version of a unit that is being signed or stands, else its newest."""
        unit = sorted(self.chiefs)[number % 3]
        found = list(Commitment.objects.filter(unit=unit).order_by("-version"))
        return next((each for each in found if each.state in (*BEING_SIGNED, *STANDING)), found[0])

    def _any(self, number: int) -> Commitment:
        known = list(Commitment.objects.order_by("unit", "version"))
        return known[number % len(known)]


def reached(task: Task, choice: int, today: date) -> Reached:
    """Finished about its day, or without a word on that."""
    done = min(today, task.due_on + timedelta(days=choice % 3 - 1))
    return Reached(task, Decimal(choice), done if choice % 4 else None)
