"""The queue's application, and what it does by the clock."""

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")

app = Celery("cchc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # After midnight, when a working day has passed; a start later in the day catches up with a missed one.
    # A tick that finds no worker for so long is of no use any more: the next one does its work.
    "tick": {
        "task": "cchc.followup.tasks.tick",
        "schedule": settings.TICK_SECONDS,
        "options": {"expires": settings.TICK_SECONDS},
    },
    "clock": {"task": "cchc.followup.tasks.run_clock", "schedule": crontab(hour=0, minute=5)},
}
