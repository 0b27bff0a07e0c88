from django.urls import path

from cchc.organization.views import account, person, position, session, unit

urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("account/", account.profile, name="profile"),
    path("account/password/", account.password_change, name="password_change"),
    path("account/sessions/", session.session_list, name="session_list"),
    path("account/sessions/end/", session.session_end, name="session_end"),
    path("units/", unit.unit_list, name="unit_list"),
    path("units/new/", unit.unit_create, name="unit_create"),
    path("units/options/", unit.unit_options, name="unit_options"),
    path("units/u/<slug:code>/", unit.unit_show, name="unit_show"),
    path("units/u/<slug:code>/edit/", unit.unit_edit, name="unit_edit"),
    path("units/u/<slug:code>/end/", unit.unit_end, name="unit_end"),
    path("units/u/<slug:code>/succession/", unit.unit_succession, name="unit_succession"),
    path("people/", person.person_list, name="person_list"),
    path("people/new/", person.person_create, name="person_create"),
    path("people/<int:pk>/", person.person_show, name="person_show"),
    path("people/<int:pk>/edit/", person.person_edit, name="person_edit"),
    path("people/<int:pk>/code/", person.person_code, name="person_code"),
    path("people/<int:pk>/close/", person.person_close, name="person_close"),
    path("people/<int:pk>/open/", person.person_open, name="person_open"),
    path("people/<int:pk>/sign-out/", person.person_sign_out, name="person_sign_out"),
    path("people/<int:pk>/posts/new/", position.position_create, name="position_create"),
    path("posts/<int:pk>/edit/", position.position_edit, name="position_edit"),
    path("posts/<int:pk>/end/", position.position_end, name="position_end"),
]
