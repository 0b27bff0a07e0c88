"""A plan is kept by a unit, also one that the Party or the Government issued."""

import django.db.models.deletion
from django.db import migrations, models


def keep(apps, schema_editor):
    """Every plan so far is kept by the unit that issued it."""
    apps.get_model("dialogues", "Plan").objects.update(host=models.F("issuer"))


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0009_item_reason_moved_to_its_report"),
        ("organization", "0002_absence"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="plan",
            name="plan_once",
        ),
        migrations.AddField(
            model_name="plan",
            name="first_year",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="from the year"),
        ),
        migrations.AddField(
            model_name="plan",
            name="host",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.unit",
                verbose_name="kept by",
            ),
        ),
        migrations.AddField(
            model_name="plan",
            name="issuer_name",
            field=models.CharField(blank=True, max_length=200, verbose_name="issuer outside of the force"),
        ),
        migrations.AddField(
            model_name="plan",
            name="last_year",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="to the year"),
        ),
        migrations.AlterField(
            model_name="plan",
            name="issuer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.unit",
                verbose_name="issuer",
            ),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
