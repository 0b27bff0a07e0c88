"""All addresses of the site."""

from django.urls import include, path

urlpatterns = [
    path("", include("cchc.web.urls")),
    path("", include("cchc.organization.urls")),
    path("", include("cchc.workdays.urls")),
    path("", include("cchc.followup.urls")),
    path("", include("cchc.documents.urls")),
    path("", include("dialogues.urls")),
    path("", include("commitments.urls")),
]

handler400 = "cchc.web.views.errors.bad_request"
handler403 = "cchc.web.views.errors.forbidden"
handler404 = "cchc.web.views.errors.not_found"
handler500 = "cchc.web.views.errors.server_error"
