from django.urls import path

from cchc.organization.views import account, session

urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("account/", account.profile, name="profile"),
    path("account/password/", account.password_change, name="password_change"),
    path("account/sessions/", session.session_list, name="session_list"),
    path("account/sessions/end/", session.session_end, name="session_end"),
]
