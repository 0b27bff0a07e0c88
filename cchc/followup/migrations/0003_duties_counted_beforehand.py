"""What posts owe, counted beforehand by unit and month; triggers name what was changed."""

import django.db.models.deletion
from django.db import migrations, models

# Who owes something as a post, and by days of which month, of the rows of a statement.
SQL = """
CREATE FUNCTION followup_duty_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO followup_dutytouched (unit_id, month)
        SELECT DISTINCT unit_id, to_char(due_on, 'YYYY-MM') FROM new_rows
        WHERE person_id IS NULL AND unit_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER duty_touched_insert AFTER INSERT ON workflow_obligation REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION followup_duty_insert();
CREATE FUNCTION followup_duty_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO followup_dutytouched (unit_id, month)
        SELECT unit_id, to_char(due_on, 'YYYY-MM') FROM new_rows WHERE person_id IS NULL AND unit_id IS NOT NULL
        UNION
        SELECT unit_id, to_char(due_on, 'YYYY-MM') FROM old_rows WHERE person_id IS NULL AND unit_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER duty_touched_update AFTER UPDATE ON workflow_obligation
    REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION followup_duty_update();
CREATE FUNCTION followup_duty_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO followup_dutytouched (unit_id, month)
        SELECT DISTINCT unit_id, to_char(due_on, 'YYYY-MM') FROM old_rows
        WHERE person_id IS NULL AND unit_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER duty_touched_delete AFTER DELETE ON workflow_obligation REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION followup_duty_delete();
CREATE FUNCTION followup_duty_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO followup_dutytouched (unit_id, month)
        SELECT c.unit_id, c.month FROM new_rows n JOIN old_rows o ON o.id = n.id
        JOIN followup_dutycount c ON c.unit_id = n.id WHERE n.path <> o.path;
    RETURN NULL;
END $$;
CREATE TRIGGER duty_moved AFTER UPDATE ON organization_unit REFERENCING NEW TABLE AS new_rows OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION followup_duty_moved();
INSERT INTO followup_dutytouched (unit_id, month)
    SELECT DISTINCT unit_id, to_char(due_on, 'YYYY-MM') FROM workflow_obligation
    WHERE person_id IS NULL AND unit_id IS NOT NULL;
"""
NO_SQL = """
DROP FUNCTION followup_duty_insert() CASCADE;
DROP FUNCTION followup_duty_update() CASCADE;
DROP FUNCTION followup_duty_delete() CASCADE;
DROP FUNCTION followup_duty_moved() CASCADE;
"""
UNIT_UNBOUND = {
    "db_constraint": False, "db_index": False, "on_delete": django.db.models.deletion.DO_NOTHING, "related_name": "+",
    "to": "organization.unit",
}  # fmt: skip


def _id() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("followup", "0002_tables_in_two_forms"),
        ("organization", "0001_tables"),
        ("workflow", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyTouched",
            fields=[
                ("id", _id()),
                ("month", models.CharField(max_length=7)),
                ("unit", models.ForeignKey(**UNIT_UNBOUND)),
            ],
        ),
        migrations.CreateModel(
            name="DutyCount",
            fields=[
                ("id", _id()),
                ("month", models.CharField(max_length=7)),
                ("path", models.CharField(db_collation="C", max_length=200)),
                ("tallies", models.JSONField(default=dict)),
                ("unit", models.ForeignKey(**UNIT_UNBOUND)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "month"), name="duty_count_once")],
            },
        ),
        migrations.CreateModel(
            name="DutyTotal",
            fields=[
                ("id", _id()),
                ("period", models.CharField(max_length=10)),
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
                "constraints": [models.UniqueConstraint(fields=("unit", "period"), name="duty_total_once")],
            },
        ),
        migrations.RunSQL(SQL, NO_SQL),
    ]
