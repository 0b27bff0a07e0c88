"""Two people act at once on one commitment or campaign: one wins, the other is told, and nothing signed is lost.

Every race has its negative control, which takes the row locks away: the same race must show then, or these tests prove
nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet

from cchc.documents.models import Paper
from cchc.organization.enums import ActingKind, Role
from cchc.organization.models import Person, Position, Unit
from cchc.workflow.chain import verify
from cchc.workflow.engine import MovedOn, Refused, perform
from cchc.workflow.models import Event, Obligation
from commitments.domain.campaign import Terms, create_campaign, set_terms
from commitments.domain.draft import canonical, digest_of, save_tasks
from commitments.domain.progress import Reached
from commitments.domain.terms import frozen_terms, terms_of
from commitments.enums import CampaignState, CommitmentState, Scoring, Seat
from commitments.models import Campaign, Commitment, Report, Signature
from tests.commitments.factories import AT, DAYS, LEVELS, countersign, sign, tasks
from tests.dialogues.test_item_race import at_once
from tests.factories import SINCE, Force, force, person, post

S = CommitmentState
PAIRS = 50
FEW = 12
CRITERIA = [("Nhiệm vụ đăng ký", Scoring.TASKS, Decimal(100))]
OTHERS = [*CRITERIA[:-1], ("Nhiệm vụ", Scoring.TASKS, Decimal(60)), ("Điểm khác", Scoring.JUDGED, Decimal(40))]

pytestmark = pytest.mark.django_db(transaction=True)
Pair = Callable[[Any], list[Any]]


@pytest.fixture
def town() -> Force:
    return force()


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Takes the row locks away from then on."""
    return lambda: monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)


def drafts(town: Force, number: int = PAIRS) -> list[Commitment]:
    """Of so many teams, all led by the chief of QLHC, in one open campaign."""
    teams = [
        Unit(code=f"D{n}", name=f"Đội {n}", short_name=f"Đội {n}", kind="team", parent=town.town, command=town.town)
        for n in range(number)
    ]
    Unit.objects.bulk_create(teams)
    for team in teams:
        team.path = f"{town.town.path}{team.pk}."
    Unit.objects.bulk_update(teams, ["path"])
    Position.objects.bulk_create(
        Position(person=town.unit_chief, unit=team, role=Role.UNIT_CHIEF, title="Đội trưởng", valid_from=SINCE)
        for team in teams
    )
    town.unit_chief.__dict__.pop("_posts", None)
    made = in_preparation(town, "CK-2020", teams)
    made = perform(made, "open", by=town.leader, at=AT)
    found = made.commitments.select_related("campaign", "unit", "host").order_by("unit__pk")
    return [save_tasks(each, tasks(), by=town.unit_chief, at=AT) for each in found]


def signed(town: Force, number: int = PAIRS) -> list[Commitment]:
    return [sign(each, town.unit_chief) for each in drafts(town, number)]


def in_preparation(town: Force, code: str, units: list[Unit]) -> Campaign:
    made = create_campaign(
        host=town.town, by=town.secretary, at=AT, code=code, year=2020, place="An Thịnh", title="Cam kết năm 2020",
        clause="Kết quả là một tiêu chí đánh giá.", **DAYS,
    )  # fmt: skip
    return set_terms(made, Terms(CRITERIA, LEVELS, [("Đội", units)]), by=town.secretary, at=AT)


def campaigns(town: Force, number: int = PAIRS) -> list[Campaign]:
    return [in_preparation(town, f"CK-{n}", [town.qlhc]) for n in range(number)]


def one_wins(results: list[Any]) -> Refused:
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], Refused), repr(refused[0])
    return refused[0]


def shows(race: Pair, subjects: Iterable[Any]) -> bool:
    """Whether any pair ends otherwise than with one who wins and one who is told."""
    return any([isinstance(result, Refused) for result in race(each)].count(True) != 1 for each in subjects)


