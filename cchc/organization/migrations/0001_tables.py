"""Units, people and posts with their history."""

import cchc.web.search
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    # The steps by which the tables came to be; a database that took them all has taken this one.
    replaces = [
        ("organization", "0001_initial"),
        ("organization", "0002_absence"),
        ("organization", "0003_posts_limited_to_matters_of_certain_days"),
    ]

    dependencies = [
        ("web", "0001_fold"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "username",
                    models.CharField(
                        max_length=60,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9._-]+$",
                                "Only small letters without accents, digits, dots, hyphens and underscores.",
                            )
                        ],
                        verbose_name="user name",
                    ),
                ),
                ("full_name", models.CharField(max_length=120, verbose_name="full name")),
                (
                    "rank",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "No rank"),
                            (1, "Corporal"),
                            (2, "Sergeant"),
                            (3, "Master sergeant"),
                            (4, "Second lieutenant"),
                            (5, "Lieutenant"),
                            (6, "Senior lieutenant"),
                            (7, "Captain"),
                            (8, "Major"),
                            (9, "Lieutenant colonel"),
                            (10, "Senior lieutenant colonel"),
                            (11, "Colonel"),
                            (12, "Major general"),
                            (13, "Lieutenant general"),
                            (14, "Senior lieutenant general"),
                            (15, "General"),
                        ],
                        default=0,
                        verbose_name="rank",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("must_change_password", models.BooleanField(default=False, editable=False)),
                ("password_until", models.DateTimeField(editable=False, null=True)),
                (
                    "theme",
                    models.CharField(
                        choices=[("light", "Light"), ("dark", "Dark")],
                        default="light",
                        max_length=5,
                        verbose_name="appearance",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("vi", "Vietnamese"), ("en", "English")],
                        default="vi",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("sort_key", models.CharField(db_collation="C", default="", editable=False, max_length=500)),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"),
                        name="person_username_once",
                        violation_error_message="This user name is taken.",
                    )
                ],
                "indexes": [
                    models.Index(fields=["sort_key", "id"], name="person_in_order"),
                    django.contrib.postgres.indexes.GinIndex(
                        cchc.web.search.FoldedVector("full_name", "username"), name="person_search"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("short_name", models.CharField(max_length=60, verbose_name="short name")),
                ("symbol", models.CharField(blank=True, max_length=30, verbose_name="document symbol")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ministry", "Ministry"),
                            ("ministry_department", "Ministry department"),
                            ("province_police", "Provincial police"),
                            ("division", "Division"),
                            ("district_police", "District-level police"),
                            ("team", "Team"),
                            ("ward_police", "Ward police"),
                            ("commune_police", "Commune police"),
                            ("group", "Group"),
                            ("mass_organization", "Mass organization"),
                            ("party_committee", "Party committee"),
                            ("inspection_delegation", "Inspection delegation"),
                            ("external_body", "External body"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                ("path", models.CharField(db_collation="C", db_index=True, default="", editable=False, max_length=200)),
                (
                    "is_focal_point",
                    models.BooleanField(default=False, verbose_name="focal point for administrative reform"),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("sort_key", models.CharField(db_collation="C", default="", editable=False, max_length=800)),
                (
                    "command",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="organization.unit",
                        verbose_name="unit above",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="unit_dates_in_order",
                        violation_error_message="The last day may not lie before the first day.",
                    )
                ],
                "indexes": [
                    models.Index(fields=["sort_key", "code"], name="unit_in_order"),
                    django.contrib.postgres.indexes.GinIndex(
                        cchc.web.search.FoldedVector("code", "name", "short_name", "symbol"), name="unit_search"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key"),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("device", models.CharField(blank=True, max_length=120, verbose_name="device")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="address")),
                ("began_at", models.DateTimeField(null=True, verbose_name="began")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="last seen")),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("merged", "Merged"),
                            ("split", "Split"),
                            ("dissolved", "Dissolved"),
                            ("renamed", "Renamed"),
                            ("function_transfer", "Function transferred"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("decision", models.CharField(max_length=250, verbose_name="decision")),
                ("on", models.DateField(verbose_name="date")),
                ("scope", models.CharField(blank=True, max_length=250, verbose_name="scope")),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="organization.unit",
                        verbose_name="successor",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "succession",
                "verbose_name_plural": "successions",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "successor", "on"), name="succession_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit", models.F("successor")), _negated=True),
                        name="succession_to_another_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
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
                        verbose_name="role",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="to")),
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
                        default="",
                        max_length=3,
                        verbose_name="acts for the head as",
                    ),
                ),
                ("authority", models.CharField(blank=True, max_length=200, verbose_name="authority document")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="organization.unit",
                        verbose_name="unit",
                    ),
                ),
                ("matters_from", models.DateField(editable=False, null=True)),
                ("matters_until", models.DateField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="position_dates_in_order",
                        violation_error_message="The last day may not lie before the first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acting_kind", ""), models.Q(("authority", ""), _negated=True), _connector="OR"
                        ),
                        name="position_acting_needs_authority",
                        violation_error_message="Acting for the head needs the number of the authority document.",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "unit", "role", "valid_from"),
                        name="position_once",
                        violation_error_message="This person already holds this post from that day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("matters_from__isnull", True), ("matters_until__isnull", True)),
                            models.Q(
                                ("matters_from__isnull", False),
                                ("matters_until__isnull", False),
                                ("role", "inspector"),
                                ("matters_until__gte", models.F("matters_from")),
                            ),
                            _connector="OR",
                        ),
                        name="position_matters_in_order",
                    ),
                ],
                "indexes": [models.Index(fields=["unit", "role"], name="position_of_unit")],
            },
        ),
        migrations.CreateModel(
            name="UnitVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(max_length=60)),
                ("until", models.DateField()),
                (
                    "parent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="organization.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "earlier name",
                "verbose_name_plural": "earlier names",
                "constraints": [models.UniqueConstraint(fields=("unit", "until"), name="unit_version_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="first day")),
                ("valid_to", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(max_length=120, verbose_name="reason")),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="organization.position"
                    ),
                ),
                (
                    "stand_in",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stands_in",
                        to="organization.position",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="absence_dates_in_order",
                        violation_error_message="The last day may not lie before the first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="absence_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cancelled_at", None), ("stand_in", None), _connector="OR"),
                        name="absence_cancelled_without_stand_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stand_in", models.F("post")), _negated=True),
                        name="absence_not_for_oneself",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at", None)),
                        fields=["valid_from", "valid_to"],
                        name="absence_standing",
                    )
                ],
            },
        ),
    ]
