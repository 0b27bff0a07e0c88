from django.urls import path

from cchc.followup.views import day, feed, handover, handover_post, notice, obligation, overdue, unsubscribe

urlpatterns = [
    path("account/calendar/", feed.feed_show, name="feed_show"),
    path("account/calendar/revoke/", feed.feed_revoke, name="feed_revoke"),
    path("calendar/<slug:secret>.ics", feed.feed_file, name="feed_file"),
    path("days/", day.day_list, name="day_list"),
    path("days/new/", day.day_create, name="day_create"),
    path("days/swap/", day.day_swap, name="day_swap"),
    path("days/<int:pk>/edit/", day.day_edit, name="day_edit"),
    path("days/<int:pk>/withdraw/", day.day_withdraw, name="day_withdraw"),
    path("days/seed/<int:year>/", day.day_seed, name="day_seed"),
    path("duties/<int:pk>/", obligation.obligation_show, name="obligation_show"),
    path("handovers/", handover.handover_queue, name="handover_queue"),
    path("handovers/<int:pk>/", handover.handover_show, name="handover_show"),
    path("handovers/units/<slug:code>/", handover.handover_unit, name="handover_unit"),
    path("posts/<int:pk>/handover/", handover_post.handover_post, name="handover_post"),
    path("posts/<int:pk>/handover/xlsx/", handover_post.handover_post_export, name="handover_post_export"),
    path("overdue/", overdue.overdue_list, name="overdue_list"),
    path("overdue/export.<slug:kind>", overdue.overdue_export, name="overdue_export"),
    path("notices/", notice.notice_list, name="notice_list"),
    path("notices/read/", notice.notice_read_all, name="notice_read_all"),
    path("notices/leave/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("notices/<int:pk>/open/", notice.notice_open, name="notice_open"),
]
