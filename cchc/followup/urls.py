from django.urls import path

from cchc.followup.views import notice

urlpatterns = [
    path("notices/", notice.notice_list, name="notice_list"),
    path("notices/read/", notice.notice_read_all, name="notice_read_all"),
    path("notices/<int:pk>/open/", notice.notice_open, name="notice_open"),
]
