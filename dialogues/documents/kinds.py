"""The papers of the dialogue (settings.PAPERS)."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from cchc.documents.domain.register import LETTERS
from cchc.documents.kinds import PaperKind
from cchc.followup.domain.overview import Scope
from dialogues.documents import (
    answer_letter,
    directive_table,
    escalation_report,
    invitation,
    item_list,
    minutes,
    notice,
    period_report,
    subjects,
)

INVITATION = PaperKind(
    "invitation", _("Invitation"), "GM", invitation.Invitation, "dialogues/document/invitation.typ",
    subjects.CONFERENCE, invitation.begin, subjects.of_conference,
)  # fmt: skip
MINUTES = PaperKind(
    "minutes", _("Minutes of the conference"), "BB", minutes.Minutes, "dialogues/document/minutes.typ",
    subjects.CONFERENCE, minutes.begin, subjects.of_conference, minutes.objection, signed_by_two=True, dated=False,
)  # fmt: skip
ITEM_LIST = PaperKind(
    "item_list", _("List of questions and answers"), "", item_list.ItemList, "dialogues/document/item_list.typ",
    subjects.CONFERENCE, item_list.begin, subjects.of_conference,
)  # fmt: skip
NOTICE = PaperKind(
    "notice", _("Notice of conclusions"), "TB", notice.Notice, "dialogues/document/notice.typ",
    subjects.CONCLUSION, notice.begin, subjects.of_conclusion, notice.objection, follows=notice.follows,
)  # fmt: skip
DIRECTIVE_TABLE = PaperKind(
    "directive_table", _("Follow-up of directives"), "", directive_table.DirectiveTable,
    "dialogues/document/directive_table.typ", subjects.CONCLUSION, directive_table.begin, subjects.of_conclusion,
)  # fmt: skip
ANSWER_LETTER = PaperKind(
    "answer_letter", _("Answer letter"), LETTERS, answer_letter.AnswerLetter, "dialogues/document/answer_letter.typ",
    subjects.ITEM, answer_letter.begin, subjects.of_item, answer_letter.objection,
)  # fmt: skip
ESCALATION_REPORT = PaperKind(
    "escalation_report", _("Report asking for an opinion"), "BC", escalation_report.EscalationReport,
    "dialogues/document/escalation_report.typ", subjects.ESCALATION, escalation_report.begin, subjects.of_escalation,
    escalation_report.objection,
)  # fmt: skip
PERIOD_REPORT = PaperKind(
    "period_report", _("Report of the period"), "BC", period_report.PeriodReport,
    "dialogues/document/period_report.typ", subjects.UNIT, period_report.begins(period_report.quarter),
    subjects.of_unit, page=period_report.page(period_report.quarter),
)  # fmt: skip
YEAR_REPORT = PaperKind(
    "year_report", _("Report of the year"), "BC", period_report.PeriodReport,
    "dialogues/document/period_report.typ", subjects.UNIT, period_report.begins(period_report.year),
    subjects.of_unit, page=period_report.page(period_report.year),
)  # fmt: skip

PAPERS = [
    INVITATION, MINUTES, ITEM_LIST, NOTICE, DIRECTIVE_TABLE, ANSWER_LETTER, ESCALATION_REPORT, PERIOD_REPORT,
    YEAR_REPORT,
]  # fmt: skip


def of_overview(scope: Scope) -> PaperKind:
    """The report of what an overview shows (settings.OVERVIEW_PAPER)."""
    kind = YEAR_REPORT if period_report.is_year(scope) else PERIOD_REPORT
    return replace(kind, begin=lambda unit, by, at: period_report.begin_over(scope))