def all_is_whole() -> None:
    """Every commitment owes once what its state owes, what was signed is what stands there, and the ledger is whole."""
    owed = Counter(Obligation.objects.open().values_list("subject_id", flat=True))
    for made in Commitment.objects.prefetch_related("signatures", "tasks").select_related("campaign", "unit", "host"):
        assert owed[str(made.pk)] == (1 if made.turn_id else 0)
        assert made.turn_id is not None or made.state not in (S.DRAFT, S.SIGNED, S.RETURNED)
        if made.content:
            assert json.loads(made.content)["tasks"] == json.loads(canonical(made))["tasks"]
            assert {each.digest for each in made.signatures.all()} == {made.digest}
        else:
            assert not made.signatures.all()
    assert verify().ok


# --- Two deputies confirm at once -------------------------------------------------------------------------------------
@pytest.fixture
def deputies(town: Force) -> tuple[Person, Person]:
    second = person("son.dv")
    post(
        second, town.town, Role.DEPUTY_LEADER, "Phó Trưởng Công an thị xã", acting_kind=ActingKind.KT,
        authority="13/QĐ-CATX",
    )  # fmt: skip
    return town.deputy, second


def both_confirm(deputies: tuple[Person, Person]) -> Pair:
    def race(made: Commitment) -> list[Any]:
        return at_once(*[lambda by=by: countersign(made, by) for by in deputies])

    return race


def test_two_deputies_confirm_at_once(town: Force, deputies: tuple[Person, Person]) -> None:
    race = both_confirm(deputies)
    for made in signed(town):
        results = race(made)
        told = one_wins(results)
        assert isinstance(told, MovedOn)
        assert told.event is not None
        assert (told.event.action, made.signatures.count()) == ("countersign", 2)
        winner = deputies[isinstance(results[0], Exception)]
        seal = made.signatures.get(seat=Seat.LEADER)
        assert (seal.person, seal.authority) == (winner, winner.positions.get().authority)
        assert told.event.actor_id == winner.pk
        assert Event.objects.of(made).filter(action="countersign").count() == 1
    assert Commitment.objects.unsealed().count() == PAIRS
    all_is_whole()


def test_without_locks_two_deputies_show(
    town: Force, deputies: tuple[Person, Person], unlocked: Callable[[], None]
) -> None:
    """Then only a constraint of the database stops the second, as an error that tells him nothing."""
    made = signed(town, FEW)
    unlocked()
    assert shows(both_confirm(deputies), made)


# --- The chief takes his signature back while the leader confirms -----------------------------------------------------
def taken_back_or_confirmed(town: Force) -> Pair:
    def race(made: Commitment) -> list[Any]:
        return at_once(
            lambda: perform(made, "take_back", by=town.unit_chief, at=AT, note="Đổi chỉ tiêu"),
            lambda: countersign(made, town.leader),
            lambda: save_tasks(made, tasks(50, 50), by=town.unit_chief, at=AT),
        )

    return race


def test_the_chief_takes_back_and_edits_what_the_leader_confirms(town: Force) -> None:
    race = taken_back_or_confirmed(town)
    for made in signed(town):
        *moves, edit = race(made)
        assert isinstance(one_wins(moves), MovedOn)
        assert isinstance(edit, MovedOn), "what is signed is never edited"
        made.refresh_from_db()
        confirmed = made.state == S.IN_FORCE
        assert confirmed or (made.state, made.in_force_at, made.return_reason) == (S.RETURNED, None, "Đổi chỉ tiêu")
        assert made.signatures.count() == (2 if confirmed else 1)
        assert confirmed == made.reports.exists()
    all_is_whole()


def test_without_locks_taking_back_shows(town: Force, unlocked: Callable[[], None]) -> None:
    made = signed(town, FEW)
    unlocked()
    assert shows(lambda each: taken_back_or_confirmed(town)(each)[:2], made)


