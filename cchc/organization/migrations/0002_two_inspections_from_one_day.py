from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0001_tables"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="position",
            name="position_once",
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.UniqueConstraint(
                condition=models.Q(("matters_from__isnull", True)),
                fields=("person", "unit", "role", "valid_from"),
                name="position_once",
                violation_error_message="This person already holds this post from that day.",
            ),
        ),
    ]
