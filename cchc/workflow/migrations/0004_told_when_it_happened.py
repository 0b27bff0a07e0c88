"""Notices that stand were told when their event happened, and are not sent a second time."""

from django.db import migrations

UPDATE = """
UPDATE workflow_notice n SET told_at = e.at, dispatched_at = e.at FROM workflow_event e WHERE e.seq = n.event_id;
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_reminders_and_handovers")]
    operations = [migrations.RunSQL(UPDATE, migrations.RunSQL.noop)]
