"""Addresses of commitments."""

from django.urls import path

from commitments.views import (
    campaign,
    campaign_move,
    campaign_remind,
    campaign_show,
    campaign_units,
    commitment,
    commitment_move,
    commitment_sign,
    commitment_tasks,
    commitment_terminate,
    editable,
    evaluation,
    ranking,
    ranking_publish,
    report,
    signed_copy,
    verify,
)

urlpatterns = [
    # Campaigns
    path("commitments/", campaign.campaign_list, name="campaign_list"),
    path("commitments/campaigns/new/", campaign.campaign_create, name="campaign_create"),
    path("commitments/campaigns/<slug:code>/", campaign_show.campaign_show, name="campaign_show"),
    path("commitments/campaigns/<slug:code>/edit/", campaign.campaign_edit, name="campaign_edit"),
    path("commitments/campaigns/<slug:code>/units/", campaign_units.campaign_units, name="campaign_units"),
    path("commitments/campaigns/<slug:code>/do/publish/", ranking_publish.ranking_publish, name="ranking_publish"),
    path("commitments/campaigns/<slug:code>/do/<slug:action>/", campaign_move.campaign_move, name="campaign_move"),
    path("commitments/campaigns/<slug:code>/remind/", campaign_remind.campaign_remind, name="campaign_remind"),
    # Commitments
    path("commitments/<uuid:pk>/", commitment.commitment_show, name="commitment_show"),
    path("commitments/<uuid:pk>/tasks/", commitment_tasks.commitment_tasks, name="commitment_tasks"),
    path("commitments/<uuid:pk>/paper/", commitment.commitment_paper, name="commitment_paper"),
    path("commitments/<uuid:pk>/paper.pdf", commitment.commitment_file, {"kind": "paper"}, name="commitment_file"),
    path("commitments/<uuid:pk>/paper.docx", editable.commitment_docx, name="commitment_docx"),
    path("commitments/<uuid:pk>/sealed.pdf", commitment.commitment_file, {"kind": "sealed"}, name="commitment_sealed"),
    path("commitments/<uuid:pk>/signed/", signed_copy.signed_copy_list, name="signed_copy_list"),
    path("commitments/<uuid:pk>/signed/<int:number>.pdf", signed_copy.signed_copy_file, name="signed_copy_file"),
    path(
        "commitments/<uuid:pk>/do/sign/", commitment_sign.commitment_sign, {"action": "sign"}, name="commitment_sign"
    ),
    path(
        "commitments/<uuid:pk>/do/countersign/", commitment_sign.commitment_sign, {"action": "countersign"},
        name="commitment_countersign",
    ),
    *(
        path(
            f"commitments/<uuid:pk>/do/{action}/", evaluation.evaluation_score, {"action": action},
            name=f"evaluation_{action}",
        )
        for action in evaluation.SCORING
    ),
    path(
        "commitments/<uuid:pk>/do/terminate/", commitment_terminate.commitment_terminate, name="commitment_terminate"
    ),
    path("commitments/<uuid:pk>/do/<slug:action>/", commitment_move.commitment_move, name="commitment_move"),
    # A year of a commitment
    path("commitments/<uuid:pk>/progress/", report.report_list, name="report_list"),
    path("commitments/reports/<uuid:pk>/", report.report_show, name="report_show"),
    path("commitments/reports/<uuid:pk>/do/submit/", report.report_submit, name="report_submit"),
    path("commitments/reports/<uuid:pk>/do/<slug:action>/", report.report_move, name="report_move"),
    path("commitments/<uuid:pk>/evaluation/", evaluation.evaluation_show, name="evaluation_show"),
    path("commitments/<uuid:pk>/evaluation.pdf", evaluation.evaluation_file, name="evaluation_file"),
    path("commitments/<uuid:pk>/evaluation.docx", editable.evaluation_docx, name="evaluation_docx"),
    path("commitments/<uuid:pk>/evaluation/<int:criterion>/", evaluation.evaluation_rows, name="evaluation_rows"),
    path("commitments/campaigns/<slug:code>/ranking/", ranking.ranking_show, name="ranking_show"),
    path("commitments/campaigns/<slug:code>/ranking.docx", editable.ranking_docx, name="ranking_docx"),
    path("commitments/campaigns/<slug:code>/ranking.<slug:kind>", ranking.ranking_export, name="ranking_export"),
    # Papers, for whoever holds one
    path("verify/", verify.verify, name="verify"),
    path("verify/<slug:code>/", verify.verify_code, name="verify_code"),
]  # fmt: skip
