"""Addresses of the dialogue."""

from django.urls import path

from dialogues.views import (
    conference,
    conference_agenda,
    conference_link,
    conference_move,
    conference_page,
    conference_people,
    escalation,
    escalation_edit,
    escalation_move,
    escalation_page,
    guest,
    intake,
    intake_for_others,
    intake_own,
    item,
    item_move,
    item_page,
    item_publish,
    plan,
    tracking,
)

urlpatterns = [
    # Conferences
    path("conferences/", conference.conference_list, name="conference_list"),
    path("conferences/new/", conference.conference_create, name="conference_create"),
    path("conferences/units/", conference.conference_units, name="conference_units"),
    path("conferences/<slug:code>/", conference_page.conference_show, name="conference_show"),
    path("conferences/<slug:code>/items/", conference_page.conference_items, name="conference_items"),
    path("conferences/<slug:code>/agenda/", conference_agenda.conference_agenda, name="conference_agenda"),
    path(
        "conferences/<slug:code>/agenda/edit/", conference_agenda.conference_agenda_edit, name="conference_agenda_edit"
    ),
    path("conferences/<slug:code>/people/", conference_people.conference_people, name="conference_people"),
    path(
        "conferences/<slug:code>/people/add/", conference_people.conference_participant, name="conference_participant"
    ),
    path("conferences/<slug:code>/people/chiefs/", conference_people.conference_chiefs, name="conference_chiefs"),
    path(
        "conferences/<slug:code>/people/<int:pk>/remove/",
        conference_people.conference_participant_remove,
        name="conference_participant_remove",
    ),
    path("conferences/<slug:code>/history/", conference_page.conference_history, name="conference_history"),
    path("conferences/<slug:code>/edit/", conference.conference_edit, name="conference_edit"),
    path("conferences/<slug:code>/poster/", conference_link.conference_poster, name="conference_poster"),
    path("conferences/<slug:code>/link/", conference_link.conference_link, name="conference_link"),
    path("conferences/<slug:code>/print/", conference_people.conference_print, name="conference_print"),
    path("conferences/<slug:code>/do/<slug:action>/", conference_move.conference_move, name="conference_move"),
    # Plans
    path("plans/", plan.plan_list, name="plan_list"),
    path("plans/new/", plan.plan_create, name="plan_create"),
    path("plans/<uuid:pk>/", plan.plan_show, name="plan_show"),
    path("plans/<uuid:pk>/edit/", plan.plan_edit, name="plan_edit"),
    path("plans/<uuid:pk>/do/<slug:action>/", plan.plan_move, name="plan_move"),
    # Asking
    path("ask/", intake.ask, name="ask"),
    path("ask/channels/", intake.ask_channels, name="ask_channels"),
    path("ask/to/<slug:code>/", intake.ask_form, name="ask_form"),
    path("ask/to/<slug:code>/draft/", intake.ask_draft, name="ask_draft"),
    path("ask/to/<slug:code>/similar/", intake.ask_similar, name="ask_similar"),
    path("ask/to/<slug:code>/for-others/", intake_for_others.ask_for_others, name="ask_for_others"),
    path("ask/to/<slug:code>/people/", intake_for_others.ask_people, name="ask_people"),
    path("ask/follow/<uuid:pk>/", intake.ask_follow, name="ask_follow"),
    path("items/<uuid:pk>/edit/", intake_own.ask_edit, name="ask_edit"),
    path("items/<uuid:pk>/discard/", intake_own.ask_discard, name="ask_discard"),
    path("items/<uuid:pk>/rate/", tracking.item_rate, name="item_rate"),
    # Questions and opinions
    path("items/", item.item_list, name="item_list"),
    path("items/export.<slug:kind>", item.item_export, name="item_export"),
    path("items/publish/", item_publish.item_publish_many, name="item_publish_many"),
    path("items/<uuid:pk>/", item_page.item_show, name="item_show"),
    path("items/<uuid:pk>/earlier/", item_page.item_earlier, name="item_earlier"),
    path("items/<uuid:pk>/support/", item_page.item_support, name="item_support"),
    path("items/<uuid:pk>/do/<slug:action>/", item_move.item_move, name="item_move"),
    # What is referred to the unit above
    path("escalations/", escalation.escalation_list, name="escalation_list"),
    path("escalations/export.<slug:kind>", escalation.escalation_export, name="escalation_export"),
    path("escalations/inbox/", escalation.escalation_inbox, name="escalation_inbox"),
    path("escalations/<uuid:pk>/", escalation_page.escalation_show, name="escalation_show"),
    path("escalations/<uuid:pk>/edit/", escalation_edit.escalation_edit, name="escalation_edit"),
    path("escalations/<uuid:pk>/take-in/", escalation_edit.escalation_take_in, name="escalation_take_in"),
    path("escalations/<uuid:pk>/do/<slug:action>/", escalation_move.escalation_move, name="escalation_move"),
    # Guests, and whoever holds a tracking code
    path("g/<slug:key>/", guest.guest_enter, name="guest_enter"),
    path("ask/guest/", guest.guest_ask, name="guest_ask"),
    path("ask/guest/similar/", guest.guest_similar, name="guest_similar"),
    path("ask/guest/found/", guest.guest_found, name="guest_found"),
    path("ask/conferences/", guest.guest_conferences, name="guest_conferences"),
    path("track/", tracking.guest_track, name="guest_track"),
    path("track/edit/", tracking.guest_track_edit, name="guest_track_edit"),
    path("track/rate/", tracking.guest_track_rate, name="guest_track_rate"),
    path("track/do/<slug:action>/", tracking.guest_track_do, name="guest_track_do"),
    path("track/files/<uuid:pk>/", tracking.guest_track_file, name="guest_track_file"),
]
