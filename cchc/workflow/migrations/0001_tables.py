"""Subjects, the ledger and what is owed; the ledger is numbered, chained and append-only by triggers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


SQL = """
CREATE FUNCTION workflow_event_line(e workflow_event) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws('|', e.previous, e.seq, e.subject_type, e.subject_id, e.action, e.from_state, e.to_state,
        coalesce(e.actor_id::text, ''), (extract(epoch FROM e.at) * 1000000)::bigint, e.digest)
$$;

CREATE FUNCTION workflow_event_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE last_seq bigint; last_hash text;
BEGIN
    -- One writer at a time until its commit: a chain has no branches.
    PERFORM pg_advisory_xact_lock(7203170201);
    SELECT seq, hash INTO last_seq, last_hash FROM workflow_event ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last_seq, 0) + 1;
    NEW.previous := coalesce(last_hash, '');
    NEW.hash := encode(sha256(convert_to(workflow_event_line(NEW), 'UTF8')), 'hex');
    RETURN NEW;
END $$;

CREATE FUNCTION workflow_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'workflow_event is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER event_chain BEFORE INSERT ON workflow_event FOR EACH ROW EXECUTE FUNCTION workflow_event_chain();
CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON workflow_event FOR EACH ROW EXECUTE FUNCTION workflow_event_refuse();
CREATE TRIGGER event_kept_whole BEFORE TRUNCATE ON workflow_event EXECUTE FUNCTION workflow_event_refuse();
ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_chain;
ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_kept;
ALTER TABLE workflow_event ENABLE ALWAYS TRIGGER event_kept_whole;
"""

NO_SQL = """
DROP TRIGGER event_chain ON workflow_event;
DROP TRIGGER event_kept ON workflow_event;
DROP TRIGGER event_kept_whole ON workflow_event;
DROP FUNCTION workflow_event_chain(), workflow_event_refuse(), workflow_event_line(workflow_event);
"""


class Migration(migrations.Migration):
    initial = True
    # The steps by which the tables came to be; a database that took them all has taken this one.
    replaces = [
        ("workflow", "0001_initial"),
        ("workflow", "0002_ledger"),
        ("workflow", "0003_reminders_and_handovers"),
        ("workflow", "0004_told_when_it_happened"),
        ("workflow", "0005_extension_by_calendar"),
        ("workflow", "0006_who_reminded"),
    ]

    dependencies = [
        ("organization", "0001_tables"),
        ("web", "0001_fold"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=40)),
                ("action", models.CharField(max_length=40)),
                ("from_state", models.CharField(blank=True, max_length=20)),
                ("to_state", models.CharField(blank=True, max_length=20)),
                ("at", models.DateTimeField()),
                ("payload", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("previous", models.CharField(default="", max_length=64)),
                ("hash", models.CharField(default="", max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject_type", "subject_id", "-seq"], name="event_of_subject")],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decision", models.CharField(max_length=250, verbose_name="decision")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handed_over", to="organization.unit"
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="taken_over", to="organization.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("decision", ""), _negated=True), name="handover_names_decision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_unit", models.F("to_unit")), _negated=True),
                        name="handover_to_another_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=60)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer", "Officer"),
                            ("unit_chief", "Unit chief"),
                            ("secretary", "Secretary"),
                            ("leader", "Leader"),
                            ("deputy_leader", "Deputy leader"),
                            ("provincial_secretary", "Provincial secretary"),
                            ("provincial_leader", "Provincial leader"),
                            ("inspector", "Inspector"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=30,
                    ),
                ),
                ("started_on", models.DateField()),
                ("term", models.PositiveSmallIntegerField(null=True)),
                ("due_on", models.DateField()),
                ("first_due_on", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="organization.unit",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="workflow.handover",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=("subject_type", "subject_id", "kind"),
                        name="obligation_open_once",
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["unit", "role", "due_on"],
                        name="obligation_open_of_unit",
                    ),
                    models.Index(
                        condition=models.Q(("person__isnull", False), ("settled_at__isnull", True)),
                        fields=["person", "due_on"],
                        name="obligation_open_of_person",
                    ),
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["due_on", "id"],
                        name="obligation_open_by_due",
                    ),
                    models.Index(fields=["subject_type", "subject_id"], name="obligation_of_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="workflow.event",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("owner", "Whose turn it is"),
                            ("chief", "Chief of the unit"),
                            ("secretary", "Secretary"),
                            ("leader", "Leader"),
                            ("above", "The unit above"),
                        ],
                        max_length=10,
                    ),
                ),
                ("dispatched_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                (
                    "obligation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="workflow.obligation",
                    ),
                ),
                ("stage", models.SmallIntegerField(null=True)),
                ("told_at", models.DateTimeField()),
                ("vacant", models.BooleanField(default=False)),
                (
                    "reminded_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("event", "person"), name="notice_once"),
                    models.UniqueConstraint(fields=("obligation", "due_on", "stage", "person"), name="reminder_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("due_on__isnull", True),
                                ("event__isnull", False),
                                ("obligation__isnull", True),
                                ("stage__isnull", True),
                            ),
                            models.Q(
                                ("due_on__isnull", False),
                                ("event__isnull", True),
                                ("obligation__isnull", False),
                                ("stage__isnull", False),
                                models.Q(("capacity", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notice_of_event_or_obligation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reminded_by__isnull", True), ("obligation__isnull", False), _connector="OR"
                        ),
                        name="notice_reminds_of_a_duty",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["person"], name="notice_unread"
                    ),
                    models.Index(fields=["person", "-id"], name="notice_of_person"),
                    models.Index(
                        condition=models.Q(("dispatched_at__isnull", True)), fields=["id"], name="notice_undispatched"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_before", models.DateField()),
                ("due_after", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="workflow.obligation"
                    ),
                ),
                ("by_calendar", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="extension_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_after", models.F("due_before")), _negated=True),
                        name="extension_moves_the_date",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL, NO_SQL),
    ]
