"""What a delegation asks for becomes a turn of the unit; no such row exists yet."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0012_surveys_gradings_practices")]

    operations = [
        migrations.DeleteModel(name="Request"),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("moves", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked for"), ("handed_in", "Handed in"), ("waived", "No longer asked for")],
                        default="asked",
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="document")),
                ("due_on", models.DateField(verbose_name="wanted by")),
                ("handed_in_on", models.DateField(editable=False, null=True)),
                (
                    "conference",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="dialogues.conference"
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
                        verbose_name="asked of",
                    ),
                ),
            ],
            options={
                "ordering": ("due_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("handed_in_on__isnull", False), ("state", "handed_in"))
                        | models.Q(models.Q(("state", "handed_in"), _negated=True), ("handed_in_on__isnull", True)),
                        name="request_handed_in_when",
                    )
                ],
            },
        ),
    ]
