from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0003_papers_are_kept")]

    operations = [
        migrations.AddIndex(model_name="paper", index=models.Index(fields=["digest"], name="paper_by_digest")),
    ]
