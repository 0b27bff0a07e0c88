"""Addresses of the dialogue."""

from django.urls import path

from dialogues.views import (
    conference,
    conference_agenda,
    conference_do,
    conference_link,
    conference_page,
    conference_people,
    plan,
)

urlpatterns = [
    # Conferences
    path("conferences/", conference.conference_list, name="conference_list"),
    path("conferences/new/", conference.conference_new, name="conference_new"),
    path("conferences/units/", conference.conference_units, name="conference_units"),
    path("conferences/<slug:code>/", conference_page.conference_view, name="conference_view"),
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
    path("conferences/<slug:code>/do/<slug:action>/", conference_do.conference_do, name="conference_do"),
    # Plans
    path("plans/", plan.plan_list, name="plan_list"),
    path("plans/new/", plan.plan_new, name="plan_new"),
    path("plans/<uuid:pk>/", plan.plan_view, name="plan_view"),
    path("plans/<uuid:pk>/edit/", plan.plan_edit, name="plan_edit"),
    path("plans/<uuid:pk>/do/<slug:action>/", plan.plan_do, name="plan_do"),
]