# --- The chief signs what was shown while somebody saves other tasks --------------------------------------------------
def signed_or_saved(town: Force) -> Pair:
    def race(made: Commitment) -> list[Any]:
        shown = digest_of(canonical(made))
        return at_once(
            lambda: sign(made, town.unit_chief, digest=shown),
            lambda: save_tasks(made, tasks(30, 70), by=town.secretary, at=AT, seen=made.moves),
        )

    return race


def test_tasks_are_saved_while_the_chief_signs(town: Force) -> None:
    race, papers = signed_or_saved(town), set()
    for made in drafts(town):
        before = digest_of(canonical(made))
        results = race(made)
        assert isinstance(one_wins(results), MovedOn)
        made = Commitment.objects.get(pk=made.pk)
        won = made.state == S.SIGNED
        assert (made.digest, made.signatures.count()) == ((before, 1) if won else ("", 0))
        assert [each.weight for each in made.tasks.all()] == ([60, 40] if won else [30, 70])
        papers |= {made.paper_id}
    assert set(Paper.objects.values_list("pk", flat=True)) >= papers - {None}
    all_is_whole()


def test_without_locks_a_text_changes_under_the_signature(town: Force, unlocked: Callable[[], None]) -> None:
    made = drafts(town, FEW)
    unlocked()
    assert shows(signed_or_saved(town), made)


# --- A campaign is opened while its terms are saved -------------------------------------------------------------------
def opened_or_saved(town: Force) -> Pair:
    def race(made: Campaign) -> list[Any]:
        other = Terms(OTHERS, LEVELS, [("Đội", [town.qlhc]), ("Phường, xã", [town.ward])])
        return at_once(
            lambda: perform(made, "open", by=town.leader, at=AT, seen=made.moves),
            lambda: set_terms(made, other, by=town.secretary, at=AT, seen=made.moves),
        )

    return race


def test_terms_are_saved_while_the_campaign_is_opened(town: Force) -> None:
    race = opened_or_saved(town)
    for made in campaigns(town):
        assert isinstance(one_wins(race(made)), MovedOn)
        made = Campaign.objects.get(pk=made.pk)
        opened = made.state == CampaignState.OPEN
        assert made.commitments.count() == (1 if opened else 0)
        now = terms_of(made)
        assert list(now.criteria) == (CRITERIA if opened else OTHERS)
        if opened:
            assert list(frozen_terms(made).criteria) == CRITERIA
    all_is_whole()


def test_without_locks_frozen_terms_change(town: Force, unlocked: Callable[[], None]) -> None:
    made = campaigns(town, FEW)
    unlocked()
    assert shows(opened_or_saved(town), made)


# --- A campaign is cancelled while its units draft and sign -----------------------------------------------------------
def opened(town: Force, number: int = PAIRS) -> list[Commitment]:
    """The commitments of QLHC, ready to be signed, each in a campaign with that of the ward."""
    found = []
    for n in range(number):
        made = in_preparation(town, f"CK-{n}", [town.qlhc, town.ward])
        made = perform(made, "open", by=town.leader, at=AT)
        draft = made.commitments.select_related("campaign", "unit", "host").get(unit=town.qlhc)
        found.append(save_tasks(draft, tasks(), by=town.unit_chief, at=AT))
    return found


def signed_or_cancelled(town: Force) -> Pair:
    def race(made: Commitment) -> list[Any]:
        return at_once(
            lambda: sign(made, town.unit_chief),
            lambda: perform(made.campaign, "cancel", by=town.leader, at=AT, note="Tỉnh giao lại"),
        )

    return race


def test_a_unit_signs_while_the_campaign_is_cancelled(town: Force) -> None:
    race = signed_or_cancelled(town)
    for made in opened(town):
        one_wins(race(made))
        made = Commitment.objects.select_related("campaign").get(pk=made.pk)
        states = {(S.SIGNED, CampaignState.OPEN, 1), (S.LAPSED, CampaignState.CANCELLED, 0)}
        assert (made.state, made.campaign.state, made.signatures.count()) in states
    all_is_whole()


