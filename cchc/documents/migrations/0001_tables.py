"""Attachments and papers; what was issued is kept by triggers."""

import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models


SQL = """
CREATE FUNCTION documents_paper_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%s is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER paper_kept BEFORE UPDATE OR DELETE ON documents_paper
    FOR EACH ROW EXECUTE FUNCTION documents_paper_kept();
CREATE FUNCTION documents_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.paper_id IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.state = NEW.state OR (OLD.state = 'issued' AND NEW.state = 'replaced'))
        AND (to_jsonb(OLD) - 'state' - 'moves' - 'turn_id') = (to_jsonb(NEW) - 'state' - 'moves' - 'turn_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued paper is never changed: replace it' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER document_stays BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_document_stays();
"""

NO_SQL = """
DROP TRIGGER document_stays ON documents_document;
DROP FUNCTION documents_document_stays();
DROP TRIGGER paper_kept ON documents_paper;
DROP FUNCTION documents_paper_kept();
"""


class Migration(migrations.Migration):
    initial = True
    # The steps by which the tables came to be; a database that took them all has taken this one.
    replaces = [
        ("documents", "0001_initial"),
        ("documents", "0002_papers"),
        ("documents", "0003_papers_are_kept"),
        ("documents", "0004_paper_by_digest"),
        ("documents", "0005_papers_from_draft_to_issue"),
        ("documents", "0006_issued_papers_stay"),
    ]

    dependencies = [
        ("organization", "0001_tables"),
        ("web", "0001_fold"),
        ("workflow", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=40)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("kind", models.CharField(max_length=100, verbose_name="kind")),
                ("digest", models.CharField(max_length=64)),
                ("path", models.CharField(max_length=60, unique=True)),
                ("uploaded_at", models.DateTimeField(null=True, verbose_name="uploaded at")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "attached file",
                "verbose_name_plural": "attached files",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$"), ("size__gt", 0)),
                        name="attachment_whole",
                    )
                ],
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="attachment_of_subject")],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "digest",
                                models.Func(
                                    models.Func(models.F("data"), function="sha256", output_field=models.BinaryField()),
                                    function="encode",
                                    output_field=models.CharField(),
                                    template="%(function)s(%(expressions)s, 'hex')",
                                ),
                            )
                        ),
                        name="paper_is_its_digest",
                    )
                ],
                "indexes": [models.Index(fields=["digest"], name="paper_by_digest")],
            },
        ),
        migrations.CreateModel(
            name="Letterhead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "superior",
                    models.CharField(blank=True, max_length=200, verbose_name="line above: the superior body"),
                ),
                ("issuer", models.CharField(blank=True, max_length=200, verbose_name="name of the issuing body")),
                (
                    "extra",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="line of the office's own under its name"
                    ),
                ),
                ("symbol", models.CharField(blank=True, max_length=30, verbose_name="symbol in numbers")),
                ("drafter", models.CharField(blank=True, max_length=30, verbose_name="symbol of the drafting unit")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="place before the date")),
                ("family", models.CharField(blank=True, max_length=80, verbose_name="typeface")),
                (
                    "size",
                    models.PositiveSmallIntegerField(
                        choices=[(13, "13"), (14, "14")], default=14, verbose_name="size of the text"
                    ),
                ),
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="letterhead", to="organization.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "letterhead",
                "verbose_name_plural": "letterheads",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__in", (13, 14))), name="letterhead_size")
                ],
            },
        ),
        migrations.CreateModel(
            name="Register",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("series", models.CharField(max_length=20)),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organization.unit"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "year", "series"), name="register_once")],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("issued", "Issued"),
                            ("replaced", "Replaced"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.UUIDField()),
                ("title", models.CharField(max_length=500, verbose_name="abstract")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="place")),
                ("drafter", models.CharField(blank=True, max_length=30, verbose_name="symbol of the drafting unit")),
                ("recipients", models.TextField(blank=True, max_length=4000, verbose_name="recipients")),
                ("content", models.JSONField()),
                ("begun_at", models.DateTimeField()),
                ("series", models.CharField(blank=True, max_length=20)),
                ("number", models.PositiveIntegerField(editable=False, null=True)),
                ("year", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("mark", models.CharField(blank=True, editable=False, max_length=100)),
                ("day", models.DateField(editable=False, null=True)),
                ("printed", models.JSONField(editable=False, null=True)),
                ("issued_at", models.DateTimeField(editable=False, null=True)),
                (
                    "host",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.unit",
                        verbose_name="issuing body",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "paper",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.paper",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replacements",
                        to="documents.document",
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.position",
                        verbose_name="signer",
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
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "paper",
                "verbose_name_plural": "papers",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("host", "year", "series", "number"),
                        name="document_number_once",
                        violation_error_message="This number has been given to another paper of this year.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "discarded"), _negated=True),
                        fields=("replaces",),
                        name="document_replaced_by_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("day__isnull", False),
                                ("issued_at__isnull", False),
                                ("issued_by__isnull", False),
                                ("paper__isnull", False),
                                ("printed__isnull", False),
                                ("state__in", ("issued", "replaced")),
                            ),
                            models.Q(
                                ("day__isnull", True),
                                ("issued_at__isnull", True),
                                ("issued_by__isnull", True),
                                ("mark", ""),
                                ("number__isnull", True),
                                ("paper__isnull", True),
                                ("printed__isnull", True),
                                ("state__in", ("draft", "discarded")),
                                ("year__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="document_issued_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "discarded")),
                            models.Q(("number__isnull", True), ("series", ""), ("year__isnull", True)),
                            models.Q(
                                models.Q(("series", ""), _negated=True),
                                ("number__gte", 1),
                                ("year", django.db.models.functions.datetime.ExtractYear("day")),
                            ),
                            _connector="OR",
                        ),
                        name="document_issued_has_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaces", models.F("id")), _negated=True),
                        name="document_not_its_own_replacement",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "-begun_at"], name="document_of_subject"),
                    models.Index(fields=["host", "-day", "-id"], name="document_of_host"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000, verbose_name="comment")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="documents.document"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="comment_says_something"
                    )
                ],
            },
        ),
        migrations.RunSQL(SQL, NO_SQL),
    ]
