"""Totals of units, of summaries that are kept by the month; what moves with its host is touched."""

import django.db.models.deletion
from django.db import migrations, models

SQL = """
CREATE FUNCTION dialogues_conference_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id)
        SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE n.host_id <> o.host_id;
    RETURN NULL;
END $$;
CREATE TRIGGER conference_moved AFTER UPDATE ON dialogues_conference
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_conference_moved();
CREATE FUNCTION dialogues_host_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id)
        SELECT c.id FROM new_rows n JOIN old_rows o ON o.id = n.id JOIN dialogues_conference c ON c.host_id = n.id
        WHERE n.path <> o.path;
    RETURN NULL;
END $$;
CREATE TRIGGER dialogues_host_moved AFTER UPDATE ON organization_unit
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION dialogues_host_moved();
"""
NO_SQL = """
DROP FUNCTION dialogues_host_moved() CASCADE;
DROP FUNCTION dialogues_conference_moved() CASCADE;
"""
# They are counted anew: what is not kept is counted live.
NO_SUMMARIES = "DELETE FROM dialogues_summary"


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0001_tables"),
        ("organization", "0001_tables"),
    ]

    operations = [
        migrations.RunSQL(NO_SUMMARIES, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="summary",
            name="path",
            field=models.CharField(db_collation="C", default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="summary",
            name="conference",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="summary",
                serialize=False,
                to="dialogues.conference",
            ),
        ),
        migrations.CreateModel(
            name="Total",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sees", models.CharField(max_length=10)),
                ("period", models.CharField(max_length=7)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("tallies", models.JSONField(default=dict)),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organization.unit",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "sees", "period"), name="total_once")],
            },
        ),
        migrations.RunSQL(SQL, NO_SQL),
    ]
