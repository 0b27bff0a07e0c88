"""Deliveries, preferences, ladders, feeds."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    # The steps by which the tables came to be; a database that took them all has taken this one.
    replaces = [
        ("followup", "0001_initial"),
        ("followup", "0002_turns_never_off"),
        ("followup", "0003_long_tables_written_by_the_worker"),
    ]

    dependencies = [
        ("organization", "0001_tables"),
        ("web", "0001_fold"),
        ("workflow", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("name", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("ok", models.BooleanField(default=True)),
                ("detail", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("opened", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("read_on", models.DateField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feed", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ladder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=120, unique=True)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("channel", models.CharField(choices=[("email", "E-mail")], max_length=10, verbose_name="channel")),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("digest", "In the morning digest"),
                            ("off", "Only in the app"),
                        ],
                        max_length=10,
                        verbose_name="manner",
                    ),
                ),
                ("digest_on", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("claimed", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("dropped", "No longer needed"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("claim", models.UUIDField(null=True)),
                ("address", models.CharField(blank=True, max_length=254)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("answer", models.CharField(blank=True, max_length=500, verbose_name="answer of the server")),
                ("ended_at", models.DateTimeField(null=True)),
                ("notices", models.ManyToManyField(related_name="deliveries", to="workflow.notice")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "channel", "digest_on"), name="digest_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim__isnull", False), ("claimed_until__isnull", False), ("state", "claimed")),
                            models.Q(("state", "claimed"), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_claimed_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", False), ("state__in", ("sent", "failed", "dropped"))),
                            models.Q(("ended_at__isnull", True), ("state__in", ("queued", "claimed"))),
                            _connector="OR",
                        ),
                        name="delivery_ended_when",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "claimed"))),
                        fields=["not_before", "made_at"],
                        name="delivery_waiting",
                    ),
                    models.Index(fields=["state", "-made_at"], name="delivery_in_state"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(choices=[("email", "E-mail")], max_length=10)),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("turns", "What becomes my turn"),
                            ("duties", "Reminders of what I owe, and of what I answer for"),
                            ("news", "Everything else I am told of"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "manner",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("digest", "In the morning digest"),
                            ("off", "Only in the app"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "channel", "about"), name="preference_once"),
                    models.CheckConstraint(
                        condition=models.Q(("about__in", ("turns", "duties")), ("manner", "off"), _negated=True),
                        name="duties_never_off",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=30)),
                ("query", models.TextField()),
                ("language", models.CharField(max_length=10)),
                ("title", models.CharField(max_length=300)),
                ("name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for its turn"),
                            ("writing", "Being written"),
                            ("ready", "Ready"),
                            ("failed", "Could not be written"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked for")),
                ("claim", models.UUIDField(null=True)),
                ("alive_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("total", models.PositiveIntegerField(null=True)),
                ("written", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("state__in", ("ready", "failed"))),
                            models.Q(("finished_at__isnull", True), ("state__in", ("waiting", "writing"))),
                            _connector="OR",
                        ),
                        name="export_finished_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "writing"), _negated=True),
                            models.Q(("alive_at__isnull", False), ("claim__isnull", False)),
                            _connector="OR",
                        ),
                        name="export_written_by_somebody",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["owner", "-asked_at"], name="export_of_owner"),
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "writing"))),
                        fields=["asked_at"],
                        name="export_unfinished",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "offset",
                    models.SmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(-20),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="working days after the due date",
                    ),
                ),
                (
                    "to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("owner", "Whose turn it is"),
                                ("chief", "Chief of the unit"),
                                ("secretary", "Secretary"),
                                ("leader", "Leader"),
                                ("above", "The unit above"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="to whom",
                    ),
                ),
                (
                    "ladder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stages", to="followup.ladder"
                    ),
                ),
            ],
            options={
                "ordering": ("offset",),
                "constraints": [
                    models.UniqueConstraint(fields=("ladder", "offset"), name="stage_once"),
                    models.CheckConstraint(condition=models.Q(("offset__range", (-20, 60))), name="stage_within_reach"),
                    models.CheckConstraint(condition=models.Q(("to__len__gt", 0)), name="stage_tells_somebody"),
                ],
            },
        ),
    ]