def test_without_locks_a_signed_commitment_lapses(town: Force, unlocked: Callable[[], None]) -> None:
    made = opened(town, FEW)
    unlocked()
    assert shows(signed_or_cancelled(town), made)


def test_a_unit_saves_its_draft_while_the_campaign_is_cancelled(town: Force) -> None:
    """What was saved in time stays readable; what was not is refused, and so not lost unseen."""
    for made in opened(town, FEW):
        saved, ended = at_once(
            lambda made=made: save_tasks(made, tasks(30, 70), by=town.unit_chief, at=AT),
            lambda made=made: perform(made.campaign, "cancel", by=town.leader, at=AT, note="Tỉnh giao lại"),
        )
        assert not isinstance(ended, Exception), repr(ended)
        assert isinstance(saved, Commitment | MovedOn), repr(saved)
        made = Commitment.objects.get(pk=made.pk)
        kept = [30, 70] if isinstance(saved, Commitment) else [60, 40]
        assert (made.state, [each.weight for each in made.tasks.all()]) == (S.LAPSED, kept)
    all_is_whole()


# --- The evaluation begins while the leader confirms and a unit amends ------------------------------------------------
def test_the_evaluation_begins_while_the_leader_confirms_and_a_unit_amends(town: Force) -> None:
    """Either it is confirmed in time and evaluated with the others, or the leader is told that it is too late."""
    for made in opened(town, FEW):
        waits = sign(made, town.unit_chief)
        other = made.campaign.commitments.select_related("campaign", "unit", "host").get(unit=town.ward)
        stands = countersign(sign(save_tasks(other, tasks(), by=town.ward_chief, at=AT), town.ward_chief), town.leader)
        confirmed, began, amended = at_once(
            lambda waits=waits: countersign(waits, town.deputy),
            lambda made=made: perform(made.campaign, "evaluate", by=town.secretary, at=AT),
            lambda stands=stands: perform(stands, "amend", by=town.ward_chief, at=AT, note="Đổi chỉ tiêu"),
        )
        assert not isinstance(began, Exception), repr(began)
        assert isinstance(confirmed, Commitment | Refused), repr(confirmed)
        assert isinstance(amended, Commitment | Refused), repr(amended)
        waits.refresh_from_db()
        assert waits.state == (S.SELF_DUE if isinstance(confirmed, Commitment) else S.LAPSED)
        stands.refresh_from_db()
        assert stands.state == S.SELF_DUE
        assert waits.campaign.commitments.filter(version=2).exists() == isinstance(amended, Commitment)
    assert Signature.objects.count() >= 3 * FEW
    all_is_whole()


# --- A unit reports while its next version is confirmed ---------------------------------------------------------------
def test_a_unit_reports_while_its_next_version_is_confirmed(town: Force) -> None:
    """The report was in time and is closed with the others, or the unit is told; neither waits for the other's end."""
    for made in signed(town, FEW):
        first = countersign(made, town.leader)
        perform(first, "amend", by=town.unit_chief, at=AT, note="Đổi chỉ tiêu")
        second = Commitment.objects.get(unit=made.unit_id, version=2)
        second = sign(second, town.unit_chief)
        last = first.reports.order_by("pk").last()
        assert last is not None
        reached = [Reached(task=last.task or first.tasks.all()[0], value=Decimal(90))]
        reported, confirmed = at_once(
            lambda last=last, reached=reached: perform(last, "submit", by=town.unit_chief, at=AT, entries=reached),
            lambda second=second: countersign(second, town.leader),
        )
        assert not isinstance(confirmed, Exception), repr(confirmed)
        assert isinstance(reported, Report | MovedOn), repr(reported)
        assert not first.reports.exclude(state="closed").exists()
        assert last.entries.exists() == isinstance(reported, Report)
    all_is_whole()
