from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflow", "0004_told_when_it_happened"),
    ]

    operations = [
        migrations.AddField(
            model_name="extension",
            name="by_calendar",
            field=models.BooleanField(default=False),
        ),
    ]
