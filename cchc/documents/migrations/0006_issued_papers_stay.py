"""What was issued is never edited nor removed: it can only be marked as replaced. The database refuses all else."""

from django.db import migrations

STAYS = """
CREATE FUNCTION documents_document_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.paper_id IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.state = NEW.state OR (OLD.state = 'issued' AND NEW.state = 'replaced'))
        AND (to_jsonb(OLD) - 'state' - 'moves' - 'turn_id') = (to_jsonb(NEW) - 'state' - 'moves' - 'turn_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued paper is never changed: replace it' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER document_stays BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_document_stays();
"""
GOES = """
DROP TRIGGER document_stays ON documents_document;
DROP FUNCTION documents_document_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_papers_from_draft_to_issue")]
    operations = [migrations.RunSQL(STAYS, GOES)]
