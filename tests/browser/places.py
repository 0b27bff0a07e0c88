"""Every page there is, and who sees most of it. An address that is missing here fails tests/browser/test_axe.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from playwright.sync_api import Page

from cchc.workdays.models import Day
from dialogues.models import Conference, Plan
from tests.browser.before import (
    ask_without_a_name,
    find_alike,
    give_a_table,
    half_a_task,
    look_up,
    press,
    refused_guest,
    send,
    step,
    submit,
    withdraw,
    without_title,
)
from tests.browser.directives import NO_PAGES as NO_DIRECTIVE_PAGES
from tests.browser.directives import PLACES as DIRECTIVES
from tests.browser.figures import NO_PAGES as NO_FIGURE_PAGES
from tests.browser.figures import PLACES as FIGURES
from tests.browser.inspections import PLACES as INSPECTIONS
from tests.browser.papers import NO_PAGES as NO_PAPER_PAGES
from tests.browser.papers import PLACES as PAPERS
from tests.browser.pledges import address as pledge_at
from tests.browser.pledges import campaign, pledge
from tests.browser.results import PLACES as RESULTS
from tests.browser.stage import (
    ADMINISTRATOR,
    CHIEF,
    COLLEAGUE,
    LEADER,
    OFFICER,
    PROVINCE,
    PROVINCIAL_LEADER,
    SECRETARY,
    Stage,
)
from tests.browser.years import counted_at, ranked, report_at, year_at

Address = Callable[[Stage], str]


@dataclass(frozen=True)
class Place:
    """A page: its name, who opens it, where it is, and what hands do there before one looks."""

    name: str
    user: str
    address: Address
    hands: Callable[[Page], None] | None = None

    def __str__(self) -> str:
        return self.name


def at(name: str, user: str, address: str, hands: Callable[[Page], None] | None = None) -> Place:
    return Place(
        name, user, lambda stage: address.format(c=stage.conference.code, key=stage.conference.guest_key), hands
    )


def item(name: str, user: str, state: str, after: str = "", hands: Callable[[Page], None] | None = None) -> Place:
    return Place(name, user, lambda stage: f"/items/{stage.standing(state).pk}/{after}", hands)


def escalation(name: str, user: str, state: str, after: str = "") -> Place:
    return Place(name, user, lambda stage: f"/escalations/{stage.referral(state).pk}/{after}")


def plan(name: str, after: str = "") -> Place:
    return Place(name, SECRETARY, lambda stage: f"/plans/{Plan.objects.order_by('-issued_on')[0].pk}/{after}")


def person(name: str, after: str = "") -> Place:
    return Place(name, ADMINISTRATOR, lambda stage: f"/people/{stage.person(CHIEF).pk}/{after}")


def post(name: str, after: str, user: str = ADMINISTRATOR, hands: Callable[[Page], None] | None = None) -> Place:
    return Place(name, user, lambda stage: f"/posts/{stage.person(CHIEF).positions.get().pk}/{after}/", hands)


def ended(name: str, hands: Callable[[Page], None] | None = None) -> Place:
    return Place(name, SECRETARY, lambda stage: f"/handovers/units/{stage.ended.code}/", hands)


def holiday() -> int:
    """A day off to come, over which terms of the demo run."""
    return Day.objects.filter(kind="off", date__gt=timezone.localdate()).earliest("date").pk


def past(stage: Stage) -> Conference:
    return Conference.objects.get(state="concluded", code__endswith="-01")


def prepared() -> str:
    return campaign("CK-CB", opened=False).code


PLACES = [
    # The frame
    at("home", LEADER, "/"),
    at("home of an officer", OFFICER, "/"),
    at("home of a chief", CHIEF, "/"),
    at("home of the secretary", SECRETARY, "/"),
    at("home of the province", PROVINCE, "/"),
    at("home of the administrator", ADMINISTRATOR, "/"),
    at("menu", SECRETARY, "/menu/"),
    at("search", SECRETARY, "/search/?q=can+cuoc"),
    at("search without a find", SECRETARY, "/search/?q=khongcogi"),
    at("notice_list", LEADER, "/notices/"),
    at("notices all read", ADMINISTRATOR, "/notices/?unread=1"),
    at("gallery", ADMINISTRATOR, "/components/"),
    at("not found", SECRETARY, "/items/00000000-0000-0000-0000-000000000000/"),
    at("not allowed", OFFICER, "/people/new/"),
    # One's own account
    at("login", "", "/login/"),
    at("login refused", "", "/login/?next=/items/", press("Đăng nhập")),
    at("profile", OFFICER, "/account/"),
    at("password_change", OFFICER, "/account/password/"),
    at("session_list", OFFICER, "/account/sessions/"),
    at("feed_show", OFFICER, "/account/calendar/"),
    at("preference_edit", OFFICER, "/account/notices/"),
    # Working days
    at("day_list", ADMINISTRATOR, "/days/?year=2026"),
    at("days of an officer", OFFICER, "/days/"),
    at("days none", ADMINISTRATOR, "/days/?year=2029"),
    at("day_create", ADMINISTRATOR, "/days/new/"),
    at("day refused", ADMINISTRATOR, "/days/new/", send),
    at("day_swap", ADMINISTRATOR, "/days/swap/"),
    at("day_seed", ADMINISTRATOR, "/days/seed/2029/"),
    Place("day_edit", ADMINISTRATOR, lambda stage: f"/days/{holiday()}/edit/"),
    Place("day_withdraw", ADMINISTRATOR, lambda stage: f"/days/{holiday()}/withdraw/"),
    Place("day preview", ADMINISTRATOR, lambda stage: f"/days/{holiday()}/withdraw/", withdraw),
    Place("obligation_show", LEADER, lambda stage: f"/duties/{stage.standing('assigned').turn_id}/"),
    # Conferences
    at("conference_list", SECRETARY, "/conferences/"),
    at("conferences none", SECRETARY, "/conferences/?year=1999"),
    at("conference_create", SECRETARY, "/conferences/new/"),
    at("conference refused", SECRETARY, "/conferences/new/", press("Lưu bản nháp")),
    at("conference_show", SECRETARY, "/conferences/{c}/"),
    Place("conference past", LEADER, lambda stage: f"/conferences/{past(stage).code}/"),
    Place("conference_items", LEADER, lambda stage: f"/conferences/{past(stage).code}/items/?pill=all"),
    at("conference_agenda", SECRETARY, "/conferences/{c}/agenda/"),
    at("conference_agenda_edit", SECRETARY, "/conferences/{c}/agenda/edit/"),
    at("conference_people", SECRETARY, "/conferences/{c}/people/?q=nguyen"),
    at("conference_history", SECRETARY, "/conferences/{c}/history/"),
    at("conference_edit", SECRETARY, "/conferences/{c}/edit/"),
    at("conference_poster", SECRETARY, "/conferences/{c}/poster/"),
    at("conference_link", SECRETARY, "/conferences/{c}/link/"),
    at("conference_print", SECRETARY, "/conferences/{c}/print/"),
    at("conference_move", SECRETARY, "/conferences/{c}/do/reschedule/"),
    Place("conference close", SECRETARY, lambda stage: f"/conferences/{past(stage).code}/do/close/"),
    # Plans
    at("plan_list", SECRETARY, "/plans/"),
    at("plan_create", SECRETARY, "/plans/new/"),
    at("plan refused", SECRETARY, "/plans/new/", press("Lưu bản nháp")),
    plan("plan_show"),
    plan("plan_edit", "edit/"),
    plan("plan_move", "do/complete/"),
    # Asking
    Place("ask", COLLEAGUE, lambda stage: stage.second_conference and "/ask/"),
    at("ask_form", COLLEAGUE, "/ask/to/{c}/", find_alike),
    at("ask refused", COLLEAGUE, "/ask/to/{c}/", press("Gửi")),
    at("ask receipt", COLLEAGUE, "/ask/to/{c}/", ask_without_a_name),
    Place("ask closed", COLLEAGUE, lambda stage: f"/ask/to/{past(stage).code}/"),
    at("ask_channels", "", "/ask/channels/"),
    at("ask_for_others", SECRETARY, "/ask/to/{c}/for-others/"),
    at("ask for others refused", SECRETARY, "/ask/to/{c}/for-others/", press("Nhập nội dung")),
    item("ask_edit", OFFICER, "submitted", "edit/"),
    Place("ask edit a draft", OFFICER, lambda stage: f"/items/{stage.draft.pk}/edit/"),
    # Guests
    at("guest_enter", "", "/g/{key}/"),
    at("guest_ask", "", "/g/{key}/", find_alike),
    at("guest refused", "", "/g/{key}/", refused_guest),
    at("guest receipt", "", "/g/{key}/", ask_without_a_name),
    at("guest_found", "", "/ask/guest/found/"),
    at("guest_conferences", "", "/ask/conferences/"),
    at("guest_track", "", "/track/"),
    at("tracked", "", "/g/{key}/", look_up),
    # Items
    at("item_list", SECRETARY, "/items/"),
    at("items all", LEADER, "/items/?pill=all&sort=code"),
    at("items none", SECRETARY, "/items/?q=khongcogi"),
    at("items answered", SECRETARY, "/items/?pill=answered"),
    at("item_publish_many", SECRETARY, "/items/publish/"),
    Place("publish two", SECRETARY, lambda stage: "/items/publish/?item={}&item={}".format(*stage.two_answered)),
    Place("item long", LEADER, lambda stage: f"/items/{stage.long().pk}/"),
    item("item_show", SECRETARY, "submitted", ""),
    item("item assigned", CHIEF, "assigned"),
    item("item prepared", LEADER, "prepared"),
    item("item answered", SECRETARY, "answered"),
    item("item published, for its asker", OFFICER, "published"),
    item("item promised", CHIEF, "promised"),
    item("item reported", LEADER, "reported"),
    Place("item referred upward", LEADER, lambda stage: f"/items/{past(stage).items.filter(state='escalated')[0].pk}/"),
    Place("item merged", SECRETARY, lambda stage: f"/items/{past(stage).items.filter(state='merged')[0].pk}/"),
    Place("item closed", SECRETARY, lambda stage: f"/items/{past(stage).items.filter(state='closed')[0].pk}/"),
    Place("item declined", SECRETARY, lambda stage: f"/items/{past(stage).items.filter(state='declined')[0].pk}/"),
    item("item_move", SECRETARY, "submitted", "do/accept/"),
    item("dialog to assign", SECRETARY, "accepted", "", step("assign")),
    item("dialog to merge", SECRETARY, "accepted", "", step("merge")),
    item("to decline", SECRETARY, "submitted", "do/decline/"),
    item("to prepare", CHIEF, "assigned", "do/prepare/"),
    item("to answer, refused", LEADER, "prepared", "do/answer/", press("Trả lời")),
    item("to refer upward", LEADER, "prepared", "do/escalate/"),
    item("to report", CHIEF, "promised", "do/report/"),
    item("to extend", LEADER, "promised", "do/extend/"),
    Place("told_list", SECRETARY, lambda stage: f"/told/dialogues.item/{stage.standing('published').pk}/"),
    *(Place(*each) for each in RESULTS),
    *(Place(*each) for each in FIGURES),
    *(Place(*each) for each in (*PAPERS, *DIRECTIVES, *INSPECTIONS)),
    # Commitments
    Place("campaign_list", SECRETARY, lambda stage: campaign() and "/commitments/"),
    at("campaign_create", SECRETARY, "/commitments/campaigns/new/"),
    Place("campaign refused", SECRETARY, lambda stage: "/commitments/campaigns/new/", without_title),
    Place("campaign_show", LEADER, lambda stage: f"/commitments/campaigns/{campaign().code}/"),
    Place("campaign in preparation", LEADER, lambda stage: f"/commitments/campaigns/{prepared()}/"),
    Place("campaign_edit", SECRETARY, lambda stage: f"/commitments/campaigns/{prepared()}/edit/"),
    Place("campaign_units", SECRETARY, lambda stage: f"/commitments/campaigns/{prepared()}/units/"),
    Place("campaign_move", LEADER, lambda stage: f"/commitments/campaigns/{prepared()}/do/open/"),
    Place("commitment_show", SECRETARY, pledge_at("TH-DOH", "draft")),
    Place("commitment signed", LEADER, pledge_at("TH-NH", "signed_by_chief")),
    Place("commitment in force", LEADER, pledge_at("TH-NM", "in_force")),
    Place("commitment returned", SECRETARY, pledge_at("TH-NT", "returned")),
    Place("commitment_tasks", SECRETARY, pledge_at("TH-DOH", "draft", "tasks/")),
    Place("tasks refused", SECRETARY, pledge_at("TH-NTI", "empty", "tasks/"), half_a_task),
    Place("commitment_paper", LEADER, pledge_at("TH-NM", "in_force", "paper/")),
    Place("signed_copy_list", LEADER, pledge_at("TH-NM", "in_force", "signed/")),
    Place("signed_copy refused", LEADER, pledge_at("TH-NM", "in_force", "signed/"), submit),
    Place("commitment_sign", CHIEF, pledge_at("TH-DQLHC", "draft", "do/sign/")),
    Place("commitment_countersign", LEADER, pledge_at("TH-NH", "signed_by_chief", "do/countersign/")),
    Place("signing refused", LEADER, pledge_at("TH-NH", "signed_by_chief", "do/countersign/"), submit),
    Place("commitment_terminate", SECRETARY, pledge_at("TH-NH", "signed_by_chief", "do/terminate/")),
    Place("commitment_move", LEADER, pledge_at("TH-NH", "signed_by_chief", "do/return/")),
    # A year of commitments
    Place("report_list", CHIEF, year_at("progress/")),
    Place("report_show", SECRETARY, report_at("accepted")),
    Place("report_submit", CHIEF, report_at("due", "do/submit/")),
    Place("report refused", CHIEF, report_at("due", "do/submit/"), submit),
    Place("report_move", SECRETARY, report_at("accepted", "do/return/")),
    Place("evaluation_show", CHIEF, year_at("evaluation/")),
    Place("evaluation_rows", CHIEF, counted_at),
    Place("evaluation_self_score", CHIEF, year_at("do/self_score/")),
    Place("evaluation_check", SECRETARY, year_at("do/check/")),
    Place("evaluation_score", LEADER, year_at("do/score/")),
    Place("evaluation_decide", LEADER, year_at("do/decide/")),
    Place("ranking_show", CHIEF, lambda stage: f"/commitments/campaigns/{ranked().code}/ranking/"),
    Place("ranking_publish", LEADER, lambda stage: f"/commitments/campaigns/{ranked().code}/do/publish/"),
    Place("ranking none", LEADER, lambda stage: f"/commitments/campaigns/{campaign().code}/ranking/"),
    at("verify", "", "/verify/"),
    at("verify refused", "", "/verify/AAAAAAAAAAAAAAAA/"),
    Place("verify_code", "", lambda stage: f"/verify/{pledge('TH-NM', 'in_force').check_code}/"),
    # Late work
    at("overdue_list", PROVINCE, "/overdue/"),
    at("overdue none", LEADER, "/overdue/?duty=dialogues.item:publish"),
    # The ladder of reminders
    at("ladder_list", PROVINCE, "/reminders/"),
    at("ladder_edit", PROVINCE, "/reminders/general/"),
    at("ladder_reset", PROVINCE, "/reminders/dialogues.item:confirm/reset/"),
    # Operation
    at("letter_list", "", "/dev/mail/"),
    at("health_show", ADMINISTRATOR, "/health/"),
    at("delivery_list", ADMINISTRATOR, "/outbox/"),
    at("deliveries failed", ADMINISTRATOR, "/outbox/?state=failed"),
    at("delivery_resend_all", ADMINISTRATOR, "/outbox/resend/"),
    # Escalations
    at("escalation_list", SECRETARY, "/escalations/"),
    at("escalations none", SECRETARY, "/escalations/?q=khongcogi"),
    at("escalation_inbox", PROVINCE, "/escalations/inbox/?pill=all"),
    escalation("escalation_show", SECRETARY, "draft"),
    escalation("escalation received", PROVINCE, "received"),
    escalation("escalation presented", PROVINCIAL_LEADER, "presented"),
    escalation("escalation returned", SECRETARY, "returned"),
    escalation("escalation ruled", LEADER, "ruled"),
    escalation("escalation_edit", SECRETARY, "draft", "edit/"),
    escalation("escalation_take_in", SECRETARY, "draft", "take-in/"),
    escalation("escalation_move", PROVINCE, "received", "do/assign/"),
    escalation("to send a report", LEADER, "proposed", "do/send/"),
    escalation("to join an issue", PROVINCE, "received", "do/join/"),
    # Units and people
    at("unit_list", ADMINISTRATOR, "/units/"),
    at("unit_create", ADMINISTRATOR, "/units/new/"),
    at("unit refused", ADMINISTRATOR, "/units/new/", press("Thêm đơn vị")),
    at("unit_show", ADMINISTRATOR, "/units/u/TH-DQLHC/"),
    at("unit_edit", ADMINISTRATOR, "/units/u/TH-DQLHC/edit/"),
    at("unit_end", ADMINISTRATOR, "/units/u/TH-DQLHC/end/"),
    at("unit_succession", ADMINISTRATOR, "/units/u/TH-DQLHC/succession/"),
    at("unit_import", ADMINISTRATOR, "/units/import/"),
    at("person_list", ADMINISTRATOR, "/people/"),
    at("person_create", ADMINISTRATOR, "/people/new/"),
    at("person_import", ADMINISTRATOR, "/people/import/"),
    at("person_import_preview", ADMINISTRATOR, "/people/import/", give_a_table),
    person("person_show"),
    person("person_edit", "edit/"),
    person("person_code", "code/"),
    person("person_close", "close/"),
    person("position_create", "posts/new/"),
    post("position_edit", "edit"),
    post("position_end", "end"),
    # Absences and hand-overs
    at("absence_list", SECRETARY, "/absences/"),
    at("absence_choose", SECRETARY, "/absences/new/?q=nguyet"),
    post("absence_create", "absences/new", SECRETARY),
    post("absence refused", "absences/new", SECRETARY, press("Ghi nhận vắng mặt")),
    Place("absence_stand_in", SECRETARY, lambda stage: f"/absences/{stage.absence.pk}/stand-in/"),
    Place("absence_end", SECRETARY, lambda stage: f"/absences/{stage.absence.pk}/end/"),
    post("handover_post", "handover", CHIEF),
    post("handover numbers", "handover"),
    Place("handover_queue", SECRETARY, lambda stage: stage.ended and "/handovers/"),
    ended("handover_unit"),
    ended("handover preview", press("Xem trước bàn giao")),
    Place("handover_show", SECRETARY, lambda stage: f"/handovers/{stage.ended and stage.handed_over.pk}/"),
]
# Addresses that have no page of their own: parts of pages, files, and what is only sent.
NO_PAGES = frozenset(
    "stay alive theme language logout session_end unit_options notice_read_all conference_units guest_similar "
    "guest_track_rate unit_import_template person_import_template unit_import_preview person_open person_sign_out "
    "conference_participant conference_chiefs conference_participant_remove ask_draft ask_similar ask_people "
    "item_earlier item_support item_rate ask_follow ask_discard guest_track_do guest_track_file guest_track_edit "
    "attachment_open notice_open unsubscribe item_export escalation_export draft_save absence_people "
    "handover_post_export survey_export "
    "ready letter_show letter_html letter_file health_remind delivery_resend feed_revoke feed_file "
    "overdue_export campaign_remind signed_copy_file commitment_file commitment_sealed ranking_export "
    "evaluation_file commitment_docx evaluation_docx ranking_docx".split()
    + NO_PAPER_PAGES
    + NO_FIGURE_PAGES
    + NO_DIRECTIVE_PAGES
)
