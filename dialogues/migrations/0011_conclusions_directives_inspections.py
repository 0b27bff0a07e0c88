"""Conclusions with their directives, and what an inspection has beside a conference."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


REPORTS_ARE_KEPT = """
CREATE TRIGGER update_kept BEFORE UPDATE OR DELETE ON dialogues_update
    FOR EACH ROW EXECUTE FUNCTION dialogues_paper_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0010_plans_are_kept_by_a_unit"),
        ("organization", "0002_absence"),
        ("workflow", "0005_extension_by_calendar"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="plan",
            name="host",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.unit",
                verbose_name="kept by",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=("host", "issuer", "issuer_name", "number", "issued_on"),
                name="plan_once",
                nulls_distinct=False,
                violation_error_message="This number is already registered for that issuer and day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issuer__isnull", False), ("issuer_name", "")),
                    models.Q(("issuer__isnull", True), models.Q(("issuer_name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="plan_of_one_issuer",
                violation_error_message="Choose the issuing unit or write who issued it, one of the two.",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_year__isnull", True), ("last_year__isnull", True)),
                    models.Q(
                        ("first_year__gte", 1975), ("last_year__gte", models.F("first_year")), ("last_year__lte", 2099)
                    ),
                    _connector="OR",
                ),
                name="plan_period_in_order",
                violation_error_message="The period needs its first and its last year, in order.",
            ),
        ),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("presented", "Before the leader"),
                            ("issued", "Issued"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("assessment", models.TextField(blank=True, max_length=12000, verbose_name="assessment")),
                (
                    "closing_note",
                    models.TextField(blank=True, max_length=8000, verbose_name="organization of the work"),
                ),
                ("document", models.CharField(blank=True, max_length=60, verbose_name="number of the notice")),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("capacity", models.CharField(blank=True, editable=False, max_length=150)),
                (
                    "acting_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "In person"),
                            ("kt", "KT. (for the head)"),
                            ("tl", "TL. (by order)"),
                            ("tuq", "TUQ. (by authorization)"),
                            ("tm", "TM. (on behalf of)"),
                        ],
                        editable=False,
                        max_length=3,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delegate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="full name")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="post")),
                ("head", models.BooleanField(default=False, verbose_name="head of the delegation")),
            ],
            options={
                "ordering": ("-head", "id"),
            },
        ),
        migrations.CreateModel(
            name="Directive",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Not yet issued"),
                            ("issued", "Issued, not yet taken up"),
                            ("in_progress", "In progress"),
                            ("reported", "Reported done"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("closed", "Ended without result"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="content")),
                ("product", models.CharField(blank=True, max_length=500, verbose_name="expected product")),
                ("due_on", models.DateField(verbose_name="deadline")),
                ("first_due_on", models.DateField(editable=False, null=True)),
                ("asked_until", models.DateField(editable=False, null=True)),
                ("asked_reason", models.CharField(blank=True, editable=False, max_length=500)),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                ("percent", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("done_on", models.DateField(editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("strength", "Strength"), ("weakness", "Weakness")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="finding")),
                ("remedy_by", models.DateField(blank=True, null=True, verbose_name="to be remedied by")),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="document")),
                ("due_on", models.DateField(verbose_name="wanted by")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="received on")),
            ],
            options={
                "ordering": ("due_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="Scope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="decision on the delegation")),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("first_day", models.DateField(verbose_name="matters from")),
                ("last_day", models.DateField(verbose_name="matters until")),
                ("reads_from", models.DateField(verbose_name="inspectors may read from")),
                ("reads_until", models.DateField(verbose_name="inspectors may read until")),
            ],
        ),
        migrations.CreateModel(
            name="Update",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="percent done")),
                ("text", models.TextField(max_length=4000, verbose_name="what was done")),
                ("capacity", models.CharField(blank=True, max_length=150)),
                ("at", models.DateTimeField()),
                ("final", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.AddField(
            model_name="conclusion",
            name="conference",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="conclusions", to="dialogues.conference"
            ),
        ),
        migrations.AddField(
            model_name="conclusion",
            name="host",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
            ),
        ),
        migrations.AddField(
            model_name="conclusion",
            name="issued_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conclusion",
            name="turn",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workflow.obligation",
            ),
        ),
        migrations.AddField(
            model_name="delegate",
            name="conference",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="delegates", to="dialogues.conference"
            ),
        ),
        migrations.AddField(
            model_name="delegate",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegate",
            name="post",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="organization.position",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="conclusion",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="directives",
                to="dialogues.conclusion",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="coordinating",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="organization.unit", verbose_name="coordinating units"
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="host",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.unit",
                verbose_name="issued by",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="items",
            field=models.ManyToManyField(
                blank=True, related_name="directives", to="dialogues.item", verbose_name="source items"
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="lead",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.unit",
                verbose_name="lead unit",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="plan",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="directives", to="dialogues.plan"
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dialogues.topic",
                verbose_name="CCHC content",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="turn",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workflow.obligation",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="conference",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="dialogues.conference"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dialogues.topic",
                verbose_name="CCHC content",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="directive",
            name="findings",
            field=models.ManyToManyField(
                blank=True, related_name="directives", to="dialogues.finding", verbose_name="source findings"
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="conference",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="requests", to="dialogues.conference"
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.unit",
                verbose_name="asked of",
            ),
        ),
        migrations.AddField(
            model_name="scope",
            name="conference",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="scope", to="dialogues.conference"
            ),
        ),
        migrations.AddField(
            model_name="update",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="update",
            name="directive",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="dialogues.directive"
            ),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "cancelled"), _negated=True),
                fields=("conference",),
                name="conclusion_once_per_conference",
            ),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("issued_at__isnull", False),
                        ("issued_by__isnull", False),
                        ("state", "issued"),
                        models.Q(("assessment", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "issued"), _negated=True),
                        ("issued_at__isnull", True),
                        ("issued_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="conclusion_issued_who_when_what_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("head", True)), fields=("conference",), name="delegation_has_one_head"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegate",
            constraint=models.UniqueConstraint(fields=("conference", "person"), name="delegate_once"),
        ),
        migrations.AddConstraint(
            model_name="delegate",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="delegate_is_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("conference", "number"), name="finding_number_once"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="finding_says_something"
            ),
        ),
        migrations.AddIndex(
            model_name="directive",
            index=models.Index(fields=["host", "state", "due_on"], name="directive_of_host"),
        ),
        migrations.AddIndex(
            model_name="directive",
            index=models.Index(fields=["lead", "state", "due_on"], name="directive_of_lead"),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.UniqueConstraint(
                fields=("conclusion", "number"), name="directive_number_once_in_conclusion"
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.UniqueConstraint(fields=("plan", "number"), name="directive_number_once_in_plan"),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("conclusion__isnull", False), ("plan__isnull", True)),
                    models.Q(("conclusion__isnull", True), ("plan__isnull", False)),
                    _connector="OR",
                ),
                name="directive_of_a_conclusion_or_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_due_on__isnull", True), ("issued_at__isnull", True), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        ("first_due_on__isnull", False),
                        ("issued_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="directive_issued_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_on__isnull", False), ("percent", 100), ("state__in", ("reported", "accepted"))),
                    models.Q(
                        models.Q(("state__in", ("reported", "accepted")), _negated=True), ("done_on__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="directive_done_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("asked_reason", ""), ("asked_until__isnull", True)),
                    ("asked_until__isnull", False),
                    _connector="OR",
                ),
                name="directive_time_asked_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100)), name="directive_percent_within_100"
            ),
        ),
        migrations.AddConstraint(
            model_name="directive",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("asked_until__isnull", True), ("asked_until__gt", models.F("due_on")), _connector="OR"
                ),
                name="directive_asks_for_a_later_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="scope",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day__gte", models.F("first_day")), ("reads_until__gte", models.F("reads_from"))
                ),
                name="scope_days_in_order",
                violation_error_message="The last day must not come before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100), models.Q(("text", ""), _negated=True)),
                name="update_says_how_far",
            ),
        ),
        migrations.AddConstraint(
            model_name="update",
            constraint=models.CheckConstraint(
                condition=models.Q(("final", False), ("percent", 100), _connector="OR"), name="update_final_is_complete"
            ),
        ),
        migrations.RunSQL(REPORTS_ARE_KEPT, "DROP TRIGGER update_kept ON dialogues_update"),
    ]
