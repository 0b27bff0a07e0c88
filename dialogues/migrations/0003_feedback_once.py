"""One word from each asker on an answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="mark",
            field=models.CharField(editable=False, max_length=64, null=True, unique=True),
        ),
    ]
