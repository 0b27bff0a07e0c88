"""Frozen bytes are never changed and never removed: the database refuses it, for the owner too."""

from django.db import migrations

KEPT = """
CREATE FUNCTION documents_paper_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%s is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER paper_kept BEFORE UPDATE OR DELETE ON documents_paper
    FOR EACH ROW EXECUTE FUNCTION documents_paper_kept();
"""
NOT_KEPT = """
DROP TRIGGER paper_kept ON documents_paper;
DROP FUNCTION documents_paper_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_papers")]
    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
