"""The queue's application, and what it does by the clock."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")

app = Celery("cchc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    # After midnight, when a working day has passed; a start later in the day catches up with a missed one.
    "clock": {"task": "cchc.followup.tasks.run_clock", "schedule": crontab(hour=0, minute=5)},
}
