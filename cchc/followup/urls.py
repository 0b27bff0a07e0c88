from django.urls import path

from cchc.followup.views import feed, notice

urlpatterns = [
    path("account/calendar/", feed.feed_show, name="feed_show"),
    path("account/calendar/revoke/", feed.feed_revoke, name="feed_revoke"),
    path("calendar/<slug:secret>.ics", feed.feed_file, name="feed_file"),
    path("notices/", notice.notice_list, name="notice_list"),
    path("notices/read/", notice.notice_read_all, name="notice_read_all"),
    path("notices/<int:pk>/open/", notice.notice_open, name="notice_open"),
]
