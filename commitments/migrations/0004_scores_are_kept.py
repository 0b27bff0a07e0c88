"""Scores and published places are added and never changed: the database refuses it."""

from django.db import migrations

TABLES = ("commitments_score", "commitments_ranking", "commitments_place")
KEPT = """
CREATE FUNCTION commitments_row_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%s is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER row_kept BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION commitments_row_kept();\n"
    for table in TABLES
)
NOT_KEPT = "".join(f"DROP TRIGGER row_kept ON {table};\n" for table in TABLES) + "DROP FUNCTION commitments_row_kept();"


class Migration(migrations.Migration):
    dependencies = [("commitments", "0003_progress_evaluation_ranking")]
    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
