"""Campaigns and commitments; what was signed, scored and published is kept by triggers."""

import cchc.web.search
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


SQL = """
CREATE FUNCTION commitments_signature_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a signature is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER signature_kept BEFORE UPDATE OR DELETE ON commitments_signature
    FOR EACH ROW EXECUTE FUNCTION commitments_signature_kept();

CREATE FUNCTION commitments_signature_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric;
BEGIN
    SELECT coalesce(sum(weight), 0) INTO total FROM commitments_task WHERE commitment_id = NEW.commitment_id;
    IF total <> 100 THEN
        RAISE EXCEPTION 'the weights sum to %, not to 100', total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signature_fits BEFORE INSERT ON commitments_signature
    FOR EACH ROW EXECUTE FUNCTION commitments_signature_fits();

CREATE FUNCTION commitments_text_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.content <> '' AND OLD.content <> NEW.content) OR (OLD.digest <> '' AND OLD.digest <> NEW.digest)
        OR (OLD.paper_id IS NOT NULL AND OLD.paper_id IS DISTINCT FROM NEW.paper_id)
        OR (OLD.sealed_id IS NOT NULL AND OLD.sealed_id IS DISTINCT FROM NEW.sealed_id) THEN
        RAISE EXCEPTION 'a signed text is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.content <> '' AND NEW.digest <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the digest is not that of the content' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER text_kept BEFORE UPDATE ON commitments_commitment
    FOR EACH ROW EXECUTE FUNCTION commitments_text_kept();

CREATE FUNCTION commitments_task_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text;
BEGIN
    SELECT content INTO held FROM commitments_commitment
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.commitment_id ELSE NEW.commitment_id END;
    IF held <> '' THEN
        RAISE EXCEPTION 'tasks of a signed version are never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER task_kept BEFORE INSERT OR UPDATE OR DELETE ON commitments_task
    FOR EACH ROW EXECUTE FUNCTION commitments_task_kept();
CREATE FUNCTION commitments_row_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%s is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON commitments_score FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();
CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON commitments_ranking FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();
CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON commitments_place FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();
CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON commitments_finalsheet
    FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();
CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON commitments_signedcopy FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();
CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON commitments_digitalsignature FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();
CREATE FUNCTION commitments_terms_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM commitments_campaign WHERE content <> '' AND id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.campaign_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.campaign_id END
    )) THEN
        RAISE EXCEPTION 'terms of an open campaign are never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION commitments_campaign_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.content <> '' AND (
        TG_OP = 'DELETE' OR
        (OLD.content, OLD.digest, OLD.code, OLD.year, OLD.title, OLD.clause, OLD.opens_on, OLD.sign_by,
         OLD.report_days, OLD.self_by, OLD.check_by, OLD.score_by, OLD.object_by, OLD.late_factor,
         OLD.excellent_percent, OLD.late_deduction, OLD.least_tasks)
        IS DISTINCT FROM
        (NEW.content, NEW.digest, NEW.code, NEW.year, NEW.title, NEW.clause, NEW.opens_on, NEW.sign_by,
         NEW.report_days, NEW.self_by, NEW.check_by, NEW.score_by, NEW.object_by, NEW.late_factor,
         NEW.excellent_percent, NEW.late_deduction, NEW.least_tasks)
    ) THEN
        RAISE EXCEPTION 'terms of an open campaign are never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER campaign_kept BEFORE UPDATE OR DELETE ON commitments_campaign
    FOR EACH ROW EXECUTE FUNCTION commitments_campaign_kept();
CREATE TRIGGER terms_kept BEFORE INSERT OR UPDATE OR DELETE ON commitments_criterion FOR EACH ROW EXECUTE FUNCTION commitments_terms_kept();
CREATE TRIGGER terms_kept BEFORE INSERT OR UPDATE OR DELETE ON commitments_level FOR EACH ROW EXECUTE FUNCTION commitments_terms_kept();
CREATE TRIGGER terms_kept BEFORE INSERT OR UPDATE OR DELETE ON commitments_group FOR EACH ROW EXECUTE FUNCTION commitments_terms_kept();
CREATE TRIGGER terms_kept BEFORE INSERT OR UPDATE OR DELETE ON commitments_signatory FOR EACH ROW EXECUTE FUNCTION commitments_terms_kept();
"""

