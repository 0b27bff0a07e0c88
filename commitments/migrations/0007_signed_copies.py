"""Copies with a digital signature from outside: their tables, and that their rows are added and never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = ("commitments_signedcopy", "commitments_digitalsignature")
KEPT = "".join(
    f"CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();\n"
    for table in TABLES
)
NOT_KEPT = "".join(f"DROP TRIGGER row_kept ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0006_tasks_found_and_taken_over"),
        ("documents", "0004_paper_by_digest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
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
            options={"ordering": ("at", "id")},
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
            options={"ordering": ("copy", "id")},
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
