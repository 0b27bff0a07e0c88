"""Random walks of a campaign, its commitments and their reports together: whatever is done, these things hold."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cchc.organization.enums import Rank, Role
from cchc.workflow.actors import CLOCK, SYSTEM
from cchc.workflow.chain import verify
from cchc.workflow.engine import Refused, perform
from cchc.workflow.flow import flow_of
from cchc.workflow.models import Event, Obligation
from commitments.domain.campaign import CAMPAIGN_FLOW, Terms, contents, set_terms
from commitments.domain.commitment import COMMITMENT_FLOW, unanswered
from commitments.domain.draft import canonical, save_tasks
from commitments.domain.evaluation import computed, final_scores
from commitments.domain.progress import REPORT_FLOW, Reached, results
from commitments.domain.ranking import differences
from commitments.domain.report import progress_of
from commitments.enums import CampaignState, CommitmentState, Scoring, Stage
from commitments.models import Campaign, Commitment, Place, Ranking, Report, Score, Task
from commitments.models.commitment import BEING_SIGNED, STANDING
from tests.commitments.factories import LEVELS, SCORES, campaign, countersign, sign, tasks
from tests.dialogues.factories import HANOI
from tests.factories import Force, force, person, post

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


class YearWalk(RuleBasedStateMachine):
    """Three units of one campaign, scored by their tasks and by judgement."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        if hasattr(self, "town") and sys.exc_info()[0] is None:
            self.end_the_year()
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def end_the_year(self) -> None:
        """However far the walk came, it goes on to the ranking, if anything is in force."""
        choice = Event.objects.count()
        if self._campaign().state == CampaignState.OPEN:
            self.the_evaluation_begins(choice)
            self.everything_holds()
        if self._campaign().state == CampaignState.EVALUATING:
            self.the_evaluation_ends(choice)
            self.everything_holds()
        assert verify().ok

    def everything_holds(self) -> None:
        self.each_turn_is_owed_once()
        self.nothing_signed_changes()
        self.one_version_stands_and_one_is_drafted()
        self.results_and_lateness_are_as_counted_by_hand()
        self.scores_are_added_and_final_ones_complete()
        self.a_published_ranking_can_be_computed_again()

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

    # --- what holds -----------------------------------------------------------------------------------------------
    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def each_turn_is_owed_once(self) -> None:
        made = self._campaign()
        over = made.state in (CampaignState.PUBLISHED, CampaignState.CANCELLED)
        owed: dict[str, list[int]] = {}
        for pk, subject in Obligation.objects.open().values_list("pk", "subject_id"):
            owed.setdefault(subject, []).append(pk)
        told = Counter(Event.objects.values_list("subject_id", flat=True))
        commitments = Commitment.objects.defer("content").select_related("campaign")
        for subject in (made, *commitments, *Report.objects.all()):
            own = owed.get(str(subject.pk), [])
            assert own == ([subject.turn_id] if subject.state in flow_of(subject).owes else []), subject
            assert not (over and own), "nothing is owed any more"
            assert told[str(subject.pk)] == subject.moves

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def nothing_signed_changes(self) -> None:
        for made in Commitment.objects.filter(signatures__isnull=False).distinct().prefetch_related("signatures"):
            assert sum(task.weight for task in made.tasks.all()) == 100
            assert made.content == canonical(made)
            assert made.digest == hashlib.sha256(made.content.encode()).hexdigest()
            signatures = {each.seat: (each.person_id, each.digest, each.at) for each in made.signatures.all()}
            assert {digest for _who, digest, _at in signatures.values()} == {made.digest}
            assert len({who for who, _digest, _at in signatures.values()}) == len(signatures)
            assert ("leader" in signatures) == (made.in_force_at is not None)
            content, paper, known = self.signed.setdefault(made.pk, (made.content, made.paper_id, signatures))
            assert (content, paper) == (made.content, made.paper_id)
            assert known.items() <= signatures.items()
            self.signed[made.pk] = (content, paper, signatures)
        frozen = self._campaign()
        terms = json.dumps(contents(frozen), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert frozen.digest == hashlib.sha256(terms.encode()).hexdigest()

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def one_version_stands_and_one_is_drafted(self) -> None:
        for unit in self.chiefs:
            versions = list(Commitment.objects.filter(unit=unit).order_by("version"))
            assert [each.version for each in versions] == list(range(1, len(versions) + 1))
            assert sum(each.state in STANDING for each in versions) <= 1
            assert sum(each.state in (*BEING_SIGNED, S.RETURNED) for each in versions) <= 1

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def results_and_lateness_are_as_counted_by_hand(self) -> None:
        factor, today = Fraction(self.campaign.late_factor), timezone.localdate(self.now)
        criterion = self.campaign.criteria.get(scoring=Scoring.TASKS)
        for made in Commitment.objects.filter(state__in=STANDING):
            shown, points = {each.task.pk: each for each in progress_of(made, today)}, Decimal(0)
            for task in made.tasks.all():
                told = [
                    (report.submitted_at, entry)
                    for report in made.reports.filter(state="accepted")
                    for entry in report.entries.filter(task=task)
                ]
                said = [pair for pair in told if pair[1].done_on] or told
                if not said:
                    assert shown[task.pk].counted is None
                    assert shown[task.pk].is_late == (today > task.due_on)
                    continue
                at, entry = max(said, key=lambda pair: (pair[0], pair[1].pk))
                late = (entry.done_on or timezone.localdate(at)) > task.due_on
                share = min(Fraction(1), Fraction(entry.value) / Fraction(task.target))
                points += rounded(Fraction(task.weight) * share * (factor if late else 1))
                assert results(made)[task.pk] == entry == shown[task.pk].counted
                assert shown[task.pk].is_late == (late if share == 1 else today > task.due_on)
            found = computed(made, criterion)
            assert found is not None
            assert found[0] == points

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def scores_are_added_and_final_ones_complete(self) -> None:
        rows = Score.objects.order_by("id").values_list("commitment", "criterion", "stage", "points", "before")
        now = list(rows)
        assert now[: len(self.scores)] == self.scores
        self.scores = now
        standing: dict[tuple[Any, Any], Decimal] = {}
        last: dict[tuple[Any, Any], str] = {}
        for commitment, criterion, stage, points, before in now:
            assert before == standing.get((commitment, criterion))
            standing[commitment, criterion], last[commitment, criterion] = points, stage
        for made in Commitment.objects.filter(state=S.FINAL):
            given = [last[made.pk, criterion.pk] for criterion in self.campaign.criteria.all()]
            assert set(given) <= {Stage.LEADER, Stage.OBJECTION}

    @precondition(lambda self: hasattr(self, "town"))
    @invariant()
    def a_published_ranking_can_be_computed_again(self) -> None:
        made = self._campaign()
        ranking = Ranking.objects.filter(campaign=made).first()
        assert (ranking is not None) == (made.state == CampaignState.PUBLISHED)
        if ranking is None:
            return
        self.published = self.published or ranking.content
        assert (ranking.content, differences(ranking)) == (self.published, [])
        places = list(Place.objects.filter(ranking=ranking).select_related("commitment__group"))
        assert {place.commitment.unit_id for place in places} == set(self.chiefs)
        assert len(places) == len(self.chiefs)
        final = set(Commitment.objects.filter(state=S.FINAL))
        scores = {key: score for key, (score, _less) in final_scores(made, final).items()}
        assert {place.commitment for place in places if not place.unranked} == final
        for place in places:
            if not place.unranked:
                near = [each.pk for each in final if each.group_id == place.commitment.group_id]
                assert place.score == scores[place.commitment_id]
                assert place.overall == 1 + sum(score > place.score for score in scores.values())
                assert place.in_group == 1 + sum(scores[key] > place.score for key in near)
                assert place.of_group == len(near)


def reached(task: Task, choice: int, today: date) -> Reached:
    """Finished about its day, or without a word on that."""
    done = min(today, task.due_on + timedelta(days=choice % 3 - 1))
    return Reached(task, Decimal(choice), done if choice % 4 else None)


def rounded(value: Fraction) -> Decimal:
    """To a hundredth, half up."""
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.django_db
def test_whatever_is_done_in_a_year() -> None:
    run_state_machine_as_test(
        YearWalk,
        settings=settings(
            max_examples=10,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a walk takes minutes
        ),
    )
