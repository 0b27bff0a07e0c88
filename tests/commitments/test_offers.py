"""Golden tables: which buttons each role sees in each state of campaigns, commitments and reports.

"(-)": a guard disables it. Rewrite them with GOLDEN=write and read the difference before committing.
"""

from __future__ import annotations

from cchc.workflow.engine import perform
from commitments.domain.draft import save_tasks
from commitments.models import Campaign, Commitment, Report
from tests.commitments.factories import (
    AT,
    CAMPAIGN_PATHS,
    COMMITMENT_PATHS,
    REPORT_PATHS,
    campaign,
    campaign_at,
    commitment_at,
    report_at,
    sign,
    step,
    tasks,
)
from tests.dialogues.test_item_offers import agrees_with, rows
from tests.factories import Force


def test_buttons_of_a_campaign(force: Force) -> None:
    lines = [
        line
        for number, state in enumerate(CAMPAIGN_PATHS)
        for line in rows(state, campaign_at(force, state, code=f"CK-{number}"), force)
    ]
    assert set(CAMPAIGN_PATHS) == set(Campaign.State.values)
    signed = commitment_at(force, "signed_by_chief", of=campaign(force, code="CK-S")).campaign
    final = commitment_at(force, "final", of=campaign(force, code="CK-F")).campaign
    final.refresh_from_db()
    agrees_with("campaign_offers.txt", lines + rows("+signed", signed, force) + rows("+final", final, force))


def test_buttons_of_a_commitment(force: Force) -> None:
    lines = [
        line
        for number, state in enumerate(COMMITMENT_PATHS)
        for line in rows(state, commitment_at(force, state, of=campaign(force, code=f"CK-{number}")), force)
    ]
    assert set(COMMITMENT_PATHS) == set(Commitment.State.values)
    short = save_tasks(commitment_at(force, of=campaign(force, code="CK-A")), tasks(60, 30), by=force.secretary, at=AT)
    amended = step(commitment_at(force, "in_force", of=campaign(force, code="CK-B")), "amend", force)
    lines += [*rows("+90 of 100", short, force), *rows("+amended", amended, force)]
    second = Commitment.objects.get(campaign=amended.campaign, version=2)
    perform(sign(second, force.unit_chief), "return", by=force.leader, at=AT, note="Chỉ tiêu chưa đo được.")
    agrees_with("commitment_offers.txt", lines + rows("+v2 returned", amended, force))


def test_buttons_of_a_report(force: Force) -> None:
    lines = [
        line
        for number, state in enumerate(REPORT_PATHS)
        for line in rows(
            state,
            report_at(force, state, of=commitment_at(force, "in_force", of=campaign(force, code=f"CK-{number}"))),
            force,
        )
    ]
    assert set(REPORT_PATHS) == set(Report.State.values)
    agrees_with("report_offers.txt", lines)
