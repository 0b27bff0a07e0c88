"""Part of the settings: what the platform asks of the domains, by dotted names, in this order (architecture.md §1).

No signals: whoever wants to know what happens when something is made or shown finds it here.
"""

HOME_PANELS = [
    "dialogues.dashboard.home_panels",
    "dialogues.results.home_panels",
    "dialogues.inspections.home_panels",
    "commitments.dashboard.home_panels",
    "cchc.followup.dashboard.home_panels",
]
NAVIGATION = [
    "dialogues.dashboard.navigation",
    "commitments.dashboard.navigation",
    "dialogues.results.navigation",
    "cchc.documents.navigation.entries",
    "cchc.organization.navigation.entries",
    "cchc.followup.navigation.entries",
]
GLOBAL_SEARCH = ["dialogues.search.sought", "commitments.search.sought"]
# function(person) -> int: unread notices, the number on the bell.
BELL_COUNT = "cchc.followup.domain.frame.unread"
# function(person) -> object with .unit and .title, for the top bar and under the person's name; "" shows neither.
WORKPLACE = "cchc.organization.navigation.workplace"
# function() -> accounts with .role (label), .name, .username, .password, grouped by role: for the demo's login page.
DEMO_ACCOUNTS = "dialogues.scenario.accounts.by_role"
# What is added to the demo's play: function(source, cast) -> steps (dialogues.scenario.script.Step).
SCENARIO_CHAPTERS = ["dialogues.scenario.papers.steps", "commitments.scenario.year.steps"]
# subject type -> function(person, subject_id) -> the visible subject, or None
SUBJECTS = {
    "dialogues.item": "dialogues.dashboard.visible_item",
    "dialogues.conference": "dialogues.dashboard.visible_conference",
    "dialogues.plan": "dialogues.dashboard.visible_plan",
    "dialogues.answer": "dialogues.dashboard.visible_answer",
    "dialogues.escalation": "dialogues.dashboard.visible_escalation",
    "dialogues.conclusion": "dialogues.directives.visible_conclusion",
    "dialogues.directive": "dialogues.directives.visible_directive",
    "dialogues.update": "dialogues.directives.visible_update",
    "dialogues.request": "dialogues.inspections.visible_request",
    "dialogues.finding": "dialogues.inspections.visible_finding",
    "dialogues.survey": "dialogues.results.visible_survey",
    "dialogues.practice": "dialogues.results.visible_practice",
    "dialogues.grading": "dialogues.results.visible_grading",
    "commitments.campaign": "commitments.dashboard.visible_campaign",
    "commitments.commitment": "commitments.dashboard.visible_commitment",
    "commitments.report": "commitments.dashboard.visible_report",
}
# The numbers for those who lead, by the first part of their keys: cchc.followup.domain.overview.Source
OVERVIEW = {
    "items": "dialogues.overview.items.SOURCE",
    "escalations": "dialogues.overview.escalations.SOURCE",
    "directives": "dialogues.overview.directives.SOURCE",
    "commitments": "commitments.overview.SOURCE",
    "tasks": "commitments.overview.TASKS",
    "surveys": "dialogues.overview.results.SURVEYS",
    "practices": "dialogues.overview.results.PRACTICES",
    "adoptions": "dialogues.overview.results.ADOPTIONS",
    "gradings": "dialogues.overview.results.GRADINGS",
    "duties": "cchc.followup.domain.punctuality.SOURCE",
}
# function(scope) -> cchc.documents.kinds.PaperKind: the report that is made of an overview
OVERVIEW_PAPER = "dialogues.documents.kinds.of_overview"
# Tables that can be long: function(person, query, day) -> cchc.followup.domain.export.Sheet; KeyError: not for him
EXPORTS = {
    "overview": "cchc.followup.sheets.overview_rows",
    "overdue": "cchc.followup.sheets.overdue",
    "post": "cchc.followup.sheets.post_duties",
    "items": "dialogues.exports.items",
    "escalations": "dialogues.exports.escalations",
    "directives": "dialogues.exports.directives",
    "ranking": "commitments.exports.ranking",
}
# subject type -> function(person, ids) -> {id: cchc.followup.bell.Link} of those that the person may see
SUBJECT_LINKS = {
    "dialogues.item": "dialogues.dashboard.item_links",
    "dialogues.conference": "dialogues.dashboard.conference_links",
    "dialogues.plan": "dialogues.dashboard.plan_links",
    "dialogues.escalation": "dialogues.dashboard.escalation_links",
    "dialogues.conclusion": "dialogues.directives.conclusion_links",
    "dialogues.directive": "dialogues.directives.directive_links",
    "dialogues.request": "dialogues.inspections.request_links",
    "dialogues.survey": "dialogues.results.survey_links",
    "dialogues.practice": "dialogues.results.practice_links",
    "commitments.campaign": "commitments.dashboard.campaign_links",
    "commitments.commitment": "commitments.dashboard.commitment_links",
    "commitments.report": "commitments.dashboard.report_links",
    "workflow.handover": "cchc.followup.domain.handover.links",
    "documents.document": "cchc.followup.domain.papers.links",
    "followup.pulse": "cchc.followup.domain.trouble.links",
    "followup.export": "cchc.followup.domain.export.links",
}
# The kinds of papers that each domain declares: lists of cchc.documents.kinds.PaperKind.
PAPERS = ["dialogues.documents.kinds.PAPERS"]
# subject type -> function(person, subject_id) -> cchc.followup.domain.told.Insider, or None for whoever is not at work
# on it: who may know who has been told of what
SUBJECT_INSIDERS = {
    "dialogues.item": "dialogues.insiders.of_item",
    "dialogues.escalation": "dialogues.insiders.of_escalation",
    "dialogues.directive": "dialogues.directives.directive_insider",
    "commitments.commitment": "commitments.dashboard.commitment_insider",
}
# subject type -> function(obligation) -> cchc.followup.domain.explain.Basis or None: what a date that is no plain term
# was counted from
DUE_BASES = {
    "dialogues.item": "dialogues.dashboard.item_due_basis",
    "dialogues.escalation": "dialogues.dashboard.escalation_due_basis",
    "dialogues.conclusion": "dialogues.directives.conclusion_due_basis",
    "dialogues.directive": "dialogues.directives.directive_due_basis",
    "dialogues.request": "dialogues.inspections.request_due_basis",
    "commitments.campaign": "commitments.bases.campaign_basis",
    "commitments.commitment": "commitments.bases.commitment_basis",
    "commitments.report": "commitments.bases.report_basis",
}
# subject type -> function(person, obligation) -> bool: whether somebody else than its owner may know of this duty; of
# other types whoever may see the subject
DUTY_READERS = {"dialogues.escalation": "dialogues.dashboard.may_know_duty"}
# function(person, directive) -> cchc.web.panels.Panel or None: what other domains make of a directive, on its page
DIRECTIVE_PANELS = ["commitments.directives.tasks_of"]
# How the subjects of a domain follow when the work of a unit that has ended passes to another:
# cchc.workflow.handing.Follower
HANDOVERS = [
    "dialogues.domain.handover.FOLLOWER",
    "dialogues.domain.handover_results.FOLLOWER",
    "dialogues.domain.handover_inspections.FOLLOWER",
    "commitments.domain.handover.FOLLOWER",
    "cchc.documents.domain.handover.FOLLOWER",  # after those whose subjects papers are about
]
# function(post, day) -> cchc.organization.duties.Left: what stays open when a post ends after that day, and with whom
POST_DUTIES = "cchc.followup.domain.handover_post.left_with"
# Where changes of units, people and posts are written down: function(subject, action, by=, at=, note=, data=)
AUDIT = "cchc.workflow.engine.record"
# Ladders of reminders that are not the general one (cchc.followup.domain.ladder), as long as nobody has edited them:
# "subject type:kind of obligation" -> (working days after the due date, whom: Capacity values)
LADDERS = {"dialogues.item:confirm": [(-3, ["owner"]), (0, ["owner"])]}
# Run by the clock once a day after midnight (Celery beat): function(at) -> int, the number of moves made.
CLOCK_MOVES = [
    "dialogues.tasks.expire_published",
    "commitments.tasks.settle_silent",
    "cchc.web.domain.draft.expire",
    "cchc.organization.domain.session.sweep",
    "cchc.documents.domain.attachment.sweep_orphans",
    "cchc.followup.domain.export.sweep",
    "cchc.followup.domain.health.check_chain",
]
# Left to the worker at every tick: function(at) -> int, how much was done.
BACKGROUND_WORK = [
    "commitments.tasks.seal_waiting",
    "commitments.tasks.print_final",
    "dialogues.tasks.count_conferences",
    "cchc.followup.domain.duty_count.count_duties",
    "cchc.followup.exporting.work_exports",
]
# Parts of it whose failing is told to the administrators: cchc.followup.domain.trouble.Part
BACKGROUND_PARTS = [
    "commitments.tasks.SEALING",
    "commitments.tasks.PRINTING",
    "dialogues.tasks.COUNTING",
    "cchc.followup.domain.duty_count.COUNTING",
    "cchc.followup.exporting.EXPORTING",
]
