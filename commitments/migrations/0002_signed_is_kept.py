"""What was signed stays: tasks and text of a signed version, and the signatures, cannot be changed in the database."""

from django.db import migrations

KEPT = """
CREATE FUNCTION commitments_signature_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a signature is never changed' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER signature_kept BEFORE UPDATE OR DELETE ON commitments_signature
    FOR EACH ROW EXECUTE FUNCTION commitments_signature_kept();

CREATE FUNCTION commitments_signature_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric;
BEGIN
    SELECT coalesce(sum(weight), 0) INTO total FROM commitments_task WHERE commitment_id = NEW.commitment_id;
    IF total <> 100 THEN
        RAISE EXCEPTION 'the weights sum to %, not to 100', total USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signature_fits BEFORE INSERT ON commitments_signature
    FOR EACH ROW EXECUTE FUNCTION commitments_signature_fits();

CREATE FUNCTION commitments_text_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.content <> '' AND OLD.content <> NEW.content) OR (OLD.digest <> '' AND OLD.digest <> NEW.digest)
        OR (OLD.paper_id IS NOT NULL AND OLD.paper_id IS DISTINCT FROM NEW.paper_id)
        OR (OLD.sealed_id IS NOT NULL AND OLD.sealed_id IS DISTINCT FROM NEW.sealed_id) THEN
        RAISE EXCEPTION 'a signed text is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.content <> '' AND NEW.digest <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the digest is not that of the content' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER text_kept BEFORE UPDATE ON commitments_commitment
    FOR EACH ROW EXECUTE FUNCTION commitments_text_kept();

CREATE FUNCTION commitments_task_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text;
BEGIN
    SELECT content INTO held FROM commitments_commitment
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.commitment_id ELSE NEW.commitment_id END;
    IF held <> '' THEN
        RAISE EXCEPTION 'tasks of a signed version are never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER task_kept BEFORE INSERT OR UPDATE OR DELETE ON commitments_task
    FOR EACH ROW EXECUTE FUNCTION commitments_task_kept();
"""
NOT_KEPT = """
DROP TRIGGER task_kept ON commitments_task;
DROP TRIGGER text_kept ON commitments_commitment;
DROP TRIGGER signature_fits ON commitments_signature;
DROP TRIGGER signature_kept ON commitments_signature;
DROP FUNCTION commitments_task_kept(), commitments_text_kept(), commitments_signature_fits(), commitments_signature_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("commitments", "0001_initial")]
    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
