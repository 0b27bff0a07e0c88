"""The terms of a campaign are frozen when it opens: the database refuses to change them."""

from django.db import migrations

TABLES = ("commitments_criterion", "commitments_level", "commitments_group", "commitments_signatory")
TRIGGERS = "".join(
    f"CREATE TRIGGER terms_kept BEFORE INSERT OR UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION commitments_terms_kept();\n"
    for table in TABLES
)
KEPT = """
CREATE FUNCTION commitments_terms_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM commitments_campaign WHERE content <> '' AND id IN (
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.campaign_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.campaign_id END
    )) THEN
        RAISE EXCEPTION 'terms of an open campaign are never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION commitments_campaign_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.content <> '' AND (
        TG_OP = 'DELETE' OR
        (OLD.content, OLD.digest, OLD.code, OLD.year, OLD.title, OLD.clause, OLD.opens_on, OLD.sign_by,
         OLD.report_days, OLD.self_by, OLD.check_by, OLD.score_by, OLD.object_by, OLD.late_factor,
         OLD.excellent_percent, OLD.late_deduction, OLD.least_tasks)
        IS DISTINCT FROM
        (NEW.content, NEW.digest, NEW.code, NEW.year, NEW.title, NEW.clause, NEW.opens_on, NEW.sign_by,
         NEW.report_days, NEW.self_by, NEW.check_by, NEW.score_by, NEW.object_by, NEW.late_factor,
         NEW.excellent_percent, NEW.late_deduction, NEW.least_tasks)
    ) THEN
        RAISE EXCEPTION 'terms of an open campaign are never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER campaign_kept BEFORE UPDATE OR DELETE ON commitments_campaign
    FOR EACH ROW EXECUTE FUNCTION commitments_campaign_kept();
"""
NOT_KEPT = (
    "DROP TRIGGER campaign_kept ON commitments_campaign;\n"
    + "".join(f"DROP TRIGGER terms_kept ON {table};\n" for table in TABLES)
    + "DROP FUNCTION commitments_campaign_kept(), commitments_terms_kept();"
)


class Migration(migrations.Migration):
    dependencies = [("commitments", "0007_signed_copies")]
    operations = [migrations.RunSQL(KEPT + TRIGGERS, NOT_KEPT)]
