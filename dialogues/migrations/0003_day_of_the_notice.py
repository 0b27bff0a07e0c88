"""A conclusion keeps the day of its notice too, and a number as long as a paper's may be."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0002_totals_of_units")]

    operations = [
        migrations.AddField(
            "conclusion", "document_on", models.DateField(editable=False, null=True, verbose_name="day of the notice")
        ),
        migrations.AlterField(
            "conclusion", "document", models.CharField(blank=True, max_length=100, verbose_name="number of the notice")
        ),
    ]
