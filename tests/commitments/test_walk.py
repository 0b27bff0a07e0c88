"""Random walks of a campaign, its commitments and their reports together: whatever is done, these things hold."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone
from hypothesis.stateful import (
    invariant,
    precondition,
)

from cchc.workflow.flow import flow_of
from cchc.workflow.models import Event, Obligation
from commitments.domain.campaign import contents
from commitments.domain.draft import canonical
from commitments.domain.evaluation import computed, final_scores
from commitments.domain.progress import results
from commitments.domain.ranking import differences
from commitments.domain.report import progress_of
from commitments.enums import CampaignState, CommitmentState, Scoring, Stage
from commitments.models import Commitment, Place, Ranking, Report, Score
from commitments.models.commitment import BEING_SIGNED, STANDING
from tests.commitments.walking import YearSteps
from tests.walking import walked

S = CommitmentState


class YearWalk(YearSteps):
    """The steps of a year, and what holds after each."""

    def arrive(self) -> None:
        """However far the walk came, it goes on to the ranking, if anything is in force."""
        choice = Event.objects.count()
        if self._campaign().state == CampaignState.OPEN:
            self.the_evaluation_begins(choice)
            self.everything_holds()
        if self._campaign().state == CampaignState.EVALUATING:
            self.the_evaluation_ends(choice)
            self.everything_holds()
        super().arrive()

    def everything_holds(self) -> None:
        self.each_turn_is_owed_once()
        self.nothing_signed_changes()
        self.one_version_stands_and_one_is_drafted()
        self.results_and_lateness_are_as_counted_by_hand()
        self.scores_are_added_and_final_ones_complete()
        self.a_published_ranking_can_be_computed_again()

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


def rounded(value: Fraction) -> Decimal:
    """To a hundredth, half up."""
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.django_db
def test_whatever_is_done_in_a_year() -> None:
    walked(YearWalk, examples=10, steps=10)
