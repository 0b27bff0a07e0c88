"""Satisfaction surveys, gradings by others, good practices and who took them over."""

import dialogues.models.survey
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0011_conclusions_directives_inspections"),
        ("organization", "0002_absence"),
        ("workflow", "0006_who_reminded"),
    ]

    operations = [
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300, verbose_name="question")),
            ],
            options={
                "ordering": ("order",),
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "group",
                    models.CharField(
                        choices=[("officers", "Officers"), ("citizens", "Citizens"), ("businesses", "Businesses")],
                        max_length=20,
                        verbose_name="I am",
                    ),
                ),
                ("overall", models.PositiveSmallIntegerField()),
                ("comment", models.CharField(blank=True, max_length=1000, verbose_name="comment")),
                ("on", models.DateField()),
                ("mark", models.CharField(editable=False, max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("proposed", "Under review"),
                            ("returned", "To be completed"),
                            ("published", "Published"),
                            ("rejected", "Not recognized"),
                            ("retired", "No longer recommended"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("started_on", models.DateField(verbose_name="in use since")),
                ("problem", models.TextField(max_length=4000, verbose_name="what was wrong before")),
                ("method", models.TextField(max_length=8000, verbose_name="how it is done")),
                ("conditions", models.TextField(blank=True, max_length=2000, verbose_name="what it takes")),
                ("cost_note", models.CharField(blank=True, max_length=300, verbose_name="cost")),
                ("created_at", models.DateTimeField(editable=False)),
                ("recognized_on", models.DateField(editable=False, null=True, verbose_name="recognized on")),
                (
                    "document",
                    models.CharField(
                        blank=True, editable=False, max_length=200, verbose_name="document of recognition"
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.field",
                        verbose_name="professional field",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dialogues.topic",
                        verbose_name="CCHC content",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="what was measured")),
                ("measure_unit", models.CharField(blank=True, max_length=40, verbose_name="unit of measure")),
                ("before", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="before")),
                ("after", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="after")),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="measures", to="dialogues.practice"
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
            },
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="planned by")),
                ("adopted_on", models.DateField(blank=True, null=True, verbose_name="in use since")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                ("end_note", models.CharField(blank=True, max_length=500, verbose_name="why it ended")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="adoptions", to="dialogues.practice"
                    ),
                ),
            ],
            options={
                "ordering": ("adopted_on", "due_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.PositiveSmallIntegerField()),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="dialogues.criterion"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="scores", to="dialogues.response"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "In preparation"),
                            ("open", "Taking answers"),
                            ("closed", "Results are out"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=250, verbose_name="subject of the survey")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("link", "Asked here, by link and QR code"),
                            ("ratings", "The askers' ratings of their answers"),
                            ("reported", "Counted elsewhere"),
                        ],
                        default="link",
                        max_length=10,
                        verbose_name="where the answers come from",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("first_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("method", models.CharField(blank=True, max_length=250, verbose_name="method")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="document")),
                ("created_at", models.DateTimeField(editable=False)),
                ("sent", models.PositiveIntegerField(blank=True, null=True, verbose_name="number sent out")),
                ("returned", models.PositiveIntegerField(blank=True, null=True, verbose_name="number returned")),
                ("satisfied", models.PositiveIntegerField(blank=True, null=True, verbose_name="number satisfied")),
                (
                    "reported_percent",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="share satisfied, as reported (%)",
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        default=dialogues.models.survey.new_survey_key, editable=False, max_length=40, unique=True
                    ),
                ),
                ("figures", models.JSONField(default=dict, editable=False)),
                (
                    "conference",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveys",
                        to="dialogues.conference",
                        verbose_name="conference",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workflow.obligation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="response",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="responses", to="dialogues.survey"
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="dialogues.survey"
            ),
        ),
        migrations.CreateModel(
            name="Grading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "group",
                    models.CharField(
                        help_text="The peers, for example: Central agencies in the province",
                        max_length=200,
                        verbose_name="graded among",
                    ),
                ),
                ("grade", models.CharField(max_length=60, verbose_name="grade")),
                ("rank", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rank")),
                ("group_size", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="of how many")),
                (
                    "wording",
                    models.CharField(
                        blank=True,
                        help_text="Wordings differ from year to year",
                        max_length=150,
                        verbose_name="as the paper words it",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=250, verbose_name="source")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "year", "group"),
                        name="grading_once",
                        violation_error_message="This unit's grading for that year and group is already registered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("group_size__isnull", True), ("rank__isnull", True)),
                            models.Q(
                                ("group_size__gte", models.F("rank")),
                                ("group_size__isnull", False),
                                ("rank__gte", 1),
                                ("rank__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="grading_rank_within_group",
                        violation_error_message="Give rank and size of the group together; the rank lies within the group.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (1990, 2100))),
                        name="grading_year",
                        violation_error_message="Check the year.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="practice",
            index=models.Index(fields=["state", "-recognized_on"], name="practice_published"),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("published", "retired")), _negated=True),
                    ("recognized_on__isnull", False),
                    _connector="OR",
                ),
                name="practice_published_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(fields=("practice", "order"), name="measure_order_once"),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)), fields=("practice", "unit"), name="adoption_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(("adopted_on__isnull", False), ("due_on__isnull", False), _connector="OR"),
                name="adoption_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_note", ""), ("ended_on__isnull", True)),
                    models.Q(("ended_on__isnull", False), models.Q(("end_note", ""), _negated=True)),
                    _connector="OR",
                ),
                name="adoption_ended_when_why_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="adoption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on__isnull", True),
                    ("adopted_on__isnull", True),
                    ("ended_on__gte", models.F("adopted_on")),
                    _connector="OR",
                ),
                name="adoption_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(fields=("response", "criterion"), name="score_once"),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(condition=models.Q(("value__range", (1, 5))), name="score_one_to_five"),
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["host", "-year"], name="survey_of_host"),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_on__isnull", True), ("last_on__isnull", True)),
                    models.Q(
                        ("first_on__isnull", False), ("last_on__gte", models.F("first_on")), ("last_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="survey_period_in_order",
                violation_error_message="The last day may not lie before the first day.",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("source", "reported"),
                    models.Q(
                        ("reported_percent__isnull", True), ("returned__isnull", True), ("satisfied__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="survey_counts_itself_unless_reported",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("satisfied__isnull", True),
                    models.Q(("returned__gte", models.F("satisfied")), ("returned__isnull", False)),
                    _connector="OR",
                ),
                name="survey_satisfied_among_returned",
                violation_error_message="More cannot be satisfied than have answered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reported_percent__isnull", True),
                    ("returned__isnull", True),
                    ("satisfied__isnull", True),
                    _connector="OR",
                ),
                name="survey_percent_is_computed_when_counts_are_known",
                violation_error_message="With both counts the share is computed: leave the reported share empty.",
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reported_percent__isnull", True), ("reported_percent__range", (0, 100)), _connector="OR"
                ),
                name="survey_percent_of_hundred",
                violation_error_message="A share lies between 0 and 100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(("overall__range", (1, 5))), name="response_one_to_five"
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.UniqueConstraint(fields=("survey", "order"), name="survey_criterion_order_once"),
        ),
    ]