NO_SQL = """
DROP TRIGGER campaign_kept ON commitments_campaign;
DROP TRIGGER terms_kept ON commitments_criterion;
DROP TRIGGER terms_kept ON commitments_level;
DROP TRIGGER terms_kept ON commitments_group;
DROP TRIGGER terms_kept ON commitments_signatory;
DROP FUNCTION commitments_campaign_kept(), commitments_terms_kept();
DROP TRIGGER row_kept ON commitments_signedcopy;
DROP TRIGGER row_kept ON commitments_digitalsignature;
DROP TRIGGER row_kept ON commitments_finalsheet;
DROP TRIGGER row_kept ON commitments_score;
DROP TRIGGER row_kept ON commitments_ranking;
DROP TRIGGER row_kept ON commitments_place;
DROP FUNCTION commitments_row_kept();
DROP TRIGGER task_kept ON commitments_task;
DROP TRIGGER text_kept ON commitments_commitment;
DROP TRIGGER signature_fits ON commitments_signature;
DROP TRIGGER signature_kept ON commitments_signature;
DROP FUNCTION commitments_task_kept(), commitments_text_kept(), commitments_signature_fits(), commitments_signature_kept();
"""


class Migration(migrations.Migration):
    initial = True
    # The steps by which the tables came to be; a database that took them all has taken this one.
    replaces = [
        ("commitments", "0001_initial"),
        ("commitments", "0002_signed_is_kept"),
        ("commitments", "0003_progress_evaluation_ranking"),
        ("commitments", "0004_scores_are_kept"),
        ("commitments", "0005_ranking_notice"),
        ("commitments", "0006_tasks_found_and_taken_over"),
        ("commitments", "0007_signed_copies"),
        ("commitments", "0008_terms_are_kept"),
        ("commitments", "0009_tasks_from_directives"),
    ]

    dependencies = [
        ("dialogues", "0001_tables"),
        ("documents", "0001_tables"),
        ("organization", "0001_tables"),
        ("web", "0001_fold"),
        ("workflow", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "In preparation"),
                            ("open", "Open for signing"),
                            ("evaluating", "Being evaluated"),
                            ("published", "Ranking published"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "code",
                    models.SlugField(help_text="For example CK-2020", max_length=40, unique=True, verbose_name="code"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year of the commitment")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("place", models.CharField(max_length=80, verbose_name="place of signing")),
                (
                    "clause",
                    models.TextField(
                        help_text="For what the result counts, as the paper says it.",
                        max_length=2000,
                        verbose_name="clause on the effect",
                    ),
                ),
                ("opens_on", models.DateField(verbose_name="registration opens on")),
                ("sign_by", models.DateField(verbose_name="to be signed by")),
                (
                    "report_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="reporting dates",
                    ),
                ),
                ("self_by", models.DateField(verbose_name="self-assessment by")),
                ("check_by", models.DateField(verbose_name="check by the secretary by")),
                ("score_by", models.DateField(verbose_name="scores of the leader by")),
                ("object_by", models.DateField(verbose_name="objections until")),
                (
                    "late_factor",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0.75"), max_digits=3, verbose_name="factor for a late result"
                    ),
                ),
                (
                    "excellent_percent",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="best level at most, in percent of the units"
                    ),
                ),
                (
                    "least_tasks",
                    models.PositiveSmallIntegerField(default=1, verbose_name="units with fewer tasks are not ranked"),
                ),
                ("content", models.TextField(blank=True, editable=False)),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "conference",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
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
                        verbose_name="host unit",
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
                    "late_deduction",
                    models.DecimalField(
                        decimal_places=1,
                        default=Decimal("0"),
                        max_digits=4,
                        verbose_name="deducted for each step of the dialogue that was late, points",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opens_on__lte", models.F("sign_by")),
                            ("self_by__lte", models.F("check_by")),
                            ("sign_by__lte", models.F("self_by")),
                            ("check_by__lte", models.F("score_by")),
                            ("score_by__lte", models.F("object_by")),
                        ),
                        name="campaign_dates_in_order",
                        violation_error_message="The dates must follow each other in this order.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("late_factor__range", (0, 1))), name="campaign_late_factor_0_to_1"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("excellent_percent__lte", 100)), name="campaign_percent_to_100"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "cancelled")),
                            models.Q(models.Q(("content", ""), _negated=True), models.Q(("digest", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="campaign_open_is_frozen",
                    ),
                ],
                "indexes": [models.Index(fields=["host", "-year"], name="campaign_of_host")],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="criterion")),
                (
                    "scoring",
                    models.CharField(
                        choices=[
                            ("tasks", "Registered tasks"),
                            ("answers", "On-time share of answers"),
                            ("promises", "On-time share of promises"),
                            ("judged", "Judged"),
                        ],
                        max_length=10,
                        verbose_name="scored by",
                    ),
                ),
                ("weight", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="weight")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="criteria", to="commitments.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "place"), name="criterion_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0), ("weight__lte", 100)), name="criterion_weight_to_100"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="group")),
                ("place", models.PositiveSmallIntegerField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="commitments.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
                "constraints": [models.UniqueConstraint(fields=("campaign", "name"), name="group_once")],
            },
        ),
        migrations.CreateModel(
            name="Level",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="level")),
                ("minimum", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="from, points")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="levels", to="commitments.campaign"
                    ),
                ),
            ],
            options={
                "ordering": ("-minimum",),
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "minimum"), name="level_once"),
                    models.CheckConstraint(condition=models.Q(("minimum__range", (0, 100))), name="level_within_100"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("document", models.CharField(blank=True, max_length=60, verbose_name="document number")),
                ("published_at", models.DateTimeField()),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ranking", to="commitments.campaign"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("document_on", models.DateField(null=True, verbose_name="day of the document")),
                (
                    "paper",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.paper"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being drafted"),
                            ("signed_by_chief", "Signed by the chief"),
                            ("returned", "Returned"),
                            ("in_force", "In force"),
                            ("self_due", "Self-assessment due"),
                            ("self_scored", "Self-scored"),
                            ("checked", "Checked"),
                            ("scored", "Scored"),
                            ("objected", "Objected to"),
                            ("final", "Final"),
                            ("superseded", "Superseded"),
                            ("terminated", "Ended by reorganization"),
                            ("lapsed", "Never signed"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("code", models.CharField(editable=False, max_length=40)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("check_code", models.CharField(editable=False, max_length=16, unique=True)),
                ("return_reason", models.CharField(blank=True, editable=False, max_length=1000)),
                ("content", models.TextField(blank=True, editable=False)),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("sealed_at", models.DateTimeField(editable=False, null=True)),
                ("seal_problem", models.CharField(blank=True, editable=False, max_length=300)),
                ("in_force_at", models.DateTimeField(editable=False, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="commitments.campaign",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.paper",
                    ),
                ),
                (
                    "sealed",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.paper",
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
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="commitments.group"
                    ),
                ),
                (
                    "taken_over_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takes_over",
                        to="commitments.commitment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "unit", "version"), name="commitment_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "signed_by_chief"))),
                        fields=("campaign", "unit"),
                        name="commitment_one_being_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sealed__isnull", True), ("sealed_at__isnull", True)),
                            models.Q(("sealed__isnull", False), ("sealed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="commitment_sealed_when_what_together",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("in_force", "self_due", "self_scored", "checked", "scored", "objected", "final"),
                            )
                        ),
                        fields=("campaign", "unit"),
                        name="commitment_one_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "terminated", "lapsed")),
                            models.Q(
                                models.Q(("content", ""), _negated=True),
                                models.Q(("digest", ""), _negated=True),
                                ("paper__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_signed_is_frozen",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    ("in_force", "self_due", "self_scored", "checked", "scored", "objected", "final"),
                                ),
                                _negated=True,
                            ),
                            ("in_force_at__isnull", False),
                            _connector="OR",
                        ),
                        name="commitment_in_force_when",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["campaign", "unit"], name="commitment_of_campaign"),
                    models.Index(fields=["unit", "-version"], name="commitment_of_unit"),
                    models.Index(
                        condition=models.Q(("in_force_at__isnull", False), ("sealed_at__isnull", True)),
                        fields=["in_force_at"],
                        name="commitment_unsealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signatory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatories",
                        to="commitments.campaign",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatories", to="commitments.group"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("campaign", "unit"), name="signatory_once")],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seat",
                    models.CharField(
                        choices=[("chief", "Unit that commits itself"), ("leader", "Leader who confirms")],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
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
                        ]
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("unit_name", models.CharField(max_length=200, verbose_name="unit")),
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
                        max_length=3,
                    ),
                ),
                ("authority", models.CharField(blank=True, max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("address", models.GenericIPAddressField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("at",),
                "constraints": [models.UniqueConstraint(fields=("commitment", "seat"), name="signature_once_a_seat")],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300, verbose_name="task")),
                ("measure", models.CharField(max_length=200, verbose_name="measured by")),
                ("measure_unit", models.CharField(max_length=30, verbose_name="unit of measure")),
                (
                    "direction",
                    models.CharField(
                        choices=[("at_least", "at least"), ("at_most", "at most")],
                        default="at_least",
                        max_length=10,
                        verbose_name="direction",
                    ),
                ),
                ("target", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="target")),
                ("due_on", models.DateField(verbose_name="due")),
                ("weight", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="weight")),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="commitments.commitment"
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="commitments.task"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="dialogues.item",
                    ),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                    ),
                ),
                (
                    "directive",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="dialogues.directive",
                    ),
                ),
            ],
            options={
                "ordering": ("place",),
                "constraints": [
                    models.UniqueConstraint(fields=("commitment", "place"), name="task_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0), ("weight__lte", 100)), name="task_weight_to_100"
                    ),
                    models.CheckConstraint(condition=models.Q(("target__gte", 0)), name="task_target_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("direction", "at_most"), _negated=True), ("target__gt", 0), _connector="OR"
                        ),
                        name="task_at_most_above_zero",
                        violation_error_message="A target of at most zero cannot be scored.",
                    ),
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        cchc.web.search.FoldedVector("text", "measure"), name="task_search"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.DecimalField(decimal_places=1, max_digits=5, null=True, verbose_name="score")),
                ("deducted", models.DecimalField(decimal_places=1, default=0, max_digits=5, verbose_name="deducted")),
                ("level_by_score", models.CharField(blank=True, max_length=80)),
                ("level", models.CharField(blank=True, max_length=80, verbose_name="level")),
                ("overall", models.PositiveIntegerField(null=True, verbose_name="place among all")),
                ("in_group", models.PositiveIntegerField(null=True, verbose_name="place in its group")),
                ("of_group", models.PositiveIntegerField(null=True)),
                ("unranked", models.CharField(blank=True, max_length=20, verbose_name="why it is not ranked")),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="commitments.commitment"
                    ),
                ),
                (
                    "ranking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="places", to="commitments.ranking"
                    ),
                ),
            ],
            options={
                "ordering": ("overall", "commitment"),
                "constraints": [
                    models.UniqueConstraint(fields=("ranking", "commitment"), name="place_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("in_group__isnull", False),
                                ("overall__isnull", False),
                                ("score__isnull", False),
                                ("unranked", ""),
                            ),
                            models.Q(
                                models.Q(("unranked", ""), _negated=True),
                                ("in_group__isnull", True),
                                ("overall__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="place_or_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("automatic", "Computed"),
                            ("self", "Self-assessment"),
                            ("check", "Check by the secretary"),
                            ("leader", "Score of the leader"),
                            ("objection", "Decision on the objection"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("points", models.DecimalField(decimal_places=2, max_digits=5, verbose_name="points")),
                ("before", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="remark")),
                ("basis", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scores", to="commitments.commitment"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="commitments.criterion"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("points__range", (0, 100))), name="score_within_100"),
                    models.CheckConstraint(
                        condition=models.Q(("stage", "automatic"), ("by__isnull", False), _connector="OR"),
                        name="score_has_giver",
                    ),
                ],
                "indexes": [models.Index(fields=["commitment", "criterion", "-id"], name="score_latest")],
            },
        ),
        migrations.CreateModel(
            name="FinalSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "commitment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="final_sheet",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.paper"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignedCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="commitments.commitment"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.paper"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("due", "To be reported"),
                            ("submitted", "To be checked"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("closed", "No longer owed"),
                        ],
                        default="due",
                        max_length=20,
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="remarks")),
                ("submitted_at", models.DateTimeField(null=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="commitments.commitment"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="commitments.task",
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("commitment", "due_on", "task"), name="report_once_a_day", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("submitted_at__isnull", True), ("submitted_by__isnull", True)),
                            models.Q(("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_who_and_when_together",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("submitted", "accepted", "returned")), _negated=True),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="report_submitted_when",
                    ),
                ],
                "indexes": [models.Index(fields=["commitment", "due_on"], name="report_of_commitment")],
            },
        ),
        migrations.CreateModel(
            name="DigitalSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        choices=[("chief", "Unit that commits itself"), ("leader", "Leader who confirms")],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("organization", models.CharField(blank=True, max_length=200)),
                ("issuer", models.CharField(blank=True, max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "root",
                    models.CharField(
                        choices=[
                            ("known", "a certificate of a known provider"),
                            ("organization", "a certificate under the organization's root"),
                        ],
                        max_length=20,
                    ),
                ),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "copy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="commitments.signedcopy",
                    ),
                ),
            ],
            options={
                "ordering": ("copy", "id"),
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="reached")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="finished on")),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="what was done")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="commitments.task"
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="commitments.report"
                    ),
                ),
            ],
            options={
                "ordering": ("task__place",),
                "constraints": [
                    models.UniqueConstraint(fields=("report", "task"), name="entry_once_a_task"),
                    models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="entry_not_negative"),
                ],
            },
        ),
        migrations.RunSQL(SQL, NO_SQL),
    ]
