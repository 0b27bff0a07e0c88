"""The calendar of working days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    # The steps by which the tables came to be; a database that took them all has taken this one.
    replaces = [
        ("workdays", "0001_initial"),
        ("workdays", "0002_day_withdrawn"),
    ]

    dependencies = [
        ("web", "0001_fold"),
    ]

    operations = [
        migrations.CreateModel(
            name="Day",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(unique=True, verbose_name="date")),
                (
                    "kind",
                    models.CharField(
                        choices=[("off", "Day off"), ("working", "Working day")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="source document")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
            ],
            options={
                "verbose_name": "exceptional day",
                "verbose_name_plural": "exceptional days",
                "ordering": ["date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["off", "working"])), name="workdays_day_kind"
                    )
                ],
            },
        ),
    ]
