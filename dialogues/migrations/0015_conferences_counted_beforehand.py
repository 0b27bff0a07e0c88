"""Tallies of conferences, and the triggers that say which of them are no longer true."""

import django.db.models.deletion
from django.db import migrations, models

# How a changed row of each table leads to its conference.
CONFERENCES = {
    "dialogues_item": "SELECT DISTINCT conference_id FROM {rows}",
    "dialogues_answer": "SELECT DISTINCT i.conference_id FROM {rows} r JOIN dialogues_item i ON i.id = r.item_id",
    "dialogues_feedback": (
        "SELECT DISTINCT i.conference_id FROM {rows} r JOIN dialogues_answer a ON a.id = r.answer_id "
        "JOIN dialogues_item i ON i.id = a.item_id"
    ),
}
TABLES = {"INSERT": ("new_rows",), "UPDATE": ("new_rows", "old_rows"), "DELETE": ("old_rows",)}
NAMES = {"new_rows": "NEW TABLE AS new_rows", "old_rows": "OLD TABLE AS old_rows"}
# Statement by statement: what is loaded in bulk leaves a row for each conference, not for each item.
TRIGGER = """
CREATE FUNCTION {table}_touched_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO dialogues_touched (conference_id) {found};
    RETURN NULL;
END $$;
CREATE TRIGGER touched_{event} AFTER {event} ON {table} REFERENCING {names}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_touched_{event}();
"""
DROP = "DROP FUNCTION {table}_touched_{event}() CASCADE;\n"


def sql(template):
    return "".join(
        template.format(
            table=table,
            event=event,
            names=" ".join(NAMES[rows] for rows in tables),
            found=" UNION ".join(query.format(rows=rows) for rows in tables),
        )
        for table, query in CONFERENCES.items()
        for event, tables in TABLES.items()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("dialogues", "0014_a_period_has_both_years"),
    ]

    operations = [
        migrations.CreateModel(
            name="Summary",
            fields=[
                (
                    "conference",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="summary",
                        serialize=False,
                        to="dialogues.conference",
                    ),
                ),
                ("first_at", models.DateTimeField(null=True)),
                ("last_at", models.DateTimeField(null=True)),
                ("tallies", models.JSONField(default=dict)),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "conference",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="touched",
                        to="dialogues.conference",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(sql(TRIGGER), sql(DROP)),
    ]
